"""The start page: what is new, what became disputed, what waits; each number leads to what it counts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Workbench, flat, follow, needs_chromium, passage

pytestmark = [pytest.mark.browser, needs_chromium]


def lead(page: Any, name: str) -> int:
    """Click the tile that says this; the number that it had."""
    page.goto("/")
    tile = page.locator(".tiles a", has_text=name)
    number = int(tile.locator("b").inner_text())
    follow(page, tile)
    return number


def test_numbers_lead_to_what_they_count(page: Any) -> None:
    assert lead(page, "report") == page.locator("tbody tr").count() == 9
    assert lead(page, "disputed") == page.locator("tr[data-event]").count() == 1
    assert page.locator("tr[data-event] .chip").all_inner_texts() == ["disputed"]
    assert lead(page, "waiting") == page.locator("tbody tr").count() > 5
    assert lead(page, "could not be read") == page.locator("tbody tr").count() == 0
    assert "could be read" in page.locator("main").inner_text()


def test_claims_and_warnings_of_new_reports_are_counted_rightly(desktop: Any) -> None:
    desktop.goto("/")
    links = desktop.locator("section", has_text="What is new").get_by_role("link", name=re.compile(r"^\d+ claims?$"))
    told = {str(a.get_attribute("href")): int(a.inner_text().split()[0]) for a in links.all()}
    assert len(told) == 8
    for address, number in list(told.items())[:3]:
        desktop.goto(address)
        assert f"All {number} claims counted." in desktop.locator(".facets").inner_text()
    desktop.goto("/")
    chip = desktop.get_by_role("link", name=re.compile(r"warnings?$")).first
    number = int(chip.inner_text().split()[0])
    follow(desktop, chip)
    assert desktop.locator("#warnings .warning").count() == number


def test_what_changed_leads_to_the_words(page: Any) -> None:
    page.goto("/")
    change = page.locator(".changes .said-by").first
    words = flat(change.locator("a.words").first.inner_text())
    change.locator("a.words").first.click()
    assert flat(passage(page)).startswith(words)


def test_find_leads_to_reports_and_names(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("Gladkov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Gladkov")
    assert page.locator("main mark", has_text="Gladkov").count() >= 4
    follow(page, page.get_by_role("link", name="Vyacheslav Gladkov").first)
    assert page.locator("h1").inner_text().startswith("Vyacheslav Gladkov")


def test_an_empty_ledger_says_what_to_do_first(serving: Any, opened: Any, tmp_path: Path) -> None:
    page = opened(serving(tmp_path / "empty.db"), 390)
    page.goto("/")
    assert "The ledger is empty" in page.locator("main").inner_text()
    follow(page, page.locator("main").get_by_role("link", name="Bring reports in"))
    assert page.locator("h1").inner_text() == "Bring reports in"
    for address in ("/documents", "/claims", "/events", "/map", "/network", "/names", "/outlets", "/review"):
        page.goto(address)
        assert page.locator("h1").is_visible()


def test_the_pages_of_one_ledger_name_it(desktop: Any, workbench: Workbench) -> None:
    desktop.goto("/")
    assert workbench.path.name in desktop.locator("footer").inner_text()
