"""For admins: who may do what, and the audit log."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from sayso.errors import AccessError
from sayso.web.access.dependencies import acting, require
from sayso.web.access.roles import ROLES, Visitor
from sayso.web.access.rows import By
from sayso.web.desk import desk_of
from sayso.web.params import Cursor, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Admin = Annotated[Visitor, Depends(require("admin"))]
Acting = Annotated[By, Depends(acting)]
_PAGE = 100


@router.get("/people")
def people(request: Request, _: Admin) -> HTMLResponse:
    return _shown(request)


@router.post("/people")
def add(
    request: Request,
    _: Admin,
    by: Acting,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1_000)],
    role: Annotated[str, Form(max_length=20)],
) -> HTMLResponse:
    """The first user ends the time without a login, also for who makes it."""
    return _tried(
        request,
        lambda: desk_of(request).people.add_user(name, password, role, by),
        f"{name} may log in now, as {role}.",
    )


@router.post("/people/{name}/role")
def change(
    name: str, request: Request, _: Admin, by: Acting, role: Annotated[str, Form(max_length=20)]
) -> HTMLResponse:
    return _tried(request, lambda: desk_of(request).people.set_role(name, role, by), f"{name} is {role} now.")


@router.post("/people/{name}/disable")
def disable(name: str, request: Request, _: Admin, by: Acting) -> HTMLResponse:
    return _tried(request, lambda: desk_of(request).people.disable(name, by), f"{name} may no longer log in.")


@router.post("/people/{name}/enable")
def enable(name: str, request: Request, _: Admin, by: Acting) -> HTMLResponse:
    return _tried(request, lambda: desk_of(request).people.enable(name, by), f"{name} may log in again.")


@router.get("/audit")
def audit(request: Request, _: Admin, after: Cursor = None) -> HTMLResponse:
    place = from_cursor(after, 1)
    rows = desk_of(request).people.trail(_PAGE, place[0] if place else None)
    return page(request, "audit.html.j2", rows=rows, next=cursor(rows[-1].id) if len(rows) == _PAGE else None)


def _tried(request: Request, change, told: str) -> HTMLResponse:  # type: ignore[no-untyped-def]
    try:
        change()
    except AccessError as error:
        return _shown(request, problem=str(error), status=422)
    return _shown(request, told=told)


def _shown(request: Request, told: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return page(
        request,
        "people.html.j2",
        status,
        users=desk_of(request).people.users(),
        roles=ROLES,
        told=told,
        problem=problem,
    )
