"""The table of claims, with facets and saved searches."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import Connection

from sayso.ledger import browse
from sayso.web import params
from sayso.web.access.dependencies import require
from sayso.web.access.roles import Visitor
from sayso.web.api.claims import in_context, resolved
from sayso.web.desk import desk_of, reading
from sayso.web.params import Cursor, Row, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]
Reader = Annotated[Visitor, Depends(require("reader"))]


@router.get("/claims")
def claims(
    wanted: params.Claims, request: Request, connection: Ledger, visitor: Reader, after: Cursor = None
) -> HTMLResponse:
    place = from_cursor(after, 2)
    exact = resolved(request, wanted)
    found, facets = browse.claim_list(connection, exact, (place[0], place[1]) if place else None)
    chosen = {f.name: v for f in fields(wanted) if (v := getattr(wanted, f.name)) not in (None, False)}
    return page(
        request, "claims.html.j2", claims=in_context(connection, found.claims), walked=found.walked, next=cursor(*found.next) if found.next else None,
        facets=facets, wanted=wanted, chosen=chosen,
        searches=desk_of(request).people.searches(visitor.name, "claims"),
    )  # fmt: skip


@router.post("/claims/searches")
def save(
    request: Request,
    visitor: Reader,
    name: Annotated[str, Form(min_length=1, max_length=100)],
    query: Annotated[str, Form(max_length=2_000)],
) -> RedirectResponse:
    """Keep a search under a name, for oneself."""
    query = query.lstrip("?")
    desk_of(request).people.save_search(visitor.name, "claims", name.strip() or "search", query)
    return RedirectResponse(f"/claims?{query}", 303)


@router.post("/claims/searches/{search}/drop")
def drop(search: Row, request: Request, visitor: Reader) -> RedirectResponse:
    desk_of(request).people.drop_search(visitor.name, search)
    return RedirectResponse("/claims", 303)
