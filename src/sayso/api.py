"""The public Python interface: four functions over the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sayso import pipeline
from sayso.errors import IngestError
from sayso.ingest import load_text
from sayso.ledger import SqlLedger, open_ledger
from sayso.read import load_reader, read_one
from sayso.records import Failure, Reading
from sayso.settings import Settings

Paths = str | Path | list[str | Path] | list[str] | list[Path]


def read_paths(paths: Paths, settings: Settings | None = None) -> Iterator[Reading | Failure]:
    """Readings (and failures) of files, folders, archives or web addresses, one at a time.

    Raises UsageError when a path does not exist; whatever else goes wrong is a Failure in the stream.
    """
    return pipeline.read_paths(_listed(paths), settings)


def read_text(text: str, settings: Settings | None = None) -> Reading:
    """The reading of a text in hand. Raises IngestError when it is blank or the reader fails on it."""
    settings = settings or Settings()
    result = read_one(load_text(text, settings), load_reader(settings=settings))
    if isinstance(result, Failure):
        raise IngestError(result.reason)
    return result


def open(path: str | Path = "sayso.db", readonly: bool = False) -> SqlLedger:
    """The ledger at `path` (or at a PostgreSQL address), made when it is new. A context manager. Raises LedgerError."""
    return open_ledger(path, readonly)


def add(paths: Paths, ledger: SqlLedger, settings: Settings | None = None) -> pipeline.Tally:
    """Read everything that the paths hold into the ledger; what is there already is not read again."""
    return pipeline.add_paths(_listed(paths), ledger, settings)


def _listed(paths: Paths) -> list[str | Path]:
    return [paths] if isinstance(paths, str | Path) else list(paths)
