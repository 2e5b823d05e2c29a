"""The guide: keys, marks, colours, and what statuses mean and do not mean."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from sayso.web.render import page

router = APIRouter()


@router.get("/guide")
def guide(request: Request) -> HTMLResponse:
    return page(request, "guide.html.j2")
