"""What every store keeps to; `tests/ledger/test_contract.py` holds it for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.engine import RowMapping

from sayso.ledger.queries import ClaimFilter
from sayso.records import Document, Failure, Reading


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a document did: a new document, a new copy of a known one, or nothing; whether it was read now."""

    document: str
    outcome: str
    """new, copy or known"""


class Ledger(Protocol):
    """A store of documents, readings and claims. Close it after use; a context manager."""

    def has_reading(self, document: Document, run: int) -> bool: ...
    def run_id(self, reader: str, version: str, weights: str | None, options: str = "") -> int: ...
    def add(self, document: Document, reading: Reading | None, run: int) -> Added: ...
    def fail(self, failure: Failure) -> None: ...
    def claims(self, wanted: ClaimFilter) -> Iterator[RowMapping]: ...
    def search(self, words: str, limit: int = 50) -> Sequence[Mapping[Any, Any]]: ...
    def reading(self, document: str) -> Reading: ...
    def close(self) -> None: ...
