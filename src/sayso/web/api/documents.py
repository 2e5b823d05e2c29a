"""Documents: lists, one with all that was read in it, where its text comes from, its original bytes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from sayso.export.documents import document_record
from sayso.ledger import browse
from sayso.records import Reason
from sayso.records.json import encode_reading, reading_schema
from sayso.web.api.models import Model
from sayso.web.desk import desk_of, reading
from sayso.web.params import Cursor, Limit, Words, cursor, from_cursor

router = APIRouter(tags=["documents"])


class ListedDocument(Model):
    id: str
    path: str | None
    url: str | None
    title: str | None
    outlet: str | None
    origin: str | None
    language: str | None
    published: str | None
    added: str
    parent: str | None
    relation: str | None
    claims: int
    warnings: int


class ListedDocuments(Model):
    items: list[ListedDocument]
    next: str | None


class Copy(Model):
    way: str
    url: str | None
    outlet: str | None
    retrieved: str


class Version(Model):
    id: str
    title: str | None
    seen: str


class Kin(Model):
    """A document that this one's text comes from, or that was made from it."""

    document: str
    path: str | None
    url: str | None
    outlet: str | None
    published: str | None
    relation: str | None
    share: float | None
    reasons: list[Reason]
    passages: list[tuple[int, int, int, int]]


class DocumentEvent(Model):
    id: str
    title: str
    status: str
    documents: int


class Document(Model):
    id: str
    path: str | None
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    origin: str | None
    language: str | None
    published: str | None
    added: str
    sha256: str
    media_type: str
    copies: list[Copy]
    versions: list[Version]
    ancestry: list[Kin]
    offspring: list[Kin]
    events: list[DocumentEvent]


class Found(Model):
    id: str
    path: str | None
    url: str | None
    title: str | None
    outlet: str | None
    published: str | None
    snippet: str


@router.get("/documents")
def listed(
    connection: Annotated[Connection, Depends(reading)], outlet: Words = None, after: Cursor = None, limit: Limit = 50
) -> ListedDocuments:
    """Documents, the last added first."""
    place = from_cursor(after, 1)
    rows, following = browse.document_page(connection, place[0] if place else None, limit, outlet)
    return ListedDocuments.model_validate({"items": rows, "next": cursor(following) if following else None})


@router.get("/documents/{document}")
def one(document: str, request: Request, connection: Annotated[Connection, Depends(reading)]) -> Document:
    """A document of this id, path, file name or address, with its copies, versions, origins and events."""
    return Document.model_validate(document_record(desk_of(request).ledger, connection, document))


_READING: dict[int | str, dict[str, Any]] = {
    200: {"description": "The reading, as `sayso read --format jsonl` writes it.", "content": {"application/json": {"schema": {"type": "object", "title": reading_schema()["title"]}}}}
}  # fmt: skip


@router.get("/documents/{document}/reading", responses=_READING, response_class=Response)
def read(document: str, request: Request) -> Response:
    """What was understood of it: the JSON of `sayso.reading/1`, with the text."""
    ledger = desk_of(request).ledger
    return Response(encode_reading(ledger.reading(ledger.find_document(document)["id"])), media_type="application/json")


_BYTES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The bytes as they arrived.", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}  # fmt: skip


@router.get("/documents/{document}/original", responses=_BYTES, response_class=Response)
def original(document: str, request: Request) -> Response:
    """The bytes as they arrived. Sent as a download, never shown: they come from strangers."""
    ledger = desk_of(request).ledger
    row = ledger.find_document(document)
    headers = {
        "content-disposition": f'attachment; filename="{row["sha256"][:16]}.original"',
        "x-sha256": row["sha256"],
    }
    return Response(ledger.original(row["sha256"]), media_type="application/octet-stream", headers=headers)


@router.get("/search")
def search(request: Request, q: Annotated[str, Query(min_length=1, max_length=400)], limit: Limit = 50) -> list[Found]:
    """Documents with all these words, best first. The snippet marks what was found with the characters U+0002 and U+0003."""
    return [Found.model_validate(dict(r)) for r in desk_of(request).ledger.search(q, limit)]
