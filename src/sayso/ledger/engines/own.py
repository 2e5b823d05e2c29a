"""What a ledger's engine does in its own way; `SqlLedger` has the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection


class EnginesOwn:
    """Implemented by the class of every engine."""

    def index_texts(self, connection: Connection, documents: Sequence[str]) -> None:
        """Make documents (ids) that were just written findable by the words of their titles and texts."""
        raise NotImplementedError

    def index_all(self, connection: Connection) -> None:
        """Make the full-text index of all documents anew."""
        raise NotImplementedError

    def search(self, words: str, limit: int = 50) -> Sequence[Mapping[Any, Any]]:
        raise NotImplementedError

    def backup(self, target: Path) -> None:
        raise NotImplementedError

    def verify(self) -> list[str]:
        """What is wrong with the ledger, in words; an empty list when all holds."""
        raise NotImplementedError

    def count_on(self, connection: Connection) -> None:
        """After rows were written with their numbers: the next gets the number after the greatest."""

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the ledger as it is at the first question, whatever is written meanwhile."""
        raise NotImplementedError
        yield

    def unindex_text(self, connection: Connection, number: int, title: str | None, text: str) -> None:
        raise NotImplementedError

    def scrub(self) -> None:
        """Leave no trace of what was deleted in the store's files."""
        raise NotImplementedError
