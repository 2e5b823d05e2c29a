"""A ledger copied into another store, with every number and id: what is exported of both is the same, byte for byte.

The source is read as it is at one moment, whatever is written meanwhile; the target is filled in one transaction, read again and
compared before it is committed, so that there is a whole, verified copy or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, func, insert, select

from sayso.errors import LedgerError
from sayso.ledger import (
    derived,  # noqa: F401 (its tables belong to the metadata)
    schema,
)
from sayso.ledger.store import SqlLedger

Progress = Callable[[str, int], None]
_BATCH = 500
"""rows given at once"""
_FEW = 20
"""of them, where each holds a whole text or file"""
_LARGE = frozenset({"originals", "documents", "readings"})


def copy(source: SqlLedger, target: SqlLedger, progress: Progress | None = None) -> dict[str, int]:
    """Copy all tables, kept and derived; table → rows. The target must be empty.

    progress: called with a table's name and its rows that are copied so far. Raises LedgerError, with nothing copied, when the
    target holds something, or when what it holds afterwards is not what the source holds.
    """
    counts: dict[str, int] = {}
    with source.snapshot() as reading, target.writing() as writing:
        for table in schema.metadata.sorted_tables:
            if writing.scalar(select(func.count()).select_from(table)):
                raise LedgerError(f"{target.name} is not empty ({table.name}); copy into a new ledger")
        sums = {}
        for table in schema.metadata.sorted_tables:
            counts[table.name], sums[table.name] = _copy(table, reading, writing, progress)
        target.count_on(writing)
        target.index_all(writing)
        for table in schema.metadata.sorted_tables:
            found = _sum(table, writing)
            if found != (counts[table.name], sums[table.name]):
                raise LedgerError(
                    f"the copy differs in {table.name} ({found[0]:,} rows of {counts[table.name]:,}) and was given up; `sayso ledger verify` tells whether {source.name} is sound"
                )
    return counts


def _copy(table: Table, source: Connection, target: Connection, progress: Progress | None) -> tuple[int, str]:
    """(rows, their hash)."""
    done, digest = 0, hashlib.sha256()
    for rows in _rows(table, source):
        target.execute(insert(table), [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
        done += len(rows)
        _add(digest, rows)
        if progress:
            progress(table.name, done)
    return done, digest.hexdigest()


def _sum(table: Table, connection: Connection) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for rows in _rows(table, connection):
        count += len(rows)
        _add(digest, rows)
    return count, digest.hexdigest()


def _rows(table: Table, connection: Connection) -> Iterator[Sequence[Any]]:
    size = _FEW if table.name in _LARGE else _BATCH
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=size)
    return connection.execute(query).partitions()


def _add(digest: Any, rows: Sequence[Any]) -> None:
    for row in rows:
        digest.update(msgspec.msgpack.encode(tuple(row)))
