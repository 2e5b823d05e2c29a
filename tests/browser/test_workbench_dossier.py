"""Dossiers: an actor, a place and an outlet, each line with its words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Opener, copied, flat, follow, needs_chromium, passage

pytestmark = [pytest.mark.browser, needs_chromium]


def open_name(page: Any, name: str) -> None:
    page.goto("/names")
    page.get_by_label("Name, in any script").fill(name)
    follow(page, page.get_by_role("button", name="Find").last)
    follow(page, page.locator("main").get_by_role("link", name=name, exact=True).first)


def test_an_actor_s_statements_lead_to_their_words(page: Any) -> None:
    open_name(page, "Vyacheslav Gladkov")
    assert "person" in page.locator("h1").inner_text()
    said = page.locator("section", has=page.locator("#h-said"))
    assert said.locator("li").count() >= 8
    words = flat(said.locator("a.words").first.inner_text())
    follow(page, said.locator("a.words").first)
    assert flat(passage(page)).startswith(words[:60])


def test_a_name_in_another_script_finds_the_actor(desktop: Any) -> None:
    desktop.goto("/names")
    desktop.get_by_label("Name, in any script").fill("Гладков")
    follow(desktop, desktop.get_by_role("button", name="Find").last)
    assert desktop.locator("main").get_by_role("link", name="Vyacheslav Gladkov").count() == 1


def test_a_place_leads_to_the_map_and_to_the_claims(page: Any) -> None:
    open_name(page, "Grayvoron")
    assert "place" in page.locator("h1").inner_text()
    assert page.locator(".told a.words").count() > 3
    dossier = page.url
    follow(page, page.get_by_role("link", name="On the map"))
    assert "attack in Grayvoron" in page.locator("main").inner_text()
    page.goto(dossier)
    follow(page, page.get_by_role("link", name="Claims about it"))
    assert page.locator("tbody tr").count() > 3


def test_an_outlet_says_what_it_reprints_and_what_became_of_its_claims(page: Any) -> None:
    page.goto("/outlets")
    follow(page, page.get_by_role("link", name="Valley Courier"))
    assert "from 1-wire.txt" in flat(page.locator("section", has=page.locator("#h-from")).inner_text())
    later = page.locator("section", has=page.locator("#h-later"))
    rows = {r.locator("th").inner_text(): r.locator("td").first.inner_text() for r in later.locator("tbody tr").all()}
    assert set(rows) >= {"denied", "contradicted", "retracted", "replaced by a later count"}
    assert int(rows["of all its claims about events"]) > 10
    follow(page, page.get_by_role("link", name="Its claims"))
    assert "Valley Courier" in page.locator(".chosen-facets").inner_text()


def test_names_are_merged_from_the_dossier_and_parted_again(
    serving: Any, opened: Opener, raid: Path, tmp_path: Path
) -> None:
    path = copied(raid, tmp_path)
    with sqlite3.connect(path) as db:  # the example reports hold no two names that may be one: let two be thought so
        ids = sorted(
            db.execute("select id from names where name = ?", (n,)).fetchone()[0] for n in ("Telegram", "Kremlin")
        )
        db.execute("insert into name_links values (?, ?, 'unsure', 0.5, '[]')", ids)
    page = opened(serving(path))
    open_name(page, "Telegram")
    names = page.locator("section", has=page.locator("#h-names")).locator("li b")
    assert names.all_inner_texts() == ["Telegram"]
    follow(page, page.get_by_role("button", name="Kremlin is the same: merge"))
    assert sorted(names.all_inner_texts()) == ["Kremlin", "Telegram"]
    follow(page, page.get_by_role("button", name="is another: split it off"))
    assert "another" not in page.locator("h1").inner_text()
    assert names.count() == 1, page.locator("main").inner_text()
