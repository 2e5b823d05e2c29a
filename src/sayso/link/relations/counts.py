"""Counts that cannot both hold, and later counts of one source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.link.polarity import revision
from sayso.link.relations.clauses import (
    NOT_HELD,
    Clause,
    firsts,
    link,
    said,
    same_informant,
)
from sayso.names.scripts import fold
from sayso.records import Link, Reason

_COUNTED = {
    "soldier": "soldier soldiers troops serviceman servicemen conscript conscripts recruits officers marines paratroopers",
    "fighter": "fighter fighters militant militants rebel rebels guerrilla guerrillas terrorist terrorists insurgent insurgents gunman gunmen attacker attackers extremists jihadists",
    "police": "policeman policemen policewoman policewomen",
    "child": "child children boy boys girl girls schoolgirls schoolboys infants",
    "woman": "woman women",
    "civilian": "civilian civilians resident residents villager villagers",
    "journalist": "journalist journalists reporter reporters",
}
"""those who are counted apart, and the words for them; everybody else is counted as people"""
_APART = {word: kind for kind, words in _COUNTED.items() for word in words.split()}


def count_links(clauses: list[Clause]) -> Iterator[Link]:
    kinds: dict[str, list[Clause]] = {}
    for clause in clauses:
        if (
            clause.held.field.startswith("casualties.")
            and clause.held.holds
            and clause.held.stance not in NOT_HELD
            and not clause.held.negated
        ):
            kinds.setdefault(clause.held.field, []).append(clause)
    for field, some in sorted(kinds.items()):
        told = firsts(some, lambda c: (c.informant, c.held.value, _counted_who(c)))
        for n, right in enumerate(told):
            for left in told[n + 1 :]:
                if left.held.document != right.held.document or left.informant != right.informant:
                    yield from _count_pair(left, right, field)


def _count_pair(left: Clause, right: Clause, field: str) -> Iterator[Link]:
    told = f"{_value(left)} against {_value(right)}"
    if same_informant(left, right) and _later(left, right):
        if left.held.value != right.held.value and _comparable(left, right):
            reason = Reason("later_count", f"{said(left)} gives {told} later", 0.8)
            yield link("supersedes", left, right, field, 0.9 if revision(left.sentence.text) else 0.75, reason)
        return
    if _excludes(left, right) and left.held.document != right.held.document:
        score = 0.8 if _counted_who(left) == _counted_who(right) else 0.65
        yield link("contradicts", left, right, field, score, Reason("counts", f"{told}: both cannot hold", score))


def _value(clause: Clause) -> str:
    return (
        clause.held.value.replace("–", " to ")
        if not clause.held.value.endswith("–")
        else f"at least {clause.held.value[:-1]}"
    )


def _later(left: Clause, right: Clause) -> bool:
    return left.held.document != right.held.document


_NO_MORE = re.compile(r"\b(?:and|but) no (?:more|others?)\b|\bnobody else\b|\bno one else\b", re.IGNORECASE)


def _counted_who(clause: Clause) -> str:
    """Of whom the count is: "" for people in general, else the kind that is counted apart ("soldier"); "30 militants and no more" are all."""
    if _NO_MORE.search(clause.sentence.text):
        return ""
    return next((_APART[w] for w in reversed(fold(clause.held.words).split()) if w in _APART), "")


def _comparable(left: Clause, right: Clause) -> bool:
    a, b = _counted_who(left), _counted_who(right)
    return a == b or not a or not b


def _bounds(clause: Clause) -> tuple[float, float]:
    low, high = clause.held.low, clause.held.high
    words = clause.held.words.lower()
    near = any(
        h in words
        for h in ("about ", "around ", "some ", "nearly ", "almost ", "roughly ", "approximately ", "close to ")
    )
    if low is not None and high is None and ("more than" in words or "over " in words):
        low += 1
    lower = low if low is not None else 0.0
    upper = high if high is not None else float("inf")
    return (lower * 0.8, upper * 1.2) if near else (lower, upper)


def _excludes(left: Clause, right: Clause) -> bool:
    """Whether the two counts cannot both hold. A part may be smaller than the whole, but not larger."""
    (a, b), (c, d) = _bounds(left), _bounds(right)
    who_left, who_right = _counted_who(left), _counted_who(right)
    if who_left == who_right or {who_left, who_right} == {"", "civilian"}:
        return b < c or d < a
    if not who_left:
        return b < c
    if not who_right:
        return d < a
    return False
