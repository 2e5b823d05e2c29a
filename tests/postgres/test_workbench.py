"""The workbench on a ledger on a server: its pages, a report brought in, a decision and its undoing, the process itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from pathlib import Path

import pytest

from sayso.ledger import open_ledger
from sayso.pipeline import add_paths, link_and_weigh
from sayso.web.access.people import people_path
from tests.conftest import EXAMPLES
from tests.postgres.server import Server
from tests.web.conftest import Bench, open_bench

_START = (
    "/", "/claims?who=Gladkov", "/claims?stance=denies", "/documents", "/events", "/map", "/network", "/names", "/outlets",
    "/review", "/review/agreement", "/judgements", "/search?q=gas+pipeline", "/failures", "/takeaway", "/guide", "/api/start",
    "/api/claims/facets", "/api/network", "/api/review",
)  # fmt: skip
_MOST = 8
"""pages of a kind that are visited: links are followed from those above"""


@pytest.fixture(scope="module")
def raid(server: Server, rules) -> str:
    address = server.database()
    with open_ledger(address) as ledger:
        add_paths([EXAMPLES], ledger, reader=rules)
        link_and_weigh(ledger)
    return address


@pytest.fixture
def bench(raid: str, rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.chdir(tmp_path)  # where the users' file is kept
    with ExitStack() as stack:
        yield open_bench(stack, raid, rules)  # type: ignore[arg-type]


def test_every_page_that_is_linked_opens(bench: Bench, server: Server, raid: str) -> None:
    waiting, seen, kinds = list(_START), set[str](), Counter[str]()
    while waiting:
        page = waiting.pop(0)
        kind = page.split("/")[1].partition("?")[0]
        if page in seen or kind == "static" or kinds[kind] == _MOST:
            continue
        kinds[kind] += 1
        seen.add(page)
        answer = bench.browser.get(page)
        assert answer.status_code in (200, 303), (page, answer.text[:2000])
        assert server.password not in answer.text
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [unescape(h) for h in re.findall(r'href="(/[^"#]+)', answer.text)]
    assert {p.split("/")[1] for p in seen if p.count("/") > 1} >= {"events", "documents", "names"}
    assert raid.rpartition("/")[2] in bench.browser.get("/").text


def test_a_report_a_decision_and_its_undoing(bench: Bench, raid: str) -> None:
    job = bench.bring(("new.txt", b"The army denied on May 23, 2023 that it had shelled Grayvoron."))
    assert job["stage"] == "done" and job["documents"] == 1, job
    (waiting, *_) = bench.browser.get("/api/review?kind=claim").json()["items"]
    made = bench.send("POST", "/api/judgements", json={"decision": "reject", "subject": waiting["subject"]})
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    assert bench.send("POST", f"/api/judgements/{number}/undo").status_code == 200
    with open_ledger(raid) as ledger:
        assert [j["id"] for j in ledger.judgements()] == [number] and ledger.verify() == []


def test_the_server_is_told_its_ledger_by_the_environment(raid: str, server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-u", "-m", "sayso", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env={**os.environ, "SAYSO_LEDGER": raid}
    )
    try:
        assert process.stdout
        told = process.stdout.readline()
        address = re.search(r"http://\S+:\d+/", told)
        assert address and server.password not in told
        with urllib.request.urlopen(address[0] + "claims", timeout=60) as answer:
            assert answer.status == 200
    finally:
        process.kill()
        process.wait()


def test_users_of_a_database_are_in_the_working_folder() -> None:
    assert people_path("postgresql://ada:pw@db.example/raid") == Path("raid.people.db")
    assert people_path("postgresql://ada:pw@db.example/..%2Fetc%2Fx") == Path("___etc_x.people.db")
    assert people_path(Path("a/raid.db")) == Path("a/raid.people.db")
