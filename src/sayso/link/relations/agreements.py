"""The same said again: by the same informant, or by another."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.link.relations.clauses import NOT_HELD, Clause, link, said, same_informant
from sayso.records import Link, Reason


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
