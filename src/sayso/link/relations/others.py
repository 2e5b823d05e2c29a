"""Who did it, where and when by one source against another; what is taken back; what is said again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sayso.link.polarity import about, disclaims, retraction
from sayso.link.relations.clauses import (
    BLAME,
    NOT_HELD,
    Clause,
    alike,
    firsts,
    link,
    overlap,
    said,
    same_informant,
    short,
)
from sayso.link.relations.doers import Doer, doer_of
from sayso.names.scripts import fold
from sayso.names.sides import sides, stands_for
from sayso.records import Link, Reason


def blame_links(clauses: list[Clause]) -> Iterator[Link]:
    """Two who are said to have done it, and cannot both have."""
    told: dict[tuple[str, str], tuple[Clause, dict[str, Doer]]] = {}
    for clause, found in _blaming(clauses):
        _, known = told.setdefault((clause.held.document, clause.informant), (clause, {}))
        known |= {d.text: d for d in found}
    groups = sorted(told.values(), key=lambda g: g[0].held.order)
    for n, (right, theirs) in enumerate(groups):
        for left, ours in groups[n + 1 :]:
            if right.held.document == left.held.document or same_informant(left, right):
                continue
            if all(x.excludes(y) for x in ours.values() for y in theirs.values()):
                told_ = f"{', '.join(ours)} against {', '.join(theirs)}"
                yield link("contradicts", left, right, "responsibility", 0.7, Reason("actors", told_, 0.7))


def _blaming(clauses: list[Clause]) -> Iterator[tuple[Clause, list[Doer]]]:
    """Clauses that say who did it: by their words, else as the reader coded them. A denial may accuse another than the denier."""
    reported = {(c.held.document, c.sentence.start) for c in clauses if c.held.attribution}
    speaking = {
        (c.held.document, fold(n)) for c in clauses if c.held.attribution for n in (c.held.speaker, c.held.source) if n
    }
    for c in clauses:
        h = c.held
        own = [replace(d, sides=d.sides | c.speaks_for) if _OWN.match(d.text) else d for d in c.doers]
        if h.stance in NOT_HELD - {"denies"} or h.negated or (not h.holds and h.stance != "denies"):
            continue
        own_voice = not h.attribution
        if own_voice and (h.document, c.sentence.start) in reported:
            continue
        if c.denies:
            spared = c.speaks_for | sides(about(c.span.text))
            found = [d for d in own if d.sides and not d.sides & spared and spared]
        else:
            found = [d for d in own if not alike(d.text, c.voice)]
            if not found and h.field in BLAME and h.event_type not in _TWO_SIDED and not alike(_blamed(c), c.voice):
                coded = doer_of(_blamed(c))
                found = [coded] if coded and (not own_voice or (h.document, fold(_blamed(c))) not in speaking) else []
        if found:
            yield c, found


_OWN = re.compile(r"(?:its|their|our|his|her|the (?:group|movement|army|party)['’]s) ", re.IGNORECASE)
_TWO_SIDED = frozenset(
    {"armed_clash", "negotiation", "agreement", "ceasefire", "verbal_conflict", "accusation", "rejection"}
)


def _blamed(clause: Clause) -> str:
    return clause.held.value.rsplit(":", 1)[0] if clause.held.field == "responsibility" else clause.held.value


def place_and_day_links(clauses: list[Clause]) -> Iterator[Link]:
    """Where and when by one source against another, of reports that each give one place, or one day, and tell it in like words."""
    denied = {(c.held.document, c.sentence.start) for c in clauses if c.denies or disclaims(c.sentence.text)}
    for field, text in (("where", "one place against another"), ("when", "one time against another")):
        by_document: dict[str, dict[str, Clause]] = {}
        for clause in clauses:
            value = _time(clause.held.value) if field == "when" else clause.held.value
            if (
                clause.held.field == field
                and clause.held.holds
                and value
                and (clause.held.document, clause.sentence.start) not in denied
                and not (field == "when" and _saying(clause))
            ):
                by_document.setdefault(clause.held.document, {}).setdefault(value, clause)
        documents = sorted((g for g in by_document.values() if len(g) == 1), key=lambda g: _only(g)[1].held.order)
        for n, rights in enumerate(documents):
            for lefts in documents[n + 1 :]:
                (ours, left), (theirs, right) = _only(lefts), _only(rights)
                if ours == theirs or same_informant(left, right) or not (_sourced(left) and _sourced(right)):
                    continue
                if (_elsewhere(left, right) if field == "where" else _apart(ours, theirs)) and overlap(
                    left.sentence.text, right.sentence.text
                ) >= _LIKE:
                    yield link(
                        "contradicts", left, right, field, 0.55, Reason(field, f"{ours} against {theirs}: {text}", 0.55)
                    )


_LIKE = 0.25
"""share of telling words in common from which two sentences are taken to tell one thing"""


def _elsewhere(left: Clause, right: Clause) -> bool:
    """Whether neither names the place of the other by the way: one name may have been taken for two places."""
    return left.held.words not in right.sentence.text and right.held.words not in left.sentence.text


def _saying(clause: Clause) -> bool:
    """Whether a day in the outlet's voice is that of the report, on which the speaker spoke."""
    h = clause.held
    return not h.attribution and (h.published or "")[:10] == h.value[:10]


def _only(group: dict[str, Clause]) -> tuple[str, Clause]:
    return next(iter(group.items()))


def _sourced(clause: Clause) -> bool:
    return bool(clause.held.attribution) or clause.voice != (clause.held.outlet or "")


def _time(value: str) -> str:
    """A day with its part where it is told ("2024-05-06TMO"), nothing for what is no whole day."""
    match = re.match(r"(\d{4}-\d\d-\d\d)(?:T(\w\w))?", value)
    if not match:
        return ""
    part = match[2] or ""
    return match[1] + (f"T{_PART_OF_DAY[int(part) // 6]}" if part.isdigit() else f"T{part}" if part else "")


_PART_OF_DAY = ("NI", "MO", "AF", "EV", "NI")
"""TIMEX3 parts of the day by hours: 0 to 6, 6 to 12, 12 to 18, 18 to 24"""


def _apart(a: str, b: str) -> bool:
    """Whether two times cannot be one; a day without its part holds every part of it."""
    return a[:10] != b[:10] or ("T" in a and "T" in b)


def retraction_links(clauses: list[Clause]) -> Iterator[Link]:
    for left in firsts(
        (c for c in clauses if retraction(c.sentence.text, c.held.stance)),
        lambda c: (c.held.document, c.sentence.start),
    ):
        earlier = [
            c for c in clauses
            if c.held.document != left.held.document and not c.denies and c.held.holds
            and (c.held.published or "")[:10] <= (left.held.published or "9999")[:10]
            and (same_informant(left, c) or (c.held.outlet and c.held.outlet == left.held.outlet) or stands_for(left.speaks_for, c.speaks_for))
        ]  # fmt: skip
        if earlier:
            right = max(earlier, key=lambda c: (overlap(left.sentence.text, c.sentence.text), -_start(c)))
            yield link(
                "retracts",
                left,
                right,
                right.held.field,
                0.75,
                Reason("retraction", f"{said(left)} takes it back: “{short(left.sentence.text)}”", 0.75),
            )


def _start(clause: Clause) -> int:
    return clause.held.start


def agreement_links(clauses: list[Clause]) -> Iterator[Link]:
    """The same value again: by the same informant (or a reprint) it repeats, by another it confirms; each the first."""
    seen: dict[tuple[str, str], list[Clause]] = {}
    for clause in clauses:
        h = clause.held
        if (
            not h.holds
            or clause.denies
            or h.stance in NOT_HELD
            or h.field in {"content", "fate", "instrument", "recipient"}
        ):
            continue
        before = seen.setdefault((h.field, _bare(h.value)), [])
        first = next((c for c in before if c.held.document != h.document and same_informant(clause, c)), None)
        if first:
            yield link(
                "repeats",
                clause,
                first,
                h.field,
                0.8,
                Reason("same_informant", f"{said(clause)} is the informant of both", 0.8),
            )
        else:
            other = next((c for c in before if c.held.document != h.document), None)
            if other and not any(c.informant == clause.informant for c in before):
                yield link(
                    "confirms",
                    clause,
                    other,
                    h.field,
                    0.6,
                    Reason("other_informant", f"{said(clause)} says the same as {said(other)}", 0.6),
                )
        before.append(clause)


def _bare(value: str) -> str:
    return " ".join(value.casefold().split())
