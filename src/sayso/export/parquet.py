"""Records as Parquet, for data frames and DuckDB: plain columns typed, lists and objects as JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO

from sayso.export import LossReport, Record

_ROWS = 5_000
"""records of a row group"""


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """Columns are those of the first record; a column's type is that of the first group's values, text when it has none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    report = LossReport()
    found = iter(rows)
    writer = None
    nested: set[str] = set()
    while group := list(islice(found, _ROWS)):
        names = list(group[0]) if writer is None else writer.schema.names
        columns = {name: [_plain(row.get(name), name, nested) for row in group] for name in names}
        if writer is None:
            schema = pa.schema([(name, _type(pa, values)) for name, values in columns.items()])
            writer = pq.ParquetWriter(out, schema)
        writer.write_table(pa.table([pa.array(columns[f.name], f.type) for f in writer.schema], schema=writer.schema))
        report.rows += len(group)
    if writer is None:
        writer = pq.ParquetWriter(out, pa.schema([]))
    writer.close()
    if nested:
        report.losses.append(f"lists stand as JSON text in the columns {', '.join(sorted(nested))}")
    return report


def _plain(value: Any, name: str, nested: set[str]) -> Any:
    if isinstance(value, list | dict):
        nested.add(name)
        return json.dumps(value, ensure_ascii=False)
    return value


def _type(pa: Any, values: list[Any]) -> Any:
    kinds = {type(v) for v in values if v is not None}
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds and kinds <= {int, float}:
        return pa.float64()
    return pa.string()
