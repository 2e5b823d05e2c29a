"""Groups triggers into incidents: what is told in several words is one event, several events of a kind stay several."""

from __future__ import annotations

from dataclasses import dataclass, field

from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.roles import MentionIndex, Role, find_instruments, find_roles, is_harmful
from sayso.read.triggers import TriggerHit, find_triggers

_GENERIC = {"attack": {"assassination", "bombing", "shelling", "air_strike", "drone_strike", "incursion", "sabotage"}}
_NEAR = 6
"""sentences over which an indefinite second telling of the same kind is still taken for the same incident"""


@dataclass(frozen=True, slots=True)
class Part:
    """A role that a trained reader gives to tokens [first, last): the words themselves, without what stands around them."""

    role: str
    first: int
    last: int
    named: bool | None = None
    """None: as the mention there has it"""
    fate: str | None = None
    known: str | None = None
    """for an organisation how its responsibility is known"""


@dataclass(frozen=True, slots=True)
class Coded:
    """An incident that a trained reader told apart: its `parts` are all that fills its roles."""

    muc4: str | None
    realis: str = "happened"


@dataclass(slots=True)
class Incident:
    """An event in the making: its triggers and roles, the sentences it is told in, and what tells it from others:
    the days and towns of those sentences, the named doers and the named harmed, and every target."""

    hits: list[TriggerHit] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    type_name: str = ""
    family: str = ""
    days: set[str] = field(default_factory=set)
    towns: set[str] = field(default_factory=set)
    doers: set[str] = field(default_factory=set)
    harmed: set[str] = field(default_factory=set)
    targets: set[int] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)
    """what a trained reader saw, beside the roles"""
    coded: Coded | None = None
    confidence: float | None = None
    """None: as the rules count it"""
    relevant: bool | None = None
    """whether it is an incident in MUC-4's sense; None: as its type says"""

    @property
    def anchors(self) -> list[int]:
        """The tokens where it is told: its triggers; without any, what fills its roles."""
        return [h.first for h in self.hits] or [p.first for p in self.parts]


def find_incidents(page: Page, index: MentionIndex, skip: set[int]) -> list[Incident]:
    """Incidents in order of their first trigger. `skip`: sentences that are not report."""
    incidents: list[Incident] = []
    for number, (begin, stop) in enumerate(page.tokens.sentences):
        if number in skip:
            continue
        hits = find_triggers(page, begin, stop)
        strong = {h.type.family for h in hits if not h.weak}
        for hit in hits:
            roles = find_roles(page, index, hit, begin, stop)
            if is_harmful(hit.type.family):
                roles += find_instruments(page, index, number, hit.type.name)
            for role in roles:
                role.trigger = hit.first
            if hit.weak and not _supported(hit, roles, strong, index):
                continue
            if not roles and (not hit.nominal or _is_generic(page, hit)):
                continue
            if (
                hit.nominal
                and not hit.weak
                and hit.type.family not in {"violence", "kidnapping", "arson", "robbery", "strike"}
                and not roles
                and not hit.definite
                and len(hits) > 4
            ):
                continue
            target = _same_incident(incidents, hit, roles, number, index)
            if target is None:
                target = Incident(type_name=hit.type.name, family=hit.type.family)
                incidents.append(target)
            _add(target, hit, roles, number, index)
    return incidents


def _is_generic(page: Page, hit: TriggerHit) -> bool:
    """ "ranging from sabotage to assassinations": kinds of event, none in particular."""
    phrase = page.phrase_at(hit.first)
    if phrase is None or page.tokens.tags[phrase.first] in "DM":
        return False
    return page.tokens.tags[phrase.first - 1 : phrase.first] == "P"


def _supported(hit: TriggerHit, roles: list[Role], strong: set[str], index: MentionIndex) -> bool:
    """A weak trigger counts beside a strong one of its family, or with a doer and something done to."""
    if hit.type.family in strong and hit.type.family == "violence":
        return True
    names = {r.name for r in roles}
    acting = names & {"actor", "actor_organisation"}
    suffering = names & {"victim", "target", "recipient", "instrument"}
    if is_harmful(hit.type.family):
        return (
            bool(acting and suffering)
            or {"instrument", "target"} <= names
            or "victim" in names
            or (hit.type.name == "bombing" and bool(suffering))
        )
    return bool(acting) and (bool(suffering) or not hit.nominal)


def _add(incident: Incident, hit: TriggerHit, roles: list[Role], sentence: int, index: MentionIndex) -> None:
    incident.hits.append(hit)
    incident.roles.extend(roles)
    incident.doers |= _doers(roles, index.found)
    incident.harmed |= _harmed(roles, index.found)
    incident.targets |= {
        index.found[r.mention].entity for r in roles if r.name in {"target", "victim"} and r.mention >= 0
    }
    if not incident.sentences or incident.sentences[-1] != sentence:
        incident.sentences.append(sentence)
        incident.days |= index.days.get(sentence, set())
        incident.towns |= index.towns.get(sentence, set())
    if not hit.weak and hit.type.name in _GENERIC.get(incident.type_name, ()):
        incident.type_name = hit.type.name


def _same_incident(
    incidents: list[Incident], hit: TriggerHit, roles: list[Role], sentence: int, index: MentionIndex
) -> Incident | None:
    for incident in reversed(incidents):
        if incident.family != hit.type.family or not _compatible(incident.type_name, hit.type.name):
            continue
        if incident.sentences[-1] == sentence:
            return incident
        if hit.nominal and hit.introduced:
            return None
        if _elsewhere(incident, roles, index.found) or _other_doers(incident, hit, roles, index.found):
            continue
        if hit.nominal and hit.definite and not _disjoint(incident.harmed, _harmed(roles, index.found)):
            return incident
        if sentence - incident.sentences[-1] > _NEAR:
            continue
        if not _conflict(incident, roles, sentence, index):
            return incident
    return None


def _compatible(left: str, right: str) -> bool:
    return left == right or right in _GENERIC.get(left, ()) or left in _GENERIC.get(right, ())


def _conflict(incident: Incident, roles: list[Role], sentence: int, index: MentionIndex) -> bool:
    """Other day, other town, or other named victims and targets: another incident."""
    if _disjoint(incident.days, index.days.get(sentence, set())):
        return True
    if _disjoint(incident.towns, index.towns.get(sentence, set())):
        return True
    return _disjoint(incident.harmed, _harmed(roles, index.found))


def _other_doers(incident: Incident, hit: TriggerHit, roles: list[Role], found: list[Found]) -> bool:
    """A verb with a named doer of its own tells another incident than one whose named doers are others."""
    if hit.nominal:
        return False
    return _disjoint(incident.doers, _doers(roles, found))


def _doers(roles: list[Role], found: list[Found]) -> set[str]:
    return {
        f"e{found[r.mention].entity}"
        for r in roles
        if r.name in {"actor", "actor_organisation"} and r.mention >= 0 and found[r.mention].named
    }


def _elsewhere(incident: Incident, roles: list[Role], found: list[Found]) -> bool:
    """ "the invasion of Ukraine" is not the raid on two villages: its target is a country that the other does not have."""
    countries = {
        found[r.mention].entity
        for r in roles
        if r.name == "target" and r.mention >= 0 and found[r.mention].type == "Location" and found[r.mention].named
    }
    return bool(countries) and bool(incident.targets) and not countries & incident.targets


def _disjoint(left: set[str], right: set[str]) -> bool:
    return bool(left) and bool(right) and not left & right


def _harmed(roles: list[Role], found: list[Found]) -> set[str]:
    return {
        f"e{found[r.mention].entity}" if found[r.mention].entity >= 0 else found[r.mention].span.text.lower()
        for r in roles
        if r.name in {"victim", "target"} and r.mention >= 0 and found[r.mention].named
    }
