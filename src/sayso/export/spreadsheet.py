"""Records as CSV that any spreadsheet opens: UTF-8 with a mark, one record a row, lists as JSON in their cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, BinaryIO

from sayso.export import LossReport, Record

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_767
"""characters that a cell of the common spreadsheets holds"""


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); the report counts them."""
    report = LossReport()
    disarmed = long = 0
    stream = io.TextIOWrapper(out, encoding="utf-8-sig", errors="backslashreplace", newline="", write_through=True)
    writer = csv.writer(stream)
    columns: list[str] = []
    for row in rows:
        if not columns:
            columns = list(row)
            writer.writerow(columns)
        cells = [_text(row.get(name)) for name in columns]
        disarmed += sum(1 for name, cell in zip(columns, cells, strict=True) if _runs(row.get(name), cell))
        long += sum(1 for cell in cells if len(cell) > _LONGEST)
        writer.writerow(
            [f"'{cell}" if _runs(row.get(name), cell) else cell for name, cell in zip(columns, cells, strict=True)]
        )
        report.rows += 1
    stream.detach()
    if disarmed:
        report.losses.append(f"{disarmed} cells began like a formula; an apostrophe was put in front of them")
    if long:
        report.losses.append(f"{long} cells are longer than some spreadsheets show; JSON Lines hold them as they are")
    return report


def _runs(value: Any, cell: str) -> bool:
    return isinstance(value, str) and cell.startswith(_FORMULA)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
