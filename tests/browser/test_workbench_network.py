"""The network: a name is found, an edge opens the words behind it, relations are chosen; with twenty names and with two thousand."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import (
    Opener,
    Workbench,
    copied,
    flat,
    follow,
    needs_chromium,
    needs_drawings,
    passage,
    served,
)

pytestmark = [pytest.mark.browser, needs_chromium]
RELATIONS = ("accuses", "denies", "contradicts", "confirms")


@pytest.fixture(scope="module")
def crowded(raid: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The example reports, and two thousand more names with ties between them."""
    path = copied(raid, tmp_path_factory.mktemp("crowded"))
    chance = random.Random(5)
    ids = [f"{n:020x}" for n in range(1, 2001)]
    with sqlite3.connect(path) as db:
        last = db.execute("select max(number) from names").fetchone()[0]
        document, day = db.execute("select id, published from documents order by id limit 1").fetchone()
        kinds = ["person", "organisation", "place"]
        db.executemany(
            'insert into names (number, id, type, name, "key", identity) values (?, ?, ?, ?, ?, ?)',
            [(last + n, i, kinds[n % 3], f"Actor number {n}", f"actor number {n}", i) for n, i in enumerate(ids, 1)],
        )
        pairs = [(a, b) for n, a in enumerate(ids) if (b := ids[chance.randrange(max(1, n // 4 + 1))]) != a]
        db.executemany(
            'insert into ties (relation, "left", "right", document_id, start, "end", said) values (?, ?, ?, ?, 0, 20, ?)',
            [(RELATIONS[n % 4], a, b, document, day) for n, (a, b) in enumerate(pairs)],
        )
    with served(path) as running:
        yield running


def drawn(page: Any, address: str = "/network") -> Any:
    page.goto(address)
    page.locator("[data-network][data-ready=true]").wait_for(timeout=60_000)
    return page.locator("[data-network]")


@needs_drawings
def test_a_name_is_found_and_its_edge_opens_the_words(page: Any) -> None:
    section = drawn(page)
    page.get_by_label("Find a name").fill("Andriy Yusov")
    page.keyboard.press("Enter")
    panel = section.locator("[data-network-panel]")
    assert panel.locator("h3").inner_text() == "Andriy Yusov"
    edge = panel.get_by_role("link", name="accuses Freedom of Russia Legion")
    follow(page, edge)
    assert page.locator("h1").inner_text() == "Andriy Yusov accuses Freedom of Russia Legion"
    words = flat(page.locator("a.words").first.inner_text())
    follow(page, page.locator("a.words").first)
    assert flat(passage(page)).startswith(words[:80])


@needs_drawings
def test_relations_are_chosen_by_their_boxes(desktop: Any) -> None:
    section = drawn(desktop)
    everything = int(section.get_attribute("data-edges"))
    accusing = desktop.locator("tbody tr", has_text="accuses").count()
    desktop.get_by_label("accuses").uncheck()
    assert int(section.get_attribute("data-edges")) == everything - accusing
    desktop.get_by_label("accuses").check()
    assert int(section.get_attribute("data-edges")) == everything


@needs_drawings
def test_two_thousand_names_are_drawn_and_one_is_found(opened: Opener, crowded: Workbench, look: Any) -> None:
    page = opened(crowded, *look)
    section = drawn(page)
    page.get_by_label("At most").select_option("2000")
    follow(page, page.get_by_role("button", name="Show", exact=True))
    page.locator("[data-network][data-ready=true]").wait_for(timeout=60_000)
    assert int(section.get_attribute("data-nodes")) == 2000
    page.get_by_label("Find a name").fill("Actor number 1")
    page.keyboard.press("Enter")
    panel = section.locator("[data-network-panel]")
    assert panel.locator("h3").inner_text() == "Actor number 1"
    assert panel.locator("li a").count() > 3
    assert page.locator("tbody tr").count() == 500 and "500 edges" in page.locator("main").inner_text()


def test_the_table_holds_the_same_without_the_drawing(page: Any) -> None:
    page.goto("/network")
    row = page.locator("tbody tr", has_text="Mykhailo Podolyak").first
    assert "denies" in row.inner_text()
    follow(page, row.get_by_role("link", name="statement"))
    assert page.locator("a.words").count() >= 1
    follow(page, page.locator("h1 a").first)
    assert page.locator("h1").inner_text().startswith("Mykhailo Podolyak")
    follow(page, page.get_by_role("link", name="Network", exact=True).last)
    assert "around Mykhailo Podolyak" in page.locator("h1").inner_text()
    assert all("Podolyak" in t for t in page.locator("tbody tr").all_inner_texts())
