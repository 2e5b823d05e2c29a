"""One's own account: password, API tokens, sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from sayso.errors import AccessError
from sayso.web.access.dependencies import acting, require
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor
from sayso.web.access.rows import By
from sayso.web.desk import desk_of
from sayso.web.params import Row
from sayso.web.render import page

router = APIRouter()
Me = Annotated[Visitor, Depends(require("reader"))]
Acting = Annotated[By, Depends(acting)]


def in_person(me: Me) -> Visitor:
    """Else a token of a lower role could make itself one of its user's own role. Raises Refusal."""
    if me.via == "token":
        raise Refusal(
            403, "token", "an API token cannot change an account", "log in in the browser, or use `sayso user`"
        )
    return me


InPerson = Annotated[Visitor, Depends(in_person)]


@router.get("/account")
def account(request: Request, me: Me) -> HTMLResponse:
    return _shown(request, me)


@router.post("/account/password")
def password(
    request: Request,
    me: InPerson,
    by: Acting,
    now: Annotated[str, Form(max_length=1_000)],
    new: Annotated[str, Form(max_length=1_000)],
) -> HTMLResponse:
    """Ends all sessions, this one too."""
    people, desk = desk_of(request).people, desk_of(request)
    desk.logins.take(f"name {me.name}")
    if not people.knows_password(me.name, now):
        return _shown(request, me, problem="the present password is another one", status=403)
    try:
        people.set_password(me.name, new, by)
    except AccessError as error:
        return _shown(request, me, problem=str(error), status=422)
    return page(request, "done.html.j2", told="The password is changed; log in with the new one.", onward="/login")


@router.post("/account/tokens")
def make(
    request: Request,
    me: InPerson,
    by: Acting,
    name: Annotated[str, Form(max_length=200)],
    role: Annotated[str, Form(max_length=20)],
) -> HTMLResponse:
    try:
        token = desk_of(request).people.make_token(me.name, name, by, role)
    except AccessError as error:
        return _shown(request, me, problem=str(error), status=422)
    return _shown(request, me, token=token)


@router.post("/account/tokens/{token}/revoke")
def revoke(token: Row, request: Request, me: InPerson, by: Acting) -> RedirectResponse:
    desk_of(request).people.revoke(token, by, me.name)
    return RedirectResponse("/account", 303)


@router.post("/account/sessions/end")
def end(request: Request, me: InPerson, by: Acting) -> RedirectResponse:
    desk_of(request).people.log_out_everywhere(me.name, by)
    return RedirectResponse("/login", 303)


def _shown(
    request: Request, me: Visitor, token: str | None = None, problem: str | None = None, status: int = 200
) -> HTMLResponse:
    """token: a new one, shown this once."""
    tokens = desk_of(request).people.tokens(me.name)
    return page(request, "account.html.j2", status, me=me, tokens=tokens, token=token, problem=problem)
