"""On the real application: every route, asked by who may and by who may not; and where the server will listen at all."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

from sayso.web.access.csrf import SAFE
from sayso.web.access.guard import OPEN
from sayso.web.access.people import people_path
from sayso.web.access.roles import ROLES
from tests.web.conftest import BY, SITE, STAFF, Bench, Office, browse, csrf

STATIC = [
    "/static/workbench.css",
    "/static/icon.svg",
    "/static/scripts/page.js",
    "/static/built/map.js",
    "/static/nothing.js",
]


def routes(app: FastAPI) -> Iterator[tuple[str, str, str | None]]:
    """Method, path (with something in the place of every parameter) and role of each route that the application has."""
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or ()):
            yield method, re.sub(r"\{\w+(:path)?\}", "1", route.path), role_of(getattr(route, "dependant", None))


def role_of(dependant: Any) -> str | None:
    """The highest role that its dependencies ask for."""
    found = []
    waiting = [dependant] if dependant else []
    while waiting:
        one = waiting.pop()
        waiting += one.dependencies
        if role := getattr(one.call, "sayso_role", None):
            found.append(role)
    return max(found, key=ROLES.index, default=None)


def test_there_are_routes_of_every_kind(office: Office) -> None:
    """Else the walks below would prove nothing."""
    walked = list(routes(office.app))
    assert len(walked) > 75 and {role for _, _, role in walked} == {None, *ROLES}
    assert len([method for method, _, _ in walked if method not in SAFE]) > 20


# -- nobody -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"Cookie": "sayso_session=guessed"},
        {"Authorization": "Bearer sayso_guessed"},
        {"Authorization": "Basic YTpi"},
    ],
)
def test_without_a_session_nothing_but_the_login_answers(office: Office, credentials: dict[str, str]) -> None:
    nobody = browse(office.app, SITE, headers=credentials)
    for method, path, _ in [*routes(office.app), *(("GET", path, None) for path in STATIC)]:
        answer = nobody.request(method, path)
        if path in OPEN:
            assert answer.status_code in (200, 401, 415, 422), (method, path)
        elif answer.status_code == 303:
            assert method in SAFE and answer.headers["location"].startswith("/login?next="), (method, path)
        else:
            assert answer.status_code == 401, (method, path, answer.status_code)
        assert "raid.db" not in answer.text, (method, path)
        assert "sayso_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("path", ["//", "/login/", "/login/x", "/static/", "/static/..", "/static/../login", "/static/%2e%2e/api/claims", "/LOGIN", "/api", "/openapi.json", "/docs", "/redoc", "/static/workbench.css/../../api/me", "/login;x", "/%6cogin/../claims"])  # fmt: skip
def test_no_way_of_writing_an_address_gets_round_the_login(office: Office, path: str) -> None:
    answer = browse(office.app, SITE).get(path)
    assert answer.status_code in (303, 401) or "<h1>Log in</h1>" in answer.text, answer.status_code


def test_every_answer_tells_the_browser_to_run_nothing_else(office: Office) -> None:
    anna = office.browsers["anna"]
    for browser in (anna, browse(office.app, SITE)):
        for method, path, _ in routes(office.app):
            if method == "GET" and not path.endswith("/stream"):
                policy = browser.get(path).headers["content-security-policy"]
                assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, path
                assert "unsafe-inline" not in policy.partition("style-src")[0] and "unsafe-eval" not in policy, path


# -- readers, reviewers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["rita", "vera"])
def test_no_route_is_answered_above_the_role(office: Office, person: str) -> None:
    """Asked as the pages ask, with the CSRF token of the session; and by an API token."""
    browser, scripted = office.browsers[person], office.as_token(office.tokens[person])
    headers = {"X-Sayso-CSRF": csrf(browser)}
    above = [r for r in routes(office.app) if r[2] and ROLES.index(r[2]) > ROLES.index(STAFF[person])]
    assert len(above) >= (5 if person == "vera" else 15)
    for method, path, role in above:
        for answer in (browser.request(method, path, headers=headers), scripted.request(method, path)):
            # a body that does not fit may be refused first; it is refused either way
            assert answer.status_code in (403, 422), (method, path, role, answer.status_code)
            assert answer.status_code == 403 or method not in SAFE, (method, path)


def test_a_reader_cannot_decide_or_bring_in_or_look_at_what_admins_see(office: Office) -> None:
    """As above, with bodies that fit, so that it is the role that is refused; and nothing has changed."""
    rita, anna = office.browsers["rita"], office.browsers["anna"]
    item = anna.get("/api/review").json()["items"][0]
    event = anna.get("/api/events").json()["items"][0]["id"]
    name = anna.get("/api/names").json()[0]["id"]
    decision = {"decision": "unsure", "subject": item["subject"], "object": item["object"]}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/api/judgements", {"json": decision}),
        ("POST", f"/review/{item['id']}", {"data": {k: v or "" for k, v in decision.items()}}),
        ("POST", f"/events/{event}/split", {"data": {"document": "x"}}),
        ("POST", f"/events/{event}/merge", {"data": {"other": event}}),
        ("POST", f"/names/{name}/judge", {"data": {"other": name, "decision": "same"}}),
        ("POST", "/api/judgements/1/undo", {}),
        ("POST", "/judgements/1/undo", {}),
        ("POST", "/api/jobs/text", {"json": {"text": "words"}}),
        ("POST", "/api/jobs/addresses", {"json": {"addresses": ["https://example.org/"]}}),
        ("POST", "/api/jobs/files", {"files": [("files", ("a.txt", b"words"))]}),
        ("POST", "/add/text", {"data": {"text": "words"}}),
        ("POST", "/add/addresses", {"data": {"addresses": "https://example.org/"}}),
        ("POST", "/add/files", {"files": [("files", ("a.txt", b"words"))]}),
        ("POST", "/people", {"data": {"name": "eve", "password": "a long password", "role": "admin"}}),
        ("POST", "/people/rita/role", {"data": {"role": "admin"}}),
        ("POST", "/people/anna/disable", {}),
        ("GET", "/people", {}), ("GET", "/audit", {}), ("GET", "/add", {}), ("GET", "/review", {}), ("GET", f"/review/{item['id']}", {}),
        ("GET", "/api/review", {}), ("GET", f"/api/review/{item['id']}", {}),
    ]  # fmt: skip
    for method, path, more in asked:
        answer = rita.request(method, path, headers={"X-Sayso-CSRF": csrf(rita)}, **more)
        assert answer.status_code == 403 and "this needs the role" in answer.text, (method, path, answer.text)
    assert anna.get("/api/judgements").json()["items"] == []
    assert anna.get("/api/jobs").json() == [] and not (anna.get("/api/documents?limit=500").json()["next"])
    assert {u.name: u.role for u in office.desk.people.users()} == STAFF


@pytest.mark.parametrize("role", ["reader", "reviewer"])
def test_a_token_of_a_lower_role_is_not_its_user(office: Office, role: str) -> None:
    token = office.as_token(office.desk.people.make_token("anna", f"as {role}", BY, role))
    assert token.get("/api/me").json() == {"name": "anna", "role": role, "via": "token"}
    for method, path, needed in routes(office.app):
        if needed and ROLES.index(needed) > ROLES.index(role):
            assert token.request(method, path).status_code in (403, 422), (method, path)
    assert token.get("/people").status_code == 403


def test_a_token_cannot_make_itself_a_stronger_one(office: Office) -> None:
    weak = office.as_token(office.desk.people.make_token("anna", "weak", BY, "reader"))
    before = len(office.desk.people.tokens("anna"))
    answer = weak.post("/account/tokens", data={"name": "strong", "role": "admin"})
    assert answer.status_code == 403, answer.text
    assert len(office.desk.people.tokens("anna")) == before
    answer = weak.post("/account/password", data={"now": "x", "new": "a long new password"})
    assert answer.status_code == 403


def test_nobody_raises_themselves(office: Office) -> None:
    vera = office.browsers["vera"]
    made = vera.post("/account/tokens", data={"name": "t", "role": "admin"}, headers={"X-Sayso-CSRF": csrf(vera)})
    assert made.status_code == 422 and "cannot be admin" in made.text


# -- pages elsewhere ----------------------------------------------------------------------------------------------


def unsafe(app: FastAPI) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in routes(app) if method not in SAFE and path != "/login"]


@pytest.mark.parametrize(
    "headers", [{}, {"X-Sayso-CSRF": ""}, {"X-Sayso-CSRF": "guessed"}, {"X-Sayso-CSRF": "é"}], ids=str
)
def test_without_the_csrf_token_no_route_changes_anything(office: Office, raid: Bench, headers: dict[str, str]) -> None:
    """With the cookie of an admin, and on this machine without a login."""
    raw = {name: value.encode() for name, value in headers.items()}
    for browser, app in ((office.browsers["anna"], office.app), (raid.browser, raid.app)):
        for method, path in unsafe(app):
            for more in (
                {},
                {"data": {"csrf": "guessed"}},
                {"json": {"csrf": "guessed"}},
                {"files": [("files", ("a.txt", b"x"))]},
            ):
                answer = browser.request(method, path, headers=raw, **more)
                assert answer.status_code == 403 and re.search("CSRF|another session", answer.text), (
                    method,
                    path,
                    more,
                    answer.text,
                )


def test_the_csrf_token_of_another_session_is_refused(office: Office) -> None:
    other = csrf(office.browsers["vera"])
    for method, path in unsafe(office.app):
        assert office.browsers["anna"].request(method, path, headers={"X-Sayso-CSRF": other}).status_code == 403


@pytest.mark.parametrize("told", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:9999"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}], ids=str)  # fmt: skip
def test_a_page_elsewhere_changes_nothing_even_if_it_knew_the_token(
    office: Office, raid: Bench, told: dict[str, str]
) -> None:
    for browser, app in ((office.browsers["anna"], office.app), (raid.browser, raid.app)):
        headers = {"X-Sayso-CSRF": csrf(browser), **told}
        for method, path in [*unsafe(app), ("POST", "/login")]:
            answer = browser.request(method, path, headers=headers)
            assert answer.status_code == 403 and "a page elsewhere" in answer.text, (method, path, answer.text)


def test_another_name_for_this_machine_is_not_answered(raid: Bench) -> None:
    """A page elsewhere whose name leads here (DNS rebinding) is told nothing."""
    for path in ("/", "/api/claims", "/login", "/static/workbench.css"):
        answer = TestClient(raid.app, "http://rebound.example").get(path)
        assert answer.status_code == 421 and "csrf" not in answer.text


# -- the server ---------------------------------------------------------------------------------------------------


def served(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sayso", "serve", *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_the_server_opens_to_others_only_with_users(
    raid_ledger: Path, staff_file: Path, tmp_path: Path, host: str
) -> None:
    ledger = tmp_path / "raid.db"
    shutil.copy(raid_ledger, ledger)
    refused = served("--ledger", ledger, "--host", host, "--port", "0")
    out, error = refused.communicate(timeout=60)
    assert refused.returncode not in (0, None) and out == ""
    assert "sayso user add" in error and "--role admin" in error and "Traceback" not in error
    if host != "0.0.0.0":
        return
    shutil.copy(staff_file, people_path(ledger))
    opened = served("--ledger", ledger, "--host", host, "--port", "0")
    try:
        assert opened.stdout
        address = re.search(r"http://0\.0\.0\.0:(\d+)/", opened.stdout.readline())
        assert address
        request = urllib.request.Request(f"http://127.0.0.1:{address[1]}/", headers={"Sec-Fetch-Site": "none"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.url.endswith("/login?next=%2F") and b"<h1>Log in</h1>" in answer.read()
    finally:
        opened.send_signal(signal.SIGTERM)
        opened.communicate(timeout=30)


def test_users_added_while_it_runs_end_the_time_without_a_login(
    bench: Bench, make_office: Callable[[Path], Office]
) -> None:
    assert bench.browser.get("/api/me").json()["via"] == "local"
    added = bench.send("POST", "/people", data={"name": "anna", "password": "a long password", "role": "admin"})
    assert added.status_code == 200
    assert bench.browser.get("/api/me").status_code == 401
    assert bench.browser.get("/").headers["location"].startswith("/login")
