"""Out: what is on the screen as a file that parses, and a brief of an event as a page and on paper."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.browser.conftest import flat, follow, needs_chromium, open_event

pytestmark = [pytest.mark.browser, needs_chromium]


def exported(page: Any, format: str) -> Path:
    """What the page's Export button gives."""
    page.locator("main summary", has_text="Export").click()
    with page.expect_download() as download:
        page.locator("main details[open]").get_by_role("link", name=format, exact=True).click()
    page.keyboard.press("Escape")
    assert page.locator("main details.menu[open]").count() == 0
    return Path(download.value.path())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_claims_on_the_screen_leave_as_csv_and_json(page: Any) -> None:
    page.goto("/claims?stance=denies&place=Grayvoron")
    shown = page.locator("tbody tr").count()
    rows = list(csv.DictReader(io.StringIO(exported(page, "csv").read_text(encoding="utf-8"))))
    told = lines(exported(page, "jsonl"))
    assert len(rows) == len(told) == shown
    assert {r["stance"] for r in rows} == {r["stance"] for r in told} == {"denies"}


def test_events_leave_as_places_on_a_map(desktop: Any) -> None:
    desktop.goto("/events")
    found = json.loads(exported(desktop, "geojson").read_text(encoding="utf-8"))
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) <= desktop.locator("tr[data-event]").count() and found["features"]
    assert found["features"][0]["geometry"]["type"] == "Point"


def test_documents_and_names_leave(desktop: Any) -> None:
    desktop.goto("/documents")
    assert len(lines(exported(desktop, "jsonl"))) == 9
    desktop.goto("/names")
    assert len(lines(exported(desktop, "jsonl"))) > 20


def test_everything_on_the_export_page_can_be_taken(desktop: Any) -> None:
    desktop.goto("/takeaway")
    links = desktop.locator("main table a")
    assert links.count() > 8
    with desktop.expect_download() as download:
        links.first.click()
    assert download.value.failure() is None
    for link in links.all():  # asked for one by one: browsers hold many downloads in a row back
        answer = desktop.request.get(str(link.get_attribute("href")))
        name, body = re.findall('filename="(.+)"', answer.headers["content-disposition"])[0], answer.body()
        assert answer.ok
        if name.endswith((".zip", ".brat")) and body:
            assert zipfile.ZipFile(io.BytesIO(body)).testzip() is None
        elif name.endswith(".jsonl"):
            assert all(isinstance(json.loads(line), dict) for line in body.decode().splitlines())
        elif name.endswith(".parquet"):
            assert body[:4] == b"PAR1"


def test_the_brief_opens_with_its_looks_and_the_words_in_its_footnotes(page: Any) -> None:
    open_event(page)
    words = flat(str(page.locator(".matrix a.deny").first.get_attribute("title"))).strip("“”")
    follow(page, page.get_by_role("link", name="Brief", exact=True))
    text = flat(page.locator("body").inner_text())
    assert "Grayvoron" in text and words in text
    missing = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))"
    )
    assert missing == []
    assert page.evaluate("document.styleSheets.length") == 1  # its own style stands in the page, as its policy allows


def test_the_brief_on_paper_holds_the_same_words(desktop: Any) -> None:
    open_event(desktop)
    words = flat(str(desktop.locator(".matrix a.deny").first.get_attribute("title"))).strip("“”")
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="Brief as PDF").click()
    document = pypdfium2.PdfDocument(download.value.path())
    text = flat(" ".join(p.get_textpage().get_text_bounded() for p in document))
    assert len(document) >= 1 and "Grayvoron" in text and words in text
