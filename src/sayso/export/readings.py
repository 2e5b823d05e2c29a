"""Readings as records: every document with all that was read in it, in the reading's own schema (`sayso schema`)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from sayso.ledger import schema
from sayso.records.json import decode_reading


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """In order of paths."""
    d, r = schema.documents.c, schema.readings.c
    query = select(r.json).join(schema.documents, and_(d.id == r.document_id, d.current_run == r.run_id))
    rows = connection.execution_options(yield_per=50).execute(query.order_by(d.path, d.url, d.id))
    return (msgspec.to_builtins(decode_reading(zlib.decompress(packed))) for (packed,) in rows)
