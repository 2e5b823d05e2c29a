"""The rows of the tables of the data set (`tables`): what other exports yield as well, laid out flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, func, select

from sayso.export import claims, events, links
from sayso.export.entities import best_name
from sayso.ledger import derived, judging, naming, schema
from sayso.ledger.judging import judged
from sayso.names.registry import registry

Row = dict[str, Any]


def events_of(connection: Connection) -> Iterator[Row]:
    for row in events.records(connection):
        place = row["place"] or {}
        yield {
            **row,
            **{("place" if k == "name" else k): v for k, v in place.items()},
            "place": place.get("name"),
            "fields": [{"field": field, **weighed} for field, weighed in row["fields"].items()],
        }


def positions_of(connection: Connection) -> Iterator[Row]:
    """A row for each position with each who holds or denies it."""
    for event in events.records(connection):
        for n, position in enumerate(event["positions"]):
            weighed = event["fields"][position["field"]]
            for side, role in (("holders", "holds"), ("deniers", "denies")):
                for holder in position[side]:
                    yield {
                        **holder,
                        **{k: v for k, v in position.items() if k not in {"holders", "deniers"}},
                        "event": event["id"], "event_type": event["type"], "title": event["title"], "first_day": event["first_day"],
                        "position": n, "side": role, "status": weighed["status"], "credibility": weighed["credibility"],
                    }  # fmt: skip


def entities_of(connection: Connection) -> Iterator[Row]:
    for group in naming.identities(connection):
        identity = group[0]["identity"]
        names = naming.cluster_of(connection, identity)
        known = () if names[0]["type"] == "person" else {e for n in names for e in registry().find(n["name"])}
        yield {
            "id": identity,
            "type": names[0]["type"],
            "name": best_name([n["name"] for n in names]),
            "names": [n["name"] for n in names],
            "registry": sorted(known),
        }


def names_of(connection: Connection) -> Iterator[Row]:
    n, en = derived.names.c, derived.entity_names.c
    used = select(func.count(func.distinct(en.document_id))).where(en.name_id == n.id).scalar_subquery()
    query = select(n.id, n.identity.label("entity"), n.type, n.name, used.label("documents")).order_by(n.id)
    return (dict(row) for row in connection.execution_options(yield_per=500).execute(query).mappings())


def mentions_of(connection: Connection) -> Iterator[Row]:
    m, d, en, n = schema.mentions.c, schema.documents.c, derived.entity_names, derived.names
    columns = (
        m.document_id,
        m.id,
        m.start,
        m.end,
        m.text,
        m.type,
        m.named,
        m.lat,
        m.lon,
        m.country,
        m.geonameid,
        m.timex,
    )
    query = (
        select(*columns, n.c.id.label("name"), n.c.identity.label("entity"), d.published)
        .join(schema.documents, and_(d.id == m.document_id, d.current_run == m.run_id))
        .outerjoin(en, and_(en.c.document_id == m.document_id, en.c.entity_id == m.entity))
        .outerjoin(n, n.c.id == en.c.name_id)
        .order_by(m.document_id, m.ordinal)
    )
    return (dict(row) for row in connection.execution_options(yield_per=500).execute(query).mappings())


def links_of(connection: Connection) -> Iterator[Row]:
    for row in links.records(connection):
        ends = {f"{side}_{k}": v for side in ("left", "right") for k, v in row[side].items()}
        yield {**{k: v for k, v in row.items() if k not in {"left", "right"}}, **ends}


def judgements_of(connection: Connection) -> Iterator[Row]:
    marks = judging.marks(connection)
    query = select(schema.judgements).order_by(schema.judgements.c.id)
    for row in connection.execution_options(yield_per=500).execute(query):
        told = judged(row)
        right = told.correction
        kind, _, rest = row.subject.partition(":")
        document, _, claim = rest.partition("/") if kind == "claim" else ("", "", "")
        yield {
            "id": told.id, "decision": told.decision, "subject": row.subject, "object": row.object, "document_id": document or None,
            "claim": claim or None, "person": told.person, "at": told.at, "note": told.note, "adjudicates": told.adjudicates,
            "value": right and right.value, "stance": right and right.stance, "holds": right.holds if right else None,
            "speaker": right and right.speaker, "spans": [{"start": s, "end": e} for s, e in (right.spans if right else ())],
            "marks": marks.get(told.id, []),
        }  # fmt: skip


def claims_of(connection: Connection) -> Iterator[Row]:
    for row in claims.records(connection):
        yield {**row, "spans": [{"start": start, "end": end} for start, end in row["spans"]]}
