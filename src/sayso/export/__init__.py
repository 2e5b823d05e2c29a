"""View → file. What can be exported is one row in `SUBJECTS`, a format one module with `write` and one row in `FORMATS`.

A subject is a function that yields plain records (dictionaries, lists, strings, numbers) from a read-only connection; a
format writes such records and says what it could not hold. CLI and docs read these two tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sayso.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
    "brat": "sayso.export.brat:write",
}
SUBJECTS = {
    "claims": "sayso.export.claims:records",
    "events": "sayso.export.events:records",
    "entities": "sayso.export.entities:records",
    "documents": "sayso.export.documents:records",
    "links": "sayso.export.links:records",
    "origins": "sayso.export.documents:origins",
    "corrections": "sayso.export.corrected:records",
}
_TABLES = ("csv", "jsonl", "parquet")
_FORMS = {"events": (*_TABLES, "geojson"), "corrections": ("jsonl", "brat")}
"""formats that hold a subject, where they are not all tables: a reading is no row of a table, and only events have a place"""


def fits(subject: str, format: str) -> bool:
    """Whether the format can hold the subject."""
    return format in _FORMS.get(subject, _TABLES)


def check(subject: str, format: str) -> None:
    """Raises UsageError, with the formats that do, when this one does not hold the subject."""
    if fits(subject, format):
        return
    forms = _FORMS.get(subject, _TABLES)
    choose = f"choose {', '.join(forms[:-1])} or {forms[-1]}"
    if format == "geojson":
        raise UsageError(f"GeoJSON holds events; {subject} have no place of their own: {choose}")
    if format == "brat":
        raise UsageError(
            f"brat’s standoff format holds texts with what is marked in them; {subject} are records: {choose}"
        )
    raise UsageError(f"{subject} are whole readings, not rows of a table: {choose}")


def records(subject: str, connection: Connection) -> Iterator[Record]:
    """All records of a subject of `SUBJECTS`. Raises UsageError for an unknown one."""
    if subject not in SUBJECTS:
        raise UsageError(f"nothing called {subject!r} can be exported; there are: {', '.join(SUBJECTS)}")
    return cast("Callable[[Connection], Iterator[Record]]", _load(SUBJECTS[subject]))(connection)


def write(rows: Iterable[Record], out: BinaryIO, format: str) -> LossReport:
    """Write records in a format of `FORMATS`. Raises UsageError for an unknown one."""
    if format not in FORMATS:
        raise UsageError(f"no export format is called {format!r}; there are: {', '.join(FORMATS)}")
    return cast(Writer, _load(FORMATS[format]))(rows, out)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
