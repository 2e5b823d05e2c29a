"""The API keeps what its description promises, whatever it is asked; errors have one shape; lists can be walked whole."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sayso.web.access.dependencies import routes_without_role
from sayso.web.app import create_app
from sayso.web.params import cursor
from sayso.web.serve import desk_at
from tests.web.conftest import Bench, Office

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PROMISES = {401, 403, 404, 413, 422, 429, 503}
"""what every description must say of errors, where they can occur"""


# -- what is asked at random --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(make_office: Callable[[Path], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that anything may be asked of."""
    return make_office(tmp_path_factory.mktemp("asked"))


@pytest.fixture(scope="module")
def token(asked: Office) -> dict[str, str]:
    return {"Authorization": f"Bearer {asked.tokens['anna']}"}


@pytest.fixture(scope="module")
def known(asked: Office, token: dict[str, str]) -> dict[str, Any]:
    """One of everything that a path can name."""
    asks = asked.as_token(asked.tokens["anna"])
    job = asks.post("/api/jobs/text", json={"text": "The mayor said on Monday that two people were hurt in Kursk."})
    asks.get(f"/api/jobs/{job.json()['id']}/stream")  # ends with the job
    item = asks.get("/api/review").json()["items"][0]
    judged = asks.post(
        "/api/judgements", json={"decision": "unsure", "subject": item["subject"], "object": item["object"]}
    )
    search = asks.post("/api/searches", json={"name": "mine", "query": "who=x"})
    first = {kind: asks.get(f"/api/{kind}").json() for kind in ("documents", "events", "names", "outlets")}
    return {
        "document": first["documents"]["items"][0]["id"], "event": first["events"]["items"][0]["id"],
        "outlet": first["outlets"]["items"][0]["outlet"], "name": first["names"][0]["id"], "job": job.json()["id"],
        "subject": "claims", "format": "csv", "item": item["id"], "number": judged.json()["number"], "search": search.json()["id"],
    }  # fmt: skip


def described() -> dict[str, Any]:
    """The description of a workbench on a new ledger: it is needed before any fixture is there."""
    with TemporaryDirectory() as folder, desk_at(Path(folder) / "new.db", "127.0.0.1") as desk:
        return create_app(desk).openapi()


promised = schemathesis.openapi.from_dict(
    described(),
    config=schemathesis.Config.from_dict(
        {"generation": {"max-examples": 12, "deterministic": True, "no-shrink": True}}
    ),
)


class Door:
    """Where the questions go in: they are made up before the office is open."""

    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


promised.app, promised.location = Door(), "/api/openapi.json"


@pytest.fixture(scope="module", autouse=True)
def _answering(asked: Office) -> None:
    promised.app.app = asked.app


@promised.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_no_answer_breaks_the_description(case: Any, known: dict[str, Any], token: dict[str, str]) -> None:
    """Each question as it was made up, and again of things that are there."""
    case.call_and_validate(headers=token, checks=CHECKS)
    if case.path_parameters:
        there = {**known, "name": known["outlet"]} if case.path.startswith("/api/outlets") else known
        case.path_parameters.update({name: str(there[name]) for name in case.path_parameters if name in there})
        case.call_and_validate(headers=token, checks=CHECKS)


# -- what the description says ------------------------------------------------------------------------------------


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_operation_says_which_errors_it_gives() -> None:
    for method, path, operation in operations():
        told = operation["responses"]
        wanted = {"400", "401", "403", "503"} | (
            {"413", "422", "429"} if method == "POST" and "requestBody" in operation else set()
        )
        assert wanted <= set(told), (method, path)
        assert "404" in told or "{" not in path, (method, path)
        for status, answer in told.items():
            if status >= "400":
                shape = answer["content"]["application/json"]["schema"]
                assert shape == {"$ref": "#/components/schemas/Problem"}, (method, path, status)


def test_the_description_says_how_to_be_let_in() -> None:
    found = described()
    assert found["security"] == [{"token": []}, {"session": []}]
    assert set(found["components"]["securitySchemes"]) == {"token", "session"}
    assert found["openapi"].startswith("3.")


def test_every_route_that_changes_something_needs_a_role(raid: Bench) -> None:
    assert routes_without_role(raid.app) == ["POST /login"]


# -- errors -------------------------------------------------------------------------------------------------------

WRONG = {
    ("GET", "/api"): 404, ("GET", "/api/nothing"): 404, ("DELETE", "/api/claims"): 405, ("POST", "/api/server"): 405,
    ("GET", "/api/documents/nowhere"): 404, ("GET", "/api/documents/nowhere/reading"): 404, ("GET", "/api/documents/nowhere/original"): 404,
    ("GET", "/api/events/nowhere"): 404, ("GET", "/api/events/nowhere/brief"): 404, ("GET", "/api/names/nowhere"): 404,
    ("GET", "/api/outlets/nowhere"): 404, ("GET", "/api/jobs/nowhere"): 404, ("GET", "/api/jobs/nowhere/stream"): 404,
    ("GET", "/api/review/999999"): 404, ("GET", "/api/review/x"): 422, ("POST", "/api/judgements/99999/undo"): 404,
    ("GET", "/api/claims?document=nowhere"): 404, ("GET", "/api/claims?stance=nowhere"): 422, ("GET", "/api/claims?since=yesterday"): 422,
    ("GET", "/api/claims?since=2024-02-02&until=2024-01-01"): 422, ("GET", "/api/claims?limit=0"): 422, ("GET", "/api/claims?limit=501"): 422,
    ("GET", "/api/claims?who=%00"): 422, ("GET", "/api/claims?about=" + "x" * 401): 422, ("GET", "/api/events?near=Qqxzvw"): 422,
    ("GET", "/api/search?q="): 422, ("GET", "/api/search?q=" + "x" * 401): 422, ("GET", "/api/network?relation=loves"): 422,
    ("GET", "/api/network/edge?source=a&target=b&relation=loves"): 422, ("GET", "/api/changes?since=2024-13-01"): 422,
    ("DELETE", "/api/searches/12345"): 404, ("POST", "/api/searches"): 422, ("POST", "/api/judgements"): 422,
    ("POST", "/api/jobs/files"): 422, ("POST", "/api/jobs/text"): 422, ("POST", "/api/jobs/addresses"): 422,
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "status"), WRONG.items(), ids=lambda a: " ".join(a)[:60] if isinstance(a, tuple) else str(a)
)
def test_every_error_has_the_one_shape(raid: Bench, wrong: tuple[str, str], status: int) -> None:
    answer = raid.send(*wrong)
    assert answer.status_code == status, answer.text
    assert_problem(answer)


def test_errors_before_and_around_the_routes_have_the_one_shape(raid: Bench, office: Office) -> None:
    get = raid.browser.get
    assert_problem(get("/api/server", headers={"Host": "elsewhere.example"}), 421)
    assert_problem(get("/api/server", headers={"Host": "?"}), 400)
    assert_problem(get("/api/server", headers={"Sec-Fetch-Site": "cross-site"}), 403)
    assert_problem(raid.browser.post("/api/searches", json={"name": "n", "query": ""}), 403)
    assert_problem(
        raid.send("POST", "/api/searches", content=b"{not json", headers={"content-type": "application/json"}), 422
    )
    assert_problem(
        raid.send("POST", "/api/searches", content=b"\xff\xfe{", headers={"content-type": "application/json"}), 400
    )
    assert_problem(
        raid.send(
            "POST",
            "/api/searches",
            content=b'{"name": "\\ud800", "query": "\\udfff"}',
            headers={"content-type": "application/json"},
        ),
        422,
    )
    assert_problem(
        raid.send("POST", "/api/jobs/files", content=b"x", headers={"content-type": "multipart/form-data"}), 400
    )
    assert_problem(office.as_token("sayso_wrong").get("/api/server"), 401)
    assert_problem(office.browsers["rita"].get("/api/review"), 403)


def test_a_body_that_is_too_large_is_not_read(raid: Bench) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b'"' + b"x" * 1_000_000

    answer = raid.send("POST", "/api/jobs/text", content=endless(), headers={"content-type": "application/json"})
    assert_problem(answer, 413)


def assert_problem(answer: Any, status: int | None = None) -> None:
    assert status is None or answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    (error,) = answer.json().values()
    assert list(answer.json()) == ["error"] and set(error) == {"code", "message", "remedy"}
    assert error["code"].replace("_", "").isalpha() and error["message"]
    assert error["remedy"] is None or error["remedy"]


# -- ETags --------------------------------------------------------------------------------------------------------

TAGGED = (
    "start",
    "documents",
    "claims",
    "claims/facets",
    "events",
    "map",
    "network",
    "names",
    "outlets",
    "review",
    "judgements",
    "openapi.json",
)


@pytest.mark.parametrize("path", TAGGED)
def test_who_has_the_answer_already_is_told_so(raid: Bench, path: str) -> None:
    first = raid.browser.get(f"/api/{path}")
    tag = first.headers["etag"]
    again = raid.browser.get(f"/api/{path}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (
        raid.browser.get(f"/api/{path}", headers={"If-None-Match": f'"other", {tag.removeprefix("W/")}'}).status_code
        == 304
    )
    assert raid.browser.get(f"/api/{path}", headers={"If-None-Match": '"other"'}).json() == first.json()
    assert (
        raid.browser.get(f"/api/{path}", headers={"If-None-Match": tag, "Accept-Encoding": "identity"}).status_code
        == 304
    )


def test_a_tag_changes_with_what_it_stands_for(bench: Bench) -> None:
    before = bench.browser.get("/api/documents").headers["etag"]
    bench.bring(("new.txt", b"The mayor said on Monday that two people were hurt in Kursk."))
    assert bench.browser.get("/api/documents", headers={"If-None-Match": before}).status_code == 200


# -- lists --------------------------------------------------------------------------------------------------------

LISTS = ("claims", "documents", "events", "outlets", "judgements", "review")


@pytest.fixture(scope="module")
def decided(make_office: Callable[[Path], Office], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A browser of one who has decided seven things."""
    office = make_office(tmp_path_factory.mktemp("decided"))
    asks = office.as_token(office.tokens["vera"])
    for claim in asks.get("/api/claims?limit=7").json()["items"]:
        body = {"decision": "accept", "subject": f"claim:{claim['document_id']}/{claim['id']}"}
        assert asks.post("/api/judgements", json=body).status_code == 201
    return asks


@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_walked_without_gap_or_repeat(decided: Any, path: str, limit: int) -> None:
    whole = decided.get(f"/api/{path}?limit=500").json()
    assert len(whole["items"]) > 1 and whole["next"] is None
    walked, after = [], ""
    while after is not None:
        page = decided.get(f"/api/{path}?limit={limit}&after={after}").json()
        assert len(page["items"]) <= limit
        walked += page["items"]
        after = page["next"]
    assert walked == whole["items"]


TAMPERED = [
    "x", "!!!!", "W10", "====", "null", "\u20ac", "a" * 201,
    *(base64.urlsafe_b64encode(json.dumps(v).encode()).decode().rstrip("=")
      for v in ([], ["a"], [1.5], [True], [None], [1, 2, 3], {"a": 1}, "1", [[1]], [10**30], [2**53], [-(2**60), 1])),
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_is_not_ours_is_refused(decided: Any, path: str) -> None:
    for wrong in (*TAMPERED, cursor(1, 2) if path in ("documents", "events", "outlets", "judgements") else cursor(1)):
        assert_problem(decided.get(f"/api/{path}?after={quote(wrong)}"), 422)


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_beyond_the_end_or_before_the_beginning_gives_a_page(decided: Any, path: str) -> None:
    """Numbers that a cursor could hold do no harm, whatever they are."""
    parts = 2 if path in ("claims", "review") else 1
    for number in (0, -1, -(2**53) + 1, 2**53 - 1):
        answer = decided.get(f"/api/{path}?after={cursor(*[number] * parts)}")
        assert answer.status_code == 200 and isinstance(answer.json()["items"], list)
