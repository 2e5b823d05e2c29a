"""Entities as records: all their names, where each is used, why names were taken for one, and what people judged.
Of a place also where it is (lat, lon in degrees; country; geonameid), if all reports that use its names mean one place by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, or_, select

from sayso.ledger import derived, judging, naming, schema
from sayso.names.registry import registry


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    marks = judging.marks(connection)
    for group in naming.identities(connection):
        yield entity_record(connection, group[0]["identity"], marks)


def entity_record(connection: Connection, identity: str, marks: dict[int, list[str]]) -> dict[str, Any]:
    names = naming.cluster_of(connection, identity)
    ids = [n["id"] for n in names]
    whereabouts = naming.whereabouts(connection, ids) if names[0]["type"] == "place" else []
    return {
        "id": identity,
        "type": names[0]["type"],
        "name": best_name([n["name"] for n in names]),
        "names": [{"id": n["id"], "name": n["name"], "documents": n["documents"]} for n in names],
        "registry": sorted({e for n in names for e in registry().find(n["name"])})
        if names[0]["type"] != "person"
        else [],
        "where": whereabouts[0] if len(whereabouts) == 1 else None,
        "mentions": [
            {"document": m["document_id"], "path": m["path"], "start": m["start"], "end": m["end"], "text": m["text"]}
            for m in naming.mentions_of(connection, ids)
        ],
        "links": links_within(connection, ids),
        "judgements": judgements_on(connection, ids, marks),
    }


def best_name(names: list[str]) -> str:
    """The registry's name for them where it has one, else the name that most documents use (the first)."""
    for name in names:
        found = registry().find(name)
        if len(found) == 1:
            return registry()[min(found)].name
    return names[0]


def links_within(connection: Connection, ids: list[str]) -> list[dict[str, Any]]:
    k = derived.name_links.c
    rows = connection.execute(
        select(derived.name_links).where(or_(k.left.in_(ids), k.right.in_(ids))).order_by(k.left, k.right)
    ).mappings()
    return [
        {
            "left": r["left"],
            "right": r["right"],
            "verdict": r["verdict"],
            "score": r["score"],
            "reasons": json.loads(r["reasons"]),
        }
        for r in rows
    ]


def judgements_on(connection: Connection, ids: list[str], marks: dict[int, list[str]]) -> list[dict[str, Any]]:
    j = schema.judgements.c
    refs = [f"name:{i}" for i in ids]
    rows = connection.execute(
        select(schema.judgements).where(or_(j.subject.in_(refs), j.object.in_(refs))).order_by(j.id)
    ).mappings()
    return [{**dict(r), "marks": marks.get(r["id"], [])} for r in rows]
