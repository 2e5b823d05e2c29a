"""Review by keys: accept, reject, correct, unsure, undo, blind; words dragged over, names merged, events split; two reviewers and a ruling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.conftest import Opener, Workbench, flat, follow, log_in, needs_chromium, open_event
from tests.browser.test_workbench_document import drag_over

pytestmark = [pytest.mark.browser, needs_chromium]


def begin(page: Any, query: str = "") -> None:
    """From the queue to its first item, by the keyboard."""
    page.goto(f"/review{query}")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Any, key: str) -> None:
    """A key that leads on."""
    with page.expect_navigation():
        page.keyboard.press(key)


def decisions(page: Any) -> list[list[str]]:
    page.goto("/judgements")
    return [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]


def test_decisions_by_keys_alone_and_undone(own_workbench: Workbench, opened: Opener, look: Any) -> None:
    page = opened(own_workbench, *look)
    begin(page, "?kind=claim")
    assert page.locator("h1").inner_text() == "Is this claim read rightly?"
    seen = [page.url]
    for key in "ynu":
        press(page, key)
        assert "is recorded" in page.locator("[data-undo]").inner_text()
        assert page.url not in seen
        seen.append(page.url)
    press(page, "z")
    rows = decisions(page)
    assert [row[1].split()[0] for row in rows] == ["unsure", "reject", "accept"]
    assert "undone" in rows[0][1] and "undone" not in rows[1][1]


def test_a_rejected_claim_leaves_the_event(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    address = open_event(page)
    assert page.locator(".matrix tbody th", has_text="North Korea").count() == 2
    begin(page, "?kind=claim")
    assert "North Korea" in page.locator(".proposal .card").first.inner_text()
    press(page, "n")
    page.goto(address)
    assert page.locator(".matrix tbody th", has_text="North Korea").count() == 1


def test_why_is_told_and_the_document_stands_beside(page: Any) -> None:
    begin(page, "?kind=claim")
    assert page.locator("h2", has_text="Why the program thinks so").is_visible()
    assert page.locator(".proposal .list li").count() > 3
    assert "lexicon" in page.locator(".proposal").inner_text()
    chosen = page.locator("[data-text] .passage")
    words = flat(page.locator(".proposal blockquote").inner_text()).strip("“”")
    assert flat("".join(chosen.all_text_contents())).startswith(words)
    box, text = chosen.first.bounding_box(), page.locator("[data-text]").bounding_box()
    assert text["y"] <= box["y"] <= text["y"] + text["height"]


def test_blind_mode_hides_scores_and_reasons(page: Any) -> None:
    begin(page, "?kind=claim")
    assert page.locator("meter").count() > 0
    press(page, "b")
    assert page.locator("h2", has_text="Why the program").count() == 0
    assert page.locator("meter").count() == 0 and "0." not in page.locator(".proposal").inner_text()
    press(page, "b")
    assert page.locator("meter").count() > 0
    page.goto("/review?blind=true")
    assert set(page.locator("tbody td:last-child").all_inner_texts()) == {"hidden"}
    page.keyboard.press("j")
    press(page, "Enter")
    assert page.locator("meter").count() == 0  # the mode goes on from the queue


def test_a_claim_is_corrected_with_words_dragged_over(own_workbench: Workbench, opened: Opener, look: Any) -> None:
    page = opened(own_workbench, *look)
    event = open_event(page)
    begin(page, "?kind=claim")
    assert page.locator("#correct").is_hidden()
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "value"
    page.keyboard.press("Escape")
    words = drag_over(page, page.locator("[data-text] .k-content.s-asserts", has_text="Russian Volunteer Corps").or_(page.locator("[data-text] .k-content.s-asserts")).first)  # fmt: skip
    page.locator("h1").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("s")
    assert flat(words) in flat(page.locator("[data-taken]").inner_text())
    page.get_by_label("Value").fill("Grayvoron")
    page.get_by_label("Stance").select_option("denies")
    names = page.locator("#speakers option").evaluate_all("all => all.map((o) => o.value)")
    assert "Moscow" in names
    page.get_by_role("combobox", name="Speaker", exact=True).fill("Moscow")
    page.locator("summary", has_text="Add a note").click()
    page.locator("#note").fill("the translation mixed up the names")
    follow(page, page.get_by_role("button", name="Record the correction"))
    row = decisions(page)[0]
    assert row[1].startswith("correct") and "Moscow" in row[2] and "denies" in row[2] and "Grayvoron" in row[2]
    assert "translation" in row[3]
    page.goto(f"{event}?sources=200")
    assert page.locator('.matrix a[aria-label^="Moscow"][aria-label$="Grayvoron"]').count() == 1


def test_names_and_events_are_decided_by_the_same_keys(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    begin(page, "?kind=event")
    assert page.locator("h1").inner_text() == "Do these two tell the same event?"
    assert page.locator("mark").count() >= 2
    press(page, "n")
    press(page, "y")
    assert [row[1].split()[0] for row in decisions(page)] == ["same", "different"]


def test_a_decision_is_kept_when_the_next_run_comes(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    begin(page, "?kind=claim")
    press(page, "n")
    page.goto("/add")
    page.get_by_label("The text").fill(
        "Officials in Belgorod said on May 25, 2023 that the raid on Grayvoron was over."
    )
    follow(page, page.get_by_role("button", name="Read it"))
    page.locator("[data-stage]", has_text="done").wait_for(timeout=60_000)
    page.goto("/events?disputed=true")
    follow(page, page.locator("tr[data-event] a").first)
    assert page.locator(".matrix tbody th", has_text="North Korea").count() == 1
    assert [row[1] for row in decisions(page)] == ["reject"]


def test_two_reviewers_disagree_and_a_third_rules(staffed: Workbench, opened: Opener) -> None:
    rita, otto, ada = (opened(staffed) for _ in range(3))
    log_in(rita, "rita")
    begin(rita, "?kind=claim")
    asked = flat(rita.locator(".proposal .card").first.inner_text())
    press(rita, "y")
    press(rita, "y")
    log_in(otto, "otto")
    otto.goto("/review")
    otto.get_by_label("also what one other has judged").check()
    otto.get_by_label("blind").check()
    otto.get_by_label("Kind").select_option("claim")
    follow(otto, otto.get_by_role("button", name="Show"))
    queue = otto.url
    follow(otto, otto.locator("tbody a[href^='/review/-']").first)
    assert flat(otto.locator(".proposal .card").first.inner_text()) == asked
    assert "rita" not in otto.locator("main").inner_text()  # blind: what others decided is hidden
    press(otto, "b")
    assert "rita accept" in flat(otto.locator(".proposal").inner_text())
    press(otto, "n")
    otto.goto(queue)
    follow(otto, otto.locator("tbody a[href^='/review/-']").first)
    press(otto, "y")
    log_in(ada, "ada")
    ada.goto("/review")
    follow(ada, ada.get_by_role("link", name="Agreement"))
    claims = ada.locator("tbody tr", has_text="claim").locator("td").all_inner_texts()
    assert claims[:4] == ["2", "2", "2", "50 %"] and float(claims[4]) == pytest.approx(0.0, abs=0.5)
    event = open_event(ada)
    assert ada.locator(".matrix tbody th", has_text="North Korea").count() == 2  # a quarrel has no effect
    ada.goto("/review/agreement")
    follow(ada, ada.get_by_role("link", name="Adjudicate"))
    assert "adjudication" in ada.locator("h1").inner_text()
    assert "rita" in ada.locator(".proposal").inner_text() and "otto" in ada.locator(".proposal").inner_text()
    press(ada, "n")
    assert "adjudicated: reject by ada" in ada.locator("main").inner_text()
    ada.goto(event)
    assert ada.locator(".matrix tbody th", has_text="North Korea").count() == 1


def test_corrections_leave_as_training_data(own_workbench: Workbench, opened: Opener) -> None:
    page = opened(own_workbench)
    begin(page, "?kind=claim")
    page.keyboard.press("c")
    page.get_by_label("Value").fill("Belgorod")
    follow(page, page.get_by_role("button", name="Record the correction"))
    page.goto("/review")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="jsonl").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)
