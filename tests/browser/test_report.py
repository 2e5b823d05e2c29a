"""The report page in a real browser: widths, colour schemes, keyboard, filters, links; no request, no error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.export.report import render_report, told_across
from sayso.ingest import load
from sayso.ledger import open_ledger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.records import Document
from tests.conftest import EXAMPLES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = "The army said “<script>document.title='owned'</script><img src=x onerror=alert(1)>” and <b>denied</b> it. </style></script><script>alert(2)</script>"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory, rules) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    with open_ledger(path.with_name("raid.db")) as ledger:
        add_documents([d for d in load([EXAMPLES]) if isinstance(d, Document)], ledger, rules)
        link_and_weigh(ledger)
        readings = list(ledger.readings())
        with ledger.engine.connect() as connection:
            across = told_across(connection, [r.document.id for r in readings])
    path.write_text(render_report(readings, "A raid", across), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")], ids=lambda p: f"{p[0]}-{p[1]}")
def page(request: pytest.FixtureRequest, browser, page_file: Path):
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.problems, page.requests = [], []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda r: page.requests.append(r.url))
    page.goto(page_file.as_uri())
    yield page
    assert page.problems == []
    assert [u for u in page.requests if not u.startswith(("file:", "data:"))] == []
    context.close()


def test_it_fits_and_asks_nothing(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.locator("h1").inner_text() == "A raid"
    assert page.locator("#table tbody tr").count() > 15


def test_filters_by_words_and_stance(page) -> None:
    page.fill("#q", "Gladkov")
    assert 0 < page.locator("#table tbody tr:visible").count() < page.locator("#table tbody tr").count()
    page.fill("#q", "")
    page.uncheck("input[value=asserts]")
    assert page.locator("#table tbody tr[data-stance=asserts]:visible").count() == 0
    assert "shown" in page.locator("#shown").inner_text()


def test_a_row_leads_to_its_words(page) -> None:
    link = page.locator("#table tbody tr[data-stance=denies] a.words").first
    words = link.inner_text()
    link.click()
    lit = page.locator(".text .seg.on.k-content")
    lit.first.wait_for(state="attached")  # the page follows its address a moment after the click
    assert "".join(lit.all_inner_texts())[:30] in words or words[:20] in "".join(lit.all_inner_texts())


def test_keyboard_reaches_the_content(page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#who"


def test_every_number_and_reference_has_its_target(page) -> None:
    missing = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id))"
    )
    assert missing == []


def test_text_has_contrast(page) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for the text of every mark, cell and note."""
    low = page.evaluate(
        """() => {
          const parse = (c) => c.match(/[\\d.]+/g).map(Number);
          const lum = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
          const back = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
          return [...document.querySelectorAll('.seg, td, th, dd, dt, small, .chip, .note, .facts, a, .warning, footer p')].filter((e) => e.innerText && !e.closest('svg')).map((e) => {
            const a = lum(parse(getComputedStyle(e).color)), b = lum(back(e));
            return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.className, e.innerText.slice(0, 20)];
          }).filter(([ratio]) => ratio < 4.5).slice(0, 5);
        }"""
    )
    assert low == []


def test_names_for_screen_readers(page) -> None:
    assert page.locator("svg[role=img]:not([aria-label])").count() == 0
    assert (
        page.locator("input:not([type=checkbox])").count() == page.locator("label input:not([type=checkbox])").count()
    )
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_quarrel_is_shown_with_its_sides_and_leads_to_the_reports(page) -> None:
    first = page.locator("details.across").first
    text = first.inner_text()
    assert "disputed" in text and "✗" in text and "a party" in text and "(proposed)" in text
    assert "both cannot" in text or "cannot all hold" in text
    link = first.locator("li a").first
    link.click()
    assert page.evaluate("location.hash").startswith("#d")


def test_hostile_documents_stay_text(browser, tmp_path: Path, rules) -> None:
    from dataclasses import replace

    from sayso.ingest import load_text

    document = replace(
        load_text(HOSTILE),
        title=HOSTILE,
        outlet="<svg onload=alert(3)>",
        url='javascript:alert(4)"><script>',
        path="<script>alert(5)</script>.txt",
    )
    (tmp_path / "evil.html").write_text(render_report([rules.read(document)]), encoding="utf-8")
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda d: (dialogs.append(d.message), d.dismiss()))
    page.goto((tmp_path / "evil.html").as_uri())
    page.wait_for_timeout(200)
    assert dialogs == [] and page.title() != "owned"
    assert "<script>document.title='owned'</script>" in page.locator(".text").inner_text()
    assert page.locator(".document img, .document script").count() == 0
    page.close()
