"""Bringing reports in: files chosen and dropped, pasted text, addresses; watched until they are read, failures with their reasons."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Opener, Workbench, follow, needs_chromium
from tests.conftest import EXAMPLES

pytestmark = [pytest.mark.browser, needs_chromium]
REPORT = {"name": "kharkiv.txt", "mimeType": "text/plain", "buffer": b"KHARKIV, June 1, 2023 - The mayor said that a drone had hit a school in Kharkiv and that two people were wounded."}  # fmt: skip
BROKEN = {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nnothing of a PDF follows"}
DROP = """([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name, { type: "text/plain" })); return data; }"""


def read_to_the_end(page: Any) -> dict[str, tuple[str, str]]:
    """Wait on the job's page, without loading it again; outcome and reason of each input."""
    page.wait_for_url("**/jobs/*")
    page.locator("[data-stage]", has_text="done").wait_for(timeout=60_000)
    cells = [row.locator("td").all_inner_texts() for row in page.locator("[data-items] tr").all()]
    return {name: (outcome, reason) for name, outcome, reason in cells}


def test_chosen_files_are_watched_until_read_and_failures_are_named(
    own_workbench: Workbench, opened: Opener, look: tuple[int, str]
) -> None:
    page = opened(own_workbench, *look)
    page.goto("/")
    follow(page, page.get_by_role("link", name="Bring in", exact=True))
    page.set_input_files("#files", [REPORT, BROKEN])
    assert "2 files" in page.locator("[data-drop-note]").inner_text()
    page.get_by_role("button", name="Read them").click()
    found = read_to_the_end(page)
    assert found["kharkiv.txt"] == ("read", "")
    assert found["broken.pdf"][0] == "failed" and "PDF" in found["broken.pdf"][1]
    assert "1 new" in page.locator("[data-sum]").inner_text() and "1 failed" in page.locator("[data-sum]").inner_text()
    follow(page, page.get_by_role("link", name="See what is new"))
    assert page.locator("section", has_text="What is new").get_by_role("link", name="kharkiv.txt").is_visible()
    follow(page, page.get_by_role("link", name="could not be read").first)
    assert "broken.pdf" in page.locator("main").inner_text() and "PDF" in page.locator("main").inner_text()


def test_dropped_files_are_read_at_once(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    page.goto("/add")
    data = page.evaluate_handle(DROP, ["dropped.txt", REPORT["buffer"].decode()])
    page.dispatch_event("[data-drop]", "dragenter", {"dataTransfer": data})
    assert page.locator("[data-drop].over").count() == 1
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": data})
    assert read_to_the_end(page) == {"dropped.txt": ("read", "")}


def test_the_progress_is_live(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    page.goto("/add")
    page.set_input_files("#files", [str(p) for p in sorted(EXAMPLES.iterdir())])
    page.get_by_role("button", name="Read them").click()
    page.wait_for_url("**/jobs/*")
    assert page.locator("[data-job]").get_attribute("data-finished") == "false"
    found = read_to_the_end(page)
    # Nobody loaded the page again: it still says what it said when it came.
    assert page.locator("[data-job]").get_attribute("data-finished") == "false"
    assert {outcome for outcome, _ in found.values()} <= {"known", "copy"} and len(found) == 9
    assert page.locator(".toast").inner_text() == "Everything was read."


def test_pasted_text_becomes_a_report(own_workbench: Workbench, opened: Opener, look: tuple[int, str]) -> None:
    page = opened(own_workbench, *look)
    page.goto("/add")
    page.get_by_label("The text").fill(
        "Officials denied on Monday that shells had hit the bridge. “No shell fell,” the mayor said."
    )
    page.get_by_label("Title").fill("The bridge stands")
    page.get_by_label("Outlet").fill("Valley Courier")
    page.get_by_label("Published").fill("2023-06-06")
    page.get_by_role("button", name="Read it").click()
    read_to_the_end(page)
    page.goto("/documents")
    follow(page, page.get_by_role("link", name="The bridge stands"))
    assert page.locator("h1").inner_text() == "The bridge stands"
    assert "Valley Courier" in page.locator("main").inner_text() and "2023-06-06" in page.locator("main").inner_text()
    assert "No shell fell" in page.locator("[data-text]").inner_text()


def test_an_address_of_a_private_network_is_refused_with_its_reason(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    page.goto("/add")
    page.get_by_label("One a line").fill("http://192.168.1.1/router\nhttp://127.0.0.1/inside")
    page.get_by_role("button", name="Fetch and read").click()
    found = read_to_the_end(page)
    assert set(found) == {"http://192.168.1.1/router", "http://127.0.0.1/inside"}
    for outcome, reason in found.values():
        assert outcome == "failed" and "private" in reason


def test_what_is_no_address_is_told_so(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench, allowed=["status of 422"])
    page.goto("/add")
    page.get_by_label("One a line").fill("ftp://example.org/file")
    follow(page, page.get_by_role("button", name="Fetch and read"))
    assert "no web address" in page.locator(".problem").inner_text()
