"""Runs the parsers of hostile formats in a process of their own, with limits on time and memory.

One worker serves many files; one that hangs, crashes or is killed for memory is replaced, and only the file that
did it fails. Messages are length-prefixed msgpack: nothing that a worker says is ever executed.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import msgspec

from sayso.errors import IngestError, LimitError
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Job:
    format: str
    source: Source
    settings: Settings


@dataclass(frozen=True, slots=True)
class Item:
    """One answer: a document, a failure of one member, or the fault of the whole file."""

    document: Document | None = None
    failure: Failure | None = None
    fault: str | None = None


class Isolated:
    """The worker, started when first needed. A context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Isolated:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def run(self, name: str, source: Source) -> Iterator[Document | Failure]:
        """The documents of one file. Raises LimitError when it takes too long, IngestError when it kills its parser."""
        for item in self._ask(msgspec.msgpack.encode(Job(name, source, self._settings))):
            if item.fault is not None:
                raise IngestError(item.fault)
            yield item.document or item.failure  # type: ignore[misc]

    def _ask(self, job: bytes) -> list[Item]:
        seconds = self._settings.limits.parse_seconds
        try:
            process = self._worker()
            assert process.stdin and process.stdout
            process.stdin.write(_LENGTH.pack(len(job)) + job)
            process.stdin.flush()
            answer = read_message(process.stdout, seconds)
        except TimeoutError as error:
            self._stop()
            raise LimitError(f"reading it took longer than {seconds:g} seconds") from error
        except (BrokenPipeError, EOFError, OSError) as error:
            self._stop()
            raise IngestError(
                "it broke its parser, or needed more memory than allowed; nothing else was harmed"
            ) from error
        return msgspec.msgpack.decode(answer, type=list[Item])

    def _worker(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sayso.ingest.worker", str(self._settings.limits.parse_memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:
                pass  # a pipe to a dead worker may have unsent bytes; they are of no use
        process.wait()


def read_message(stream: IO[bytes], seconds: float | None = None) -> bytes:
    """One length-prefixed message. Raises EOFError at the end, TimeoutError when nothing comes in time."""
    length = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size, seconds))[0]
    return _read_exactly(stream, length, seconds)


def _read_exactly(stream: IO[bytes], size: int, seconds: float | None) -> bytes:
    parts, got = [], 0
    while got < size:
        if seconds is not None and not select.select([stream], [], [], seconds)[0]:
            raise TimeoutError
        chunk = os.read(stream.fileno(), min(size - got, 1 << 20)) if seconds is not None else stream.read(size - got)
        if not chunk:
            raise EOFError
        parts.append(chunk)
        got += len(chunk)
    return b"".join(parts)


def write_message(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()
