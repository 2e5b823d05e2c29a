"""Outlets: which there are, and what the ledger can count of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import Connection

from sayso.export import outlet as dossier
from sayso.ledger import outlets as asked
from sayso.web.api.models import Model
from sayso.web.desk import reading
from sayso.web.params import Cursor, Limit, cursor, from_cursor

router = APIRouter(tags=["outlets"])
Ledger = Annotated[Connection, Depends(reading)]


class ListedOutlet(Model):
    outlet: str
    documents: int
    first: str | None
    last: str | None


class ListedOutlets(Model):
    items: list[ListedOutlet]
    next: str | None


class Sample(Model):
    document: str
    path: str | None
    published: str | None
    share: float | None
    parent: str
    parent_path: str | None


class TakenOver(Model):
    """Documents made from those of another outlet (null: one that names none); mean_share: of their text."""

    outlet: str | None
    relation: str | None
    documents: int
    mean_share: float
    samples: list[Sample]


class Credit(Model):
    origin: str
    documents: int


class SameDocuments(Model):
    outlet: str
    documents: int


class Quoted(Model):
    id: str
    name: str
    type: str
    attributions: int
    documents: int


class Base(Model):
    about_events: int
    own_voice: int


class Answered(Model):
    claims: int
    own_voice: int


class Words(Model):
    document: str
    path: str | None
    published: str | None
    claim: str | None
    speaker: str | None
    start: int
    end: int
    words: str


class AnswerWords(Words):
    outlet: str | None


class Example(Model):
    """A claim that the outlet printed, and what somebody later said to it."""

    relation: str
    event: str | None
    field: str
    claim: Words
    by: AnswerWords


class First(Model):
    id: str
    title: str
    first_day: str | None
    documents: int
    ours: str | None
    others: str | None


class ToldFirst(Model):
    events: int
    of_shared_events: int
    newest: list[First]


class Outlet(Model):
    """Counts with their bases: over the outlet's newest `counted_documents`. What follows from them is for people to say."""

    name: str
    documents: int
    first: str | None
    last: str | None
    reprints: list[TakenOver]
    credits: list[Credit]
    reprinted_by: list[TakenOver]
    same_documents_at: list[SameDocuments]
    counted_documents: int
    quoted: list[Quoted]
    stances: dict[str, int]
    claims: Base
    answered_later: dict[str, Answered]
    examples: list[Example]
    told_first: ToldFirst


@router.get("/outlets")
def outlets(connection: Ledger, after: Cursor = None, limit: Limit = 100) -> ListedOutlets:
    """Outlets, those of most documents first."""
    place = from_cursor(after, 1)
    start = max(0, place[0]) if place else 0
    rows = asked.outlets(connection, limit + 1, start)
    return ListedOutlets.model_validate(
        {"items": rows[:limit], "next": cursor(start + limit) if len(rows) > limit else None}
    )


@router.get("/outlets/{name:path}")
def outlet(name: str, connection: Ledger) -> Outlet:
    """What an outlet reprints from whom, who reprints it, whom it quotes, and what others later said to its claims."""
    return Outlet.model_validate(dossier.outlet(connection, name))
