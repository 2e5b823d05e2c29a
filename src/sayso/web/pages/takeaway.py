"""Out: what the ledger can be taken away as."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from sayso.web.api.takeaway import offered
from sayso.web.render import page

router = APIRouter()


@router.get("/takeaway")
def takeaway(request: Request) -> HTMLResponse:
    return page(request, "takeaway.html.j2", table=offered())
