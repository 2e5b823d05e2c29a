"""Finds the words that tell of an event, and whether it happened, was tried, is planned or only imagined."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.ontology import EventType, Trigger
from sayso.read.page import Page
from sayso.read.words import BE, NEGATIVE

_MODAL = frozenset("would could might may should".split())
_FUTURE = frozenset("will shall".split())
_TRIED = frozenset(
    "attempted foiled thwarted failed tried attempting trying attempt attempts unsuccessful abortive frustrated averted prevented".split()
)
_PLANNED = frozenset(
    "plan plans planned planning plot plotting plotted intend intends intended preparing prepared".split()
)
_THREATENED = frozenset("threat threats threatened threatens threatening".split())
_IF = frozenset("if unless whether".split())


@dataclass(frozen=True, slots=True)
class TriggerHit:
    """Tokens [first, last) tell of `type`; the verb group begins at `group`. nominal: a noun. passive: "was killed"."""

    type: EventType
    first: int
    last: int
    group: int
    nominal: bool
    passive: bool
    weak: bool
    definite: bool
    introduced: bool
    """"a", "an", "another": told for the first time"""
    realis: str


def find_triggers(page: Page, begin: int, stop: int) -> list[TriggerHit]:
    hits: list[TriggerHit] = []
    i = begin
    lower, table = page.tokens.lower, page.ontology.triggers
    while i < stop:
        hit = next((h for t in table.get(lower[i], ()) if (h := _match(page, t, i, begin, stop))), None)
        if hit:
            hits.append(hit)
            i = max(hit.last, i + 1) if hit.nominal else i + 1
        else:
            i += 1
    return hits


def _match(page: Page, trigger: Trigger, i: int, begin: int, stop: int) -> TriggerHit | None:
    tokens = page.tokens
    tag = tokens.tags[i]
    nominal = trigger.form == "noun"
    if nominal:
        if tag not in "WZJG" or (tag == "Z" and not tokens.caps and i > begin and not trigger.rest):
            return None
        if _modifies(page, i, i + 1 + len(trigger.rest)):
            return None
    elif (
        tag not in "VGJE"
        or (tag == "G" and i > begin and tokens.tags[i - 1] == "D")
        or (tag == "J" and not (i + 1 < stop))
    ):
        return None
    at = i + 1
    for word in trigger.rest:
        found = next((k for k in range(at, min(at + 1 + trigger.gap, stop)) if tokens.lower[k] == word), -1)
        if found < 0 or any(tokens.tags[k] in ".,:" for k in range(at, found)):
            return None
        at = found + 1
    last = at if trigger.gap == 0 else i + 1
    group = i
    while not nominal and group > begin and tokens.tags[group - 1] in "XAN":
        group -= 1
    passive = (
        not nominal
        and trigger.form in {"past", "participle"}
        and (
            any(tokens.lower[k] in BE for k in range(group, i)) or tag == "J" or _reduced_passive(page, i, stop, begin)
        )
    )
    phrase = page.phrase_at(i) if nominal else None
    opening = tokens.lower[phrase.first] if phrase else ""
    definite = opening in {"the", "this", "that", "these", "those", "its", "their", "his"}
    realis = "hypothetical" if opening == "any" else _realis(page, i, group, begin, stop, nominal)
    return TriggerHit(
        trigger.type,
        i,
        last,
        group,
        nominal,
        passive,
        trigger.weak,
        definite,
        opening in {"a", "an", "another", "any"},
        realis,
    )


def _modifies(page: Page, i: int, last: int) -> bool:
    """ "a sabotage group", "murder suspects": the word only says what kind of people or things they are."""
    phrase = page.phrase_at(i)
    if phrase is None or phrase.last <= last:
        return False
    terms = page.ontology.terms
    head = page.tokens.lower[phrase.head]
    return head in terms["person_nouns"] or head in terms["organisation_nouns"] or head in terms["vehicle_nouns"]


def _reduced_passive(page: Page, i: int, stop: int, begin: int) -> bool:
    """ "a deputy killed by gunmen", "three people wounded in the blast": no auxiliary, no object."""
    tokens = page.tokens
    if i + 1 >= stop or page.phrase_at(i + 1) is not None or tokens.tags[i - 1 : i] not in {"W", "Z", ","}:
        return False
    return tokens.lower[i + 1] in {"by", "in", "during"} and (
        tokens.lower[i + 1] == "by" or "V" in tokens.tags[begin:i] or "V" in tokens.tags[i + 1 : stop]
    )


def _realis(page: Page, i: int, group: int, begin: int, stop: int, nominal: bool) -> str:
    lower = page.tokens.lower
    window = lower[max(begin, group - 4) : i]
    verbal = lower[max(begin, group - (0 if not nominal else 2)) : i]
    if any(w in _TRIED for w in (*window, *lower[i + 1 : min(i + 2, stop)])):
        return "attempted"
    if any(w in _THREATENED for w in window):
        return "threatened"
    if any(w in _PLANNED for w in window):
        return "planned"
    if not nominal and any(w in NEGATIVE for w in verbal):
        return "denied"
    if any(w in _FUTURE for w in verbal) or (
        not nominal
        and lower[group - 1 : group] == ["to"]
        and "W" not in page.tokens.tags[group - 2 : group - 1]
        and _intends(lower, group, begin)
    ):
        return "planned"
    if any(w in _MODAL for w in verbal) or any(w in _IF for w in lower[max(begin, i - 10) : i]):
        return "hypothetical"
    return "happened"


def _intends(lower: list[str], group: int, begin: int) -> bool:
    return any(
        w in {"want", "wants", "vowed", "ready", "ordered", "going", "wanted", "seek", "aims", "hopes"}
        for w in lower[max(begin, group - 4) : group]
    )
