"""Document → Reading: attributions, mentions, events, times, places, quantities, warnings and the claims from these.

`read(documents, reader)` is the stage; a reader is anything that keeps the `Reader` protocol.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import cast

from sayso.errors import SaysoError, UsageError
from sayso.read.reader import DEFAULT_READER, READERS, Reader
from sayso.records import Document, Failure, Reading
from sayso.settings import Settings

__all__ = ["DEFAULT_READER", "READERS", "Reader", "load_reader", "read", "read_one"]


def load_reader(name: str = DEFAULT_READER, settings: Settings | None = None) -> Reader:
    """The reader of that name. Raises UsageError when there is none, WeightsError when its weights are damaged."""
    if name not in READERS:
        raise UsageError(f"no reader is called {name!r}; there are: {', '.join(READERS)}")
    return _made(name, settings or Settings())


@lru_cache(maxsize=4)
def _made(name: str, settings: Settings) -> Reader:
    """Readers keep nothing between documents and take a while to make, so that one is made once."""
    module, _, attribute = READERS[name].partition(":")
    return cast(Reader, getattr(import_module(module), attribute)(settings))


def read(documents: Iterable[Document | Failure], reader: Reader) -> Iterator[Reading | Failure]:
    """One reading for each document, failures passed through, in order. Nothing is raised for a document's sake."""
    for document in documents:
        yield document if isinstance(document, Failure) else read_one(document, reader)


def read_one(document: Document, reader: Reader) -> Reading | Failure:
    """A reading, or the Failure that stands for it: a fault of the reader must not stop the batch."""
    try:
        return reader.read(document)
    except (
        SaysoError,
        RecursionError,
        MemoryError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
    ) as error:
        where = document.path or document.url or document.id
        return Failure(
            where,
            "read",
            f"the {reader.name} reader failed ({type(error).__name__}: {error}); please report it with this document",
        )
