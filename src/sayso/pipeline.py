"""The order of the stages, and the only module that knows it: ingest → read → ledger."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sayso.ingest import load
from sayso.ledger import SqlLedger
from sayso.read import Reader, load_reader, read_one
from sayso.records import Document, Failure, Reading
from sayso.settings import Settings

_BATCH_DOCUMENTS = 32
_BATCH_SECONDS = 1.0
"""a batch is committed when either is reached: a stop costs at most this much work, never what was acknowledged"""


@dataclass(slots=True)
class Tally:
    """What an `add` did. documents: new ones; copies: known documents that came another way; known: nothing new."""

    documents: int = 0
    copies: int = 0
    known: int = 0
    failures: int = 0
    claims: int = 0
    failed: list[Failure] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.documents + self.copies + self.known + self.failures


def read_paths(
    paths: Iterable[str | Path], settings: Settings | None = None, reader: Reader | None = None
) -> Iterator[Reading | Failure]:
    """Readings and failures of everything that the paths hold, as they are ready, in sorted order of paths."""
    settings = settings or Settings()
    chosen = reader or load_reader(settings=settings)
    for document in load(paths, settings):
        yield document if isinstance(document, Failure) else read_one(document, chosen)


def add_paths(
    paths: Iterable[str | Path],
    ledger: SqlLedger,
    settings: Settings | None = None,
    reader: Reader | None = None,
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """Read everything that the paths hold into the ledger. Stop it at any instant: running it again goes on.

    progress: called with the tally so far and the name of each input when it is safely in the ledger.
    """
    settings = settings or Settings()
    chosen = reader or load_reader(settings=settings)
    return add_documents(load(paths, settings), ledger, chosen, _options(settings), progress)


def add_documents(
    documents: Iterable[Document | Failure],
    ledger: SqlLedger,
    reader: Reader,
    options: str = "",
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """As `add_paths`, for documents in hand."""
    run = ledger.run_id(reader.name, reader.version, reader.weights_sha256, options)
    tally = Tally()
    batch: list[tuple[Document, Reading | None]] = []
    since = time.monotonic()
    for document in documents:
        result = document if isinstance(document, Failure) else _reading(document, ledger, reader, run)
        if isinstance(result, Failure):
            ledger.fail(result)
            tally.failures += 1
            tally.failed.append(result)
            _tell(progress, tally, result.path)
            continue
        assert isinstance(document, Document)
        batch.append((document, result))
        if len(batch) >= _BATCH_DOCUMENTS or time.monotonic() - since > _BATCH_SECONDS:
            _commit(ledger, batch, run, tally, progress)
            batch, since = [], time.monotonic()
    if batch:
        _commit(ledger, batch, run, tally, progress)
    return tally


def _reading(document: Document, ledger: SqlLedger, reader: Reader, run: int) -> Reading | Failure | None:
    """None when the ledger holds this run's reading already."""
    return None if ledger.has_reading(document, run) else read_one(document, reader)


def _commit(
    ledger: SqlLedger,
    batch: list[tuple[Document, Reading | None]],
    run: int,
    tally: Tally,
    progress: Callable[[Tally, str], None] | None,
) -> None:
    for (document, reading), added in zip(batch, ledger.add_many(batch, run), strict=True):
        tally.documents += added.outcome == "new"
        tally.copies += added.outcome == "copy"
        tally.known += added.outcome == "known"
        tally.claims += len(reading.claims) if reading else 0
        _tell(progress, tally, document.path or document.url or "standard input")


def _tell(progress: Callable[[Tally, str], None] | None, tally: Tally, name: str) -> None:
    if progress:
        progress(tally, name)


def _options(settings: Settings) -> str:
    """What of the settings changes a reading, as part of the run's identity; overlays by their content."""
    parts = [f"{name}={value}" for name in ("date", "outlet", "language") if (value := getattr(settings, name))]
    for folder in settings.overlays:
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()))
        parts.append(f"overlay={digest.hexdigest()[:16]}")
    return " ".join(parts)
