"""The `compact` reader: where the trained and the written parts meet.

| of the reading | from the network | from the rules |
|---|---|---|
| attributions | cues, sources, contents and what belongs together | the cue's stance, negation; `via`; unattributed quotations |
| mentions | where they are, their type | times, numbers, amounts; names inside names |
| places | what is a place's name | which place it is |
| incidents | which there are, who fills which role, how responsibility is known, fates | triggers, realis, days, places, tolls |
| entities, claims, warnings | – | all |
"""

from __future__ import annotations

from sayso.read.attributions import Draft
from sayso.read.compact.attributions import Thresholds, drafts_from
from sayso.read.compact.calibration import Calibration
from sayso.read.compact.mentions import merge_mentions
from sayso.read.compact.sight import Network, Sight
from sayso.read.compact.weights import open_weights
from sayso.read.conductor import Conductor, Scene
from sayso.read.incidents import Incident, find_incidents
from sayso.read.kinds import Found
from sayso.read.mentions import find_mentions
from sayso.read.scene import Cast
from sayso.settings import Settings


class CompactReader(Conductor[Sight]):
    """Reads English reports with one small trained network and the rules. Its weights come with the package."""

    name = "compact"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        settings = settings or Settings()
        weights = open_weights(settings.weights) if settings.weights else open_weights()
        self.version = weights.version
        self.weights_sha256 = weights.sha256
        self._network = Network(weights)
        thresholds = weights.card["thresholds"]
        self._thresholds = Thresholds.of(thresholds)
        self._mention_bias = float(thresholds["mention_bias"])
        self._attribution = Calibration.of(weights.card["calibration"]["attribution"])

    def look(self, scene: Scene) -> Sight:
        return self._network.look(scene.page.tokens)

    def mentions(self, scene: Scene, sight: Sight) -> list[Found]:
        written = find_mentions(scene.page, self.typer, scene.published)
        return merge_mentions(scene.page, sight, written, self.typer, self._mention_bias)

    def drafts(self, scene: Scene, sight: Sight) -> list[Draft]:
        return drafts_from(scene.page, sight, self._thresholds, self._attribution)

    def incidents(self, scene: Scene, sight: Sight, cast: Cast) -> list[Incident]:
        return find_incidents(scene.page, cast.index, scene.skip)
