"""What runs on Ray's machines: one process that loads reports, any number that read them, one that counts their deaths.

Batches travel as bytes (msgpack of `Item`s), one a row, so that what is sent again after a death is the same rows again.
Imported only by those who have Ray (`pip install 'sayso[ray]'`); `machines` is the way in.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import ray
from ray.data.block import BlockMetadata
from ray.data.datasource import Datasource, ReadTask

from sayso.ingest import load
from sayso.ledger.rows import Prepared, prepare
from sayso.read import Reader, load_reader, read_one
from sayso.records import Document, Failure, Run
from sayso.settings import Settings

BATCH = 16
"""reports in a batch: a death costs at most their reading"""
_BATCH_BYTES = 1_000_000
"""a batch is sent when its originals have reached this size, however few they are"""
TRIES = 3
"""workers that may die over one report before it is given up"""

Ids = npt.NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class Item:
    """One report on its way: a document, with its reading (ready to be written) once it is read, or a failure. known: read before."""

    document: Document | None = None
    reading: Prepared | None = None
    failure: Failure | None = None
    known: bool = False


def encode(items: list[Item]) -> bytes:
    return msgspec.msgpack.encode(items)


def decode(data: bytes) -> list[Item]:
    return msgspec.msgpack.decode(data, type=list[Item])


class Reports(Datasource):
    """Everything that the paths hold, as rows of one batch each, in sorted order of paths. It stays on the caller's machine:
    only there are the files, and only there are addresses asked for.

    known: ids of the documents that need no reading, sorted (n,) of 32 bytes, as a reference.
    """

    def __init__(self, paths: list[str], settings: Settings, known: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._paths, self._settings, self._known = paths, settings, known

    @property
    def supports_distributed_reads(self) -> bool:
        return False

    def estimate_inmemory_data_size(self) -> int | None:
        return None

    def get_read_tasks(
        self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None
    ) -> list[ReadTask]:
        paths, settings, known, folder = self._paths, self._settings, self._known, os.path.realpath(os.curdir)

        def loaded() -> Iterator[pa.Table]:
            os.chdir(folder)  # paths are written into the ledger as the caller named them
            for number, items in enumerate(_batches(load(paths, settings), ray.get(known))):
                yield pa.table({"number": [number], "items": [encode(items)]})

        return [ReadTask(loaded, BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None))]


def _batches(documents: Iterable[Document | Failure], known: Ids) -> Iterator[list[Item]]:
    """Cut by what the documents are alone, so that a loader that must begin anew makes the same batches."""
    batch: list[Item] = []
    size = 0
    for document in documents:
        if isinstance(document, Failure):
            batch.append(Item(failure=document))
        else:
            batch.append(Item(document, known=_holds(known, document.id)))
            size += len(document.original.data) + len(document.text)
        if len(batch) >= BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _holds(ids: Ids, wanted: str) -> bool:
    at = int(np.searchsorted(ids, wanted.encode()))
    return at < len(ids) and ids[at] == wanted.encode()


class Tries:
    """Counts how often something was begun without being done: so often did a worker die over it."""

    def __init__(self) -> None:
        self._begun: Counter[str] = Counter()

    def begin(self, name: str) -> int:
        """How often it was begun, and not done, before now."""
        self._begun[name] += 1
        return self._begun[name] - 1

    def done(self, name: str) -> None:
        del self._begun[name]


class ReadingWorker:
    """One reader in a process of its own. Ray makes it anew when it dies and gives it the same batch again."""

    def __init__(self, reader: str, settings: Settings, tries: Any) -> None:
        self._reader = load_reader(reader, settings)
        self._tries = tries

    def __call__(self, rows: pa.Table) -> pa.Table:
        packed = [
            self._batch(f"batch {number}", decode(items))
            for number, items in zip(rows["number"].to_pylist(), rows["items"].to_pylist(), strict=True)
        ]
        return pa.table({"number": rows["number"], "items": packed})

    def _batch(self, name: str, items: list[Item]) -> bytes:
        if all(item.known or item.document is None for item in items):
            return encode(items)
        died = ray.get(self._tries.begin.remote(name))
        done = [self._carefully(item) if died else _read(item, self._reader) for item in items]
        self._tries.done.remote(name)
        return encode(done)

    def _carefully(self, item: Item) -> Item:
        """After a death, each report by itself: the one over which workers die again and again is given up."""
        if item.document is None or item.known:
            return item
        document = item.document
        if ray.get(self._tries.begin.remote(document.id)) >= TRIES:
            where = document.path or document.url or document.id
            return Item(
                failure=Failure(
                    where, "read", f"{TRIES} workers died while they read it; try it alone, or with --reader rules"
                )
            )
        done = _read(item, self._reader)
        ray.get(self._tries.done.remote(document.id))
        return done


def _read(item: Item, reader: Reader) -> Item:
    if item.document is None or item.known:
        return item
    result = read_one(item.document, reader)
    return Item(failure=result) if isinstance(result, Failure) else Item(item.document, prepare(result))


def identity(reader: str, settings: Settings) -> Run:
    """Which reader it is that the workers have."""
    loaded = load_reader(reader, settings)
    return Run(loaded.name, loaded.version, loaded.weights_sha256)
