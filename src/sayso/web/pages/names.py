"""Names: found by their words, and the dossier of an actor or place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export.dossier import ASPECTS, dossier_of
from sayso.ledger import naming
from sayso.web.desk import reading
from sayso.web.params import Words
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]


@router.get("/names")
def names(request: Request, connection: Ledger, q: Words = None, type: Words = None) -> HTMLResponse:
    rows = naming.find_names(connection, q, type) if q else naming.recent_names(connection)
    return page(request, "names.html.j2", names=rows, q=q, type=type)


@router.get("/names/{name}")
def dossier(name: str, request: Request, connection: Ledger) -> HTMLResponse:
    return page(request, "dossier.html.j2", dossier=dossier_of(connection, name, 25), aspects=list(ASPECTS))
