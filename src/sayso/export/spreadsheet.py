"""Claims as CSV that any spreadsheet opens: UTF-8 with a mark, one claim a row, its exact words and offsets beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, BinaryIO

from sqlalchemy.engine import RowMapping

from sayso.export import COLUMNS, LossReport

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(rows: Iterable[RowMapping], out: BinaryIO) -> LossReport:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); the report counts them."""
    report = LossReport()
    disarmed = 0
    stream = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = [_cell(row[name]) for name in COLUMNS]
        disarmed += sum(1 for name in COLUMNS if str(row[name]).startswith(_FORMULA))
        writer.writerow(cells)
        report.rows += 1
    stream.detach()
    if disarmed:
        report.losses.append(f"{disarmed} cells began like a formula; an apostrophe was put in front of them")
    return report


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
