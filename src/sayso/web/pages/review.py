"""Review: the queue, one proposal beside its document, decisions and their undoing, agreement and adjudication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Connection

from sayso.ledger import agreement as agreeing
from sayso.ledger import refs, review, views
from sayso.web.access.dependencies import require
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor
from sayso.web.api import review as api
from sayso.web.desk import desk_of, reading
from sayso.web.pages.documents import Piece, pieces_of
from sayso.web.params import Cursor, Flag, Words, cursor, from_cursor
from sayso.web.render import link_query, page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]
Reader = Annotated[Visitor, Depends(require("reader"))]
Reviewer = Annotated[Visitor, Depends(require("reviewer"))]
Recorded = Annotated[int | None, Query(ge=1, le=2**31)]
_AROUND = 8_000
"""characters of a document to either side of a claim"""


@dataclass(frozen=True, slots=True)
class Mode:
    """How a reviewer goes through the queue; every link of the page carries it on."""

    kind: Literal["claim", "event", "name"] | None
    event: str | None
    double: bool
    blind: bool

    def query(self, **more: Any) -> str:
        given = {
            "kind": self.kind,
            "event": self.event,
            "double": "true" if self.double else None,
            "blind": "true" if self.blind else None,
        }
        return link_query("", {**given, **more})


def mode(
    kind: Literal["claim", "event", "name", ""] | None = None,
    event: Words = None,
    double: Flag = False,
    blind: Flag = False,
) -> Mode:
    return Mode(kind or None, event, double, blind)


Chosen = Annotated[Mode, Depends(mode)]


@router.get("/review")
def queue(
    request: Request, connection: Ledger, visitor: Reviewer, chosen: Chosen, recorded: Recorded = None
) -> HTMLResponse:
    rows = review.queue(connection, visitor.name, chosen.kind, 50, event=chosen.event, double=chosen.double)
    return page(
        request, "review.html.j2", items=rows, waiting=review.waiting(connection), kind=chosen.kind, event=chosen.event,
        double=chosen.double, blind=chosen.blind, mode=chosen.query(), recorded=recorded,
    )  # fmt: skip


@router.get("/review/agreement")
def agreement(request: Request, connection: Ledger, _: Reviewer) -> HTMLResponse:
    return page(request, "agreement.html.j2", **agreeing.agreement_record(connection))


@router.get("/review/{item}")
def one(
    item: api.ItemId,
    request: Request,
    connection: Ledger,
    visitor: Reviewer,
    chosen: Chosen,
    recorded: Recorded = None,
    adjudicate: Flag = False,
) -> HTMLResponse:
    found = review.detail(connection, review.proposal(connection, item))
    beside = _text_beside(request, found) if found["kind"] == "claim" else Beside()
    return page(
        request, "review_item.html.j2", item=found, mode=chosen, recorded=recorded, adjudicate=adjudicate, blind=chosen.blind and not adjudicate,
        beside=beside,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """The document around a claim, marked, with its words as the chosen passage; and the names it knows, to pick a speaker."""

    pieces: tuple[Piece, ...] = ()
    begin: int = 0
    names: tuple[str, ...] = ()


def _text_beside(request: Request, found: dict[str, Any]) -> Beside:
    understood = desk_of(request).ledger.reading(found["document"]["id"])
    start, end = found["claim"]["start"], found["claim"]["end"]
    begin = max(0, start - _AROUND)
    stop = min(len(understood.document.text), end + _AROUND)
    pieces = pieces_of(understood, begin, stop, start, end)
    return Beside(tuple(pieces), begin, tuple(sorted({e.name for e in understood.entities})[:300]))


@router.post("/review/{item}")
def decide(
    item: api.ItemId,
    request: Request,
    connection: Ledger,
    visitor: Reviewer,
    chosen: Chosen,
    decision: Annotated[str, Form(max_length=20)],
    subject: Annotated[str, Form(max_length=200)],
    object: Annotated[str, Form(max_length=200)] = "",
    note: Annotated[str, Form(max_length=2_000)] = "",
    value: Annotated[str, Form(max_length=5_000)] = "",
    stance: Annotated[str, Form(max_length=40)] = "",
    holds: Annotated[Literal["", "true", "false"], Form()] = "",
    speaker: Annotated[str, Form(max_length=400)] = "",
    spans: Annotated[str, Form(max_length=1_000)] = "",
    adjudicates: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Record the decision and go on to what waits next."""
    correction = {"value": value or None, "stance": stance or None, "speaker": speaker or None, "spans": _spans(spans)}
    given = {
        "decision": decision, "subject": subject, "object": object or None, "note": note or None, "adjudicates": adjudicates,
        "correction": {**correction, "holds": {"true": True, "false": False}.get(holds)} if decision == "correct" else None,
    }  # fmt: skip
    try:
        body = api.NewJudgement.model_validate(given)
    except ValidationError as error:
        raise Refusal(422, "invalid", error.errors()[0]["msg"], "go back and correct it") from error
    number = api.record(desk_of(request), visitor, body)
    if adjudicates:
        return RedirectResponse("/review/agreement", 303)
    return RedirectResponse(_next(request, visitor, chosen, number), 303)


def _spans(text: str) -> list[list[str]]:
    return [pair.split(":", 1) for pair in text.split(",") if pair.strip()]


def _next(request: Request, visitor: Visitor, chosen: Mode, recorded: int) -> str:
    with desk_of(request).ledger.engine.connect() as connection:
        rows = review.queue(connection, visitor.name, chosen.kind, 1, event=chosen.event, double=chosen.double)
    return (
        f"/review/{rows[0]['id']}" + chosen.query(recorded=recorded)
        if rows
        else "/review" + chosen.query(recorded=recorded)
    )


@router.get("/judgements")
def judgements(request: Request, connection: Ledger, _: Reader, after: Cursor = None) -> HTMLResponse:
    place = from_cursor(after, 1)
    rows = api.decided(connection, place[0] if place else None, 51, heads=True)
    return page(request, "judgements.html.j2", rows=rows[:50], next=cursor(rows[49]["id"]) if len(rows) > 50 else None)


@router.post("/judgements/{number}/undo")
def undo(number: api.Number, request: Request, visitor: Reviewer) -> RedirectResponse:
    api.take_back(desk_of(request), visitor, number)
    came = urlsplit(request.headers.get("referer", ""))
    return RedirectResponse(
        came.path if came.path.startswith("/review") and "//" not in came.path else "/judgements", 303
    )


@router.post("/events/{event}/split")
def split(
    event: str, request: Request, connection: Ledger, visitor: Reviewer, document: Annotated[str, Form(max_length=64)]
) -> RedirectResponse:
    """Take a document's part out of an event."""
    pairs = refs.pair_refs(connection, views.event(connection, event)["id"], document, None)
    desk_of(request).decisions.judge("different", pairs, None, visitor.name)
    return RedirectResponse("/judgements", 303)


@router.post("/events/{event}/merge")
def merge(
    event: str,
    request: Request,
    connection: Ledger,
    visitor: Reviewer,
    other: Annotated[str, Form(min_length=1, max_length=400)],
) -> RedirectResponse:
    """Make one event of two, each account of both with the first: no other likeness then decides. other: an event's id, its beginning, or the address of its page."""
    wanted = urlsplit(other.strip()).path.rstrip("/").rsplit("/", 1)[-1]
    here, there = views.event(connection, event)["id"], views.event(connection, wanted)["id"]
    if here == there:
        raise Refusal(422, "invalid", "this is the same event", "name another")
    accounts = [refs.of_member(m) for id_ in (here, there) for m in views.members(connection, id_)]
    pairs: list[tuple[str, str | None]] = [(accounts[0], other_account) for other_account in accounts[1:]]
    desk_of(request).decisions.judge("same", pairs, None, visitor.name)
    return RedirectResponse("/judgements", 303)


@router.post("/names/{name}/judge")
def judge_names(
    name: str,
    request: Request,
    connection: Ledger,
    visitor: Reviewer,
    other: Annotated[str, Form(max_length=40)],
    decision: Annotated[Literal["same", "different"], Form()],
) -> RedirectResponse:
    """Merge or part two names, each by its id."""
    for id_ in (name, other):
        refs.require(connection, f"name:{id_}")
    desk_of(request).decisions.judge(decision, [(f"name:{name}", f"name:{other}")], None, visitor.name)
    return RedirectResponse(f"/names/{name}", 303)
