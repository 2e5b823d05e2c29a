"""Events: the list, and one with its matrix, its quarrel in sentences, its counts over time, what changed, who tells it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export.casualties import counts_over_time
from sayso.export.links import told_links
from sayso.export.matrix import matrix, voice
from sayso.export.quarrel import quarrel
from sayso.ledger import views
from sayso.web import params
from sayso.web.api.events import CHANGES
from sayso.web.desk import reading
from sayso.web.params import Cursor, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]
_PAGE = 50


@router.get("/events")
def events(wanted: params.Events, request: Request, connection: Ledger, after: Cursor = None) -> HTMLResponse:
    place = from_cursor(after, 1)
    start = max(0, place[0]) if place else 0
    rows = views.events(connection, replace(wanted, limit=_PAGE + 1), start)
    following = cursor(start + _PAGE) if len(rows) > _PAGE else None
    return page(request, "events.html.j2", events=rows[:_PAGE], wanted=wanted, next=following)


@router.get("/events/{event}")
def event(
    event: str, request: Request, connection: Ledger, sources: Annotated[int, Query(ge=1, le=200)] = 12
) -> HTMLResponse:
    """sources: how many columns the matrix has at most."""
    row = views.event(connection, event)
    weighed = views.assessed(connection, row["id"])
    links = list(told_links(connection, row["id"], relations=(*CHANGES, "confirms"), limit=200))
    return page(
        request, "event.html.j2", event=row, weighed=weighed, matrix=matrix(weighed, sources), quarrel=quarrel(weighed), voice=voice,
        links=links, changes=sorted((k for k in links if k["relation"] in CHANGES), key=lambda k: k["said"] or "9999"),
        kinds=counts_over_time(connection, row["id"]), told_by=told_by(connection, row["id"]),
    )  # fmt: skip


def told_by(connection: Connection, event: str) -> list[dict[str, Any]]:
    """The reports behind it, those of one origin together, each report once with its parts of the event."""
    found: dict[str, dict[str, Any]] = {}
    for member in views.members(connection, event):
        known = found.setdefault(member["document_id"], {**member, "parts": []})
        known["parts"].append({"ref": member["ref"], "trigger": member["trigger"], "type": member["type"]})
    roots = views.roots(connection, found)
    for document, report in found.items():
        report["root"], report["relation"] = roots.get(document, (document, None))
    return sorted(
        found.values(), key=lambda r: (_head(found, r), r["root"], r["relation"] is not None, r["published"] or "")
    )


def _head(found: dict[str, dict[str, Any]], report: dict[str, Any]) -> str:
    return (found.get(report["root"]) or report)["published"] or "9999"
