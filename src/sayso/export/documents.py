"""Documents as records, where their texts come from, and one with all that the ledger knows of it but its text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from sayso.ledger import SqlLedger, derived, schema, views

_PLAIN = (
    "id",
    "path",
    "url",
    "title",
    "author",
    "outlet",
    "origin",
    "language",
    "published",
    "media_type",
    "sha256",
    "added",
)


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """Documents without their texts, with the root of their text and how often they arrived."""
    d, o = schema.documents.c, derived.origins.c
    query = (
        select(*(d[name] for name in _PLAIN), o.root, o.parent, o.relation)
        .outerjoin(derived.origins, o.document_id == d.id)
        .order_by(d.path, d.url, d.id)
    )
    copies = schema.copies.c
    for row in connection.execute(query).mappings():
        ways = connection.execute(
            select(copies.way, copies.outlet, copies.retrieved)
            .where(copies.document_id == row["id"])
            .order_by(copies.retrieved, copies.way)
        ).mappings()
        yield {**dict(row), "copies": [dict(w) for w in ways]}


def origins(connection: Connection) -> Iterator[dict[str, Any]]:
    """For each document what it was made from, with the share of its text, the reasons and the passages in both."""
    d, o = schema.documents.c, derived.origins.c
    parent = schema.documents.alias("parent")
    query = (
        select(derived.origins, d.path, d.published, parent.c.path.label("parent_path"))
        .join(schema.documents, d.id == o.document_id)
        .outerjoin(parent, parent.c.id == o.parent)
        .order_by(d.path, d.url, d.id)
    )
    for row in connection.execute(query).mappings():
        yield {
            "document": row["document_id"],
            "path": row["path"],
            "published": row["published"],
            "relation": row["relation"],
            "parent": row["parent"],
            "parent_path": row["parent_path"],
            "root": row["root"],
            "share": row["share"],
            "reasons": [{"kind": k, "text": t, "weight": w} for k, t, w in json.loads(row["reasons"])],
            "passages": [
                {"start": a, "end": b, "parent_start": c, "parent_end": e} for a, b, c, e in json.loads(row["passages"])
            ],
        }  # fmt: skip


def document_record(ledger: SqlLedger, connection: Connection, name: str) -> dict[str, Any]:
    """Of the document that `find_document` finds. Raises LedgerError."""
    row = ledger.find_document(name)
    told = views.events(connection, views.EventFilter(document=row["id"], limit=100))
    return {
        **{column: row[column] for column in _PLAIN},
        "copies": [dict(c) for c in ledger.copies(row["id"])],
        "versions": [{"id": v["id"], "title": v["title"], "seen": v["seen"]} for v in ledger.versions(row["url"])],
        "ancestry": _ancestry(ledger, connection, row["id"]),
        "offspring": [_kin(c, c["document_id"], c) for c in views.offspring(connection, row["id"])],
        "events": [{key: e[key] for key in ("id", "title", "status", "documents")} for e in told],
    }


def _ancestry(ledger: SqlLedger, connection: Connection, document: str) -> list[dict[str, Any]]:
    """What its text was made from, the nearest first."""
    steps = [s for s in views.ancestry(connection, document) if s["parent"] is not None]
    return [_kin(step, step["parent"], ledger.find_document(step["parent"])) for step in steps]


def _kin(step: Any, document: str, row: Any) -> dict[str, Any]:
    return {
        "document": document,
        **{name: row[name] for name in ("path", "url", "outlet", "published")},
        "relation": step["relation"],
        "share": step["share"],
        "reasons": [{"kind": k, "text": t, "weight": w} for k, t, w in json.loads(step["reasons"])],
        "passages": json.loads(step["passages"]),
    }
