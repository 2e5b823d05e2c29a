"""The review queue as questions: what waits for whom, by what a decision would change, and all that a reviewer needs to see.

A row of the queue is a proposal. To a second reviewer (`double`) it shows also what one other person has decided: such a row
stands for the item and not for a proposal, and its id is the negated number of that person's judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Text, and_, case, func, literal_column, or_, select

from sayso.errors import NotFoundError
from sayso.ledger import judging, schema
from sayso.ledger.derived import judgement_marks, names, profiles, proposals
from sayso.ledger.grounds import detail
from sayso.ledger.judging import Item, Judged
from sayso.ledger.proposing import proposal_id
from sayso.ledger.slices import slices

__all__ = ["Place", "Row", "detail", "proposal", "queue", "waiting"]

Row = dict[str, Any]
"""id, kind, subject, object, event, field, impact, effect"""
Place = tuple[float, int]
"""(impact, id) of the last row of a page"""
_SECOND = "one person has decided on it; a second decision shows whether people agree"
_BATCH = 100


def waiting(connection: Connection) -> int:
    """How many proposals wait, whoever asks."""
    return int(connection.scalar(select(func.count()).select_from(proposals)) or 0)


def queue(
    connection: Connection,
    person: str,
    kind: str | None = None,
    limit: int = 50,
    after: Place | None = None,
    *,
    event: str | None = None,
    double: bool = False,
) -> list[Row]:
    """What waits for this person, the highest impact first: nothing that they have judged (or were unsure of), nor what is settled.

    double: each item until two people have judged it. after: where the page before ended.
    """
    found: list[Row] = []
    if after is None or after[1] > 0:
        for row in _open(connection, person, kind, event, after, double):
            found.append(row)
            if len(found) == limit:
                return found
    if double:
        number = -after[1] if after and after[1] < 0 else 0
        for row in _judged_once(connection, person, kind, event, number):
            found.append(row)
            if len(found) == limit:
                break
    return found


def proposal(connection: Connection, id_: int) -> Row:
    """The row of that id. Raises NotFoundError when it does not wait any more."""
    if id_ > 0:
        row = connection.execute(select(proposals).where(proposals.c.id == id_)).mappings().one_or_none()
        if row is not None:
            return dict(row)
    else:
        judged = judging.rows(connection, [-id_]).get(-id_)
        found = _second(connection, -id_, judging.item_of(judged.subject, judged.object)) if judged else None
        if found is not None:
            return found
    raise NotFoundError(f"nothing of number {id_} waits for a decision any more; go back to the queue")


# -- what waits ---------------------------------------------------------------------------------------------------


def _open(
    connection: Connection, person: str, kind: str | None, event: str | None, after: Place | None, double: bool
) -> Iterator[Row]:
    while rows := connection.execute(_page(kind, event, after)).mappings().all():
        judged = judging.on_refs(connection, [r["subject"] for r in rows])
        for row in rows:
            if _waits(judged.get(judging.item_of(row["subject"], row["object"]), []), person, double):
                yield dict(row)
        after = rows[-1]["impact"], rows[-1]["id"]


def _page(kind: str | None, event: str | None, after: Place | None) -> Select[Any]:
    p = proposals.c
    query = select(proposals).order_by(p.impact.desc(), p.id.desc()).limit(_BATCH)
    if kind:
        query = query.where(p.kind == kind)
    if event:
        query = query.where(p.event == event)
    if after:
        query = query.where(or_(p.impact < after[0], and_(p.impact == after[0], p.id < after[1])))
    return query


def _waits(rows: list[Judged], person: str, double: bool) -> bool:
    people = {r.person for r in rows}
    if person in people:
        return False
    if double:
        return len(people) < 2 and judging.adjudication(rows) is None
    return judging.ruling(rows) is None


# -- for a second reviewer ----------------------------------------------------------------------------------------


def _judged_once(
    connection: Connection, person: str, kind: str | None, event: str | None, number: int
) -> Iterator[Row]:
    """What one other person has decided on, and nobody adjudicated, the first decided first; what is proposed still is left out."""
    judged = connection.execute(_items_of_one(person, kind, number)).all()
    for some in slices(list(judged), _BATCH):
        ids = {proposal_id(_item(r)): r for r in some}
        open_ = set(connection.scalars(select(proposals.c.id).where(proposals.c.id.in_(ids))))
        for id_, r in ids.items():
            row = None if id_ in open_ else _second(connection, r.number, _item(r))
            if row is not None and (event is None or row["event"] == event):
                yield row


def _item(row: Any) -> Item:
    return row.low, row.high or None


def _items_of_one(person: str, kind: str | None, number: int) -> Select[Any]:
    j = schema.judgements.c
    none = literal_column("''", Text)  # a bound value would be another one in each clause
    other = func.coalesce(j.object, none)
    swapped = and_(other != none, other < j.subject)
    low, high = case((swapped, other), else_=j.subject), case((swapped, j.subject), else_=other)
    query = (
        select(low.label("low"), high.label("high"), func.min(j.id).label("number"))
        .where(j.id.not_in(select(judgement_marks.c.judgement)))
        .group_by(low, high)
        .having(
            func.count(func.distinct(j.person)) == 1,
            func.max(j.person) != person,
            func.max(case((j.adjudicates, 1), else_=0)) == 0,
            func.min(j.id) > number,
        )
        .order_by(func.min(j.id))
    )
    return query.where(j.subject > f"{kind}:", j.subject < f"{kind};") if kind else query


def _second(connection: Connection, number: int, item: Item) -> Row | None:
    """None when what was judged is not in the ledger any more."""
    kind = item[0].partition(":")[0]
    event, field = None, None
    if kind == "name":
        ids = [ref.partition(":")[2] for ref in item if ref]
        if connection.scalar(select(func.count()).select_from(names).where(names.c.id.in_(ids))) != 2:
            return None
    else:
        document, _, local = item[0].partition(":")[2].partition("/")
        ref = local
        if kind == "claim":
            c, d = schema.claims.c, schema.documents.c
            query = select(c.field, func.coalesce(c.event, c.attribution).label("ref")).join(
                schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id)
            )
            claim = connection.execute(query.where(c.document_id == document, c.id == local)).one_or_none()
            if claim is None:
                return None
            field, ref = claim.field, claim.ref
        p = profiles.c
        event = connection.scalar(select(p.event).where(p.document_id == document, p.ref == ref))
        if kind == "event" and event is None:
            return None
    subject, object_ = item
    return {
        "id": -number, "kind": kind, "subject": subject, "object": object_, "event": event, "field": field, "impact": 0.0, "effect": _SECOND,
    }  # fmt: skip
