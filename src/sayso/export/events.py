"""Linked events as records: what they are, and every field's positions with all who hold or deny them, on which words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from sayso.ledger import views
from sayso.records import Holder, Position

_PLAIN = (
    "id",
    "type",
    "title",
    "first_day",
    "last_day",
    "documents",
    "origins",
    "informants",
    "status",
    "disputed",
    "first_said",
    "last_said",
)


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """All events but bare statements, in order of their days."""
    for row in reversed(views.events(connection, views.EventFilter(limit=None))):
        yield event_record(connection, row)


def event_record(connection: Connection, row: RowMapping) -> dict[str, Any]:
    found = {name: row[name] for name in _PLAIN}
    found["place"] = (
        {
            "name": row["place"],
            "country": row["country"],
            "lat": row["lat"],
            "lon": row["lon"],
            "precision": row["precision"],
        }
        if row["place"]
        else None
    )
    weighed = views.assessed(connection, row["id"])
    found["fields"] = {
        a.field: {
            "status": a.status,
            "credibility": a.credibility,
            "reasons": [{"kind": r.kind, "text": r.text} for r in a.reasons],
        }
        for a in weighed
    }
    found["positions"] = [{"field": a.field, **_position(p)} for a in weighed for p in a.positions]
    found["members"] = [
        {"document": m["document_id"], "path": m["path"], "event": m["ref"]}
        for m in views.members(connection, row["id"])
    ]
    return found


def _position(position: Position) -> dict[str, Any]:
    plain = ("value", "informants", "origins", "documents", "outlets", "first_said", "last_said", "superseded")
    return {
        **{name: getattr(position, name) for name in plain},
        "holders": [_holder(h) for h in position.holders],
        "deniers": [_holder(h) for h in position.deniers],
    }


def _holder(holder: Holder) -> dict[str, Any]:
    plain = (
        "document",
        "path",
        "outlet",
        "published",
        "speaker",
        "informant",
        "origin",
        "stance",
        "holds",
        "interested",
        "claim",
    )
    return {
        **{name: getattr(holder, name) for name in plain},
        "start": holder.span.start,
        "end": holder.span.end,
        "text": holder.span.text,
    }
