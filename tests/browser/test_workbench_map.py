"""Timeline and map: the brush, the days and the table choose the same events; signs say the status."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import follow, needs_chromium, needs_drawings

pytestmark = [pytest.mark.browser, needs_chromium]


def drawn(page: Any) -> Any:
    page.goto("/map")
    page.locator("[data-map][data-ready=true]").wait_for(timeout=60_000)
    return page.locator("[data-map]")


def shown_rows(page: Any) -> int:
    return int(page.locator("tr[data-event]:visible").count())


@needs_drawings
def test_the_brush_chooses_rows_and_days_and_gives_all_back(page: Any) -> None:
    drawn(page)
    assert page.locator("[data-map-canvas] canvas").is_visible()
    everything = shown_rows(page)
    overlay = page.locator("[data-brush] .overlay")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.40, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.99, middle, steps=6)
    page.mouse.up()
    assert 0 < shown_rows(page) < everything
    assert page.locator("input[name=since]").input_value() >= "2023-05-22"
    assert "inquiry" in " ".join(page.locator("tr[data-event]:visible").all_inner_texts())
    page.get_by_role("button", name="Whole time").click()
    assert shown_rows(page) == everything
    assert page.locator("input[name=since]").input_value() == ""


@needs_drawings
def test_signs_say_the_status_and_open_the_event(page: Any) -> None:
    section = drawn(page)
    legend = section.locator(".drawn-legend")
    counted = {line.split()[0].lower(): int(line.split()[-1]) for line in legend.locator("li").all_inner_texts()}
    chips = page.locator("tr[data-event] .chip").all_inner_texts()
    assert counted == {s.split("-")[0]: chips.count(s) for s in set(chips)}
    section.locator(".drawn-point").first.focus()
    page.keyboard.press("Enter")
    popup = page.locator("[role=dialog]")
    popup.wait_for()
    title = popup.locator("a.drawn-title").first
    follow(page, title)
    assert "attack in Grayvoron" in page.locator("h1").inner_text()


@needs_drawings
def test_what_is_known_roughly_is_an_area(desktop: Any) -> None:
    section = drawn(desktop)
    assert section.locator(".drawn-area", has_text="Belgorod").count() == 1
    row = desktop.locator("tr[data-event]", has_text="armed clash in Belgorod").inner_text()
    assert "province" in row and "km" in row


def test_the_table_holds_the_same_without_the_map(page: Any) -> None:
    page.goto("/map")
    rows = page.locator("tr[data-event]")
    assert rows.count() == 5
    page.get_by_label("Near").fill("Grayvoron")
    follow(page, page.get_by_role("button", name="Show"))
    assert "attack in Grayvoron" in " ".join(rows.all_inner_texts()) and rows.count() < 5
    follow(page, page.locator("tr[data-event]").get_by_role("link", name="attack in Grayvoron"))
    assert page.locator("#h-matrix").is_visible()
