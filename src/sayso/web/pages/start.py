"""The start page: what is new, what became disputed, what waits; and the search for documents by their words."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export.links import told_links
from sayso.ledger import naming, views
from sayso.web.api.events import CHANGES
from sayso.web.api.start import start_of
from sayso.web.desk import desk_of, reading
from sayso.web.params import Words
from sayso.web.render import page

router = APIRouter()


@router.get("/")
def start(request: Request, connection: Annotated[Connection, Depends(reading)]) -> HTMLResponse:
    changes = list(told_links(connection, since=views.last_week(connection), relations=CHANGES, limit=8))
    return page(request, "start.html.j2", **start_of(connection), changes=changes)


@router.get("/search")
def search(request: Request, connection: Annotated[Connection, Depends(reading)], q: Words = None) -> HTMLResponse:
    found = desk_of(request).ledger.search(q, 50) if q else []
    named = naming.find_names(connection, q)[:10] if q else []
    return page(request, "search.html.j2", q=q or "", found=found, named=named)


@router.get("/failures")
def failures(request: Request) -> HTMLResponse:
    return page(request, "failures.html.j2", failures=desk_of(request).ledger.failures())
