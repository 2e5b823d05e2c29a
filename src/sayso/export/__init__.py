"""View → file. A format is one module with `write` and one row in `FORMATS`; CLI and docs read that table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import BinaryIO, cast

from sqlalchemy.engine import RowMapping

from sayso.errors import UsageError

COLUMNS = (
    "id",
    "document_id",
    "path",
    "url",
    "outlet",
    "origin",
    "published",
    "title",
    "speaker_name",
    "speaker",
    "cue",
    "stance",
    "holds",
    "event",
    "event_type",
    "field",
    "value",
    "words",
    "start",
    "end",
    "spans",
)
"""of exported claims, in this order; start and end are code points into the document's text"""


@dataclass(slots=True)
class LossReport:
    """What was written, and what the format could not hold as it is."""

    rows: int = 0
    losses: list[str] = field(default_factory=list)


Writer = Callable[[Iterable[RowMapping], BinaryIO], LossReport]

FORMATS = {"csv": "sayso.export.spreadsheet:write", "jsonl": "sayso.export.lines:write"}


def write(rows: Iterable[RowMapping], out: BinaryIO, format: str) -> LossReport:
    """Write claims in a format of `FORMATS`. Raises UsageError for an unknown one."""
    if format not in FORMATS:
        raise UsageError(f"no export format is called {format!r}; there are: {', '.join(FORMATS)}")
    module, _, name = FORMATS[format].partition(":")
    return cast(Writer, getattr(import_module(module), name))(rows, out)
