"""Records as JSON Lines: nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from sayso.export import LossReport, Record


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    report = LossReport()
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        report.rows += 1
    return report
