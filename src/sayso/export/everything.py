"""All of a ledger as one stream of records, each with its kind first: documents, entities, claims, events, links, ties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from sayso.export import claims, documents, entities, events, links, ties

_KINDS = {
    "document": documents.records,
    "entity": entities.records,
    "claim": claims.records,
    "event": events.records,
    "link": links.records,
    "tie": ties.records,
}


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """What stands on something else comes after it."""
    for kind, found in _KINDS.items():
        for row in found(connection):
            yield {"kind": kind, **row}
