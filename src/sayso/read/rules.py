"""The `rules` reader: always installed, no weights, deterministic; every step from lexicons and written rules."""

from __future__ import annotations

from sayso.read.attributions import Draft, find_attributions
from sayso.read.conductor import Conductor, Scene
from sayso.read.incidents import Incident, find_incidents
from sayso.read.kinds import Found
from sayso.read.mentions import find_mentions
from sayso.read.scene import Cast


class RulesReader(Conductor[None]):
    """Reads English reports by lexicon and rule."""

    name = "rules"
    version = "1"

    def look(self, scene: Scene) -> None:
        return None

    def mentions(self, scene: Scene, seen: None) -> list[Found]:
        return find_mentions(scene.page, self.typer, scene.published)

    def drafts(self, scene: Scene, seen: None) -> list[Draft]:
        return find_attributions(scene.page)

    def incidents(self, scene: Scene, seen: None, cast: Cast) -> list[Incident]:
        return find_incidents(scene.page, cast.index, scene.skip)
