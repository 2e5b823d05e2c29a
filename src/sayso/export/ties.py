"""Ties between those who are named as records: `left` accuses, denies, contradicts, confirms, commands or belongs to `right`, so a report says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from sayso.ledger import derived, schema


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """Each with the words that say so (code points, end exclusive). left, right: ids of identities, as entities have them;
    claim, event: null where a document says so outside any event. What the registry alone knows is no report's word, and not here."""
    t, d = derived.ties.c, schema.documents.c
    left, right = derived.names.alias("left_name"), derived.names.alias("right_name")
    query = (
        select(
            t.relation, left.c.identity.label("left"), right.c.identity.label("right"), t.document_id.label("document"), d.path, d.outlet,
            d.published, t.start, t.end, func.substr(d.text, t.start + 1, t.end - t.start).label("text"), t.claim, t.event,
        )
        .join(schema.documents, d.id == t.document_id)
        .join(left, left.c.id == t.left)
        .join(right, right.c.id == t.right)
        .where(left.c.identity != right.c.identity)
        .order_by(d.path, t.document_id, t.start, t.end, t.relation, "left", "right", t.claim, t.event)
    )  # fmt: skip
    return (dict(row) for row in connection.execute(query).mappings())
