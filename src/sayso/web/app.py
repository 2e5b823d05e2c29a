"""The application: pages and API over one desk, behind one guard, with one way to say what went wrong."""

from __future__ import annotations

from http import HTTPStatus
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sayso import __version__
from sayso.errors import IngestError, LedgerError, NotFoundError, SaysoError, UsageError
from sayso.web import api, pages
from sayso.web.access.cookies import COOKIE
from sayso.web.access.dependencies import routes_without_role
from sayso.web.access.guard import Guard
from sayso.web.access.refusal import Refusal, is_api
from sayso.web.desk import Desk
from sayso.web.etags import ETags
from sayso.web.render import page

STATIC = resources.files("sayso.web") / "static"
_DESCRIPTION = (
    "Who says what happened, and on whose say-so. Everything that the workbench shows, for programs. Lists come in pages: "
    "pass `next` of one as `after` for the next. Answers carry an ETag; send it as If-None-Match. "
    'Every error has the shape `{"error": {"code", "message", "remedy"}}`.'
)
_PROBLEMS = {
    400: "The request cannot be understood: no host, or a body that is no JSON or no form.",
    401: "Nobody is logged in, or the token is not known.",
    403: "The role is too low, or the request does not show that it comes from the workbench.",
    404: "The ledger holds nothing of that id or name.",
    413: "The body is too large.",
    422: "A value is not as described.",
    429: "Asked too often; `Retry-After` says how long to wait.",
    503: "The ledger or the users cannot be read or written just now.",
}
_WITH_BODY = ("post", "put", "patch")
_LARGEST_BODY = 32_000_000
"""bytes of a request that is not an upload of files"""


def create_app(desk: Desk) -> FastAPI:
    """The application on this desk."""
    app = FastAPI(
        title="Sayso", version=__version__, description=_DESCRIPTION, openapi_url="/api/openapi.json", docs_url=None, redoc_url=None,
        responses={status: {"model": api.Problem, "description": why} for status, why in _PROBLEMS.items()},
    )  # fmt: skip
    app.state.desk = desk
    app.openapi = lambda: _described(FastAPI.openapi(app))  # type: ignore[method-assign]
    app.include_router(api.router)
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(STATIC)), name="static")
    for kind, handler in (
        (Refusal, _refused), (SaysoError, _ours), (RequestValidationError, _invalid), (HTTPException, _http),
        (Exception, _unexpected),
    ):  # fmt: skip
        app.add_exception_handler(kind, handler)
    app.add_middleware(Bodies, most=_LARGEST_BODY, of_files=desk.settings.limits.archive_bytes)
    app.add_middleware(ETags)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    if forgotten := set(routes_without_role(app)) - {"POST /login"}:
        raise RuntimeError(f"anybody could change something by {', '.join(sorted(forgotten))}: give it a role")
    app.add_middleware(Guard, people=desk.people, local=desk.local, refuse=refuse)
    return app


def refuse(request: Request, refusal: Refusal) -> Response:
    """In the shape that the caller reads: JSON under /api, a page elsewhere."""
    headers = refusal.headers
    if is_api(request.url.path):
        body = {"error": {"code": refusal.code, "message": refusal.message, "remedy": refusal.remedy}}
        return JSONResponse(body, refusal.status, headers)
    response = page(
        request, "refusal.html.j2", refusal.status, refusal=refusal, reason=HTTPStatus(refusal.status).phrase
    )
    response.headers.update(headers)
    return response


def _described(found: dict[str, Any]) -> dict[str, Any]:
    """The description, with how to be let in, and without the errors that an operation cannot give."""
    ways = {
        "token": {"type": "http", "scheme": "bearer", "description": "an API token: `sayso user token`"},
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "a login; changes also need the header X-Sayso-CSRF"},
    }  # fmt: skip
    found.setdefault("components", {})["securitySchemes"] = ways
    found["security"] = [{way: []} for way in ways]
    for operation, method in ((o, m) for path in found["paths"].values() for m, o in path.items()):
        cannot = set() if method in _WITH_BODY else {"413", "429"}
        if not operation.get("parameters") and "requestBody" not in operation:
            cannot |= {"404", "422"}
        for status in cannot:
            operation["responses"].pop(status, None)
    return found


class Bodies:
    """ASGI middleware: a body is read only up to a size, so that nobody fills memory or disk with one request."""

    def __init__(self, app: ASGIApp, most: int, of_files: int) -> None:
        self._app, self._most, self._of_files = app, most, of_files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        files = Headers(scope=scope).get("content-type", "").lower().startswith("multipart/form-data")
        most, size = self._of_files if files else self._most, 0

        async def measured() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:  # of a kind that FastAPI hands on while it reads a body
                raise HTTPException(413, f"a request may have {most:,} bytes; bring less at a time, or use `sayso add`")
            return message

        await self._app(scope, measured, send)


def _refused(request: Request, error: Any) -> Response:
    return refuse(request, error)


def _ours(request: Request, error: Any) -> Response:
    return refuse(request, refusal_of(error))


def refusal_of(error: SaysoError) -> Refusal:
    """An error of ours as an answer; its own words say what to do."""
    if isinstance(error, NotFoundError):
        return Refusal(404, "not_found", str(error), None)
    if isinstance(error, (UsageError, IngestError)):
        return Refusal(422, "invalid", str(error), None)
    if isinstance(error, LedgerError) and "cannot write" in str(error):
        return Refusal(503, "busy", str(error), "try again in a minute")
    return Refusal(422, "refused", str(error), None)


def _invalid(request: Request, error: Any) -> Response:
    told = "; ".join(
        f"{'.'.join(str(p) for p in e['loc'][1:]) or 'the request'}: {e['msg']}" for e in error.errors()[:5]
    )
    return refuse(request, Refusal(422, "invalid", told, None))


def _http(request: Request, error: Any) -> Response:
    code = HTTPStatus(error.status_code).name.lower()
    told = "there is no page at this address" if error.status_code == 404 else str(error.detail)
    return refuse(request, Refusal(error.status_code, code, told, None, dict(error.headers or {})))


def _unexpected(request: Request, error: Any) -> Response:
    told = f"an error in Sayso itself ({type(error).__name__})"
    return refuse(request, Refusal(500, "internal", told, "nothing was lost; please report what you did"))
