"""One document with all that the ledger knows of it but its text: copies, versions, where it comes from, what it tells of."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from sayso.ledger import SqlLedger, views

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
    "added",
    "sha256",
    "media_type",
)


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
