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

from sayso.read.attributions import Draft, find_attributions
from sayso.read.compact.attributions import Thresholds, drafts_from, with_written
from sayso.read.compact.calibration import Calibration
from sayso.read.compact.coding import Coder
from sayso.read.compact.incidents import Gathering, Known, gather
from sayso.read.compact.mentions import Naming, merge_mentions
from sayso.read.compact.sight import Network, Sight
from sayso.read.compact.weights import FOLDER, open_weights
from sayso.read.conductor import Conductor, Scene
from sayso.read.incidents import Incident, find_incidents
from sayso.read.kinds import Found
from sayso.read.mentions import find_mentions
from sayso.read.scene import Cast
from sayso.settings import Settings


class CompactReader(Conductor[Sight]):
    """Reads English reports with one small trained network and the rules. Its weights come with the package.

    Weights may be trained without some of the data sets (`training/compact.toml`); the rules then take those steps.
    """

    name = "compact"

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings)
        settings = settings or Settings()
        weights = open_weights(settings.weights or FOLDER, settings.threads)
        self.version = weights.version
        self.weights_sha256 = weights.sha256
        self.network = Network(weights)
        thresholds = weights.card["thresholds"]
        self._trained = frozenset(weights.card["tasks"])
        self._thresholds = Thresholds.of(thresholds)
        self._least_attribution = float(thresholds["attribution"])
        self.naming = Naming.of(thresholds)
        self._gathering = Gathering.of(thresholds)
        calibration = {name: Calibration.of(c) for name, c in weights.card["calibration"].items()}
        self._attribution = calibration["attribution"]
        self.coder = Coder(
            self.ontology,
            calibration["event"],
            calibration["party"],
            float(thresholds["party_bias"]),
            float(thresholds["party"]),
            "cameo" in self._trained,
        )

    def look(self, scene: Scene) -> Sight:
        return self.network.look(scene.page.tokens)

    def mentions(self, scene: Scene, sight: Sight) -> list[Found]:
        written = find_mentions(scene.page, self.typer, scene.published)
        if "re3d" not in self._trained:
            return written
        return merge_mentions(scene.page, sight, written, self.typer, self.naming)

    def drafts(self, scene: Scene, sight: Sight) -> list[Draft]:
        written = find_attributions(scene.page)
        if "polnear" not in self._trained:
            return written
        drafts = drafts_from(scene.page, sight, self._thresholds, self._attribution, scene.skip)
        return with_written([d for d in drafts if d.confidence >= self._least_attribution], written)

    def incidents(self, scene: Scene, sight: Sight, cast: Cast) -> list[Incident]:
        written = find_incidents(scene.page, cast.index, scene.skip)
        if "muc" not in self._trained:
            return written
        told = gather(scene.page.tokens, sight, self._gathering, self.known(scene, sight, cast, written))
        return self.coder.code(scene.page, sight, cast, told, written)

    def known(self, scene: Scene, sight: Sight, cast: Cast, written: list[Incident]) -> Known:
        """What the rules know of the network's fillers."""
        entities = []
        for filler in sight.fillers:
            number = cast.index.at(filler.last - 1)
            entity = cast.found[number].entity if number >= 0 else -1
            entities.append(entity if entity >= 0 and cast.clusters[entity].named else -1)
        return Known(entities, [i for i in written if self.coder.is_violent(i)], scene.skip)
