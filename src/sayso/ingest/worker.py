"""The process in which hostile formats are parsed: reads jobs on standard input, answers on standard output."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import msgspec

from sayso.errors import IngestError
from sayso.ingest.formats import FORMATS
from sayso.ingest.isolate import Item, Job, read_message, write_message
from sayso.ingest.load import loader_of
from sayso.records import Document


def main() -> None:
    _limit_memory(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints must not garble the answers
    while True:
        try:
            job = msgspec.msgpack.decode(read_message(sys.stdin.buffer), type=Job)
        except EOFError:
            return
        _answer(answers, job)


def _answer(stream: BinaryIO, job: Job) -> None:
    items: list[Item] = []
    try:
        for found in loader_of(FORMATS[job.format])(job.source, job.settings):
            items.append(Item(document=found) if isinstance(found, Document) else Item(failure=found))
    except IngestError as error:
        items.append(Item(fault=str(error)))
    except MemoryError:
        items = [Item(fault="it needs more memory than allowed")]
    except Exception as error:
        items.append(
            Item(fault=f"it is damaged in a way that its parser does not foresee ({type(error).__name__}: {error})")
        )
    write_message(stream, msgspec.msgpack.encode(items))


def _limit_memory(size: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        pass  # not every system has such limits; the limit of time holds everywhere


if __name__ == "__main__":
    main()
