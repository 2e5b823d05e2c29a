"""Documents: the list, and one with its text marked, its warnings, its claims and its origins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export.documents import document_record
from sayso.export.report.marks import Mark, Segment, marks_of, segments
from sayso.ledger import ClaimFilter, browse
from sayso.ledger.rows import speaker_name
from sayso.records import Reading
from sayso.web.api.claims import ruled
from sayso.web.desk import desk_of, reading
from sayso.web.params import Cursor, Words, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]
Offset = Annotated[int | None, Query(ge=0, le=2**31)]
_MOST_SHOWN = 400_000
"""characters of a text that one page shows; the rest is a link away"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment with where it begins in the text; `chosen` where the passage that a link names covers it."""

    start: int
    segment: Segment
    chosen: bool
    first: bool


@router.get("/documents")
def listed(request: Request, connection: Ledger, outlet: Words = None, after: Cursor = None) -> HTMLResponse:
    place = from_cursor(after, 1)
    rows, following = browse.document_page(connection, place[0] if place else None, 50, outlet)
    return page(
        request, "documents.html.j2", documents=rows, outlet=outlet, next=cursor(following) if following else None
    )


@router.get("/documents/{document}")
def one(
    document: str, request: Request, connection: Ledger, start: Offset = None, end: Offset = None, begin: Offset = None
) -> HTMLResponse:
    """start, end: a passage to show; begin: where the shown part of a very long text begins."""
    ledger = desk_of(request).ledger
    record = document_record(ledger, connection, document)
    understood = ledger.reading(record["id"])
    text = understood.document.text
    begin = min(
        begin if begin is not None else max(0, (start or 0) - 2_000) if len(text) > _MOST_SHOWN else 0, len(text)
    )
    shown = text[begin : begin + _MOST_SHOWN]
    claims = browse.claim_page(connection, ClaimFilter(document=record["id"]), limit=500)
    return page(
        request, "document.html.j2", document=record, reading=understood, begin=begin, end=begin + len(shown), length=len(text),
        pieces=pieces_of(understood, begin, begin + len(shown), start, end), said=said_in(understood), claims=ruled(connection, claims.claims),
        events=record["events"],
    )  # fmt: skip


def pieces_of(understood: Reading, begin: int, end: int, start: int | None, stop: int | None) -> list[Piece]:
    """The shown part of the text in pieces; a passage that a link names begins and ends a piece."""
    text = understood.document.text
    within = [
        Mark(max(m.start, begin) - begin, min(m.end, end) - begin, m.kind, m.owner, m.stance)
        for m in marks_of(understood)
        if m.end > begin and m.start < end
    ]
    passage = (
        (start - begin, stop - begin)
        if start is not None and stop is not None and begin <= start < stop <= end
        else None
    )
    if passage:
        within.append(Mark(*passage, "passage", "passage", ""))
    found, place, seen = [], 0, False
    for segment in segments(text[begin:end], within):
        chosen = "passage" in segment.kinds
        found.append(Piece(begin + place, segment, chosen, chosen and not seen))
        seen, place = seen or chosen, place + len(segment.text)
    return found


def said_in(understood: Reading) -> list[dict[str, Any]]:
    """Who says what in it, in the order of the text."""
    names = {e.id: e.name for e in understood.entities}
    return [
        {
            "id": a.id,
            "speaker": speaker_name(a, names),
            "cue": a.cue.text if a.cue else None,
            "stance": a.stance,
            "negated": a.negated,
            "via": a.via,
            "content": " … ".join(s.text for s in a.content),
            "confidence": a.confidence,
        }
        for a in understood.attributions
    ]
