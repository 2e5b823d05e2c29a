"""The headers of every answer, and how often one may ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient

from sayso.web.access import headers
from sayso.web.access.guard import Guard
from sayso.web.access.limits import Limiter, login_limiter, network
from sayso.web.access.login import log_in
from sayso.web.access.people import People
from sayso.web.access.refusal import Refusal, refusal_response
from tests.web.access.office import (
    PASSWORD,
    SITE,
    client,
    code,
    logged_in,
)

# -- headers ------------------------------------------------------------------------------------------------------------


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


# -- limits -------------------------------------------------------------------------------------------------------------


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
