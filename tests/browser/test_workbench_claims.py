"""The table of claims: facets narrow it, chips widen it, searches are kept; and all of it by the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import Opener, Workbench, flat, follow, needs_chromium, passage

pytestmark = [pytest.mark.browser, needs_chromium]


def unfold(page: Any) -> None:
    """Where there is little room, the facets are folded away at first."""
    if page.viewport_size["width"] < 960 and page.locator("details[data-fold]").get_attribute("open") is None:
        page.get_by_text("Narrow by facets").click()
    page.locator(".facets h2").first.wait_for()


def choose(page: Any, facet: str, value: str) -> int:
    """Choose a value of a facet; how many claims the facet says it has."""
    unfold(page)
    link = page.locator(f".facets h2:text-is('{facet}') + ul a", has_text=re.compile(f"^{value}"))
    count = int(link.locator("b").inner_text())
    follow(page, link)
    return count


def counted(page: Any) -> int:
    unfold(page)
    said = page.locator(".facets", has_text="counted.").inner_text()
    return int(re.search(r"All ([\d,]+) claims? counted", said)[1].replace(",", ""))  # type: ignore[index]


def test_facets_narrow_and_chips_take_away(page: Any) -> None:
    page.goto("/claims")
    everything = counted(page)
    denials = choose(page, "stance", "denies")
    assert counted(page) == denials < everything
    assert set(page.locator("tbody tr td:nth-child(2)").all_inner_texts()) == {"denies"}
    places = choose(page, "place", "Grayvoron")
    assert counted(page) == places <= denials
    follow(page, page.get_by_role("link", name="Take away stance: denies"))
    assert page.locator(".chosen-facets li").count() == 1
    assert counted(page) > places
    follow(page, page.get_by_role("link", name="Take away place: Grayvoron"))
    assert counted(page) == everything


@pytest.mark.parametrize(
    ("facet", "value"),
    [("speaker", "Andriy Yusov"), ("outlet", "Valley Courier"), ("event type", "shelling"), ("status", "disputed"), ("event", "attack in Grayvoron"), ("field", "injured")],
)  # fmt: skip
def test_every_facet_counts_what_it_leads_to(desktop: Any, facet: str, value: str) -> None:
    desktop.goto("/claims")
    assert choose(desktop, facet, value) == counted(desktop) > 0


def test_words_and_days_narrow(desktop: Any) -> None:
    desktop.goto("/claims")
    desktop.get_by_label("Who says it").fill("gladkov")
    desktop.get_by_label("Published since").fill("2023-05-24")
    follow(desktop, desktop.get_by_role("button", name="Show"))
    assert set(desktop.locator("tbody tr td:first-child").all_inner_texts()) == {"Vyacheslav Gladkov"}
    assert all("2023-05-24" in t for t in desktop.locator("tbody tr td:last-child").all_inner_texts())


def test_the_exact_words_lead_to_their_passage(page: Any) -> None:
    page.goto("/claims?stance=accuses")
    row = page.locator("tbody tr", has_text="Ukrainian").first
    words = flat(row.locator("a.words").inner_text())
    row.locator("a.words").click()
    assert flat(passage(page)).startswith(words)


def test_the_next_page_goes_on_where_the_first_ends(desktop: Any) -> None:
    desktop.goto("/claims")
    seen = set(
        desktop.locator("a[data-open]").evaluate_all("all => all.map((a) => a.href + a.closest('tr').innerText)")
    )
    while desktop.locator("a[rel=next]").count():
        follow(desktop, desktop.locator("a[rel=next]"))
        rows = desktop.locator("a[data-open]").evaluate_all("all => all.map((a) => a.href + a.closest('tr').innerText)")
        assert not seen & set(rows)
        seen |= set(rows)
    desktop.goto("/claims")
    assert len(seen) == counted(desktop)


def test_searches_are_kept_opened_and_forgotten(own_workbench: Workbench, opened: Opener, look: Any) -> None:
    page = opened(own_workbench, *look)
    page.goto("/claims")
    denials = choose(page, "stance", "denies")
    unfold(page)
    page.get_by_label("Name of the search").fill("Who denies it")
    follow(page, page.get_by_role("button", name="Save"))
    page.goto("/claims")
    unfold(page)
    follow(page, page.get_by_role("link", name="Who denies it"))
    assert counted(page) == denials
    unfold(page)
    follow(page, page.get_by_role("button", name="Forget the search Who denies it"))
    unfold(page)
    assert page.get_by_role("link", name="Who denies it").count() == 0


def test_by_keyboard_alone(page: Any) -> None:
    """From the start page to the words of the third denial, back, and to another search, with no mouse."""
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/claims")
    focused = "document.activeElement.closest('.facets') ? document.activeElement.innerText.split('\\n')[0].trim() : document.activeElement.tagName"
    for _ in range(60):  # the facets are reached by Tab, and those that are folded opened by Enter
        page.keyboard.press("Tab")
        at = page.evaluate(focused)
        if at == "Narrow by facets, saved searches":
            page.keyboard.press("Enter")
        elif at.startswith("denies"):
            page.keyboard.press("Enter")
            break
    page.wait_for_url("**stance=denies*")
    for key in "jjjjk":
        page.keyboard.press(key)
    row = page.locator("tbody tr.chosen")
    assert row.evaluate("r => [...r.parentElement.children].indexOf(r)") == 2
    words = flat(row.locator("a.words").inner_text())
    assert page.evaluate("document.activeElement.dataset.open") == ""
    page.keyboard.press("Enter")
    assert flat(passage(page)).startswith(words)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("Yusov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Yusov")
