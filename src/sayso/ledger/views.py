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
from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.engine import RowMapping

from sayso.errors import LedgerError, NotFoundError, UsageError
from sayso.gazetteer import default_gazetteer
from sayso.ledger import schema
from sayso.ledger.derived import (
    assessments,
    claim_links,
    entity_names,
    linked_events,
    name_links,
    names,
    origins,
    profiles,
)
from sayso.ledger.slices import slices
from sayso.names.registry import name_key
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
    """The linked event of that id or its beginning. Raises LedgerError when there is none, or several."""
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
    """The documents' own events (and statements) that are this event: document, ref, path, outlet, published, trigger words."""
    p, d, v = profiles.c, schema.documents.c, schema.events.c
    query = (
        select(p.document_id, p.ref, d.path, d.url, d.outlet, d.published, v.trigger, v.type)
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


# -- names --------------------------------------------------------------------------------------------------------


def find_names(connection: Connection, name: str, type_: str | None = None) -> list[RowMapping]:
    """Names of that spelling in any script (folded), else those that hold it as a part."""
    n = names.c
    condition = [n.type == type_] if type_ else []
    key = name_key(name)
    rows = (
        connection.execute(select(names).where(n.key.in_({key, f"the {key}"}), *condition).order_by(n.id))
        .mappings()
        .all()
    )
    if not rows:
        rows = (
            connection.execute(
                select(names)
                .where(n.key.contains(key, autoescape=True), *condition)
                .order_by(func.length(n.key), n.id)
                .limit(20)
            )
            .mappings()
            .all()
        )
    return list(rows)


def identity_of(connection: Connection, name: str) -> str:
    """The identity that the name of this id has now. Raises NotFoundError."""
    found = connection.scalar(select(names.c.identity).where(names.c.id == name))
    if found is None:
        raise NotFoundError(f"no name of id {name!r}; `sayso dossier NAME` finds names by their words")
    return str(found)


def recent_names(connection: Connection, documents: int = 300, limit: int = 60) -> list[RowMapping]:
    """Identities that the last added documents name, those of most documents first."""
    en, n, d, best = entity_names.c, names.c, schema.documents.c, names.alias("best")
    newest = select(d.id).order_by(d.number.desc()).limit(documents).subquery()
    used = func.count(func.distinct(en.document_id))
    query = (
        select(best.c.id, best.c.name, best.c.type, used.label("documents"))
        .select_from(newest)
        .join(entity_names, en.document_id == newest.c.id)
        .join(names, n.id == en.name_id)
        .join(best, best.c.id == n.identity)
        .group_by(best.c.id, best.c.name, best.c.type)
        .order_by(used.desc(), best.c.name)
        .limit(limit)
    )
    return list(connection.execute(query).mappings())


def cluster_of(connection: Connection, identity: str) -> list[RowMapping]:
    """All names that are one with that identity, with how many documents use each."""
    n, en = names.c, entity_names.c
    used = (
        select(func.count(func.distinct(en.document_id))).where(en.name_id == n.id).scalar_subquery().label("documents")
    )
    return list(
        connection.execute(select(names, used).where(n.identity == identity).order_by(used.desc(), n.name)).mappings()
    )


def unsure(connection: Connection, ids: list[str]) -> list[RowMapping]:
    """Names that may be the same as one of these, and have not been merged."""
    k, n = name_links.c, names.alias("n")
    query = (
        select(n.c.id, n.c.name, n.c.identity, k.score, k.reasons)
        .select_from(name_links)
        .join(n, or_(and_(k.left.in_(ids), n.c.id == k.right), and_(k.right.in_(ids), n.c.id == k.left)))
        .where(n.c.id.not_in(ids))
        .order_by(k.score.desc(), n.c.name)
        .limit(20)
    )
    return list(connection.execute(query).mappings())


def identities(connection: Connection) -> Iterator[list[RowMapping]]:
    """The names of the ledger, those that are one together."""
    group: list[RowMapping] = []
    for row in (
        connection.execution_options(yield_per=500)
        .execute(select(names).order_by(names.c.identity, names.c.name))
        .mappings()
    ):
        if group and row["identity"] != group[0]["identity"]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def mentions_of(connection: Connection, ids: list[str], limit: int | None = None) -> list[RowMapping]:
    """Where names are used: document, path, offsets and words."""
    m, d, en = schema.mentions.c, schema.documents.c, entity_names.c
    query = (
        select(m.document_id, d.path, d.outlet, d.published, m.start, m.end, m.text)
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.mentions, and_(m.document_id == en.document_id, m.run_id == d.current_run, m.entity == en.entity_id)
        )
        .where(en.name_id.in_(ids))
        .order_by(d.published, d.path, m.document_id, m.start)
    )
    return list(connection.execute(query.limit(limit) if limit else query).mappings())


def claims_naming(connection: Connection, ids: list[str], limit: int = 200) -> list[RowMapping]:
    """Claims whose words are a mention of these names: what is said that they did, suffered, led, are."""
    c, m, d, en = schema.claims.c, schema.mentions.c, schema.documents.c, entity_names.c
    query = (
        select(
            c.id,
            c.document_id,
            d.path,
            d.outlet,
            d.published,
            c.speaker_name,
            c.speaker,
            c.attribution,
            c.stance,
            c.holds,
            c.event_type,
            c.field,
            c.value,
            c.words,
            c.start,
            c.end,
            profiles.c.event,
        )
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.mentions, and_(m.document_id == en.document_id, m.run_id == d.current_run, m.entity == en.entity_id)
        )
        .join(
            schema.claims,
            and_(c.document_id == m.document_id, c.run_id == m.run_id, c.start <= m.start, c.end >= m.end),
        )
        .outerjoin(profiles, and_(profiles.c.document_id == c.document_id, profiles.c.ref == c.event))
        .where(en.name_id.in_(ids))
        .order_by(d.published.desc(), d.path, c.start)
        .limit(limit)
    )
    return list({r["id"]: r for r in connection.execute(query).mappings()}.values())


def claims_by(connection: Connection, ids: list[str], limit: int = 100) -> list[dict[str, Any]]:
    """What these names say themselves."""
    a, d, en = schema.attributions.c, schema.documents.c, entity_names.c
    query = (
        select(a.document_id, d.path, d.outlet, d.published, a.speaker, a.stance, a.content, a.cue, a.spans)
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.attributions,
            and_(a.document_id == en.document_id, a.run_id == d.current_run, a.entity == en.entity_id),
        )
        .where(en.name_id.in_(ids))
        .order_by(d.published.desc(), d.path, a.ordinal)
        .limit(limit)
    )
    return [{**r, **_reach(r["spans"])} for r in connection.execute(query).mappings()]


def _reach(spans: str | None) -> dict[str, int]:
    """From the first to the last character of a content that may stand in pieces."""
    found = json.loads(spans or "[]") or [[0, 0]]
    return {"start": found[0][0], "end": found[-1][1]}
