"""Who may do what, and whether everybody can: logins and roles; keyboard, focus, sizes, narrow windows, and axe on every page."""

from __future__ import annotations

import gzip
import json
import re
import urllib.request
from typing import Any

import pytest

from tests.browser.conftest import LOOKS, PASSWORD, Opener, Workbench, follow, log_in, needs_chromium, open_event

pytestmark = [pytest.mark.browser, needs_chromium]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MOST_SCRIPT = 250_000
"""bytes, compressed, of the first page"""
# Targets of at least 24 pixels; links within sentences, and those that a sentence's line holds, are excepted by WCAG 2.5.8.
SMALL = """() => [...document.querySelectorAll("button, summary, select, input:not([type=hidden]), .button, nav a, .tiles a, .facets a, .matrix a")]
  .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden, .skip"))
  .map((e) => [e.type === "checkbox" ? e.closest("label") ?? e : e, e]).map(([e, own]) => [e.getBoundingClientRect(), own])
  .filter(([box]) => box.width && (box.width < 24 || box.height < 24)).map(([box, e]) => `${e.outerHTML.slice(0, 90)} ${box.width}×${box.height}`)"""


def addresses(running: Workbench) -> dict[str, str]:
    """Every kind of page, by name."""

    def asked(path: str) -> Any:
        with urllib.request.urlopen(f"{running.address}/api/{path}") as answer:
            return json.load(answer)

    event = max(asked("events")["items"], key=lambda e: e["documents"])["id"]
    document = max(asked("documents")["items"], key=lambda d: d["warnings"])["id"]
    waiting = {i["kind"]: i["id"] for i in reversed(asked("review")["items"])}
    network = asked("network")
    fixed = (
        "add documents claims events map network names outlets review judgements takeaway failures guide people audit"
    )
    return {
        "start": "/",
        **{name: f"/{name}" for name in fixed.split()},
        "agreement": "/review/agreement",
        "search": "/search?q=Gladkov",
        "claims-narrowed": "/claims?stance=denies",
        "nothing-found": "/claims?stance=promises",
        "document": f"/documents/{document}",
        "event": f"/events/{event}",
        "edge": network["edges"][0]["href"],
        "person": next(n["href"] for n in network["nodes"] if n["type"] == "person"),
        "place": next(n["href"] for n in network["nodes"] if n["type"] == "place"),
        "outlet": "/outlets/Valley%20Courier",
        "review-claim": f"/review/{waiting['claim']}",
        "review-blind": f"/review/{waiting['claim']}?blind=true",
        "review-event": f"/review/{waiting['event']}",
    }


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=lambda p: f"{p[0]}-{p[1]}")
def test_every_page_fits_is_touched_easily_and_satisfies_axe(page: Any, workbench: Workbench) -> None:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed here")
    found = []
    for name, address in addresses(workbench).items():
        page.goto(address)
        if page.locator("[data-map], [data-network], [data-casualties]").count():
            page.locator("[data-ready]").first.wait_for(timeout=60_000)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(name, "wide", wide)] if wide > page.viewport_size["width"] else []
        found += [(name, "small", e) for e in page.evaluate(SMALL)]
        page.evaluate(axe.AXE_SCRIPT)
        told = page.evaluate("(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", WCAG)
        serious = [v for v in told["violations"] if v["impact"] in ("serious", "critical")]
        found += [(name, v["id"], v["nodes"][0]["target"], v["nodes"][0].get("failureSummary")) for v in serious]
    assert found == []


def test_the_first_page_s_script_is_small(desktop: Any) -> None:
    scripts = []
    desktop.on("response", lambda r: scripts.append(r) if r.request.resource_type == "script" else None)
    desktop.goto("/")
    desktop.wait_for_load_state("networkidle")
    assert scripts
    assert sum(len(gzip.compress(r.body(), 5)) for r in scripts) < MOST_SCRIPT


def test_tab_reaches_the_content_and_shows_where_it_is(page: Any) -> None:
    page.goto("/claims")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth), document.activeElement.outerHTML.slice(0, 120)]; })()"
        )
        assert ring[0] != "none" and ring[1] >= 2, ring


def test_a_menu_closes_by_escape_and_gives_the_focus_back(desktop: Any) -> None:
    desktop.goto("/")
    menu = desktop.locator(".bar details.menu")
    menu.locator("summary").focus()
    desktop.keyboard.press("Enter")
    assert menu.get_by_role("link", name="Guide and keys").is_visible()
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert desktop.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_nothing_moves_for_who_wants_it_still(opened: Opener, workbench: Workbench) -> None:
    page = opened(workbench, reduced_motion="reduce")
    for address in ("/", "/claims", open_event(page)):
        page.goto(address)
        moving = "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); return s.scrollBehavior === 'smooth' || parseFloat(s.transitionDuration) > 0.01 || parseFloat(s.animationDuration) > 0.01; }).map((e) => e.outerHTML.slice(0, 80))"
        assert page.evaluate(moving) == []


def test_without_scripts_pages_can_be_read(opened: Opener, workbench: Workbench) -> None:
    page = opened(workbench, java_script_enabled=False)
    page.goto("/claims?stance=denies")
    assert page.locator("tbody tr").count() > 5 and page.locator(".facets h2").first.is_visible()
    page.locator("tbody a.words").first.click()
    assert page.locator("#passage").is_visible()


def test_login_and_logout(staffed: Workbench, opened: Opener, look: Any) -> None:
    page = opened(staffed, *look, allowed=["status of 401", "status of 403"])
    page.goto("/claims?stance=denies")
    assert page.locator("h1").inner_text() == "Log in"
    assert page.locator("nav").count() == 0
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill("a wrong one")
    follow(page, page.get_by_role("button", name="Log in"))
    assert page.locator("[role=alert]").is_visible()
    assert page.context.cookies() == []
    page.get_by_label("Name").fill("rita")
    page.get_by_label("Password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Log in"))
    assert page.url.endswith("/claims?stance=denies")  # on to where one wanted to go
    page.locator(".bar details.menu summary").click()
    assert "reviewer" in page.locator(".bar details.menu").inner_text()
    follow(page, page.get_by_role("button", name="Log out"))
    page.goto("/documents")
    assert page.locator("h1").inner_text() == "Log in"


def test_a_reader_looks_and_decides_nothing(staffed: Workbench, opened: Opener) -> None:
    page = opened(staffed, allowed=["status of 403"])
    log_in(page, "rob")
    open_event(page)
    assert page.get_by_role("button", name=re.compile("^(Split|Merge)")).count() == 0
    assert page.locator("main").get_by_role("link", name="Review").count() == 0
    assert page.get_by_role("link", name="Bring in", exact=True).count() == 0
    page.goto("/names")
    follow(page, page.locator("main .list a").first)
    assert page.locator("main form").count() == 0
    for address in ("/review", "/add", "/people", "/audit"):
        page.goto(address)
        assert page.locator("h1").inner_text() == "Forbidden"
    page.goto("/judgements")
    assert page.get_by_role("button", name=re.compile("^Undo")).count() == 0


def test_an_admin_adds_somebody_who_can_log_in(staffed: Workbench, opened: Opener) -> None:
    page = opened(staffed)
    log_in(page, "ada")
    page.goto("/people")
    form = page.locator("form[action='/people']")
    form.get_by_label("Name").fill("nina")
    form.get_by_label("Password").fill(PASSWORD)
    form.get_by_label("Role").select_option("reader")
    follow(page, form.get_by_role("button", name="Add"))
    other = opened(staffed)
    log_in(other, "nina")
    assert other.locator(".tiles").is_visible()
    page.goto("/audit")
    assert "nina" in page.locator("tbody").inner_text()
