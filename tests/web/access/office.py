"""A small application behind the real guard, over a real people's file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from sayso.web.access.cookies import COOKIE, clear_session_cookie, set_session_cookie
from sayso.web.access.dependencies import acting, require, visitor
from sayso.web.access.guard import Guard
from sayso.web.access.limits import Limiter, login_limiter
from sayso.web.access.login import log_in, safe_next
from sayso.web.access.people import People
from sayso.web.access.refusal import Refusal, refusal_response
from sayso.web.access.roles import ROLES, Visitor
from sayso.web.access.rows import By

PASSWORD = "seven grey herons"
BY = By("tester", "command line")
SITE = "http://desk.example:8000"
LOCAL = "http://127.0.0.1:8000"
Who = Annotated[Visitor, Depends(visitor)]
Reader = Annotated[Visitor, Depends(require("reader"))]
Me = Annotated[By, Depends(acting)]


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2024, 5, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def application(people: People, local: bool, hosts: list[str] | None = None, limiter: Limiter | None = None) -> FastAPI:
    app = FastAPI()
    limiter = limiter or login_limiter()

    @app.get("/login")
    def login_page() -> HTMLResponse:
        return HTMLResponse("the login page")

    @app.post("/login")
    def login(request: Request, name: str = Form(), password: str = Form(), next: str = Form("/")) -> Response:
        host = request.client.host if request.client else None
        session = log_in(people, limiter, name, password, host)
        response = Response(status_code=303, headers={"Location": safe_next(next)})
        set_session_cookie(response, session, request.url.scheme == "https")
        return response

    @app.post("/logout")
    def logout(request: Request, _: Reader) -> Response:
        people.log_out(request.cookies[COOKIE])
        response = Response(status_code=303, headers={"Location": "/login"})
        clear_session_cookie(response, https=False)
        return response

    @app.get("/")
    def start(who: Who) -> HTMLResponse:
        return HTMLResponse(f"{who.name} {who.role} {who.via} {who.csrf}")

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        return Response(name, headers={"Cache-Control": "max-age=60"})

    @app.post("/form")
    def form(by: Me, _: Reader, word: str = Form()) -> HTMLResponse:
        return HTMLResponse(f"{by.person} wrote {word}")

    @app.get("/api/me")
    def me(who: Who) -> dict[str, str]:
        return {"name": who.name, "role": who.role}

    @app.post("/api/upload")
    async def upload(request: Request, _: Reader) -> int:
        return len(await request.body())

    @app.get("/api/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(iter([b"a", b"b"]))

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("secret words")

    for role in ROLES:
        app.add_api_route(
            f"/api/for/{role}", lambda: "done", methods=["GET", "POST"], dependencies=[Depends(require(role))]
        )

    app.add_exception_handler(Refusal, lambda request, error: refusal_response(request, error))
    app.add_middleware(Guard, people=people, local=local, hosts=hosts)
    return app


def client(people: People, base: str = SITE, local: bool = False, **more: Any) -> TestClient:
    return TestClient(application(people, local, **more), base, follow_redirects=False, raise_server_exceptions=False)


def logged_in(people: People, name: str = "reviewer", base: str = SITE) -> tuple[TestClient, str]:
    """A browser with a session, and what its pages know of it."""
    browser = client(people, base)
    answer = browser.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return browser, browser.get("/").text.split()[3]


def code(answer: Any) -> str:
    """The code of a refusal, whose shape is always the same."""
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "remedy"} and error["message"]
    return str(error["code"])
