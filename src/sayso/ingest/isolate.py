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
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

import msgspec

from sayso.errors import IngestError, LimitError
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings

_LENGTH = struct.Struct("<Q")
_LONGEST_ANSWER = 2_000_000_000


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
        self._settings = replace(settings, overlays=(), weights=None)  # the reader's folders: no parser needs them
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
            answer = read_message(process.stdout, seconds, _LONGEST_ANSWER)
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
                [sys.executable, "-P", "-m", "sayso.ingest.worker", str(self._settings.limits.parse_memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(_import_path())},
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


def _import_path() -> list[str]:
    """Where the worker imports from: never the working folder, which may hold anybody's files."""
    here = os.path.realpath(os.curdir)
    return [p for p in sys.path if p and os.path.realpath(p) != here]


def read_message(stream: IO[bytes], seconds: float | None = None, most: int | None = None) -> bytes:
    """One length-prefixed message. Raises EOFError at the end, TimeoutError when it is not whole in time."""
    deadline = None if seconds is None else time.monotonic() + seconds
    length = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size, deadline))[0]
    if most is not None and length > most:
        raise EOFError
    return _read_exactly(stream, length, deadline)


def _read_exactly(stream: IO[bytes], size: int, deadline: float | None) -> bytes:
    parts, got = [], 0
    while got < size:
        if deadline is None:
            chunk = stream.read(size - got)
        else:
            if not select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            chunk = os.read(stream.fileno(), min(size - got, 1 << 20))
        if not chunk:
            raise EOFError
        parts.append(chunk)
        got += len(chunk)
    return b"".join(parts)


def write_message(stream: IO[bytes], message: bytes) -> None:
    stream.write(_LENGTH.pack(len(message)) + message)
    stream.flush()
