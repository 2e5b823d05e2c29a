"""Logging in: what answers without a session, and how long one holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from sayso.web.access.cookies import COOKIE
from sayso.web.access.login import safe_next
from sayso.web.access.people import People
from sayso.web.access.roles import ROLES
from tests.web.access.office import (
    BY,
    PASSWORD,
    SITE,
    Clock,
    client,
    code,
    logged_in,
)

# -- without a session --------------------------------------------------------------------------------------------------


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


# -- sessions -----------------------------------------------------------------------------------------------------------


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
