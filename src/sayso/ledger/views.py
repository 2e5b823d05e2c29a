"""What is derived across documents, as questions: events, their assessments, links, changes, origins, names.

Functions over a read-only connection; the command line, the exports and the pages ask these and nothing else.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.engine import RowMapping

from sayso.errors import LedgerError, NotFoundError, UsageError
from sayso.gazetteer import default_gazetteer
from sayso.ledger import schema
from sayso.ledger.derived import (
    assessments,
    claim_links,
    former_events,
    linked_events,
    origins,
    profiles,
)
from sayso.ledger.slices import slices
from sayso.records import RELATIONS, Assessment, ClaimEnd, Link, Reason

RADIUS_KM = {"province": 150.0, "district": 60.0}
"""how far from its middle an area reaches of which no more is known than its name"""
_KILOMETRES = {**RADIUS_KM, "country": 0.0, "city": 40.0}
_DEGREE = 111.2
"""kilometres of a degree of latitude"""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which linked events: all given conditions hold. near: a place's name, `kilometres` around it (by its kind when None).
    since, until: ISO days that the event's own days must meet; shared: told by at least two documents."""

    disputed: bool = False
    near: str | None = None
    kilometres: float | None = None
    since: str | None = None
    until: str | None = None
    type: str | None = None
    shared: bool = False
    document: str | None = None
    limit: int | None = 50
    status: str | None = None
    place: str | None = None
    """the place's name exactly, as a facet gives it"""


def events(connection: Connection, wanted: EventFilter, after: int = 0) -> list[RowMapping]:
    """Linked events, the last happened first; of disputed ones the last spoken of first. after: how many to pass over."""
    query = event_query(wanted)
    e = linked_events.c
    query = query.order_by(*((e.last_said.desc(), e.id) if wanted.disputed else (e.first_day.desc(), e.id)))
    return list(connection.execute(query.limit(wanted.limit).offset(after)).mappings())


def event_query(wanted: EventFilter) -> Select[Any]:
    """The linked events that fulfil the filter, in no order."""
    e = linked_events.c
    conditions: list[Any] = [e.type != "statement"]
    if wanted.disputed:
        conditions.append(e.disputed.is_(True))
    if wanted.type:
        conditions.append(e.type == wanted.type)
    if wanted.since:
        conditions.append(e.last_day >= wanted.since)
    if wanted.until:
        conditions.append(e.first_day <= wanted.until)
    if wanted.shared:
        conditions.append(e.documents > 1)
    if wanted.near:
        conditions.append(_near(wanted.near, wanted.kilometres))
    if wanted.document:
        conditions.append(e.id.in_(select(profiles.c.event).where(profiles.c.document_id == wanted.document)))
    if wanted.status:
        conditions.append(e.status == wanted.status)
    if wanted.place:
        conditions.append(e.place == wanted.place)
    return select(linked_events).where(*conditions)


def _near(name: str, kilometres: float | None) -> Any:
    e = linked_events.c
    found = default_gazetteer().lookup(name)
    if not found:
        raise UsageError(f"--near {name!r}: no such place is known; try the next larger town, or a country")
    place = found[0]
    if place.kind == "country" and kilometres is None:
        return e.country == place.country
    reach = kilometres if kilometres is not None else _KILOMETRES.get(place.kind, 40.0)
    up = reach / _DEGREE
    right = up / max(0.05, math.cos(math.radians(place.lat)))
    return and_(e.lat.between(place.lat - up, place.lat + up), e.lon.between(place.lon - right, place.lon + right))


def event(connection: Connection, id_: str) -> RowMapping:
    """The linked event of that id or its beginning, or what an event that had that id is part of now.

    Raises LedgerError when there is none, or several.
    """
    e = linked_events.c
    rows = (
        connection.execute(select(linked_events).where(e.id.startswith(id_, autoescape=True)).order_by(e.id).limit(6))
        .mappings()
        .all()
    )
    exact = [r for r in rows if r["id"] == id_]
    if len(rows) == 1 or exact:
        return exact[0] if exact else rows[0]
    if rows:
        raise LedgerError(
            f"{id_!r} fits several events: {', '.join(r['id'][:10] for r in rows[:5])} …; give more of the id"
        )
    f, p = former_events.c, profiles.c
    led = (
        select(p.event)
        .join(former_events, and_(f.document_id == p.document_id, f.ref == p.ref))
        .join(linked_events, e.id == p.event)
        .where(f.id.startswith(id_, autoescape=True))
    )
    now = set(connection.scalars(led.distinct().limit(2)))
    if len(now) == 1:
        return event(connection, now.pop())
    raise NotFoundError(f"no event {id_!r}; `sayso events` lists them")


def assessed(connection: Connection, event_id: str, *statuses: str) -> list[Assessment]:
    """The event's fields as they were weighed (of these statuses, or all), in the order in which they are shown."""
    order = (
        "realis",
        "type",
        "responsibility",
        "actor",
        "where",
        "when",
        "casualties",
        "target",
        "victim",
        "instrument",
    )
    wanted = [assessments.c.status.in_(statuses)] if statuses else []
    rows = connection.scalars(select(assessments.c.json).where(assessments.c.event == event_id, *wanted))
    found = [msgspec.json.decode(zlib.decompress(r), type=Assessment) for r in rows]
    return sorted(found, key=lambda a: (order.index(a.field.partition(".")[0]), a.field))


def members(connection: Connection, event_id: str) -> list[RowMapping]:
    """The documents' own events (and statements) that are this event: document, ref, path, outlet, published, trigger words with their place."""
    p, d, v = profiles.c, schema.documents.c, schema.events.c
    query = (
        select(p.document_id, p.ref, d.path, d.url, d.outlet, d.published, v.trigger, v.start, v.end, v.type)
        .join(schema.documents, d.id == p.document_id)
        .outerjoin(schema.events, and_(v.document_id == p.document_id, v.run_id == d.current_run, v.id == p.ref))
        .where(p.event == event_id)
        .order_by(d.published, d.path, p.document_id, p.ref)
    )
    return list(connection.execute(query).mappings())


def links(
    connection: Connection,
    event_id: str | None = None,
    since: str | None = None,
    relations: tuple[str, ...] = RELATIONS,
    limit: int | None = None,
) -> Iterator[Link]:
    """Links between claims with their exact words, the last said first when `since` is given, else by event."""
    k, left, right = claim_links.c, schema.documents.alias("l"), schema.documents.alias("r")
    query = (
        select(
            claim_links, left.c.path.label("left_path"), right.c.path.label("right_path"),
            func.substr(left.c.text, k.left_start + 1, k.left_end - k.left_start).label("left_text"),
            func.substr(right.c.text, k.right_start + 1, k.right_end - k.right_start).label("right_text"),
        )
        .join(left, left.c.id == k.left_document)
        .join(right, right.c.id == k.right_document)
    )  # fmt: skip
    conditions: list[Any] = [k.relation.in_(relations)] if tuple(relations) != RELATIONS else []
    if event_id:
        conditions.append(k.event == event_id)
    order: tuple[Any, ...] = (
        k.event, k.relation, k.left_document, k.left_start, k.right_document, k.right_start, k.id,
    )  # fmt: skip
    if since:
        conditions.append(k.said >= since)
        order = k.said.desc(), k.event, k.relation, k.left_start, k.id
    if limit:  # the few are chosen before any text is read
        query = query.where(k.id.in_(select(k.id).where(*conditions).order_by(*order).limit(limit)))
    else:
        query = query.where(*conditions)
    for r in connection.execution_options(yield_per=500).execute(query.order_by(*order)):
        yield Link(
            r.relation,
            ClaimEnd(r.left_document, r.left_path, r.left_start, r.left_end, r.left_text, r.left_claim),
            ClaimEnd(r.right_document, r.right_path, r.right_start, r.right_end, r.right_text, r.right_claim),
            r.field,
            r.score,
            tuple(Reason(*x) for x in json.loads(r.reasons)),
            r.event,
        )


def last_week(connection: Connection) -> str:
    """The day a week before the newest link between claims was said; the first day there is when nothing is dated."""
    newest = connection.scalar(select(func.max(claim_links.c.said)))
    return (date.fromisoformat(newest[:10]) - timedelta(days=7)).isoformat() if newest else "0001-01-01"


def speaker(connection: Connection, document: str, claim: str | None) -> tuple[str | None, str | None]:
    """(who says it, when it was published) of a claim; the outlet for claims in its own voice."""
    return speakers(connection, [(document, claim)]).get((document, claim), (None, None))


def speakers(
    connection: Connection, ends: Iterable[tuple[str, str | None]]
) -> dict[tuple[str, str | None], tuple[str | None, str | None]]:
    """As `speaker`, of many at once: (document, claim) → what is known of it."""
    c, d = schema.claims.c, schema.documents.c
    found: dict[tuple[str, str | None], tuple[str | None, str | None]] = {}
    for some in slices(sorted({(document, claim) for document, claim in ends if claim})):
        query = (
            select(c.document_id, c.id, c.speaker_name, c.speaker, c.attribution, d.outlet, d.published)
            .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
            .where(c.document_id.in_({document for document, _ in some}), c.id.in_({claim for _, claim in some}))
        )
        for r in connection.execute(query):
            who = (r.speaker_name or r.speaker) if r.attribution else r.outlet
            found[(r.document_id, r.id)] = who, r.published
    return found


# -- origins ------------------------------------------------------------------------------------------------------


def origin(connection: Connection, document: str) -> RowMapping | None:
    o = origins.c
    return connection.execute(select(origins).where(o.document_id == document)).mappings().one_or_none()


def roots(connection: Connection, documents: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Document → the document at the head of its tree, and how it was made from its parent; of those that are linked."""
    o = origins.c
    found: dict[str, tuple[str, str | None]] = {}
    for some in slices(sorted(documents)):
        query = select(o.document_id, o.root, o.relation).where(o.document_id.in_(some))
        found |= {r.document_id: (r.root, r.relation) for r in connection.execute(query)}
    return found


def ancestry(connection: Connection, document: str) -> list[RowMapping]:
    """From the document up to its root, each with what it was made from."""
    found = []
    seen = set()
    while document not in seen and (row := origin(connection, document)) is not None:
        seen.add(document)
        found.append(row)
        if row["parent"] is None:
            break
        document = row["parent"]
    return found


def offspring(connection: Connection, document: str) -> list[RowMapping]:
    o, d = origins.c, schema.documents.c
    query = (
        select(origins, d.path, d.url, d.outlet, d.published)
        .join(schema.documents, d.id == o.document_id)
        .where(o.parent == document)
        .order_by(d.published, o.document_id)
    )
    return list(connection.execute(query).mappings())
