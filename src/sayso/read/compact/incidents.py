"""Fillers of roles → incidents: which fillers are one thing, and which things belong to one incident.

A filler is a string that fills a slot of MUC-4's templates. Fillers of one role are one thing where the network takes
them for the same filler or their words agree. Things then gather around those that tell incidents apart (targets and
victims); doers and weapons go to every incident that the network ties them to.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sayso.read.compact import labels
from sayso.read.compact.sight import Filler, Floats, Sight
from sayso.read.incidents import Incident
from sayso.read.tokens import Tokens

_ANCHORS = frozenset({"Target", "Victim", "VictimDescribed"})
_DOERS = frozenset({"PerpInd", "PerpOrg"})
_SAME_INCIDENT, _SAME_FILLER = 1, 2
_SURELY_SAME = 0.9
"""probability at which fillers are one thing although their names are not known to be one's"""
_APART = 0.8
"""how much less two things are tied of which the rules tell different incidents; set by hand, since the reports of dev are
in capitals"""
_STRANGER = 0.3
"""a doer or weapon tied less than this to every incident tells of one more"""
_DETERMINER = re.compile(r"^(?:the|a|an|this|that|these|those|his|her|their|its|some|several)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules know of the fillers: the named entity that each mentions (or -1), the violent incidents of the text, and
    the sentences that are not report."""

    entities: Sequence[int] = ()
    written: Sequence[Incident] = ()
    skip: Container[int] = ()


@dataclass(frozen=True, slots=True)
class Gathering:
    """Thresholds chosen on dev; see `training/tune.py`."""

    filler: Mapping[str, float]
    """role → least probability of a filler"""
    same_filler: float
    together: float
    """least mean probability that the things of two groups belong to one incident, for the groups to be merged"""
    shared: float
    """the same, for a doer or weapon to be put into an incident besides its likeliest"""
    told: float
    """least probability that the text tells of any incident of the kind"""
    bare: float
    """the same, for an incident of which no filler is known"""
    single: float
    """how much `together` falls where the text surely tells of one incident only"""

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Gathering:
        rest = {name: float(values[name]) for name in cls.__slots__ if name != "filler"}
        return cls(filler={role: float(values[f"filler.{role}"]) for role in labels.ROLES}, **rest)


@dataclass(slots=True)
class Thing:
    """One filler of one role: its mentions by number in `Sight.fillers`."""

    role: str
    mentions: list[int]
    probability: float


@dataclass(slots=True)
class Told:
    """An incident that the text tells of: its kind in MUC-4's terms, and what fills its roles."""

    kind: str
    probability: float
    things: list[Thing] = field(default_factory=list)


def gather(tokens: Tokens, sight: Sight, limits: Gathering, known: Known | None = None) -> list[Told]:
    """The incidents of a page in the order of their first filler."""
    known = known or Known()
    things = _things(tokens, sight, limits, known)
    chances = 1 - sight.kinds[:, 0]
    if not things:
        best = int(chances.argmax())
        return [Told(labels.INCIDENTS[best], float(chances[best]))] if chances[best] >= limits.bare else []
    if chances.max() < limits.told:
        return []
    tie = _ties(sight.pairs, things)
    if not tokens.caps:  # in capitals the rules see names and days too badly to keep incidents apart
        tie *= 1 - _APART * _apart(_owners(tokens, sight, known.written), things)
    anchors = [k for k, t in enumerate(things) if t.role in _ANCHORS]
    seeds = anchors or [k for k, t in enumerate(things) if t.role in _DOERS] or list(range(len(things)))
    groups = _cluster(tie, seeds, limits.together - limits.single * float(sight.kinds[int(chances.argmax()), 1]))
    strangers = []
    for k in range(len(things)):
        if k in seeds:
            continue
        near = [float(tie[k, group].mean()) for group in groups]
        best = int(np.argmax(near))
        if near[best] < _STRANGER:
            strangers.append(k)
            continue
        for number, group in enumerate(groups):
            if number == best or near[number] >= limits.shared:
                group.append(k)
    groups += _cluster(tie, strangers, limits.together)
    return [_told(sight, things, group) for group in groups]


def _things(tokens: Tokens, sight: Sight, limits: Gathering, known: Known) -> list[Thing]:
    words = [bare(tokens, f) for f in sight.fillers]
    owner = list(range(len(words)))
    entity = list(known.entities or [-1] * len(words))
    """of each root: the named entity of its mentions"""

    def root(k: int) -> int:
        while owner[k] != k:
            k = owner[k]
        return k

    for i, one in enumerate(sight.fillers):
        for j in range(i):
            other = sight.fillers[j]
            if one.role != other.role or root(i) == root(j):
                continue
            a, b = root(i), root(j)
            same = words[i] == words[j] or sight.pairs[i, j, _SAME_FILLER] >= limits.same_filler
            if min(entity[a], entity[b]) >= 0 and entity[a] != entity[b]:
                same = tokens.caps and sight.pairs[i, j, _SAME_FILLER] >= _SURELY_SAME
            if same:
                owner[a] = b
                entity[b] = max(entity[a], entity[b])
    members: dict[int, list[int]] = {}
    for k, filler in enumerate(sight.fillers):
        nouns = set("ZWJG") & set(tokens.tags[filler.first : filler.last]) if tokens.tags else {"W"}
        if nouns and tokens.sentence_of[filler.first] not in known.skip:
            members.setdefault(root(k), []).append(k)
    found = []
    for group in members.values():
        role = sight.fillers[group[0]].role
        surest = max(sight.fillers[k].probability for k in group)
        if surest >= limits.filler[role]:
            found.append(Thing(role, group, surest))
    return found


def bare(tokens: Tokens, filler: Filler) -> str:
    """The words of a filler, lower-cased, without determiner."""
    text = " ".join(tokens.lower[filler.first : filler.last])
    return _DETERMINER.sub("", text)


def _ties(pairs: Floats, things: list[Thing]) -> Floats:
    """(T, T): the mean probability that mentions of two things belong to one incident."""
    together = pairs[..., _SAME_INCIDENT] + pairs[..., _SAME_FILLER]
    together = (together + together.T) / 2
    tie = np.ones((len(things), len(things)), np.float32)
    for i, one in enumerate(things):
        for j in range(i):
            tie[i, j] = tie[j, i] = float(together[np.ix_(one.mentions, things[j].mentions)].mean())
    return tie


def _owners(tokens: Tokens, sight: Sight, written: Sequence[Incident]) -> list[int]:
    """For each filler the number of the rules' incident whose trigger stands nearest in its sentence, or -1."""
    hits: dict[int, list[tuple[int, int]]] = {}
    for number, incident in enumerate(written):
        for hit in incident.hits:
            hits.setdefault(tokens.sentence_of[hit.first], []).append((hit.first, number))
    return [
        min(hits.get(tokens.sentence_of[f.first], [(10**9, -1)]), key=lambda h: (abs(h[0] - f.first), h[1]))[1]
        for f in sight.fillers
    ]


def _apart(owners: list[int], things: list[Thing]) -> Floats:
    """(T, T): of the mentions of two things that the rules give to incidents the share given to different ones."""
    apart = np.zeros((len(things), len(things)), np.float32)
    known = [[owners[m] for m in t.mentions if owners[m] >= 0] for t in things]
    for i, one in enumerate(known):
        for j in range(i):
            pairs = [a != b for a in one for b in known[j]]
            apart[i, j] = apart[j, i] = sum(pairs) / len(pairs) if pairs else 0.0
    return apart


def _cluster(tie: npt.NDArray[np.float32], seeds: list[int], least: float) -> list[list[int]]:
    """Average-link agglomeration: the two groups tied most are merged until none is tied enough."""
    groups = [[k] for k in seeds]
    while len(groups) > 1:
        best, pair = least, (-1, -1)
        for i in range(len(groups)):
            for j in range(i):
                score = float(tie[np.ix_(groups[i], groups[j])].mean())
                if score >= best:
                    best, pair = score, (i, j)
        if pair[0] < 0:
            break
        groups[pair[1]] += groups.pop(pair[0])
    return groups


def _told(sight: Sight, things: list[Thing], group: list[int]) -> Told:
    """The kind by the fillers' own vote, weighed with what the whole text tells of."""
    votes = np.mean([sight.fillers[m].kind for k in group for m in things[k].mentions], axis=0)
    votes = votes * (0.1 + 1 - sight.kinds[:, 0])
    best = int(votes.argmax())
    members = sorted((things[k] for k in group), key=lambda t: t.mentions[0])
    return Told(labels.INCIDENTS[best], float(1 - sight.kinds[best, 0]), members)
