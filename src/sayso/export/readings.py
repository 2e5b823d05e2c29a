"""Readings as records: every document with all that was read in it, in the reading's own schema (`sayso schema`)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from sayso.errors import UsageError
from sayso.ledger import schema
from sayso.records import Reading
from sayso.records.json import decode_reading


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    """In order of paths."""
    d, r = schema.documents.c, schema.readings.c
    query = select(r.json).join(schema.documents, and_(d.id == r.document_id, d.current_run == r.run_id))
    rows = connection.execution_options(yield_per=50).execute(query.order_by(d.path, d.url, d.id))
    return (msgspec.to_builtins(decode_reading(zlib.decompress(packed))) for (packed,) in rows)


def readings_in(rows: Iterable[dict[str, Any]], what: str) -> Iterator[Reading]:
    """What a format of whole readings writes. what: the format, in the error. Raises UsageError for other records."""
    for row in rows:
        try:
            yield msgspec.convert(row, Reading)
        except msgspec.ValidationError as error:
            raise UsageError(f"{what} holds readings: `sayso export readings` or `sayso export corrections`") from error
