"""Takes the pictures that the documentation shows: the report page, and every page of the workbench. Needs Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from sayso.export.report import render_report, told_across
from sayso.ledger import open_ledger
from sayso.ledger.naming import find_names
from sayso.ledger.views import EventFilter, events
from sayso.pipeline import add_paths, link_and_weigh
from sayso.web.app import create_app
from sayso.web.serve import desk_at

DOCS = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-background-networking"]
TITLE = "A raid on the Belgorod region, as nine example reports tell it"
REPORT = (
    ("report-wide", 1440, 1000, "light", ""),
    ("report-text", 1440, 1000, "light", "#d1"),
    ("report-across", 1440, 1000, "light", "#across"),
    ("report-phone", 390, 844, "dark", "#d1"),
)
WORKBENCH = (
    ("start", 1440, "light", "/"),
    ("bring", 1440, "light", "/add"),
    ("documents", 1440, "light", "/documents"),
    ("document", 1440, "light", "/documents/{document}"),
    ("claims", 1440, "light", "/claims?stance=denies"),
    ("events", 1440, "light", "/events"),
    ("event", 1440, "light", "/events/{event}"),
    ("map", 1440, "light", "/map"),
    ("network", 1440, "light", "/network"),
    ("dossier", 1440, "light", "/names/{name}"),
    ("outlet", 1440, "light", "/outlets/Valley%20Courier"),
    ("review", 1440, "light", "/review/{item}"),
    ("agreement", 1440, "light", "/review/agreement"),
    ("brief", 1440, "light", "/api/events/{event}/brief"),
    ("guide", 1440, "light", "/guide"),
    ("phone-start", 390, "dark", "/"),
    ("phone-event", 390, "dark", "/events/{event}"),
    ("phone-document", 390, "dark", "/documents/{document}"),
    ("phone-map", 390, "dark", "/map"),
    ("phone-review", 390, "dark", "/review/{item}"),
)


def main() -> None:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "raid.db"
        with open_ledger(path) as ledger:
            with chdir(DOCS.parent):
                add_paths(["examples/raid"], ledger)
            link_and_weigh(ledger)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        shoot_report(browser, path)
        with served(path) as base:
            known = found_in(path, browser, base)
            for name, width, scheme, address in WORKBENCH:
                shoot(
                    browser,
                    f"workbench-{name}",
                    width,
                    844 if width == 390 else 1000,
                    scheme,
                    base + address.format(**known),
                )


def shoot_report(browser: Browser, path: Path) -> None:
    page_file = path.with_name("report.html")
    with open_ledger(path, readonly=True) as ledger, ledger.engine.connect() as connection:
        readings = list(ledger.readings())
        across = told_across(connection, [r.document.id for r in readings])
    page_file.write_text(render_report(readings, TITLE, across), encoding="utf-8")
    for name, width, height, scheme, anchor in REPORT:
        shoot(browser, name, width, height, scheme, page_file.as_uri() + anchor)


@contextmanager
def served(path: Path) -> Iterator[str]:
    with desk_at(path, "127.0.0.1") as desk:
        server = uvicorn.Server(uvicorn.Config(create_app(desk), port=0, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            thread.join(0.05)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        thread.join()


def found_in(path: Path, browser: Browser, base: str) -> dict[str, Any]:
    """What the addresses name: the disputed event, a document of it, a name, the first that waits for review."""
    with open_ledger(path, readonly=True) as ledger, ledger.engine.connect() as connection:
        event = events(connection, EventFilter(disputed=True, limit=1))[0]["id"]
        document = ledger.find_document("6-translated.txt")["id"]
        name = find_names(connection, "Freedom of Russia Legion")[0]["identity"]
    item = browser.new_context().request.get(f"{base}/api/review?limit=1").json()["items"][0]["id"]
    return {"event": event, "document": document, "name": name, "item": item}


def shoot(browser: Browser, name: str, width: int, height: int, scheme: Any, address: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for drawing in page.query_selector_all("[data-map], [data-network], [data-casualties]"):
        drawing.wait_for_selector("xpath=self::*[@data-ready]", timeout=20_000)
    page.wait_for_timeout(800)  # drawings settle
    page.screenshot(path=str(DOCS / "pictures" / f"{name}.png"))
    context.close()


if __name__ == "__main__":
    main()
