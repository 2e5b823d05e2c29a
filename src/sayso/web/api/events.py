"""Events: lists, one with its positions, its links, its counts over time; the map; what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from sqlalchemy import Connection

from sayso.export.brief import compose, render_html, render_pdf
from sayso.export.casualties import counts_over_time
from sayso.export.events import event_record
from sayso.export.links import told_links
from sayso.export.map import map_record
from sayso.export.quarrel import quarrel
from sayso.ledger import views
from sayso.records import Reason
from sayso.web import params
from sayso.web.api.models import Events, Link, Model
from sayso.web.desk import reading
from sayso.web.params import Cursor, Day, Limit, cursor, from_cursor

router = APIRouter(tags=["events"])
Ledger = Annotated[Connection, Depends(reading)]
CHANGES = ("denies", "contradicts", "retracts", "supersedes")


class Place(Model):
    name: str
    country: str | None
    lat: float | None
    lon: float | None
    precision: str | None


class Field(Model):
    status: str
    credibility: int
    reasons: list[Reason]


class Holder(Model):
    document: str
    path: str | None
    outlet: str | None
    published: str | None
    speaker: str | None
    informant: str
    origin: str
    stance: str
    holds: bool
    interested: bool
    claim: str
    start: int
    end: int
    text: str


class Position(Model):
    field: str
    value: str
    informants: int
    origins: int
    documents: int
    outlets: int
    first_said: str | None
    last_said: str | None
    superseded: bool
    holders: list[Holder]
    deniers: list[Holder]


class Member(Model):
    document: str
    path: str | None
    event: str


class WholeEvent(Model):
    """An event with every position on every field, and all who hold or deny it, on which words."""

    id: str
    type: str
    title: str
    status: str
    disputed: bool
    first_day: str | None
    last_day: str | None
    place: Place | None
    documents: int
    origins: int
    informants: int
    first_said: str | None
    last_said: str | None
    fields: dict[str, Field]
    positions: list[Position]
    members: list[Member]
    quarrel: list[str]


class Count(Model):
    said: str
    low: float | None
    high: float | None
    hedge: str | None
    speaker: str
    outlet: str | None
    href: str
    status: Literal["held", "denied", "superseded"]
    words: str


class Kind(Model):
    kind: str
    counts: list[Count]


class Casualties(Model):
    kinds: list[Kind]


@router.get("/events")
def events(wanted: params.Events, connection: Ledger, after: Cursor = None, limit: Limit = 50) -> Events:
    """Events as the reports tell them, the last happened first; of disputed ones the last spoken of first."""
    place = from_cursor(after, 1)
    start = max(0, place[0]) if place else 0
    rows = views.events(connection, replace(wanted, limit=limit + 1), start)
    following = cursor(start + limit) if len(rows) > limit else None
    return Events.model_validate({"items": rows[:limit], "next": following})


@router.get("/events/{event}")
def event(event: str, connection: Ledger) -> WholeEvent:
    """The event of this id or its beginning."""
    row = views.event(connection, event)
    told = ["".join(p.text for p in s.pieces) for s in quarrel(views.assessed(connection, row["id"]))]
    return WholeEvent.model_validate({**event_record(connection, row), "quarrel": told})


@router.get("/events/{event}/links")
def links(event: str, connection: Ledger) -> list[Link]:
    """How the event's claims relate: who confirms, denies, contradicts, retracts or supersedes whom, and why it is thought so."""
    id_ = views.event(connection, event)["id"]
    return [Link.model_validate(k) for k in told_links(connection, id_, relations=(*CHANGES, "confirms"), limit=1_000)]


@router.get("/events/{event}/casualties")
def casualties(event: str, connection: Ledger) -> Casualties:
    """Counts of the killed, injured … over time, by who gave them."""
    return Casualties.model_validate({"kinds": counts_over_time(connection, views.event(connection, event)["id"])})


_BRIEF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The brief.",
        "content": {
            "text/html": {"schema": {"type": "string"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.get("/events/{event}/brief", responses=_BRIEF, response_class=Response)
def brief(event: str, connection: Ledger, format: Literal["html", "pdf"] = "html") -> Response:
    """A printable brief with footnotes to the words."""
    row = views.event(connection, event)
    composed = compose(connection, row)
    name = f"event-{row['id'][:10]}.{format}"
    headers = {"content-disposition": f'{"inline" if format == "html" else "attachment"}; filename="{name}"'}
    if format == "pdf":
        return Response(render_pdf(composed), media_type="application/pdf", headers=headers)
    return Response(
        render_html(composed),
        media_type="text/html",
        headers={
            **headers,
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        },
    )


@router.get("/changes")
def changes(connection: Ledger, since: Day = None, limit: Limit = 50) -> list[Link]:
    """Denials, contradictions, retractions and revised counts, the last said first; of the newest week by default."""
    since = since or views.last_week(connection)
    return [Link.model_validate(k) for k in told_links(connection, since=since, relations=CHANGES, limit=limit)]


@router.get("/map")
def map_(
    wanted: params.Events, connection: Ledger, limit: Annotated[int, Query(ge=1, le=2000)] = 1000
) -> dict[str, Any]:
    """Events as GeoJSON, each with how precisely its place is known; outlines of the countries of which no more is known."""
    return map_record(connection, replace(wanted, limit=limit))
