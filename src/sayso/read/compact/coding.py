"""What the network tells of incidents and the incidents that the rules found, brought together.

An incident of MUC-4's kinds is what the network gathers: the rules give it triggers, realis, days, places and tolls.
Other events are the rules' own; who acts and at whom it is aimed is the network's where it sees it in the sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from sayso.ontology import Ontology
from sayso.read.compact import labels
from sayso.read.compact.calibration import Calibration, log_odds
from sayso.read.compact.incidents import Thing, Told
from sayso.read.compact.sight import Filler, Floats, Sight, runs
from sayso.read.incidents import Coded, Incident, Part
from sayso.read.page import Page
from sayso.read.roles import MentionIndex, is_harmful, kind_of
from sayso.read.scene import Cast
from sayso.read.triggers import TriggerHit

_ROLES = {
    "PerpInd": "actor",
    "PerpOrg": "actor_organisation",
    "Target": "target",
    "Victim": "victim",
    "VictimDescribed": "victim",
    "Weapon": "instrument",
}
_TYPES = {
    "attack": "attack",
    "bombing": "bombing",
    "kidnapping": "kidnapping",
    "arson": "arson",
    "robbery": "robbery",
    "forced work stoppage": "strike",
}
"""the type of an incident for which no trigger is known"""
_STAGES = {"attempted": "attempted", "threatened": "threatened"}
_QUADS = ("", "verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
_SURE_FILLER = 0.5
_ALONE = 120
"""tokens; a longer text without an end of sentence is a report whose sentences could not be told apart"""


@dataclass(frozen=True, slots=True)
class Party:
    """Tokens [first, last) that name who acts (S) or at whom it is aimed (T)."""

    first: int
    last: int
    kind: str
    probability: float


@dataclass(slots=True)
class Coder:
    """Turns what is told into coded incidents; made once a reader."""

    ontology: Ontology
    calibration: Calibration
    parties: Calibration
    party_bias: float
    least_party: float
    knows_parties: bool

    def code(self, page: Page, sight: Sight, cast: Cast, told: list[Told], written: list[Incident]) -> list[Incident]:
        """Coded incidents and the written ones left over, in the order in which they are told."""
        hits: list[list[TriggerHit]] = [[] for _ in told]
        left = [i for i in written if not self.is_violent(i)]
        for incident in written:
            if self.is_violent(incident):
                rest = self._share(page, sight, incident, told, hits)
                if rest is not None:
                    left.append(rest)
        coded = [i for number, t in enumerate(told) if (i := self._coded(page, sight, cast, t, hits[number], left))]
        if self.knows_parties and len(page.tokens.sentences) == 1 and len(page.tokens) <= _ALONE:
            self._parties_alone(page, sight, cast, left, coded)
        elif self.knows_parties:
            self._parties(page, sight, cast, left)
        for incident in left:
            if incident.relevant is None and self.is_violent(incident):
                incident.relevant = False
        return sorted([*left, *coded], key=lambda i: (min(i.anchors), i.type_name))

    def is_violent(self, incident: Incident) -> bool:
        return self.ontology.event_types[incident.type_name].codes.muc4 is not None

    def _share(
        self, page: Page, sight: Sight, incident: Incident, told: list[Told], hits: list[list[TriggerHit]]
    ) -> Incident | None:
        """Gives each trigger to the incident whose fillers stand nearest in its sentence; those with none in theirs go
        with most of the others. Returns the incident when none of its triggers was given away."""
        owners: list[int | None] = [_owner(page, sight, hit, told) for hit in incident.hits]
        most = Counter(o for o in owners if o is not None).most_common(1)
        if not most:
            return incident
        for hit, owner in zip(incident.hits, owners, strict=True):
            hits[most[0][0] if owner is None else owner].append(hit)
        return None

    def _coded(
        self, page: Page, sight: Sight, cast: Cast, told: Told, hits: list[TriggerHit], left: list[Incident]
    ) -> Incident | None:
        if not told.things:
            # Nothing in the text shows it but a trigger: the first written incident of the kind is the one meant.
            for incident in left:
                if incident.relevant is None and self.ontology.event_types[incident.type_name].codes.muc4 == told.kind:
                    incident.relevant = True
                    break
            return None
        parts = sorted((_part(sight, t, cast) for t in told.things), key=lambda p: (p.first, p.role))
        sentences = Counter(page.tokens.sentence_of[sight.fillers[m].first] for t in told.things for m in t.mentions)
        kinds = Counter(h.type.name for h in hits if h.type.codes.muc4 == told.kind and not h.weak) or Counter(
            h.type.name for h in hits if h.type.codes.muc4 == told.kind
        )
        name = kinds.most_common(1)[0][0] if kinds else _TYPES[told.kind]
        incident = Incident(
            hits=sorted(hits, key=lambda h: h.first),
            sentences=sorted({*sentences, *(page.tokens.sentence_of[h.first] for h in hits)}),
            type_name=name,
            family=self.ontology.event_types[name].family,
            parts=parts,
        )
        incident.coded = Coded(told.kind, _stage(sight, told))
        incident.confidence = self.calibration.apply(event_features(told))
        return incident

    def _parties_alone(self, page: Page, sight: Sight, cast: Cast, left: list[Incident], coded: list[Incident]) -> None:
        """A sentence by itself. The network learnt parties from such sentences and the roles of incidents from whole
        reports, so that here the parties go before."""
        parties = self._seen_parties(page, sight).get(0)
        if not parties:
            return
        main = self._main(cast, parties, [*left, *coded])
        if main is None:
            main = self._unnamed(sight, 0)
            left.append(main)
        for incident in (*left, *coded):
            incident.roles = [r for r in incident.roles if r.name == "instrument"]
            incident.parts = [p for p in incident.parts if p.role == "instrument"]
        coded[:] = [i for i in coded if i.anchors or i is main]
        self._take(cast, main, parties)

    def _parties(self, page: Page, sight: Sight, cast: Cast, incidents: list[Incident]) -> None:
        """In a report, sentence by sentence: who acts and at whom, for the event that the sentence is mainly about, where
        both are seen once and are more likely right than not."""
        telling: dict[int, dict[int, Incident]] = {}
        for incident in incidents:
            for hit in incident.hits:
                telling.setdefault(page.tokens.sentence_of[hit.first], {})[id(incident)] = incident
        for sentence, parties in self._seen_parties(page, sight).items():
            if sorted(p.kind for p in parties) != ["S", "T"] or self._confidence(parties) < self.least_party:
                continue
            within = list(telling.get(sentence, {}).values())
            main = self._main(cast, parties, within)
            if main is None:
                continue
            for incident in within:
                incident.roles = [
                    r for r in incident.roles if r.name == "instrument" or page.tokens.sentence_of[r.first] != sentence
                ]
            self._take(cast, main, parties)

    def _main(self, cast: Cast, parties: list[Party], incidents: list[Incident]) -> Incident | None:
        """The incident whose trigger stands nearest to the parties and is not merely what one of them says."""
        near = [
            (_apart(token, parties), token, number)
            for number, incident in enumerate(incidents)
            for token in incident.anchors
            if not _said_by(cast, parties, token)
        ]
        return incidents[min(near)[2]] if near else None

    def _take(self, cast: Cast, incident: Incident, parties: list[Party]) -> None:
        harmful = is_harmful(incident.family)
        incident.parts += [Part(_party_role(cast.index, p.kind, p.last, harmful), p.first, p.last) for p in parties]
        incident.confidence = self._confidence(parties)

    def _seen_parties(self, page: Page, sight: Sight) -> dict[int, list[Party]]:
        """For each sentence its parties, without mere function words."""
        seen: dict[int, list[Party]] = {}
        for first, last, kind, sure in runs(sight.tags["party"], self.party_bias):
            if set("ZWSR") & set(page.tokens.tags[first:last]):
                party = Party(first, last, labels.PARTIES[kind], sure)
                seen.setdefault(page.tokens.sentence_of[first], []).append(party)
        return seen

    def _confidence(self, parties: list[Party]) -> float:
        return self.parties.apply([log_odds(float(np.mean([p.probability for p in parties])))])

    def _unnamed(self, sight: Sight, sentence: int) -> Incident:
        """What is done in a sentence without a trigger, as far as the network tells: its quad class."""
        name = _QUADS[1 + int(sight.quads[sentence][1:].argmax())]
        return Incident(sentences=[sentence], type_name=name, family=name)


def event_features(told: Told) -> list[float]:
    """What the confidence of an incident is computed from."""
    best = max((t.probability for t in told.things), default=0.5)
    return [log_odds(told.probability), log_odds(best), float(min(4, len(told.things)))]


def _owner(page: Page, sight: Sight, hit: TriggerHit, told: list[Told]) -> int | None:
    sentence = page.tokens.sentence_of[hit.first]
    best, nearest = None, 10**9
    for number, incident in enumerate(told):
        for thing in incident.things:
            for m in thing.mentions:
                filler = sight.fillers[m]
                if page.tokens.sentence_of[filler.first] != sentence:
                    continue
                apart = abs(filler.first - hit.first) + (0 if hit.type.codes.muc4 == incident.kind else 40)
                if apart < nearest:
                    best, nearest = number, apart
    return best


def surest(sight: Sight, thing: Thing) -> Filler:
    """The mention that stands for a thing: the surest; of those sure enough, the fullest."""
    mentions = [sight.fillers[m] for m in thing.mentions]
    return max(mentions, key=lambda f: (f.probability >= _SURE_FILLER, f.probability))


def _whole_name(cast: Cast, first: int, last: int) -> tuple[int, int]:
    """The name that the words end, without an acronym in brackets behind it: "Russia Legion" is the Freedom of Russia
    Legion. In capitals the rules see names too badly for that."""
    page = cast.page
    if page.tokens.caps:
        return first, last
    if page.tokens.tags[last - 1] == ")":
        last = next((k for k in range(first + 1, last) if page.tokens.tags[k] == "("), last)
    number = cast.index.at(last - 1)
    mention = cast.found[number] if number >= 0 else None
    if mention and mention.named and mention.type != "Person" and mention.first < first and mention.last == last:
        first = mention.first
    return first, last


def _part(sight: Sight, thing: Thing, cast: Cast) -> Part:
    filler = surest(sight, thing)
    mentions = [sight.fillers[m] for m in thing.mentions]
    fate = known = None
    if thing.role in {"Victim", "VictimDescribed"}:
        fates = _vote([f.fate * f.probability for f in mentions])
        name = labels.FATES[fates]
        fate = None if name in {"unknown", "released"} else name
    if thing.role == "PerpOrg":
        votes = _vote([f.responsibility * f.probability for f in mentions])
        known = labels.RESPONSIBILITY[votes]
    named = {"Victim": True, "VictimDescribed": False}.get(thing.role)
    return Part(_ROLES[thing.role], *_whole_name(cast, filler.first, filler.last), named, fate, known)


def _stage(sight: Sight, told: Told) -> str:
    mentions = [sight.fillers[m] for t in told.things for m in t.mentions]
    votes = _vote([f.stage * f.probability for f in mentions])
    return _STAGES.get(labels.STAGES[votes], "happened")


def _vote(rows: list[Floats]) -> int:
    return int(np.sum(rows, axis=0).argmax())


def _said_by(cast: Cast, parties: list[Party], trigger: int) -> bool:
    """Whether a party only says what the trigger tells: in "the spokesman said that rebels attacked" he attacks nobody."""
    for draft in cast.drafts:
        if draft.source is None or not any(first <= trigger < last for first, last in draft.content):
            continue
        source = draft.source
        if any(p.kind == "S" and p.first < source.last and source.first < p.last for p in parties):
            return True
    return False


def _apart(trigger: int, parties: list[Party]) -> int:
    """How far a trigger stands from those who act and suffer by it."""
    return sum(max(p.first - trigger, trigger - p.last + 1, 0) for p in parties)


def _party_role(index: MentionIndex, kind: str, last: int, harmful: bool) -> str:
    number = index.at(last - 1)
    person = number >= 0 and kind_of(index.page, index.found[number]) == "Person"
    if kind == "S":
        return "actor" if person else "actor_organisation"
    return ("victim" if person else "target") if harmful else "recipient"
