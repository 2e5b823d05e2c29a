"""Claims as records, each with its exact words and their offsets (code points, end exclusive)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from sayso.ledger.queries import ClaimFilter, claim_query

COLUMNS = (
    "id", "document_id", "path", "url", "outlet", "origin", "published", "title", "speaker_name", "speaker", "cue", "stance", "holds",
    "event", "event_type", "field", "value", "words", "start", "end", "spans",
)  # fmt: skip


def record(row: RowMapping) -> dict[str, Any]:
    """A row of `claim_query` as a record."""
    found = {name: row[name] for name in COLUMNS}
    found["spans"] = json.loads(found["spans"])
    return found


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    rows = connection.execution_options(yield_per=500).execute(claim_query(ClaimFilter())).mappings()
    return (record(row) for row in rows)
