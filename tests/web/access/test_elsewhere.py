"""Requests that other sites cause, and which hosts are answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sayso.errors import AccessError
from sayso.web.access.hosts import is_loopback, refuse_without_users
from sayso.web.access.people import People, people_path
from tests.web.access.office import (
    BY,
    LOCAL,
    PASSWORD,
    SITE,
    application,
    client,
    code,
    logged_in,
)

# -- requests from elsewhere --------------------------------------------------------------------------------------------


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


# -- alone on loopback --------------------------------------------------------------------------------------------------


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
