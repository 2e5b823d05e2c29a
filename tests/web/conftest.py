"""The workbench for the tests of it: its real application over a real ledger of `examples/raid`, read by the rules."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from sayso.ingest import load
from sayso.ledger import open_ledger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import Reader
from sayso.records import Document
from sayso.settings import Settings
from sayso.web.access.limits import Limiter
from sayso.web.access.people import People, people_path
from sayso.web.access.rows import By
from sayso.web.app import create_app
from sayso.web.desk import Desk
from sayso.web.serve import desk_at
from tests.conftest import EXAMPLES

PASSWORD = "seven grey herons"
BY = By("tester", "command line")
LOCAL = "http://127.0.0.1"
SITE = "http://desk.example:8000"
STAFF = {"rita": "reader", "vera": "reviewer", "otto": "reviewer", "anna": "admin"}
"""who works at the office, and in which role"""


@dataclass(slots=True)
class Bench:
    """A workbench that is open: its desk, its application, and a browser that has been to the start page."""

    desk: Desk
    app: FastAPI
    browser: TestClient

    def send(self, method: str, path: str, **more: Any) -> Any:
        """As a page of the workbench would: with its CSRF token."""
        headers = {"X-Sayso-CSRF": csrf(self.browser), **more.pop("headers", {})}
        return self.browser.request(method, path, headers=headers, **more)

    def bring(self, *files: tuple[str, bytes]) -> dict[str, Any]:
        """Upload files and wait until they are read; the job as it ended."""
        answer = self.send("POST", "/api/jobs/files", files=[("files", file) for file in files])
        assert answer.status_code == 202, answer.text
        return self.ended(answer.json()["id"])

    def ended(self, job: str) -> dict[str, Any]:
        work = self.desk.jobs.job(job)
        assert work is not None
        while not work.finished:
            assert self.desk.jobs.wait(work, work.version, 120), f"job {work.what} stands still at {work.stage}"
        return dict(self.browser.get(f"/api/jobs/{job}").json())


@dataclass(slots=True)
class Office:
    """A workbench with users: a browser of each, logged in, and an API token of each."""

    desk: Desk
    app: FastAPI
    browsers: dict[str, TestClient]
    tokens: dict[str, str]

    def as_token(self, token: str) -> TestClient:
        return browse(self.app, SITE, headers={"Authorization": f"Bearer {token}"})


def csrf(browser: Any) -> str:
    """What the pages know and other sites do not."""
    found = re.search(r'<meta name="csrf" content="([^"]+)">', browser.get("/guide").text)
    assert found
    return found[1]


def browse(app: FastAPI, base: str = LOCAL, **more: Any) -> TestClient:
    return TestClient(app, base, follow_redirects=False, **more)


@contextmanager
def open_desk(
    ledger: Path, reader: Reader, host: str = "127.0.0.1", settings: Settings | None = None
) -> Iterator[Desk]:
    """As `sayso serve` opens it, but with the quick reader, and with uploads as many as a test likes."""
    with desk_at(ledger, host, settings) as desk:
        desk.jobs._reader = reader
        yield replace(desk, uploads=Limiter(1_000_000, 1))


def open_bench(stack: ExitStack, ledger: Path, reader: Reader) -> Bench:
    desk = stack.enter_context(open_desk(ledger, reader))
    app = create_app(desk)
    return Bench(desk, app, browse(app))


@contextmanager
def serving(ledger: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`sayso serve` as a process of its own: its address, and the process. It is killed in the end."""
    command = [sys.executable, "-u", "-m", "sayso", "serve", "--ledger", str(ledger), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        address = re.search(r"http://\S+:\d+", process.stdout.readline())
        assert address
        yield address[0], process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def raid_ledger(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> Path:
    """The examples, read and linked. Copied where a test changes them."""
    path = tmp_path_factory.mktemp("raid") / "raid.db"
    with open_ledger(path) as ledger:
        add_documents([d for d in load([EXAMPLES]) if isinstance(d, Document)], ledger, rules)
        link_and_weigh(ledger)
    return path


@pytest.fixture(scope="session")
def raid(raid_ledger: Path, rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A workbench on the examples that tests only look at."""
    with ExitStack() as stack:
        path = tmp_path_factory.mktemp("look") / "raid.db"
        shutil.copy(raid_ledger, path)
        yield open_bench(stack, path, rules)


@pytest.fixture
def bench(raid_ledger: Path, rules: Reader, tmp_path: Path) -> Iterator[Bench]:
    """A workbench on the examples that a test may change."""
    with ExitStack() as stack:
        path = tmp_path / "raid.db"
        shutil.copy(raid_ledger, path)
        yield open_bench(stack, path, rules)


@pytest.fixture(scope="session")
def staff_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The people's file of the office: made once, for hashing takes its time."""
    people = People(tmp_path_factory.mktemp("people") / "staff.people.db")
    for name in ("anna", *STAFF):  # the first must be an admin
        if name not in {u.name for u in people.users()}:
            people.add_user(name, PASSWORD, STAFF[name], BY)
    people.close()
    return people.path


@pytest.fixture(scope="session")
def make_office(raid_ledger: Path, staff_file: Path, rules: Reader) -> Iterator[Callable[[Path], Office]]:
    """`make_office(folder)`: a workbench for others than this machine, with STAFF as its users."""
    with ExitStack() as stack:

        def made(folder: Path) -> Office:
            ledger = folder / "raid.db"
            shutil.copy(raid_ledger, ledger)
            shutil.copy(staff_file, people_path(ledger))
            desk = stack.enter_context(open_desk(ledger, rules, "0.0.0.0"))
            app = create_app(desk)
            tokens = {name: desk.people.make_token(name, "tests", BY) for name in STAFF}
            return Office(desk, app, {name: log_in(app, name) for name in STAFF}, tokens)

        yield made


def log_in(app: FastAPI, name: str) -> TestClient:
    browser = browse(app, SITE)
    answer = browser.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return browser


@pytest.fixture(scope="session")
def office(make_office: Callable[[Path], Office], tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that tests only look at."""
    return make_office(tmp_path_factory.mktemp("office"))
