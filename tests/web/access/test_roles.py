"""What a role and a token may do, and that neither exceeds its user."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from sayso.errors import AccessError
from sayso.web.access.cookies import COOKIE
from sayso.web.access.dependencies import require, routes_without_role
from sayso.web.access.people import People
from sayso.web.access.roles import ROLES
from tests.web.access.office import (
    BY,
    PASSWORD,
    SITE,
    application,
    client,
    code,
    logged_in,
)


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
