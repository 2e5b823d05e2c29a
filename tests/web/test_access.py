"""Who gets in, as whom, and what they may do: a small application behind the real guard, over a real people's file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import pytest
from click.testing import CliRunner, Result
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from sayso.cli.user import command
from sayso.errors import AccessError
from sayso.web.access import headers
from sayso.web.access.cookies import COOKIE, clear_session_cookie, set_session_cookie
from sayso.web.access.dependencies import acting, require, routes_without_role, visitor
from sayso.web.access.guard import Guard
from sayso.web.access.hosts import is_loopback, refuse_without_users
from sayso.web.access.limits import Limiter, login_limiter, network
from sayso.web.access.login import log_in, safe_next
from sayso.web.access.people import People, people_path
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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Iterator[People]:
    people = People(people_path(tmp_path / "sayso.db"), clock)
    yield people
    people.close()


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one user of each role, and "boss", a second admin: made once, for hashing takes its time."""
    people = People(tmp_path_factory.mktemp("staff") / "people.db")
    for name, role in (("boss", "admin"), *((role, role) for role in ROLES)):
        people.add_user(name, PASSWORD, role, BY)
    people.close()
    return people.path


@pytest.fixture
def people(empty: People, staffed: Path) -> People:
    shutil.copy(staffed, empty.path)
    return empty


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


# Without a session


def test_without_a_session_only_the_login_page_and_its_files_answer(people: People) -> None:
    browser = client(people)
    for path in ("/login", "/static/workbench.css", "/static/icon.svg"):
        assert browser.get(path).status_code == 200, path
    for path in ("/", "/nothing", "/form", "/docs", "/openapi.json", "/login/", "/LOGIN"):
        answer = browser.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login?next=%2F"), path
    for method, path in (
        ("GET", "/api/me"), ("POST", "/api/upload"), ("DELETE", "/api/me"), ("OPTIONS", "/api/me"), ("GET", "/api/nothing"),
    ):  # fmt: skip
        answer = browser.request(method, path)
        assert answer.status_code == 401 and code(answer) == "login_needed", path
    assert browser.get("/static/app.js").status_code == 401
    assert browser.post("/form", data={"word": "x"}).status_code == 401
    assert browser.post("/static/icon.svg", data={"x": "y"}).status_code == 405  # open, but only to be read


def test_the_redirect_keeps_path_and_query(people: People) -> None:
    location = client(people).get("/event/1?field=who&q=a%26b").headers["location"]
    assert location == "/login?next=%2Fevent%2F1%3Ffield%3Dwho%26q%3Da%2526b"


def test_a_link_on_another_site_leads_over_a_page_of_ours(people: People) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    answer = client(people).get('/event/1?x="><script>', headers=link)
    assert answer.status_code == 200 and 'http-equiv="refresh"' in answer.text
    assert "/login?next=%2Fevent%2F1" in answer.text and "<script" not in answer.text


def test_web_sockets_are_not_opened(people: People) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client(people).websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
     "javascript:alert(1)", "evil.example", "", None, " /x", "/login", "/login?next=/login", "//[", "///evil.example"],
)  # fmt: skip
def test_next_never_leaves_this_server(address: str | None) -> None:
    assert safe_next(address) == "/"


def test_next_keeps_pages_of_ours() -> None:
    assert safe_next("/event/1?q=a%26b&u=https://x.example#p") == "/event/1?q=a%26b&u=https://x.example#p"


def test_login_goes_where_it_was_asked_to_but_not_elsewhere(people: People) -> None:
    browser = client(people)
    form = {"name": "reader", "password": PASSWORD}
    assert browser.post("/login", data={**form, "next": "/claims?x=1"}).headers["location"] == "/claims?x=1"
    assert browser.post("/login", data={**form, "next": "//evil.example"}).headers["location"] == "/"


# Sessions


def test_a_session_begins_and_ends(people: People) -> None:
    browser, csrf = logged_in(people)
    kept = browser.cookies[COOKIE]
    assert browser.get("/").text.startswith("reviewer reviewer session ")
    assert browser.post("/logout", data={"csrf": csrf}).status_code == 303
    browser.cookies.set(COOKIE, kept)
    assert browser.get("/").status_code == 303
    assert [e.action for e in people.trail(2)] == ["logged out", "logged in"]


def test_the_cookie_is_out_of_reach(people: People) -> None:
    for base, secure in ((SITE, False), ("https://desk.example", True)):
        answer = client(people, base).post("/login", data={"name": "reader", "password": PASSWORD})
        parts = {p.strip().lower() for p in answer.headers["set-cookie"].split(";")}
        assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= parts
        assert ("secure" in parts) is secure


def test_an_expired_session_is_none(people: People, clock: Clock) -> None:
    browser, _ = logged_in(people)
    clock.now += timedelta(hours=11, minutes=59)
    assert browser.get("/api/me").status_code == 200
    clock.now += timedelta(minutes=1)
    assert browser.get("/api/me").status_code == 401


@pytest.mark.parametrize("change", ["password", "role", "disable", "everywhere"])
def test_a_change_ends_sessions(people: People, change: str) -> None:
    browser, _ = logged_in(people)
    other, _ = logged_in(people, "reader")
    {
        "password": lambda: people.set_password("reviewer", "nine white swans", BY),
        "role": lambda: people.set_role("reviewer", "admin", BY),
        "disable": lambda: people.disable("reviewer", BY),
        "everywhere": lambda: people.log_out_everywhere("reviewer", BY),
    }[change]()
    assert browser.get("/api/me").status_code == 401
    assert other.get("/api/me").status_code == 200


def test_made_up_cookies_are_nobody(people: People) -> None:
    browser = client(people)
    for made_up in ("x", "é" * 50, "' OR 1=1 --", "a" * 4000):
        assert browser.get("/api/me", headers={"Cookie": f"{COOKIE}={made_up}".encode()}).status_code == 401


def test_the_file_holds_no_secret_in_the_open(people: People) -> None:
    browser, _ = logged_in(people)
    token = people.make_token("reader", "script", BY)
    people.close()
    data = b"".join(p.read_bytes() for p in people.path.parent.iterdir())
    for secret in (PASSWORD, browser.cookies[COOKIE], token):
        assert secret.encode() not in data
    assert b"$argon2id$" in data
    assert people.path.stat().st_mode & 0o077 == 0


def test_wrong_name_wrong_password_and_disabled_user_hear_the_same(people: People) -> None:
    people.disable("reader", BY)
    browser = client(people)
    answers = [
        browser.post("/login", data={"name": name, "password": password}).text
        for name, password in (
            ("nobody", PASSWORD),
            ("reviewer", "wrong password"),
            ("reader", PASSWORD),
            ("reviewer", "x" * 9000),
        )
    ]
    assert len(set(answers)) == 1 and "do not belong together" in answers[0]
    assert COOKIE not in browser.cookies


def test_a_name_that_nobody_has_is_not_noted(people: People) -> None:
    """Somebody may have typed a password into the wrong field."""
    people.log_in("my secret password", "x", "10.0.0.1")
    assert (people.trail(1)[0].person, people.trail(1)[0].action) == ("unknown", "login refused")
    assert not any("secret" in str(e) for e in people.trail())


def test_names_and_passwords_are_read_as_people_type_them(people: People) -> None:
    people.add_user("Олена", "ﬁve ａｎｄ twenty", "reader", BY)
    assert people.log_in(" ОЛЕНА ", "five and twenty")
    assert people.log_in("\ud800", "\ud800" * 12) is None


def test_logins_from_many_threads_at_once(people: People) -> None:
    with ThreadPoolExecutor(16) as pool:
        sessions = list(pool.map(lambda i: people.log_in(ROLES[i % 3], PASSWORD, f"10.0.0.{i}"), range(24)))
    assert all(sessions) and len({s.token for s in sessions if s}) == 24
    for session in sessions:
        assert session and (found := people.session(session.token)) and found.name == session.name
    assert sum(e.action == "logged in" for e in people.trail(100)) == 24


# Roles and tokens


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("needed", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(people: People, role: str, needed: str, method: str) -> None:
    expected = 200 if ROLES.index(role) >= ROLES.index(needed) else 403
    browser, csrf = logged_in(people, role)
    answer = browser.request(method, f"/api/for/{needed}", headers={"X-Sayso-CSRF": csrf})
    assert answer.status_code == expected
    assert expected == 200 or code(answer) == "role_too_low"
    token = people.make_token("admin", "script", BY, role)
    answer = client(people).request(method, f"/api/for/{needed}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == expected


def test_a_role_that_does_not_exist_is_found_when_the_route_is_made() -> None:
    with pytest.raises(ValueError):
        require("reviwer")


def test_routes_that_forgot_their_role_are_found(people: People) -> None:
    app = application(people, local=False)
    assert routes_without_role(app) == ["POST /login"]
    app.add_api_route("/api/forgotten", lambda: None, methods=["GET", "DELETE"])
    assert "DELETE /api/forgotten" in routes_without_role(app)


def test_a_route_without_the_guard_has_no_visitor(people: People) -> None:
    app = application(people, local=False)
    app.user_middleware.clear()
    assert TestClient(app, SITE).get("/api/me").status_code == 401


def test_a_token_never_exceeds_its_user(people: People) -> None:
    with pytest.raises(AccessError, match="cannot be admin"):
        people.make_token("reviewer", "script", BY, "admin")
    token = people.make_token("reviewer", "script", BY)
    people.set_role("reviewer", "reader", BY)
    found = people.by_token(token)
    assert found and (found.name, found.role) == ("reviewer", "reader")
    people.set_role("reviewer", "admin", BY)
    found = people.by_token(token)
    assert found and found.role == "reviewer"


def test_a_token_ends(people: People) -> None:
    first, second = (people.make_token("reviewer", name, BY) for name in ("first", "second"))
    listed = people.tokens("Reviewer")
    assert [(t.name, t.last4, t.revoked) for t in listed] == [
        ("first", first[-4:], None),
        ("second", second[-4:], None),
    ]
    with pytest.raises(AccessError, match="no token"):
        people.revoke(listed[0].id, BY, user="reader")  # not theirs
    people.revoke(listed[0].id, BY)
    for gone in (listed[0].id, 99, 10**30):
        with pytest.raises(AccessError, match="no token"):
            people.revoke(gone, BY)
    browser = client(people)
    assert browser.get("/api/me", headers={"Authorization": f"Bearer {first}"}).status_code == 401
    assert browser.get("/api/me", headers={"Authorization": f"bearer {second}"}).json()["name"] == "reviewer"
    people.disable("reviewer", BY)
    people.enable("reviewer", BY)
    assert browser.get("/api/me", headers={"Authorization": f"Bearer {second}"}).status_code == 401
    assert people.log_in("reviewer", PASSWORD)


def test_a_wrong_token_is_not_made_good_by_a_cookie(people: People) -> None:
    browser, _ = logged_in(people, "admin")
    for wrong in ("Bearer sayso_wrong", "Bearer ", "Bearer é"):
        answer = browser.get("/api/me", headers={"Authorization": wrong.encode()})
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert browser.get("/api/me", headers={"Authorization": "Basic eDp5"}).json()["name"] == "admin"
    assert browser.get("/", headers={"Authorization": "Bearer sayso_wrong"}).status_code == 401  # a script gets no page


def test_a_session_is_no_token_and_a_token_no_session(people: People) -> None:
    browser, _ = logged_in(people)
    token = people.make_token("reviewer", "script", BY)
    assert people.by_token(browser.cookies[COOKIE]) is None
    assert people.session(token) is None


# Requests from elsewhere


@pytest.fixture(params=["session", "local"])
def browser(request: pytest.FixtureRequest, people: People, tmp_path: Path) -> Iterator[tuple[TestClient, str, str]]:
    """A browser that may write, what its pages know, and their origin: with a login, and alone on loopback."""
    if request.param == "session":
        yield *logged_in(people), SITE
        return
    alone = People(people_path(tmp_path / "alone.db"))
    found = client(alone, LOCAL, local=True)
    yield found, found.get("/").text.split()[3], LOCAL
    alone.close()


def test_a_change_needs_the_token_of_its_page(browser: tuple[TestClient, str, str]) -> None:
    desk, csrf, _ = browser
    assert desk.post("/form", data={"word": "hello", "csrf": csrf}).text.endswith("wrote hello")
    assert desk.post("/form", data={"word": "hello"}, headers={"X-Sayso-CSRF": csrf}).text.endswith("wrote hello")
    assert desk.post("/api/upload", content=b"x" * 300_000, headers={"X-Sayso-CSRF": csrf}).json() == 300_000
    assert desk.post("/api/for/reader", headers={"X-Sayso-CSRF": csrf}).status_code == 200


def test_a_change_without_it_is_refused(browser: tuple[TestClient, str, str]) -> None:
    desk, csrf, _ = browser
    wrong = csrf[:-1] + ("A" if csrf[-1] != "A" else "B")
    refused = [
        desk.post("/form", data={"word": "x"}),
        desk.post("/form", data={"word": "x", "csrf": ""}),
        desk.post("/form", data={"word": "x", "csrf": wrong}),
        desk.post("/form", data={"word": "x", "csrf": "é☃"}),
        desk.post(f"/form?csrf={csrf}", data={"word": "x"}),
        desk.post("/form", data={"word": "x", "csrf": csrf}, headers={"X-Sayso-CSRF": wrong}),
        desk.post("/form", data={"csrf": csrf}, files={"word": b"x"}),  # multipart needs the header
        desk.post("/form", content=f"word=x&csrf={csrf}", headers={"Content-Type": "text/plain"}),
        desk.post("/form"),
        desk.post("/api/for/reader"),
        desk.post("/api/for/reader", json={"csrf": csrf}),
        desk.post("/api/for/reader", headers={"X-Sayso-CSRF": ""}),
        desk.post("/api/for/reader", headers={"X-Sayso-CSRF": "é".encode()}),
        desk.request("DELETE", "/api/me"),
        desk.request("PROPFIND", "/api/me"),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    assert code(refused[9]) == "csrf_missing" and code(refused[12]) == "wrong_csrf"


def test_another_session_s_token_does_not_serve(people: People) -> None:
    first, _ = logged_in(people)
    _, of_another = logged_in(people)
    assert first.post("/form", data={"word": "x", "csrf": of_another}).status_code == 403


def test_a_form_is_of_bounded_size(browser: tuple[TestClient, str, str]) -> None:
    desk, csrf, _ = browser
    assert desk.post("/form", data={"csrf": csrf, "word": "x" * 60_000}).status_code == 200
    assert desk.post("/form", data={"csrf": csrf, "word": "x" * 70_000}).status_code == 413
    chunks = (b"csrf=" + csrf.encode() + b"&word=", *(b"x" * 10_000 for _ in range(8)))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.post("/form", content=iter(chunks), headers=kind).status_code == 413
    assert desk.post("/form", content=b"a&" * 5_000, headers=kind).status_code == 400


def test_the_login_form_is_small_and_of_this_site(people: People) -> None:
    desk = client(people)
    form = {"name": "reader", "password": PASSWORD}
    assert desk.post("/login", data={**form, "x": "y" * 70_000}).status_code == 413
    assert desk.post("/login", json=form).status_code == 415
    assert desk.post("/login", data=form, headers={"Origin": "http://evil.example"}).status_code == 403
    assert desk.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert desk.post("/login", data=form, headers={"Origin": SITE, "Sec-Fetch-Site": "same-origin"}).status_code == 303


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "file://", "http://127.0.0.1:9", "http://[", "ftp://desk.example:8000"],
)
def test_a_change_from_a_page_elsewhere_is_refused(browser: tuple[TestClient, str, str], origin: str) -> None:
    desk, csrf, _ = browser
    answer = desk.post("/api/for/reader", headers={"X-Sayso-CSRF": csrf, "Origin": origin})
    assert answer.status_code == 403 and code(answer) == "cross_site"


def test_a_change_from_our_own_page_passes(browser: tuple[TestClient, str, str]) -> None:
    desk, csrf, origin = browser
    own = {"X-Sayso-CSRF": csrf, "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert desk.post("/api/for/reader", headers=own).status_code == 200


def test_behind_a_proxy_that_took_https_off(people: People) -> None:
    desk, csrf = logged_in(people, base="http://desk.example")
    for origin, status in (("https://desk.example", 200), ("https://desk.example:443", 200), ("http://desk.example:80", 200), ("https://desk.example:444", 403)):  # fmt: skip
        answer = desk.post("/api/for/reader", headers={"X-Sayso-CSRF": csrf, "Origin": origin})
        assert answer.status_code == status, origin
    desk, csrf = logged_in(people, base="https://desk.example")
    own = {"X-Sayso-CSRF": csrf, "Origin": "http://desk.example"}
    assert desk.post("/api/for/reader", headers=own).status_code == 403


def test_what_a_page_elsewhere_may_fetch(browser: tuple[TestClient, str, str]) -> None:
    """A link to a page, and nothing else: no frame, no picture, no script, no call."""
    desk, csrf, _ = browser
    for site in ("cross-site", "same-site"):
        for path, mode, dest, allowed in (
            ("/", "navigate", "document", True), ("/", "navigate", "iframe", False), ("/", "no-cors", "image", False),
            ("/api/me", "cors", "empty", False), ("/api/me", "navigate", "document", False), ("/static/a.js", "no-cors", "script", False),
        ):  # fmt: skip
            told = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
            assert (desk.get(path, headers=told).status_code == 200) is allowed, (path, told)
            assert desk.post("/api/for/reader", headers={**told, "X-Sayso-CSRF": csrf}).status_code == 403


def test_a_token_needs_no_csrf(people: People) -> None:
    token = people.make_token("reader", "script", BY)
    answer = client(people).post("/api/upload", content=b"abc", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == 3


# Alone on loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LOCALHOST", "[::1]:8000", "[::1]"])
def test_loopback_answers_to_its_names(empty: People, host: str) -> None:
    answer = client(empty, LOCAL, local=True).get("/api/me", headers={"Host": host})
    assert answer.status_code == 200 and answer.json()["role"] == "admin"


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 421), ("evil.example:8000", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil.example", 421),
     ("192.168.0.1:8000", 421), ("0.0.0.0", 421), ("", 400), ("127.0.0.1:8000@evil.example", 400), ("localhost:x", 400),
     ("localhost, evil.example", 400)],
)  # fmt: skip
def test_loopback_answers_to_no_other_name(empty: People, host: str, status: int) -> None:
    desk = client(empty, LOCAL, local=True)
    for path in ("/api/me", "/login", "/static/icon.svg"):
        assert desk.get(path, headers={"Host": host}).status_code == status


def test_two_hosts_are_none(empty: People) -> None:
    answer = client(empty, LOCAL, local=True).get("/api/me", headers=[("Host", "localhost"), ("Host", "evil.example")])
    assert answer.status_code == 400


def test_a_server_may_be_told_its_names(people: People) -> None:
    desk = client(people, hosts=["desk.example"])
    assert desk.get("/login").status_code == 200
    assert desk.get("/login", headers={"Host": "other.example"}).status_code == 421


def test_without_users_only_this_machine_is_answered(empty: People) -> None:
    app = application(empty, local=True)
    for asker, status in (
        ("127.0.0.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("192.168.0.7", 403),
        ("fe80::1", 403),
    ):
        assert TestClient(app, LOCAL, client=(asker, 5)).get("/api/me").status_code == status, asker


def test_the_first_user_ends_the_time_without_login(empty: People) -> None:
    desk = client(empty, LOCAL, local=True)
    assert desk.get("/").text.split()[2] == "local"
    empty.save_search("me", "claims", "mine", "q=x")  # makes the file, but no user
    assert desk.get("/api/me").status_code == 200
    empty.add_user("boss", PASSWORD, "admin", BY)
    assert desk.get("/api/me").status_code == 401
    assert desk.get("/").status_code == 303


def test_another_server_has_another_csrf_token(empty: People) -> None:
    first, second = (client(empty, LOCAL, local=True).get("/").text.split()[3] for _ in range(2))
    assert len(first) >= 40 and first != second


def test_where_users_are_needed_to_listen(empty: People) -> None:
    assert [is_loopback(h) for h in ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost")] == [True] * 5
    assert not any(
        is_loopback(h) for h in ("0.0.0.0", "::", "192.168.0.1", "desk.example", "localhost.example", "", None)
    )
    refuse_without_users(empty, "127.0.0.1")
    with pytest.raises(AccessError, match="sayso user add"):
        refuse_without_users(empty, "0.0.0.0")
    empty.add_user("boss", PASSWORD, "admin", BY)
    refuse_without_users(empty, "0.0.0.0")


# Headers


def test_every_answer_has_the_headers(people: People) -> None:
    desk, csrf = logged_in(people)
    stranger = client(people)
    answers = {
        "page": desk.get("/"), "api": desk.get("/api/me"), "missing": desk.get("/nothing"), "stream": desk.get("/api/stream"),
        "method": desk.put("/", headers={"X-Sayso-CSRF": csrf}), "error": desk.get("/api/broken"), "csrf": desk.post("/form"),
        "role": desk.get("/api/for/admin"), "host": desk.get("/", headers={"Host": "a b"}),
        "login": stranger.get("/login"), "redirect": stranger.get("/"), "401": stranger.get("/api/me"),
    }  # fmt: skip
    assert [a.status_code for a in answers.values()] == [200, 200, 404, 200, 405, 500, 403, 403, 400, 200, 303, 401]
    for name, answer in answers.items():
        assert answer.headers["content-security-policy"] == headers.CSP, name
        assert answer.headers["x-content-type-options"] == "nosniff", name
        assert answer.headers["referrer-policy"] == "same-origin", name
        assert answer.headers["cross-origin-opener-policy"] == "same-origin", name
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", name
        assert "geolocation=()" in answer.headers["permissions-policy"], name
        expected = "no-store" if name in ("csrf", "host", "redirect", "401") else "private, no-cache"
        assert answer.headers["cache-control"] == expected, name
    assert desk.get("/static/a.js").headers["cache-control"] == "max-age=60"
    assert answers["stream"].content == b"ab"
    assert code(answers["error"]) == "internal" and "secret words" not in answers["error"].text


def test_the_policy_allows_nothing_inline() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in headers.CSP.split(";"))
    assert rules["default-src"] == "'none'" and rules["script-src"] == "'self'" and rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers.CSP and "http" not in headers.CSP and "*" not in headers.CSP


def test_the_application_may_dress_refusals(people: People) -> None:
    app = FastAPI()
    app.add_middleware(
        Guard, people=people, local=False, refuse=lambda _, no: JSONResponse({"dressed": no.code}, no.status)
    )
    answer = TestClient(app, SITE).post("/x")
    assert (answer.status_code, answer.json()) == (401, {"dressed": "login_needed"})


def test_a_refused_page_is_text(people: People) -> None:
    desk, _ = logged_in(people)
    answer = desk.post("/form", data={"word": "x"})
    assert answer.headers["content-type"].startswith("text/html") and "X-Sayso-CSRF" in answer.text
    refusal = Refusal(400, "x", "<script>alert(1)</script>", None)
    page = refusal_response(
        Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}), refusal
    )
    assert b"<script>" not in bytes(page.body)


# Limits


def test_a_limiter_slides() -> None:
    now = [0.0]
    limiter = Limiter(2, 60, clock=lambda: now[0])
    assert limiter.wait("a") == 0
    now[0] = 20
    assert [limiter.wait("a"), limiter.wait("a"), limiter.wait("b", "a"), limiter.wait("b")] == [0, 40, 40, 0]
    now[0] = 60
    assert [limiter.wait("a"), limiter.wait("a")] == [0, 20]


def test_a_limiter_is_bounded() -> None:
    limiter = Limiter(1, 60, keys=100)
    for i in range(1000):
        limiter.wait(f"{i}" * 1000)
        limiter.wait(f"{i}", "full")
    assert limiter.wait("full") > 0, "asked for all the time, it is remembered"
    assert limiter.wait("0" * 1000) == 0, "it was forgotten for others"


def test_a_limiter_counts_threads_right() -> None:
    limiter = Limiter(50, 1000)
    with ThreadPoolExecutor(8) as pool:
        assert sum(w == 0 for w in pool.map(lambda _: limiter.wait("a"), range(400))) == 50


def test_too_many_logins_at_one_name_wait(people: People) -> None:
    """From however many addresses; other names are let in."""
    limiter = login_limiter()
    for i in range(10):
        with pytest.raises(Refusal) as refused:
            log_in(people, limiter, "reader", "wrong password", f"10.0.0.{i}")
        assert refused.value.status == 401
    with pytest.raises(Refusal) as refused:
        log_in(people, limiter, "READER ", PASSWORD, "10.0.9.9")
    assert refused.value.status == 429 and 0 < int(refused.value.headers["Retry-After"]) <= 300
    assert log_in(people, limiter, "reviewer", PASSWORD, "10.0.9.9").name == "reviewer"


def test_too_many_logins_from_one_address_wait(people: People) -> None:
    desk = client(people, limiter=Limiter(3, 300))
    statuses = [desk.post("/login", data={"name": f"n{i}", "password": "x"}).status_code for i in range(4)]
    assert statuses == [401, 401, 401, 429]
    answer = desk.post("/login", data={"name": "reader", "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


def test_one_subscriber_is_one_asker() -> None:
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") != network("10.0.0.2")
    assert network(None) == "unknown" and network("fe80::1%eth0") == "fe80::/64"


# Users


@pytest.mark.parametrize("name", ["", " ", "a b", "-a", "a" * 65, "a/b", "<b>", "a\n", "x\u202ey", "\ud800"])
def test_names_that_cannot_be(empty: People, name: str) -> None:
    if name.strip() == "a":
        empty.add_user(name, PASSWORD, "admin", BY)
        assert [u.name for u in empty.users()] == ["a"]
        return
    with pytest.raises(AccessError, match="cannot be a user’s name"):
        empty.add_user(name, PASSWORD, "admin", BY)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1025, "Bartholomew.Smith", "ｂartholomew.smith"])
def test_passwords_that_cannot_be(empty: People, password: str) -> None:
    with pytest.raises(AccessError, match="the password must"):
        empty.add_user("bartholomew.smith", password, "admin", BY)
    assert not empty.any_users() and not empty.path.exists()


def test_an_admin_remains(people: People) -> None:
    people.disable("admin", BY)
    for change in (lambda: people.disable("boss", BY), lambda: people.set_role("boss", "reviewer", BY)):
        with pytest.raises(AccessError, match="only admin"):
            change()
    assert people.log_in("boss", PASSWORD)
    people.enable("admin", BY)
    people.disable("boss", BY)
    assert people.log_in("boss", PASSWORD) is None


def test_two_admins_cannot_demote_each_other(people: People) -> None:
    def demote(name: str) -> bool:
        try:
            people.set_role(name, "reader", BY)
        except AccessError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, ["boss", "admin"])) == [False, True]
    assert [u.role for u in people.users()].count("admin") == 1


def test_the_first_user_is_an_admin(empty: People) -> None:
    with pytest.raises(AccessError, match="first user must be an admin"):
        empty.add_user("ann", PASSWORD, "reader", BY)
    assert not empty.any_users()


def test_what_cannot_be_asked_of_users(people: People) -> None:
    with pytest.raises(AccessError, match="already"):
        people.add_user("READER", PASSWORD, "reader", BY)
    with pytest.raises(AccessError, match="no user “nobody”"):
        people.set_role("nobody", "reader", BY)
    with pytest.raises(AccessError, match="no role"):
        people.set_role("reader", "root", BY)
    assert people.knows_password("reader", PASSWORD) and not people.knows_password("reader", "x")
    assert not people.knows_password("nobody", PASSWORD)


def test_every_change_is_in_the_audit_log_which_stays(people: People) -> None:
    people.set_role("reader", "reviewer", By("boss", "10.0.0.1"))
    people.audit("boss", "brought in a report", "a.txt", "10.0.0.1")
    newest = people.trail(2)
    assert [(e.person, e.action, e.subject, e.address) for e in newest] == [
        ("boss", "brought in a report", "a.txt", "10.0.0.1"),
        ("boss", "changed role to reviewer", "reader", "10.0.0.1"),
    ]
    older = people.trail(100, before=newest[-1].id)
    assert [e.subject for e in older] == ["admin", "reviewer", "reader", "boss"]
    assert len(people.trail(100, before=10**30)) == 6
    with sqlite3.connect(people.path) as raw:
        for statement in ("DELETE FROM audit", "UPDATE audit SET person = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)


def test_a_refused_change_is_not_in_the_log(people: People) -> None:
    people.disable("admin", BY)
    before = people.trail()
    with pytest.raises(AccessError):
        people.disable("boss", BY)
    assert people.trail() == before


def test_searches_are_each_person_s_own(empty: People) -> None:
    assert empty.searches("ann", "claims") == []
    first = empty.save_search("ann", "claims", " my  search ", "q=x")
    again = empty.save_search("ann", "claims", "my search", "q=y")
    assert (again.id, again.name, again.query) == (first.id, "my search", "q=y")
    other = empty.save_search("bob", "claims", "my search", "q=z")
    empty.save_search("ann", "events", "my search", "q=z")
    assert [s.query for s in empty.searches("ann", "claims")] == ["q=y"] and len(empty.searches("ann")) == 2
    assert not empty.drop_search("ann", other.id) and not empty.drop_search("ann", 10**30)
    assert empty.drop_search("ann", again.id) and empty.searches("ann", "claims") == []
    for name, query in (("", "q"), ("x" * 101, "q"), ("x", "q" * 9000)):
        with pytest.raises(AccessError):
            empty.save_search("ann", "claims", name, query)


# The file


def test_the_file_lies_beside_the_ledger(tmp_path: Path) -> None:
    assert people_path(tmp_path / "sayso.db") == tmp_path / "sayso.people.db"
    assert people_path("raid") == Path("raid.people.db")


def test_asking_makes_no_file(empty: People) -> None:
    assert not empty.any_users() and not empty.users() and not empty.trail() and not empty.tokens()
    assert empty.session("x") is None and empty.by_token("sayso_x") is None
    assert not empty.path.exists()


def test_many_make_the_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sayso.people.db"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: People(path).audit(f"p{i}", "came"), range(8)))
    assert len(People(path).trail()) == 8


def test_what_was_written_is_there_when_opened_again(people: People) -> None:
    session = people.log_in("reader", PASSWORD)
    again = People(people.path, people._clock)
    assert session and again.any_users() and again.session(session.token)


def test_files_that_are_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "sayso.people.db"
    path.write_bytes(b"these are not the users you look for" * 100)
    with pytest.raises(AccessError, match="go back to a copy"):
        People(path)
    path.unlink()
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE users (x)")
    with pytest.raises(AccessError, match="not a file of Sayso’s users"):
        People(path)


def test_a_newer_or_gutted_file_is_told(people: People) -> None:
    people.close()
    with sqlite3.connect(people.path) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(AccessError, match="newer Sayso"):
        People(people.path)
    with sqlite3.connect(people.path) as raw:
        raw.execute("PRAGMA user_version = 1")
        raw.execute("DROP TABLE tokens")
    with pytest.raises(AccessError, match="no table tokens"):
        People(people.path)


def test_damage_locks_everybody_out(people: People) -> None:
    """Never the other way: a file that cannot be read must not look like one without users."""
    people.close()
    data = bytearray(people.path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    people.path.write_bytes(data)
    damaged = People(people.path)
    with pytest.raises(AccessError, match="go back to a copy"):
        damaged.any_users()
    desk = client(damaged, LOCAL, local=True)
    answer = desk.get("/api/me")
    assert answer.status_code == 503 and code(answer) == "users_unreadable" and str(people.path) not in answer.text


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="does not exist"):
        People(tmp_path / "no" / "x.people.db").audit("x", "y")


# The command


def user(ledger: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(command, [*arguments, "--ledger", str(ledger)], input=answers)


def test_users_by_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    assert "sayso user add" in user(ledger, "list").output
    done = user(ledger, "add", "ann", "--role", "admin", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0 and "raid.people.db" in done.output and PASSWORD not in done.output
    assert user(ledger, "add", "bob", "--role", "reader", "--password-stdin", answers=f"{PASSWORD}\n").exit_code == 0
    assert user(ledger, "role", "bob", "reviewer").exit_code == 0
    assert user(ledger, "password", "bob", "--password-stdin", answers="another of these\n").exit_code == 0
    people = People(people_path(ledger))
    assert people.log_in("bob", "another of these") and not people.log_in("bob", PASSWORD)
    assert user(ledger, "disable", "bob").exit_code == 0
    lines = user(ledger, "list").output.splitlines()
    assert lines[0].split()[:2] == ["ann", "admin"] and "disabled since" in lines[1]
    assert user(ledger, "enable", "bob").exit_code == 0 and people.log_in("bob", "another of these")
    log = user(ledger, "log").output
    assert "added user as admin · ann  [command line]" in log and "disabled user · bob" in log and PASSWORD not in log


def test_tokens_by_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    user(ledger, "add", "ann", "--role", "admin", "--password-stdin", answers=PASSWORD)
    done = user(ledger, "token", "ann", "--name", "nightly", "--role", "reader")
    plain = done.stdout.strip()
    assert plain.startswith("sayso_") and "not shown again" in done.stderr
    people = People(people_path(ledger))
    found = people.by_token(plain)
    assert found and (found.name, found.role) == ("ann", "reader")
    listed = user(ledger, "tokens", "ann").output
    assert "nightly" in listed and plain[-4:] in listed and plain not in listed
    assert user(ledger, "revoke", "1").exit_code == 0 and people.by_token(plain) is None
    assert "revoked" in user(ledger, "tokens").output


def test_wrong_use_of_the_command(tmp_path: Path) -> None:
    ledger = tmp_path / "raid.db"
    assert user(ledger, "add", "ann", "--role", "root").exit_code == 2
    done = user(ledger, "add", "ann", "--role", "admin", answers=f"{PASSWORD}\nsomething else\n")
    assert done.exit_code != 0 and not people_path(ledger).exists()
    for arguments, answers in (
        (("add", "ann", "--role", "admin", "--password-stdin"), "short\n"),
        (("disable", "ann"), ""),
        (("revoke", "7"), ""),
    ):
        done = user(ledger, *arguments, answers=answers)
        assert done.exit_code == 1 and isinstance(done.exception, AccessError)
