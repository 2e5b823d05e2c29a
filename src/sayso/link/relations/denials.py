"""Who denies what: a denial finds the claim that it denies, in its own report or in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sayso.link.polarity import DENIES_EVENT, DENIES_PART
from sayso.link.relations.clauses import (
    BLAME,
    NOT_HELD,
    Clause,
    firsts,
    link,
    overlap,
    proper,
    said,
    short,
)
from sayso.names.sides import stands_for
from sayso.records import Link, Reason


def denial_links(clauses: list[Clause]) -> Iterator[Link]:
    denying = sorted((c for c in clauses if c.denies), key=lambda c: (c.held.attribution is None, c.held.order))
    reported = {(c.held.document, c.sentence.start) for c in denying if c.held.attribution}
    asserting = [
        c
        for c in clauses
        if not c.denies
        and c.held.holds
        and not c.held.negated
        and c.held.stance not in NOT_HELD
        and (c.held.attribution or (c.held.document, c.sentence.start) not in reported)
    ]
    for left in firsts(denying, lambda c: (c.held.document, c.sentence.start)):
        best: dict[str, tuple[float, Clause, list[Reason]]] = {}
        for right in asserting:
            found = _denied(left, right)
            if found and (right.held.document not in best or found[0] > best[right.held.document][0]):
                best[right.held.document] = (found[0], right, found[1])
        candidates = list(best.values())
        meant = [c for c in candidates if any(r.kind == "named" for r in c[2])]
        for score, right, reasons in _per_informant(meant or candidates):
            field = "responsibility" if left.denies == DENIES_PART or right.held.field in BLAME else "realis"
            if right.held.field.startswith("casualties.") and left.denies == DENIES_EVENT:
                field = right.held.field
            yield link("denies", left, right, field, score, *reasons)


def _per_informant(found: Iterable[tuple[float, Clause, list[Reason]]]) -> Iterator[tuple[float, Clause, list[Reason]]]:
    best: dict[str, tuple[float, Clause, list[Reason]]] = {}
    for item in found:
        key = item[1].informant
        if key not in best or (item[0], best[key][1].held.order) > (best[key][0], item[1].held.order):
            best[key] = item
    yield from best.values()


def _denied(left: Clause, right: Clause) -> tuple[float, list[Reason]] | None:
    """How surely the left claim denies the right one."""
    same_report = left.held.document == right.held.document
    if left.informant == right.informant and left.held.attribution:
        return None
    if same_report and left.sentence.start == right.sentence.start:
        return None
    if stands_for(left.speaks_for, right.speaks_for) and right.held.attribution:
        return None  # one side does not deny itself
    if _elsewhere(left, right):
        return None
    denier = left.speaks_for | (left.sides if not left.speaks_for else frozenset())
    named = stands_for(denier, right.sides)
    common = overlap(left.sentence.text, right.sentence.text)
    score = 0.3 + 0.25 * named + min(0.3, 0.6 * common)
    score += 0.15 * (right.held.stance == "accuses" or right.held.field in BLAME) * (left.denies == DENIES_PART)
    score += (
        0.05 * (right.held.field == "realis") - 0.1 * same_report - 0.1 * right.held.field.startswith("casualties.")
    )
    reasons = [Reason("denial", f"{said(left)} denies it: “{short(left.span.text)}”", 0.3)]
    if named:
        reasons.append(Reason("named", "the denied claim names the denier’s side", 0.25))
    if common > 0.1:
        reasons.append(Reason("wording", "both speak of it in the same words", round(min(0.3, 0.6 * common), 2)))
    if left.denies == DENIES_PART and not named and common < 0.15:
        return None
    if left.denies == DENIES_EVENT and common < 0.12 and not named:
        return None
    if same_report and score < 0.55:
        return None
    return score, reasons


def _elsewhere(left: Clause, right: Clause) -> bool:
    """Whether both sentences name something beside their speakers, and nothing in common: they speak of different incidents."""
    spoken = proper(left.voice) | proper(right.voice) | {w[1:] for w in left.speaks_for if w.startswith("~")}
    ours, theirs = proper(left.sentence.text) - spoken, proper(right.sentence.text) - spoken
    beside = (left.sides & right.sides) - left.speaks_for
    return bool(ours and theirs and not ours & theirs and not beside)
