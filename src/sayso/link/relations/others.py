"""Who did it, where and when by one source against another; what is taken back; what is said again."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.link.polarity import retraction
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
from sayso.link.similarity import same_name
from sayso.names.scripts import fold
from sayso.names.sides import sides, stands_for
from sayso.ontology import load_ontology
from sayso.records import Link, Reason


def blame_links(clauses: list[Clause]) -> Iterator[Link]:
    """Two who are said to have done it, by sources that do not stand on one side."""
    speaking = {
        (c.held.document, fold(n)) for c in clauses if c.held.attribution for n in (c.held.speaker, c.held.source) if n
    }
    blaming = [
        c for c in clauses
        if c.held.field in BLAME and c.held.holds and not c.denies and c.held.stance not in NOT_HELD
        and c.held.event_type not in _TWO_SIDED and _known_side(c) and not alike(_blamed(c), c.voice)
        and (c.held.attribution or (c.held.document, fold(_blamed(c))) not in speaking)
    ]  # fmt: skip
    named: dict[tuple[str, str], list[Clause]] = {}
    for clause in blaming:
        named.setdefault((clause.held.document, clause.informant), []).append(clause)
    groups = sorted(named.values(), key=lambda g: g[0].held.order)
    for n, rights in enumerate(groups):
        for lefts in groups[n + 1 :]:
            right, left = rights[0], lefts[0]
            if right.held.document == left.held.document or same_informant(left, right):
                continue
            ours, theirs = ([_blamed(c) for c in g] for g in (lefts, rights))
            if any(_one_side(x, y) for x in ours for y in theirs):
                continue
            yield link(
                "contradicts",
                left,
                right,
                "responsibility",
                0.7,
                Reason("actors", f"{', '.join(ours)} against {', '.join(theirs)}", 0.7),
            )


def _known_side(clause: Clause) -> bool:
    """Whether somebody in particular is blamed: a country, a body of the registry, or an entity with a name; no weapon."""
    terms = load_ontology().terms
    if (
        fold(_blamed(clause)).split()[-1:]
        and fold(_blamed(clause)).split()[-1] in terms["weapon_nouns"] | terms["vehicle_nouns"]
    ):
        return False
    return bool(clause.held.named) or any(not s.startswith("~") for s in sides(_blamed(clause)))


_TWO_SIDED = frozenset(
    {"armed_clash", "negotiation", "agreement", "ceasefire", "verbal_conflict", "accusation", "rejection"}
)


def _blamed(clause: Clause) -> str:
    return clause.held.value.rsplit(":", 1)[0] if clause.held.field == "responsibility" else clause.held.value


def _one_side(x: str, y: str) -> bool:
    return same_name(("Organisation", x), ("Organisation", y)) or stands_for(sides(x), sides(y))


def place_and_day_links(clauses: list[Clause]) -> Iterator[Link]:
    for field, text in (("where", "one place against another"), ("when", "one day against another")):
        by_document: dict[str, list[Clause]] = {}
        for clause in clauses:
            if clause.held.field == field and clause.held.holds and not clause.denies:
                by_document.setdefault(clause.held.document, []).append(clause)
        documents = sorted(by_document.values(), key=lambda g: g[0].held.order)
        for n, rights in enumerate(documents):
            for lefts in documents[n + 1 :]:
                if (
                    len(lefts) == 1 == len(rights)
                    and lefts[0].held.attribution
                    and rights[0].held.attribution
                    and not same_informant(lefts[0], rights[0])
                ):
                    left, right = lefts[0], rights[0]
                    if left.held.value != right.held.value and _exact(field, left) and _exact(field, right):
                        told = f"{left.held.value} against {right.held.value}"
                        yield link("contradicts", left, right, field, 0.55, Reason(field, f"{told}: {text}", 0.55))


def _exact(field: str, clause: Clause) -> bool:
    return len(clause.held.value) == 10 and clause.held.value[4] == "-" if field == "when" else True


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
