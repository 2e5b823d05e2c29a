"""Judgements: what people have decided. Rows are only appended; undoing one adds a mark beside it.

`same` and `different` stand between two names or two events' members, `accept`, `correct` and `reject` on one claim.
Judgements hold ids, never words of documents: when a document is removed its judgements stay, marked, without its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from sayso.ledger import schema
from sayso.ledger.derived import judgement_marks, names
from sayso.ledger.slices import slices

PAIR = ("same", "different")
SINGLE = ("accept", "correct", "reject")
UNDONE, REMOVED = "undone", "its document was removed"


def standing(connection: Connection) -> Any:
    """The condition that a judgement has not been undone."""
    marks = select(judgement_marks.c.judgement).where(judgement_marks.c.mark == UNDONE)
    return schema.judgements.c.id.not_in(marks)


def pairs(
    connection: Connection, kind: str, refs: Iterable[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(same, different) pairs of that kind (name, event) in which one of the refs stands, as the last judgement on each has it."""
    j = schema.judgements
    wanted = {f"{kind}:{r}" for r in refs}
    last: dict[tuple[str, str], str] = {}
    for some in slices(sorted(wanted)):
        query = select(j).where(
            or_(j.c.subject.in_(some), j.c.object.in_(some)), j.c.decision.in_(PAIR), standing(connection)
        )
        for row in connection.execute(query.order_by(j.c.id)):
            left, right = sorted((row.subject, row.object))
            last[(left, right)] = row.decision
    strip = len(kind) + 1
    same = [(a[strip:], b[strip:]) for (a, b), d in sorted(last.items()) if d == "same"]
    return same, [(a[strip:], b[strip:]) for (a, b), d in sorted(last.items()) if d == "different"]


def touches(connection: Connection, name: str) -> bool:
    j = schema.judgements
    return (
        connection.scalar(
            select(j.c.id).where(or_(j.c.subject == f"name:{name}", j.c.object == f"name:{name}")).limit(1)
        )
        is not None
    )


def on_claims(connection: Connection, documents: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """claim ref ("document/claim") → (decision, note) of the last standing judgement on each claim of these documents."""
    j = schema.judgements
    found: dict[str, tuple[str, str | None]] = {}
    if connection.scalar(select(j.c.id).where(j.c.decision.in_(SINGLE)).limit(1)) is None:
        return found
    for document in documents:
        query = select(j).where(
            j.c.subject.startswith(f"claim:{document}/", autoescape=True),
            j.c.decision.in_(SINGLE),
            standing(connection),
        )
        for row in connection.execute(query.order_by(j.c.id)):
            found[row.subject[6:]] = (row.decision, row.note)
    return found


def mark_removed(connection: Connection, document: str) -> None:
    """Mark the judgements that rested on this document, or on names that no document uses any more."""
    j = schema.judgements.c
    for row in connection.execute(select(j.id, j.subject, j.object)).all():
        if any(_gone(connection, ref, document) for ref in (row.subject, row.object) if ref):
            mark(connection, row.id, REMOVED)


def _gone(connection: Connection, ref: str, document: str) -> bool:
    kind, _, rest = ref.partition(":")
    if kind == "name":
        return connection.scalar(select(names.c.id).where(names.c.id == rest)) is None
    return rest.partition("/")[0] == document


def marks(connection: Connection) -> dict[int, list[str]]:
    m = judgement_marks.c
    found: dict[int, list[str]] = {}
    for row in connection.execute(select(m.judgement, m.mark).order_by(m.judgement, m.mark)):
        found.setdefault(row.judgement, []).append(row.mark)
    return found


def mark(connection: Connection, judgement: int, what: str) -> bool:
    """Add a mark; whether it was not there yet."""
    m = judgement_marks
    if connection.scalar(select(m.c.judgement).where(m.c.judgement == judgement, m.c.mark == what)) is not None:
        return False
    connection.execute(
        insert(m).values(
            judgement=judgement,
            mark=what,
            at=datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        )
    )
    return True
