"""Claims as records, each with its exact words and their offsets (code points, end exclusive)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from sayso.ledger import judging
from sayso.ledger.queries import ClaimFilter, claim_query

COLUMNS = (
    "id", "document_id", "path", "url", "outlet", "origin", "published", "title", "speaker_name", "speaker", "cue", "stance", "holds",
    "event", "event_type", "field", "value", "words", "start", "end", "spans",
)  # fmt: skip
REJECTED = "claims that people rejected"
"""as a loss: no other tool's format has room for what was said not to be said"""


def record(row: RowMapping) -> dict[str, Any]:
    """A row of `claim_query` as a record, as it was read."""
    found = {name: row[name] for name in COLUMNS}
    found["spans"] = json.loads(found["spans"])
    return found


def decided(
    connection: Connection, rows: Iterable[RowMapping], documents: Collection[str] | None = None
) -> Iterator[dict[str, Any]]:
    """Rows of `claim_query` as records with what people decided of each: `decision` is accept, correct or reject; null where nothing
    takes effect. documents: ids, where the rows are of no others."""
    held = judging.on_claims(connection, documents)
    for row in rows:
        ruling = held.get(f"{row['document_id']}/{row['id']}")
        yield {**record(row), "decision": ruling.decision if ruling else None}


def records(
    connection: Connection, wanted: ClaimFilter | None = None, documents: Collection[str] | None = None
) -> Iterator[dict[str, Any]]:
    """All claims, or those wanted, as `decided` gives them."""
    rows = connection.execution_options(yield_per=500).execute(claim_query(wanted or ClaimFilter())).mappings()
    return decided(connection, rows, documents)
