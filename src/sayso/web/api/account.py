"""Who asks, and their saved searches."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints

from sayso.web.access.dependencies import require
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor
from sayso.web.access.rows import Search
from sayso.web.api.models import Model
from sayso.web.desk import desk_of
from sayso.web.params import Row

router = APIRouter(tags=["account"])
Reader = Annotated[Visitor, Depends(require("reader"))]


class Me(Model):
    """via: local, session or token."""

    name: str
    role: str
    via: str


class NewSearch(Model):
    """query: of the page's address, without the question mark."""

    page: Annotated[str, StringConstraints(pattern="^(claims|events)$")] = "claims"
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    query: Annotated[str, StringConstraints(max_length=2_000)]


@router.get("/me")
def me(visitor: Reader) -> Me:
    return Me.model_validate(visitor)


@router.get("/searches")
def searches(request: Request, visitor: Reader) -> list[Search]:
    return desk_of(request).people.searches(visitor.name)


@router.post("/searches", status_code=201)
def save(body: NewSearch, request: Request, visitor: Reader) -> Search:
    """Keep a search under a name; one of that name is replaced."""
    return desk_of(request).people.save_search(visitor.name, body.page, body.name, body.query)


@router.delete("/searches/{search}", status_code=204)
def drop(search: Row, request: Request, visitor: Reader) -> Response:
    if not desk_of(request).people.drop_search(visitor.name, search):
        raise Refusal(404, "not_found", f"you have no search {search}", "GET /api/searches lists yours")
    return Response(status_code=204)
