"""The guard before every request: which host is asked, who asks, and whether a change comes from a page of ours.

Nothing behind it is reached without a visitor but the login page and the two files that it shows. A plain ASGI
middleware, so that streams and large bodies pass untouched; added last, so that it stands outermost.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection
from functools import partial
from html import escape
from typing import TypeVar
from urllib.parse import quote, urlencode

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sayso.errors import AccessError
from sayso.web.access.cookies import COOKIE
from sayso.web.access.csrf import SAFE, check_site, checked
from sayso.web.access.headers import Answer
from sayso.web.access.hosts import LOOPBACK, check_asker, check_host
from sayso.web.access.people import People
from sayso.web.access.refusal import Refusal, is_api, refusal_response
from sayso.web.access.roles import Visitor, person_here

LOGIN = "/login"
OPEN = frozenset({LOGIN, "/static/workbench.css", "/static/icon.svg"})
"""what answers without a visitor"""

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


class Guard:
    """`local`: whether the server listens on loopback only; while there are no users, whoever asks there is its admin.
    `hosts`: names that it answers for, None for any; on loopback, and unless given, only those of loopback."""

    def __init__(
        self,
        app: ASGIApp,
        people: People,
        local: bool,
        hosts: Collection[str] | None = None,
        refuse: Callable[[Request, Refusal], Response] = refusal_response,
    ) -> None:
        self._app, self._people, self._local, self._refuse = app, people, local, refuse
        self._hosts = LOOPBACK if local and hosts is None else hosts
        self._me = Visitor(person_here(), "admin", secrets.token_urlsafe(32), "local")
        self._threads: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, Answer(send))
        else:  # the workbench has no web sockets
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        request = Request(scope)
        try:
            receive = await self._admit(request, receive)
        except Refusal as refusal:
            await self._refused(request, refusal)(scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if not answer.started:  # here, not further out, so that this answer has its headers too
                told = f"an error in Sayso itself ({type(error).__name__})"
                broken = Refusal(500, "internal", told, "nothing was lost; please report what you did")
                await self._refuse(request, broken)(scope, receive, answer)
            raise

    async def _admit(self, request: Request, receive: Receive) -> Receive:
        """The body, still to be read, of a request that may pass. Raises Refusal."""
        state = request.scope.setdefault("state", {})
        state["visitor"] = None
        check_host(request, self._hosts)
        check_site(request)
        path = request.scope["path"]
        visitor = state["visitor"] = await self._visitor(request)
        if visitor is None and path not in OPEN:
            raise Refusal(
                401,
                "login_needed",
                "you are not logged in",
                "log in, or send an API token",
                {"WWW-Authenticate": "Bearer"},
            )
        if request.method in SAFE or (visitor is not None and visitor.via == "token"):
            return receive
        return await checked(request, receive, None if visitor is None or path == LOGIN else visitor.csrf)

    async def _visitor(self, request: Request) -> Visitor | None:
        """By token, or by session, or as the only one at this machine. A token that is wrong is not made good by a cookie."""
        try:
            if (token := _bearer(request)) is not None:
                return await self._ask(partial(self._people.by_token, token))
            cookie = request.cookies.get(COOKIE)
            if cookie and (visitor := await self._ask(partial(self._people.session, cookie))):
                return visitor
            if self._local and not await self._ask(self._people.any_users):
                check_asker(request)
                return self._me
        except AccessError as error:
            _LOG.error("%s", error)
            told = "the users of this server cannot be read; its log says why"
            raise Refusal(503, "users_unreadable", told, "ask whoever runs it") from error
        return None

    async def _ask(self, question: Callable[[], _T]) -> _T:
        """In threads of its own: a visitor is not kept waiting by the slow work of others."""
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(4)
        return await anyio.to_thread.run_sync(question, limiter=self._threads)

    def _refused(self, request: Request, refusal: Refusal) -> Response:
        path = request.scope["path"]
        is_page = request.method in ("GET", "HEAD") and not is_api(path) and not path.startswith("/static/")
        if refusal.code == "login_needed" and is_page and _bearer(request) is None:
            response = _to_login(request)
        else:
            response = self._refuse(request, refusal)
        response.headers["Cache-Control"] = "no-store"
        return response


def _bearer(request: Request) -> str | None:
    """Other schemes are left alone: a proxy in front may have a password of its own."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _to_login(request: Request) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    here = quote(request.scope["path"]) + (f"?{query}" if query else "")
    login = f"{LOGIN}?{urlencode({'next': here})}"
    if request.headers.get("sec-fetch-site") != "cross-site":
        return RedirectResponse(login, 303)
    # Browsers keep a strict cookie back from a link on a page elsewhere, and through its redirects. From a page of ours
    # they send it, and the login page passes on whoever turns out to be logged in.
    link = escape(login)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={link}">'
        f'<title>Sayso</title><p><a href="{link}">Go on to the workbench</a></p></html>'
    )
