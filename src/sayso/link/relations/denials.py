"""Who denies what: a denial finds the claim that it denies, in its own report or in another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sayso.link.polarity import DENIES_EVENT, DENIES_PART, about
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
from sayso.link.relations.spots import elsewhere
from sayso.names.sides import sides, stands_for
from sayso.records import Link, Reason


def denial_links(clauses: list[Clause]) -> Iterator[Link]:
    denying = sorted(
        (c for c in clauses if c.denies or (c.negates and c.held.attribution and c.speaks_for)),
        key=lambda c: (not c.denies, c.held.attribution is None, c.held.order),
    )
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
        meant = [c for c in candidates if _meant(*c[1:])]
        for score, right, reasons in _per_informant(meant or candidates):
            field = "responsibility" if left.denies == DENIES_PART or right.held.field in BLAME else "realis"
            if right.held.field.startswith("casualties.") and left.denies == DENIES_EVENT:
                field = right.held.field
            yield link("denies", left, right, field, score, *reasons)


_TELLING = 0.2
"""weight of common words by which a denial finds what it denies as surely as by a name, where it says who did it"""


_TELLS_ONE = 0.3
"""share of words in common from which two sentences tell one thing, whatever places they name"""


def _meant(right: Clause, reasons: list[Reason]) -> bool:
    return any(r.kind == "named" or (r.kind == "wording" and r.weight >= _TELLING and right.doers) for r in reasons)


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
    of_whom = sides(about(left.span.text))
    denier = left.speaks_for | of_whom or left.sides
    blamed = frozenset().union(*(d.sides for d in right.doers)) or right.sides
    named = bool(denier & blamed)
    official = any(not side.startswith("~") for side in denier & blamed)
    if not (official or (right.deed and left.denies)):
        return None  # words that say no to something deny nothing in particular
    if not named and _of_something_else(left, right):
        return None
    common = overlap(left.sentence.text, right.sentence.text)
    score = 0.3 + 0.25 * named + min(0.3, 0.6 * common)
    score += 0.15 * (right.held.stance == "accuses" or bool(right.doers)) * (left.denies != DENIES_EVENT)
    score += (
        0.05 * (right.held.field == "realis") - 0.1 * same_report - 0.1 * right.held.field.startswith("casualties.")
    )
    reasons = [Reason("denial", f"{said(left)} denies it: “{short(left.span.text)}”", 0.3)]
    if named:
        reasons.append(Reason("named", "the denied claim names the denier’s side", 0.25))
    if common > 0.1:
        reasons.append(Reason("wording", "both speak of it in the same words", round(min(0.3, 0.6 * common), 2)))
    ours, theirs = left.spots, right.spots
    if common < _TELLS_ONE and ours and theirs and all(elsewhere(x, y) for x in ours for y in theirs):
        return None
    if not named and common < (0.15 if left.denies == DENIES_PART else 0.12):
        return None
    if same_report and score < 0.55:
        return None
    return score, reasons


def _of_something_else(left: Clause, right: Clause) -> bool:
    """Whether both sentences name something beside their speakers, and nothing in common: they speak of different incidents."""
    spoken = proper(left.voice) | proper(right.voice) | {w[1:] for w in left.speaks_for if w.startswith("~")}
    ours, theirs = proper(left.sentence.text) - spoken, proper(right.sentence.text) - spoken
    beside = (left.sides & right.sides) - left.speaks_for
    return bool(ours and theirs and not ours & theirs and not beside)
