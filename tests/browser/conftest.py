"""What the tests of the workbench share: a ledger served by the real server, Chromium, and pages that tell what went wrong in them.

Each test works as a person would. When it ends, its pages have said nothing on the console, asked no other host, opened no
dialog, and fit the width of their window.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from sayso.ingest import load
from sayso.ledger import open_ledger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import Reader
from sayso.records import Document
from sayso.web.access.people import People, people_path
from sayso.web.access.rows import By
from sayso.web.app import create_app
from sayso.web.serve import desk_at
from tests.conftest import EXAMPLES, ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BUILT = ROOT / "src" / "sayso" / "web" / "static" / "built" / "COMPLETE"
# Chromium draws WebGL in software, so that it is there on machines without a graphics card too.
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
EVERY_LOOK = [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]
LOOKS = EVERY_LOOK if os.environ.get("SAYSO_EVERY_LOOK") else [(390, "dark"), (1440, "light")]
"""both widths and both schemes, in pairs that differ in both: drawing in software takes long"""
PASSWORD = "nine quiet otters"
STAFF = {"ada": "admin", "rita": "reviewer", "otto": "reviewer", "rob": "reader"}

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
needs_drawings = pytest.mark.skipif(
    not BUILT.exists(), reason="the drawings are not built: run `node build.mjs` in frontend/"
)


@dataclass(frozen=True, slots=True)
class Workbench:
    """A running server. path: its ledger."""

    address: str
    path: Path


@dataclass(slots=True)
class Watch:
    """What went wrong on a page. allowed: parts of console messages that belong to the test."""

    address: str
    allowed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def on(self, page: Any) -> None:
        page.on("console", lambda m: self.problems.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("dialog", lambda d: (self.problems.append(d.message), d.dismiss()))
        page.on("request", lambda r: None if self._ours(r.url) else self.problems.append(r.url))

    def left(self) -> list[str]:
        # Software WebGL complains of its own slowness when a screenshot reads the canvas back.
        return [p for p in self.problems if not any(a in p for a in ("GPU stall", *self.allowed))]

    def _ours(self, url: str) -> bool:
        return url.startswith((f"{self.address}/", "data:", f"blob:{self.address}/"))


# -- servers ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def raid(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> Path:
    """A ledger of the example reports, linked and weighed."""
    path = tmp_path_factory.mktemp("raid") / "raid.db"
    with open_ledger(path) as ledger:
        add_documents([d for d in load([EXAMPLES]) if isinstance(d, Document)], ledger, rules)
        link_and_weigh(ledger)
    return path


@contextmanager
def served(ledger: Path) -> Iterator[Workbench]:
    """The real server over this ledger, at a free port of this machine."""
    with socket.socket() as sock, desk_at(ledger, "127.0.0.1") as desk:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(desk), log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield Workbench(f"http://127.0.0.1:{sock.getsockname()[1]}", ledger)
        server.should_exit = True
        thread.join(10)


def copied(raid: Path, folder: Path) -> Path:
    return Path(shutil.copy(raid, folder / "copy.db"))


@pytest.fixture(scope="session")
def workbench(raid: Path) -> Iterator[Workbench]:
    """For tests that change nothing."""
    with served(raid) as running:
        yield running


@pytest.fixture
def own_workbench(raid: Path, tmp_path: Path) -> Iterator[Workbench]:
    """Over a copy of the ledger that the test may change."""
    with served(copied(raid, tmp_path)) as running:
        yield running


@pytest.fixture
def serving() -> Iterator[Callable[[Path], Workbench]]:
    """serving(ledger) → a server over it. As with the other servers, name it before `opened`, so that pages close first."""
    with ExitStack() as stack:
        yield lambda ledger: stack.enter_context(served(ledger))


@pytest.fixture
def staffed(raid: Path, tmp_path: Path) -> Iterator[Workbench]:
    """Over a copy of the ledger, with the users of STAFF, so that everybody logs in."""
    path = copied(raid, tmp_path)
    people = People(people_path(path))
    for name, role in STAFF.items():
        people.add_user(name, PASSWORD, role, By("tests", "command line"))
    people.close()
    with served(path) as running:
        yield running


# -- browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


Opener = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opener]:
    """opened(workbench, width, scheme, allowed=[…], **context) → a page; each call is a visitor of its own."""
    with ExitStack() as stack:
        yield lambda *args, **more: stack.enter_context(visit(chromium, *args, **more))


@contextmanager
def visit(
    chromium: Any,
    running: Workbench,
    width: int = 1440,
    scheme: str = "light",
    allowed: list[str] | None = None,
    **more: Any,
) -> Iterator[Any]:
    height = 844 if width < 500 else 900
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=running.address, **more
    )
    context.set_default_timeout(30_000)
    watch = Watch(running.address, allowed or [])
    context.on("page", lambda page: watch.on(page))
    page = context.new_page()
    yield page
    fitting = [p.evaluate("document.documentElement.scrollWidth") for p in context.pages]
    context.close()
    assert watch.left() == []
    assert all(found <= width for found in fitting), f"a page is {fitting} wide in a window of {width}"


@pytest.fixture(params=LOOKS, ids=lambda p: f"{p[0]}-{p[1]}")
def look(request: pytest.FixtureRequest) -> tuple[int, str]:
    """A width and a colour scheme."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def page(opened: Opener, workbench: Workbench, look: tuple[int, str]) -> Any:
    """A page at each width in each scheme, on the server that no test changes."""
    return opened(workbench, *look)


@pytest.fixture
def desktop(opened: Opener, workbench: Workbench) -> Any:
    """One wide page, for details that do not depend on how it looks."""
    return opened(workbench)


# -- what people do on many pages -------------------------------------------------------------------------------


def follow(page: Any, link: Any) -> None:
    """Click what leads to a page, and wait until that is there."""
    with page.expect_navigation():
        link.click()


def log_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    follow(page, page.get_by_role("button", name="Log in"))


def open_event(page: Any) -> str:
    """The page of the disputed event; its address."""
    page.goto("/events?disputed=true")
    page.locator("tr[data-event] a").first.click()
    page.wait_for_url("**/events/*")
    return str(page.url)


def open_report(page: Any, name: str) -> None:
    page.goto("/documents")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_url("**/documents/*")


def passage(page: Any) -> str:
    """The words of the passage that a link led to: marked, in sight, and where the keyboard goes on from."""
    page.wait_for_function(
        """() => {
          const place = document.querySelector("#passage"), box = place?.getBoundingClientRect();
          return place && document.activeElement === place && box.top >= 0 && box.top < innerHeight;
        }"""
    )
    return "".join(page.locator(".passage").all_text_contents())


def flat(text: str) -> str:
    return " ".join(text.replace("…", "").split())
