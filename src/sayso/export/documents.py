"""Documents as records, and where their texts come from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from sayso.ledger import derived, schema

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
