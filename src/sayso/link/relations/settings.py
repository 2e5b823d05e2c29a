"""Where and when it was, by one source against another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sayso.link.polarity import disclaims
from sayso.link.relations.clauses import Clause, link, overlap, same_informant
from sayso.link.relations.spots import elsewhere
from sayso.records import Link, Reason

_LIKE = 0.25
"""share of telling words in common from which two sentences are taken to tell one thing"""


def setting_links(clauses: list[Clause]) -> Iterator[Link]:
    """Of reports that each give one place, or one time, and tell it in like words: those that cannot both hold."""
    denied = {(c.held.document, c.sentence.start) for c in clauses if c.denies or disclaims(c.sentence.text)}
    told = [c for c in clauses if c.held.holds and _sourced(c) and (c.held.document, c.sentence.start) not in denied]
    if not any(c.deed for c in told):
        return  # of talk nobody asks where
    timed = [(c, frozenset({t})) for c in told if c.held.field == "when" and not _saying(c) and (t := _time(c))]
    placed = [(c, found) for c in told if c.held.attribution and (found := c.spots)]
    yield from _against("when", "one time against another", timed, _apart)
    yield from _against("where", "one place against another", placed, elsewhere)


def _against(
    field: str, text: str, told: list[tuple[Clause, frozenset[str]]], excludes: Callable[[str, str], bool]
) -> Iterator[Link]:
    by_document: dict[str, dict[frozenset[str], Clause]] = {}
    for clause, values in told:
        by_document.setdefault(clause.held.document, {}).setdefault(values, clause)
    single = sorted(
        (next(iter(g.items())) for g in by_document.values() if len(g) == 1), key=lambda one: one[1].held.order
    )
    for n, (theirs, right) in enumerate(single):
        for ours, left in single[n + 1 :]:
            if same_informant(left, right) or overlap(left.sentence.text, right.sentence.text) < _LIKE:
                continue
            if all(excludes(x, y) for x in ours for y in theirs):
                told_ = f"{', '.join(sorted(ours))} against {', '.join(sorted(theirs))}"
                yield link(
                    "contradicts", left.whole(), right.whole(), field, 0.55, Reason(field, f"{told_}: {text}", 0.55)
                )


def _sourced(clause: Clause) -> bool:
    return bool(clause.held.attribution) or clause.voice != (clause.held.outlet or "")


def _saying(clause: Clause) -> bool:
    """Whether a day is that of the report, on which the speaker spoke."""
    h = clause.held
    return clause.in_dateline or (not h.attribution and (h.published or "")[:10] == h.value[:10])


def _time(clause: Clause) -> str:
    """A day with its part where it is told ("2024-05-06TMO"), nothing for what is no whole day."""
    match = re.match(r"(\d{4}-\d\d-\d\d)(?:T(\w\w))?", clause.held.value)
    if not match:
        return ""
    if match[2]:
        return f"{match[1]}T{_HOURS[int(match[2]) // 6] if match[2].isdigit() else match[2]}"
    parts = {part for part, words in _PARTS_OF_DAY.items() if re.search(words, clause.sentence.text, re.IGNORECASE)}
    return match[1] + (f"T{parts.pop()}" if len(parts) == 1 else "")


_HOURS = ("NI", "MO", "AF", "EV", "NI")
"""TIMEX3 parts of the day by hours: 0 to 6, 6 to 12, 12 to 18, 18 to 24"""
_PARTS_OF_DAY = {
    "MO": r"\b(?:dawn|daybreak|first light|sunrise|morning)\b",
    "AF": r"\b(?:noon|midday|afternoon)\b",
    "EV": r"\b(?:dusk|evening|sunset|nightfall)\b",
    "NI": r"\b(?:night|midnight|overnight|small hours)\b",
}


def _apart(a: str, b: str) -> bool:
    """Whether two times cannot be one; a day without its part holds every part of it."""
    return a[:10] != b[:10] or (a != b and "T" in a and "T" in b)
