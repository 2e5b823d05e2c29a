"""A document: its marks, nested words, warnings, claims beside it, origins, trail; and a link to any passage."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest

from tests.browser.conftest import flat, follow, needs_chromium, open_report, passage
from tests.conftest import EXAMPLES

pytestmark = [pytest.mark.browser, needs_chromium]


def drag_over(page: Any, piece: Any) -> str:
    """Select what a mouse drawn over this piece selects; the words."""
    piece.scroll_into_view_if_needed()
    boxes = piece.evaluate("e => [...e.getClientRects()].map(({ x, y, width, height }) => ({ x, y, width, height }))")
    first, last = boxes[0], boxes[-1]
    page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 1, last["y"] + last["height"] / 2, steps=8)
    page.mouse.up()
    return str(page.evaluate("getSelection().toString()"))


def test_sources_cues_contents_and_nested_words_are_marked(page: Any) -> None:
    open_report(page, "6-translated.txt")
    text = page.locator("[data-text]")
    assert "Moscow" in text.locator(".k-source").all_inner_texts()
    assert "has denied" in text.locator(".k-cue").all_inner_texts()
    assert "soldiers Ukrainian" in " ".join(text.locator(".k-content.s-denies").all_inner_texts())
    nested = " ".join(text.locator(".nested").all_inner_texts())
    assert "Combats" in nested and "Legion" not in nested
    assert page.locator(".said-by", has_text="as told in").get_by_role("link", name="the outer statement").count() == 1


def test_a_warning_stands_in_the_margin_and_leads_to_its_words(page: Any) -> None:
    open_report(page, "6-translated.txt")
    warning = page.locator("#warnings .warning").first
    assert "misspelling" in warning.inner_text() and "Likely: oblast" in warning.inner_text()
    warning.get_by_role("link").click()
    assert page.evaluate("location.hash") == "#w1"
    damaged = page.locator("[data-text] .k-warning")
    assert damaged.inner_text() == "obalst"
    box = damaged.bounding_box()
    assert 0 <= box["y"] <= page.viewport_size["height"]


def test_any_passage_has_a_link(page: Any) -> None:
    open_report(page, "6-translated.txt")
    button = page.get_by_role("button", name="Link to the selected passage")
    assert button.is_disabled()
    words = drag_over(page, page.locator("[data-text] .k-content.s-accuses").first)
    assert len(words) > 20
    button.click()
    page.wait_for_url("**#passage")
    assert "address bar" in page.locator(".toast").inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    assert flat(passage(other)) == flat(words)


def test_the_link_to_a_passage_is_in_the_clipboard(opened: Any, workbench: Any) -> None:
    page = opened(workbench, permissions=["clipboard-read", "clipboard-write"])
    open_report(page, "8-witness.txt")
    words = drag_over(page, page.locator("[data-text] .k-content").last)
    page.get_by_role("button", name="Link to the selected passage").click()
    page.locator(".toast", has_text="clipboard").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    other = page.context.new_page()
    other.goto(link)
    assert flat(passage(other)) == flat(words)


def test_a_selection_over_several_marks_counts_as_one(desktop: Any) -> None:
    open_report(desktop, "4-denial.txt")
    whole = desktop.locator("[data-text]").evaluate("e => e.textContent")
    start = whole.index("denied") - 40
    words = desktop.evaluate(
        """([start, end]) => {
          const walk = document.createTreeWalker(document.querySelector("[data-text]"), NodeFilter.SHOW_TEXT), range = document.createRange();
          let seen = 0;
          for (let t = walk.nextNode(); t; seen += t.data.length, t = walk.nextNode()) {
            if (start >= seen && start < seen + t.data.length) range.setStart(t, start - seen);
            if (end > seen && end <= seen + t.data.length) range.setEnd(t, end - seen);
          }
          getSelection().removeAllRanges(); getSelection().addRange(range); return range.toString();
        }""",
        [start, start + 120],
    )
    desktop.get_by_role("button", name="Link to the selected passage").click()
    other = desktop.context.new_page()
    other.goto(desktop.url)
    assert flat(passage(other)) == flat(words)


def test_a_claim_beside_the_text_leads_to_its_words(page: Any) -> None:
    open_report(page, "1-wire.txt")
    page.locator("summary", has_text="32 claims").click()  # so many are folded away at first
    page.locator("aside .list a.words", has_text="Grayvoron").first.click()
    assert "Grayvoron" in passage(page)


def test_a_statement_and_its_words_light_up_together(desktop: Any) -> None:
    open_report(desktop, "4-denial.txt")
    card = desktop.locator(".said-by").first
    card.hover()
    assert card.evaluate("e => e.classList.contains('on')")
    assert desktop.locator("[data-text] .seg.on").count() >= 2


def test_its_origin_leads_to_the_report_that_it_was_made_from_and_back(page: Any) -> None:
    open_report(page, "6-translated.txt")
    tree = page.locator(".tree")
    assert "translated" in tree.inner_text() and "70%" in tree.inner_text()
    follow(page, tree.get_by_role("link", name="4-denial.txt"))
    assert page.locator("h1").inner_text() == "4-denial.txt"
    assert page.locator(".tree ul").get_by_role("link", name="6-translated.txt").is_visible()


def test_hash_and_time_are_those_of_the_original(desktop: Any) -> None:
    open_report(desktop, "3-official.txt")
    original = (EXAMPLES / "3-official.txt").read_bytes()
    trail = desktop.locator("section", has_text="The original").last.inner_text()
    assert hashlib.sha256(original).hexdigest() in trail
    assert re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d", trail)
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="Original bytes").click()
    assert download.value.path().read_bytes() == original
