"""A document as received, and the row that stands for one that could not be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Original:
    """The bytes as they arrived, for the evidence trail (Berkeley Protocol on Digital Open Source
    Investigations, 2020: keep the original, its hash, when and from where it was taken).

    `retrieved` is ISO 8601 in UTC; it is kept in the ledger and never part of an id or a reading.
    """

    data: bytes
    sha256: str
    media_type: str
    retrieved: str

    @classmethod
    def of(cls, data: bytes, media_type: str, retrieved: str) -> Original:
        return cls(data, hashlib.sha256(data).hexdigest(), media_type, retrieved)


@dataclass(frozen=True, slots=True)
class Document:
    """One report: clean text and what is known of where it comes from.

    path: the file's own name, with `#member` for one of many in a file; null for web addresses.
    origin: where the text itself comes from when that is not the outlet (a wire, a forwarded channel).
    date_from: `metadata` (page, feed, table), `option` (--date), or null when only the text can tell.
    warnings: (kind, detail) pairs that ingest noticed, such as a body that the page contained twice.
    """

    id: str
    text: str
    original: Original
    path: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    origin: str | None = None
    language: str | None = None
    published: str | None = None
    date_from: str | None = None
    warnings: tuple[tuple[str, str], ...] = ()


def document_id(original_sha256: str, member: str = "") -> str:
    """The id of the document that stands at `member` of the given bytes: the same bytes, the same id."""
    return hashlib.sha256(f"{original_sha256}\0{member}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be taken further: where, at which stage, why, and what to do about it."""

    path: str
    stage: str
    reason: str

    def __str__(self) -> str:
        return f"cannot {self.stage} {self.path}: {self.reason}"
