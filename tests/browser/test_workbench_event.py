"""An event: its matrix and quarrel lead to the words, its counts are drawn and told, and people split it and merge it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.conftest import (
    Opener,
    Workbench,
    flat,
    follow,
    needs_chromium,
    needs_drawings,
    open_event,
    passage,
)

pytestmark = [pytest.mark.browser, needs_chromium]


def test_a_cell_of_the_matrix_leads_to_the_words(page: Any) -> None:
    open_event(page)
    cell = page.locator(".matrix a.deny").first
    who = str(cell.get_attribute("aria-label"))
    assert who.startswith("Ukraine's military intelligence denies")
    words = flat(str(cell.get_attribute("title"))).strip("“”")
    follow(page, cell)
    assert flat(passage(page)).startswith(words)


def test_a_column_opens_to_its_reports_with_reprints_below_their_origin(page: Any) -> None:
    open_event(page)
    column = page.locator(".matrix th.source", has_text="Vyacheslav Gladkov").first
    assert column.get_by_role("link").first.is_hidden()
    column.locator("summary").click()
    told = column.locator("li").all_inner_texts()
    assert len(told) == int(column.locator("summary").inner_text().split()[0])
    assert any(t.startswith("↳") for t in told) and not told[0].startswith("↳")
    follow(page, column.get_by_role("link").first)
    assert page.locator("[data-text]").is_visible()


def test_all_informants_are_shown_on_demand(desktop: Any) -> None:
    open_event(desktop)
    more = desktop.get_by_role("link", name=re.compile("more informants?"))
    hidden = int(re.search(r"\d+", more.inner_text())[0])  # type: ignore[index]
    columns = desktop.locator(".matrix th.source").count()
    follow(desktop, more)
    assert desktop.locator(".matrix th.source").count() == columns + hidden


def test_footnotes_of_the_quarrel_lead_to_the_words(page: Any) -> None:
    address = open_event(page)
    notes = page.locator(".quarrel p sup a")
    numbers = notes.all_text_contents()
    assert numbers == [f"[{n + 1}]" for n in range(len(numbers))]  # each note has a number of its own
    for place in (0, 10):
        words = flat(str(notes.nth(place).get_attribute("title"))).strip("“”")
        follow(page, notes.nth(place))
        assert flat(passage(page)).startswith(words[:60])
        page.goto(address)


def test_open_counts_are_told_too(desktop: Any) -> None:
    open_event(desktop)
    assert "at least 8" in " ".join(desktop.locator("#h-counts ~ details tbody tr").all_text_contents())


@needs_drawings
def test_counts_are_drawn_and_told_in_a_table(page: Any) -> None:
    open_event(page)
    figure = page.locator("[data-casualties][data-ready=true]")
    figure.wait_for()
    page.locator("summary", has_text="The same as a table").click()
    rows = page.locator("#h-counts ~ details tbody tr")
    assert figure.locator("a[data-count]").count() == rows.count() >= 3
    words = flat(rows.first.locator("a.words").inner_text())
    mark = figure.locator("a[data-count]").first
    mark.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert flat(passage(page)) in [words, *["thirteen people were wounded", "one civilian had been killed"]]


def test_what_changed_is_told_in_the_order_of_time(page: Any) -> None:
    open_event(page)
    changes = page.locator("section", has=page.locator("#h-changes"))
    days = [t for t in changes.locator(".said-by > p:first-child > small:first-child").all_text_contents() if t]
    assert len(days) > 3 and days == sorted(days)
    why = changes.locator("details", has_text="why it is thought so").first
    why.locator("summary").click()
    assert why.locator("li").first.is_visible()


def test_reasons_stand_field_by_field(desktop: Any) -> None:
    open_event(desktop)
    field = desktop.locator("details.field", has_text="who did it").first
    assert field.get_attribute("open") is not None  # the disputed ones are open
    assert "cannot all hold" in field.locator(".why").inner_text()
    words = field.locator("a.words").first
    told = flat(words.inner_text()).strip("“”")
    follow(desktop, words)
    assert flat(passage(desktop)).startswith(told)


def test_a_report_is_split_off_and_the_decision_undone(own_workbench: Workbench, opened: Opener, look: Any) -> None:
    page = opened(own_workbench, *look)
    address = open_event(page)
    assert "9 reports" in page.locator("main > p.soft").first.inner_text()
    follow(page, page.get_by_role("button", name="Split 8-witness.txt off this event"))
    assert "different" in page.locator("tbody tr").first.inner_text()
    assert "more in one decision" in page.locator("tbody tr").first.inner_text()
    page.goto("/events")
    raid = page.locator("tr[data-event] a", has_text="Grayvoron")
    for _ in range(60):  # what a decision leaves to do on a busy machine is done in the background
        if raid.count() > 1:
            break
        page.wait_for_timeout(500)
        page.reload()
    assert raid.count() > 1
    assert "9" not in page.locator("tr[data-event] td[data-label=reports]").all_inner_texts()
    page.goto("/judgements")
    follow(page, page.locator("tbody").get_by_role("button", name=re.compile("^Undo")).first)
    for _ in range(60):
        page.goto(address)
        if "9 reports" in page.locator("main > p.soft").first.inner_text():
            break
        page.wait_for_timeout(500)
    assert "9 reports" in page.locator("main > p.soft").first.inner_text()


def test_two_events_are_merged(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    page.goto("/events")
    before = page.locator("tr[data-event]").count()
    other = page.locator("tr[data-event] a", has_text="armed clash in Belgorod").get_attribute("href")
    open_event(page)
    page.get_by_label("Merge with the event").fill(f"{own_workbench.address}{other}")
    follow(page, page.get_by_role("button", name="Merge"))
    assert "same" in page.locator("tbody tr").first.inner_text()
    for _ in range(60):  # as above
        page.goto("/events")
        if page.locator("tr[data-event]").count() == before - 1:
            break
        page.wait_for_timeout(500)
    assert page.locator("tr[data-event]").count() == before - 1


def test_events_are_filtered(desktop: Any) -> None:
    desktop.goto("/events")
    everything = desktop.locator("tr[data-event]").count()
    desktop.get_by_label("Status").select_option("corroborated")
    follow(desktop, desktop.get_by_role("button", name="Show"))
    assert set(desktop.locator("tr[data-event] .chip").all_inner_texts()) == {"corroborated"}
    assert 0 < desktop.locator("tr[data-event]").count() < everything
    desktop.goto("/events?near=Belgorod&kilometres=200")
    assert desktop.locator("tr[data-event]").count() >= 1
