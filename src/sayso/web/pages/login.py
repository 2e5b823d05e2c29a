"""Logging in and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from sayso.web.access.cookies import COOKIE, clear_session_cookie, set_session_cookie
from sayso.web.access.dependencies import require
from sayso.web.access.login import log_in, safe_next
from sayso.web.access.refusal import Refusal
from sayso.web.desk import desk_of
from sayso.web.render import page

router = APIRouter()


@router.get("/login")
def form(request: Request, next: str = "/") -> Response:
    if request.scope["state"]["visitor"] is not None:
        return RedirectResponse(safe_next(next), 303)
    return page(request, "login.html.j2", next=safe_next(next), problem=None)


@router.post("/login")
def enter(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1_000)],
    next: Annotated[str, Form(max_length=2_000)] = "/",
) -> Response:
    desk = desk_of(request)
    try:
        session = log_in(desk.people, desk.logins, name, password, request.client.host if request.client else None)
    except Refusal as refusal:
        response: Response = page(request, "login.html.j2", refusal.status, next=safe_next(next), problem=refusal)
        response.headers.update(refusal.headers)
        return response
    response = RedirectResponse(safe_next(next), 303)
    set_session_cookie(response, session, request.url.scheme == "https")
    return response


@router.post("/logout", dependencies=[Depends(require("reader"))])
def leave(request: Request) -> Response:
    if token := request.cookies.get(COOKIE):
        desk_of(request).people.log_out(token, request.client.host if request.client else None)
    response = RedirectResponse("/login", 303)
    clear_session_cookie(response, request.url.scheme == "https")
    return response
