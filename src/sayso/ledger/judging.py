"""Judgements: what people have decided. Rows are only appended; undoing one adds a mark beside it.

`same` and `different` stand between two names or two events' members, `accept`, `correct` and `reject` on one claim, `unsure`
on either, without effect. On one item the last standing decision of each person counts. Where they agree it takes effect; where
they do not, none does, until somebody adjudicates: the last standing adjudication outranks all others.
Judgements hold ids, never words of documents: when a document is removed its judgements stay, marked, without its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, RowMapping, and_, func, insert, or_, select

from sayso.errors import NotFoundError, UsageError
from sayso.ledger import schema
from sayso.ledger.derived import judgement_marks, names
from sayso.ledger.slices import slices
from sayso.records import Correction
from sayso.records.json import decode_correction, encode_correction

PAIR = ("same", "different")
SINGLE = ("accept", "correct", "reject")
NO_EFFECT = "unsure"
DECISIONS = (*PAIR, *SINGLE, NO_EFFECT)
UNDONE, REMOVED = "undone", "its document was removed"

Item = tuple[str, str | None]
"""what is judged: (ref, None) of a claim, or both refs of a pair, the lesser first"""


@dataclass(frozen=True, slots=True)
class Judged:
    """One person's decision on one item, as its row has it."""

    id: int
    decision: str
    person: str
    at: str
    note: str | None
    correction: Correction | None
    adjudicates: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """What holds of an item after all that people decided of it."""

    decision: str
    correction: Correction | None = None
    adjudicated: bool = False


def item_of(subject: str, object_: str | None) -> Item:
    return (subject, None) if object_ is None else (min(subject, object_), max(subject, object_))


def judged(row: Row[Any] | RowMapping) -> Judged:
    """A row of the table as a record. Raises DataError when its correction is damaged."""
    r = row if isinstance(row, RowMapping) else row._mapping
    correction = decode_correction(r["correction"]) if r["correction"] else None
    if r["decision"] == "correct" and correction is None and r["note"]:
        correction = Correction(value=r["note"])  # ledgers of before had the value there
    return Judged(r["id"], r["decision"], r["person"], r["at"], r["note"], correction, bool(r["adjudicates"]))


def opinions(rows: Iterable[Judged]) -> dict[str, Judged]:
    """Person → their last standing decision, adjudications apart; rows as `items` orders them."""
    return {r.person: r for r in rows if not r.adjudicates}


def adjudication(rows: Iterable[Judged]) -> Judged | None:
    return next((r for r in reversed(list(rows)) if r.adjudicates and r.decision != NO_EFFECT), None)


def ruling(rows: list[Judged]) -> Ruling | None:
    """Of one item's standing judgements as `items` orders them; None when the machine's result stands."""
    if (last := adjudication(rows)) is not None:
        return Ruling(last.decision, last.correction, True)
    meant = {(r.decision, r.correction) for r in opinions(rows).values() if r.decision != NO_EFFECT}
    if len(meant) != 1:
        return None
    decision, correction = meant.pop()
    return Ruling(decision, correction)


def standing(connection: Connection) -> Any:
    """The condition that a judgement has not been undone."""
    marks = select(judgement_marks.c.judgement).where(judgement_marks.c.mark == UNDONE)
    return schema.judgements.c.id.not_in(marks)


def items(connection: Connection, *conditions: Any) -> dict[Item, list[Judged]]:
    """Item → its standing judgements of those rows that meet the conditions, in the order in which they were made: what is
    imported from another ledger has later numbers and may be older."""
    j = schema.judgements
    found: dict[Item, list[Judged]] = {}
    for row in connection.execute(select(j).where(*conditions, standing(connection)).order_by(j.c.at, j.c.id)):
        found.setdefault(item_of(row.subject, row.object), []).append(judged(row))
    return found


def on_refs(connection: Connection, refs: Iterable[str]) -> dict[Item, list[Judged]]:
    """As `items`, of those in which one of the refs ("name:…", "event:…", "claim:…") stands."""
    j = schema.judgements.c
    found: dict[Item, list[Judged]] = {}
    for some in slices(sorted(set(refs))):
        found |= items(connection, or_(j.subject.in_(some), j.object.in_(some)))
    return found


def rulings(connection: Connection, refs: Iterable[str]) -> dict[Item, Ruling]:
    """What holds of the items in which one of the refs stands; those on which people disagree are left out."""
    found = {item: ruling(rows) for item, rows in on_refs(connection, refs).items()}
    return {item: r for item, r in found.items() if r is not None}


def pairs(
    connection: Connection, kind: str, refs: Iterable[str]
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(same, different) pairs of that kind (name, event) in which one of the refs stands, as people's decisions have it."""
    strip = len(kind) + 1
    found: dict[str, list[tuple[str, str]]] = {decision: [] for decision in PAIR}
    for (left, right), held in sorted(_pairs_of(rulings(connection, (f"{kind}:{r}" for r in refs)))):
        if held.decision in PAIR:
            found[held.decision].append((left[strip:], right[strip:]))
    return found["same"], found["different"]


def _pairs_of(found: dict[Item, Ruling]) -> Iterator[tuple[tuple[str, str], Ruling]]:
    return (((left, right), r) for (left, right), r in found.items() if right is not None)


def touches(connection: Connection, name: str) -> bool:
    j = schema.judgements
    return (
        connection.scalar(
            select(j.c.id).where(or_(j.c.subject == f"name:{name}", j.c.object == f"name:{name}")).limit(1)
        )
        is not None
    )


_FEW = 50
"""documents whose claims are asked for at once"""


def on_claims(connection: Connection, documents: Iterable[str] | None = None) -> dict[str, Ruling]:
    """claim ref ("document/claim") → what holds of it, of all claims (of these documents) that people decided on."""
    j = schema.judgements.c
    found: dict[str, Ruling] = {}
    if connection.scalar(select(j.id).where(j.decision.in_(SINGLE)).limit(1)) is None:
        return found
    among = [None] if documents is None else slices(sorted(documents), _FEW)
    for some in among:
        of_these = (
            j.subject.startswith("claim:")
            if some is None
            else or_(*(and_(j.subject > f"claim:{d}/", j.subject < f"claim:{d}0") for d in some))  # "0" follows "/"
        )
        for (ref, _), rows in items(connection, of_these).items():
            if (held := ruling(rows)) is not None and held.decision in SINGLE:
                found[ref.partition(":")[2]] = held
    return found


def corrected_names(connection: Connection) -> Iterator[tuple[str, set[str]]]:
    """(claim's ref, speaker and value) of all standing corrections: what may name somebody."""
    j = schema.judgements.c
    for (ref, _), rows in items(connection, j.decision == "correct").items():
        told = {w for r in rows if r.correction for w in (r.correction.speaker, r.correction.value) if w}
        if told:
            yield ref, told | {w.rpartition(": ")[0] for w in told if ": " in w}


def append(
    connection: Connection,
    decision: str,
    subject: str,
    object_: str | None = None,
    note: str | None = None,
    person: str = "unnamed",
    *,
    correction: Correction | None = None,
    adjudicates: bool = False,
    act: int | None = None,
) -> int:
    """Add a decision; its number. act: the first of those that it is one decision with, unless it is that itself."""
    row = {
        "decision": decision,
        "subject": subject,
        "object": object_,
        "note": note,
        "person": person,
        "at": schema.now(),
    }
    written = encode_correction(correction) if correction else None
    result = connection.execute(
        insert(schema.judgements).values(**row, correction=written, adjudicates=adjudicates, act=act)
    )
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def check(
    decision: str, left: str, right: str | None, correction: Correction | None = None, adjudicates: bool = False
) -> None:
    """Raises UsageError when such a decision cannot be made, whatever the ledger holds."""
    kind = left.partition(":")[0]
    if decision not in DECISIONS:
        raise UsageError(f"no decision is called {decision!r}; there are: {', '.join(DECISIONS)}")
    if decision in PAIR or (decision == NO_EFFECT and right is not None):
        if right is None or kind not in {"name", "event"} or right.partition(":")[0] != kind:
            raise UsageError(f"`{decision}` stands between two names or two events")
        if left == right:
            raise UsageError(f"{left} is the same on both sides; name two")
    elif kind != "claim" or right is not None:
        raise UsageError(f"`{decision}` stands on one claim")
    if correction is not None and decision != "correct":
        raise UsageError(f"`{decision}` takes no correction; decide `correct` to give one")
    if adjudicates and decision == NO_EFFECT:
        raise UsageError("an adjudication decides: `unsure` settles nothing")


def rows(connection: Connection, numbers: Iterable[int]) -> dict[int, Any]:
    """Judgements by their numbers, undone ones too; those that are not there are left out."""
    j = schema.judgements
    return {
        row.id: row
        for some in slices(sorted(set(numbers)))
        for row in connection.execute(select(j).where(j.c.id.in_(some)))
    }


def whole(connection: Connection, numbers: Iterable[int]) -> list[int]:
    """These judgements and those that each was one decision with, in order."""
    found = rows(connection, numbers)
    acts = {row.act or row.id for row in found.values()}
    j = schema.judgements.c
    for some in slices(sorted(acts)):
        found |= dict.fromkeys(connection.scalars(select(j.id).where(j.act.in_(some))))
    return sorted({*found, *acts})


def person_of(connection: Connection, number: int) -> str:
    """Who decided it. Raises NotFoundError when there is no judgement of that number."""
    found = rows(connection, [number]).get(number)
    if found is None:
        raise NotFoundError(f"no judgement {number}; `sayso judgements` lists them")
    return str(found.person)


def last(
    connection: Connection, before: int | None = None, limit: int = 50, *, heads: bool = False
) -> list[dict[str, Any]]:
    """Judgements, the last first, undone ones too, their corrections decoded; before: a number at which the page before ended;
    heads: only the first of those that were one decision. `together`: how many those are, where it is such a first."""
    j, one = schema.judgements, schema.judgements.alias()
    together = select(1 + func.count()).where(one.c.act == j.c.id).scalar_subquery()
    query = select(j, together.label("together")).order_by(j.c.id.desc()).limit(limit)
    if heads:
        query = query.where(j.c.act.is_(None))
    found = connection.execute(query if before is None else query.where(j.c.id < before)).all()
    return [{**row._mapping, "correction": told_correction(row)} for row in found]


def told_correction(row: Row[Any] | RowMapping) -> dict[str, Any] | None:
    return parts_of(judged(row).correction)


def parts_of(correction: Correction | None) -> dict[str, Any] | None:
    """What is corrected, without the parts that are as they were read."""
    if correction is None:
        return None
    return {k: v for k, v in msgspec.to_builtins(correction).items() if v not in (None, (), [])}


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
    connection.execute(insert(m).values(judgement=judgement, mark=what, at=schema.now()))
    return True
