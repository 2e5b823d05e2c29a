"""View → file. What can be exported is one row in `SUBJECTS`, a format one module with `write` and one row in `FORMATS`.

A subject is a function that yields plain records (dictionaries, lists, strings, numbers) from a read-only connection; a
format writes such records and says what it could not hold. CLI, workbench and docs read these two tables.
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
_NAMED = 3
"""ids told of each loss"""


@dataclass(slots=True)
class LossReport:
    """What was written, and what the format could not hold as it is. losses: sentences; lost: what → ids of what it happened to."""

    rows: int = 0
    losses: list[str] = field(default_factory=list)
    lost: dict[str, list[str]] = field(default_factory=dict)

    def lose(self, what: str, id_: str) -> None:
        """One more of a kind; what: in the plural, as they follow a number, "claims with a speaker’s doubt (the format knows yes and no)"."""
        self.lost.setdefault(what, []).append(id_)

    def told(self) -> list[str]:
        """Everything in sentences."""
        counted = [
            f"{len(ids)} × {what}: {', '.join(ids[:_NAMED])}{' …' if len(ids) > _NAMED else ''}"
            for what, ids in self.lost.items()
        ]
        return [*self.losses, *counted]

    def record(self) -> Record:
        """Everything, with all ids, for programs."""
        return {
            "rows": self.rows,
            "losses": self.losses,
            "lost": [{"what": what, "ids": ids} for what, ids in self.lost.items()],
        }


Writer = Callable[[Iterable[Record], BinaryIO], LossReport]


@dataclass(frozen=True, slots=True)
class Format:
    """place: module and function. ending: of file names. extra: what to install it with, where the core cannot write it."""

    place: str
    ending: str
    media_type: str
    extra: str | None = None


_HERE = "sayso.export"
_EXCHANGE = "sayso.export.interchange"
FORMATS = {
    "csv": Format(f"{_HERE}.spreadsheet:write", "csv", "text/csv"),
    "jsonl": Format(f"{_HERE}.lines:write", "jsonl", "application/x-ndjson"),
    "parquet": Format(f"{_HERE}.parquet:write", "parquet", "application/vnd.apache.parquet"),
    "geojson": Format(f"{_HERE}.geojson:write", "geojson", "application/geo+json"),
    "kml": Format(f"{_EXCHANGE}.kml:write", "kml", "application/vnd.google-earth.kml+xml", "interchange"),
    "timemap": Format(f"{_EXCHANGE}.timemap:write", "zip", "application/zip"),
    "plover": Format(f"{_EXCHANGE}.plover:write", "jsonl", "application/x-ndjson"),
    "acled": Format(f"{_EXCHANGE}.acled:write", "csv", "text/csv"),
    "ucdp": Format(f"{_EXCHANGE}.ucdp:write", "csv", "text/csv"),
    "claimreview": Format(f"{_EXCHANGE}.claimreview:write", "jsonld", "application/ld+json"),
    "annotation": Format(f"{_EXCHANGE}.annotation:write", "jsonld", "application/ld+json"),
    "brat": Format(f"{_HERE}.brat:write", "zip", "application/zip"),
    "labelstudio": Format(f"{_EXCHANGE}.labelstudio:write", "json", "application/json"),
    "ftm": Format(f"{_EXCHANGE}.ftm:write", "ftm.json", "application/json+ftm", "interchange"),
    "stix": Format(f"{_EXCHANGE}.stix:write", "stix.json", "application/stix+json;version=2.1", "interchange"),
}
SUBJECTS = {
    "claims": f"{_HERE}.claims:records",
    "events": f"{_HERE}.events:records",
    "entities": f"{_HERE}.entities:records",
    "documents": f"{_HERE}.documents:records",
    "links": f"{_HERE}.links:records",
    "origins": f"{_HERE}.documents:origins",
    "readings": f"{_HERE}.readings:records",
    "corrections": f"{_HERE}.corrected:records",
    "ledger": f"{_HERE}.everything:records",
}
WHOLE = ("archive", "dataset")
"""forms of a whole ledger that are written from its tables, not from records: a file to import again, a folder of Parquet"""
_TABLES = ("csv", "jsonl", "parquet")
_TEXTS = ("jsonl", "annotation", "brat", "labelstudio")
_FORMS = {
    "claims": (*_TABLES, "claimreview"),
    "events": (*_TABLES, "geojson", "kml", "timemap", "plover", "acled", "ucdp"),
    "readings": _TEXTS,
    "corrections": _TEXTS,
    "ledger": ("jsonl", "ftm", "stix", *WHOLE),
}
"""formats that hold a subject, where they are not all tables; the first but for tables is the one by default"""


def fits(subject: str, format: str) -> bool:
    """Whether the format can hold the subject."""
    return format in _FORMS.get(subject, _TABLES)


def default_format(subject: str) -> str:
    return _FORMS.get(subject, _TABLES)[0]


def check(subject: str, format: str) -> None:
    """Raises UsageError, with the formats and subjects that do, when this format does not hold the subject."""
    if fits(subject, format):
        return
    forms = _FORMS.get(subject, _TABLES)
    held = [s for s in SUBJECTS if fits(s, format)]
    raise UsageError(
        f"{format} holds {_listed(held, 'and')}, not {subject}; export {subject} as {_listed(forms, 'or')}"
    )


def _listed(words: Iterable[str], last: str) -> str:
    *first, final = words
    return f"{', '.join(first)} {last} {final}" if first else final


def records(subject: str, connection: Connection) -> Iterator[Record]:
    """All records of a subject of `SUBJECTS`. Raises UsageError for an unknown one."""
    if subject not in SUBJECTS:
        raise UsageError(f"nothing called {subject!r} can be exported; there are: {', '.join(SUBJECTS)}")
    return cast("Callable[[Connection], Iterator[Record]]", _load(SUBJECTS[subject]))(connection)


def write(rows: Iterable[Record], out: BinaryIO, format: str) -> LossReport:
    """Write records in a format of `FORMATS`. Raises UsageError for an unknown one, or one that is not installed."""
    if format not in FORMATS:
        raise UsageError(f"no export format is called {format!r}; there are: {', '.join(FORMATS)}")
    form = FORMATS[format]
    try:
        return cast(Writer, _load(form.place))(rows, out)
    except ModuleNotFoundError as error:
        if form.extra is None or (error.name or "").startswith("sayso"):
            raise
        raise UsageError(f"{format} needs {error.name}: pip install 'sayso[{form.extra}]'") from error


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
