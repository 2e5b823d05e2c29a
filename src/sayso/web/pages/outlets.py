"""Outlets: the list, and the dossier of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export import outlet as dossier
from sayso.ledger import outlets as asked
from sayso.web.desk import reading
from sayso.web.params import Cursor, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]
_PAGE = 100


@router.get("/outlets")
def outlets(request: Request, connection: Ledger, after: Cursor = None) -> HTMLResponse:
    place = from_cursor(after, 1)
    start = max(0, place[0]) if place else 0
    rows = asked.outlets(connection, _PAGE + 1, start)
    return page(
        request, "outlets.html.j2", outlets=rows[:_PAGE], next=cursor(start + _PAGE) if len(rows) > _PAGE else None
    )


@router.get("/outlets/{name:path}")
def outlet(name: str, request: Request, connection: Ledger) -> HTMLResponse:
    return page(request, "outlet.html.j2", outlet=dossier.outlet(connection, name))
