"""Takes the pictures of the report page that the documentation shows. Needs Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from sayso.export.report import render_report, told_across
from sayso.ledger import open_ledger
from sayso.pipeline import add_paths, link_and_weigh

DOCS = Path(__file__).parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TITLE = "A raid on the Belgorod region, as nine example reports tell it"
SHOTS = (
    ("report-wide", 1440, 1000, "light", ""),
    ("report-text", 1440, 1000, "light", "#d1"),
    ("report-across", 1440, 1000, "light", "#across"),
    ("report-phone", 390, 844, "dark", "#d1"),
)


def main() -> None:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "report.html"
        with open_ledger(Path(folder) / "raid.db") as ledger:
            add_paths([DOCS.parent / "examples" / "raid"], ledger)
            link_and_weigh(ledger)
            readings = list(ledger.readings())
            with ledger.engine.connect() as connection:
                across = told_across(connection, [r.document.id for r in readings])
        page_file.write_text(render_report(readings, TITLE, across), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, width, height, scheme, anchor in SHOTS:
            page = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
            ).new_page()
            page.goto(page_file.as_uri() + anchor)
            page.screenshot(path=str(DOCS / "pictures" / f"{name}.png"))


if __name__ == "__main__":
    main()
