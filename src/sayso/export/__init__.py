"""View → file. What can be exported is one row in `SUBJECTS`, a format one module with `write` and one row in `FORMATS`.

A subject is a function that yields plain records (dictionaries, lists, strings, numbers) from a read-only connection; a
format writes such records and says what it could not hold. CLI and docs read these two tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, BinaryIO, cast

from sqlalchemy import Connection

from sayso.errors import UsageError

Record = dict[str, Any]


@dataclass(slots=True)
class LossReport:
    """What was written, and what the format could not hold as it is."""

    rows: int = 0
    losses: list[str] = field(default_factory=list)


Writer = Callable[[Iterable[Record], BinaryIO], LossReport]

FORMATS = {
    "csv": "sayso.export.spreadsheet:write",
    "jsonl": "sayso.export.lines:write",
    "parquet": "sayso.export.parquet:write",
    "geojson": "sayso.export.geojson:write",
}
SUBJECTS = {
    "claims": "sayso.export.claims:records",
    "events": "sayso.export.events:records",
    "entities": "sayso.export.entities:records",
    "documents": "sayso.export.documents:records",
    "links": "sayso.export.links:records",
    "origins": "sayso.export.documents:origins",
}


def records(subject: str, connection: Connection) -> Iterator[Record]:
    """All records of a subject of `SUBJECTS`. Raises UsageError for an unknown one."""
    if subject not in SUBJECTS:
        raise UsageError(f"nothing called {subject!r} can be exported; there are: {', '.join(SUBJECTS)}")
    return cast(Callable[[Connection], Iterator[Record]], _load(SUBJECTS[subject]))(connection)


def write(rows: Iterable[Record], out: BinaryIO, format: str) -> LossReport:
    """Write records in a format of `FORMATS`. Raises UsageError for an unknown one."""
    if format not in FORMATS:
        raise UsageError(f"no export format is called {format!r}; there are: {', '.join(FORMATS)}")
    return cast(Writer, _load(FORMATS[format]))(rows, out)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
