"""What of a ledger is kept and not derived, as the lines and the manifest of an archive (`ledger.archive.writing`)."""

from __future__ import annotations

from typing import Any

import msgspec

from sayso.ledger import derived, schema

FORMAT, NEWEST = "sayso.archive", 1
MANIFEST = "manifest.json"
ORIGINALS = "originals/"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of a member: the columns of its table, but for numbers that only the store knows."""


class RunRow(Row, frozen=True):
    id: int
    reader: str
    version: str
    weights_sha256: str
    options: str
    started: str


class DocumentRow(Row, frozen=True):
    id: str
    sha256: str
    media_type: str
    path: str | None
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    origin: str | None
    language: str | None
    published: str | None
    text: str
    added: str
    current_run: int | None


class CopyRow(Row, frozen=True):
    document_id: str
    way: str
    url: str | None
    outlet: str | None
    retrieved: str


class ReadingRow(Row, frozen=True):
    document_id: str
    run_id: int
    json: msgspec.Raw


class FailureRow(Row, frozen=True):
    path: str
    stage: str
    reason: str
    at: str


class JudgementRow(Row, frozen=True):
    id: int
    decision: str
    subject: str
    object: str | None
    note: str | None
    person: str
    at: str
    correction: str | None
    adjudicates: bool
    act: int | None


class MarkRow(Row, frozen=True):
    judgement: int
    mark: str
    at: str


class RegistryRow(Row, frozen=True):
    id: str
    kind: str
    name: str
    aliases: str
    countries: str
    part_of: str | None
    source: str


class FormerRow(Row, frozen=True):
    id: str
    document_id: str
    ref: str


KEPT: dict[str, tuple[Any, type[Row]]] = {
    "runs": (schema.runs, RunRow),
    "documents": (schema.documents, DocumentRow),
    "copies": (schema.copies, CopyRow),
    "readings": (schema.readings, ReadingRow),
    "judgements": (schema.judgements, JudgementRow),
    "judgement_marks": (derived.judgement_marks, MarkRow),
    "registry_entries": (derived.registry_entries, RegistryRow),
    "failures": (schema.failures, FailureRow),
    "former_events": (derived.former_events, FormerRow),
}
"""member → the table it is of, and its lines; originals are members of their own"""


class Member(msgspec.Struct, frozen=True):
    """rows: lines; null for an original. size: bytes, unpacked."""

    rows: int | None
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """format: `sayso.archive/1`; ledger: the newest migration; whole: whether it is all of a ledger; members by their names."""

    format: str
    sayso: str
    ledger: str
    whole: bool
    members: dict[str, Member]
