"""Timeline and map: events by day and place, drawn as precisely as they are told; the same as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.export.map import map_record
from sayso.web import params
from sayso.web.desk import reading
from sayso.web.render import page

router = APIRouter()
MOST = 1000


@router.get("/map")
def map_(wanted: params.Events, request: Request, connection: Annotated[Connection, Depends(reading)]) -> HTMLResponse:
    found = map_record(connection, replace(wanted, limit=MOST))
    return page(
        request,
        "map.html.j2",
        found=found,
        wanted=wanted,
        source=f"/api/map?{request.url.query}&limit={MOST}".replace("?&", "?"),
    )
