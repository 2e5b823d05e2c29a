"""The drawings of the workbench in a real browser: map, network and casualty chart on made-up data, under the workbench's CSP."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import LOOKS
from tests.conftest import ROOT

BUILT = ROOT / "src" / "sayso" / "web" / "static" / "built"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here"),
    pytest.mark.skipif(
        not (BUILT / "COMPLETE").exists(), reason="the drawings are not built: run `node build.mjs` in frontend/"
    ),
]
# Chromium draws WebGL in software, so that it is there on machines without a graphics card too.
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--disable-sync", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "worker-src 'self' blob:; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HOSTILE = "<img src=x onerror=alert(1)>"
STATUSES = ["disputed", "denied", "corroborated", "single-source", "superseded", ""]
RELATIONS = ["accuses", "denies", "contradicts", "confirms", "commands", "belongs_to"]
LIGHT = (
    "--ink:#1d2129;--paper:#fff;--soft:#586070;--line:#dcd8cf;--accent:#0b57a4;--sea:#e3ebf1;--land:#f7f4ec;"
    "--status-disputed:#b3261e;--status-denied:#8a4b00;--status-corroborated:#1f6e43;--status-single-source:#1f5fa8;"
    "--status-superseded:#6a6f7b;--status-none:#7b818c;--relation-accuses:#b3261e;--relation-denies:#b26500;"
    "--relation-contradicts:#8e3a9d;--relation-confirms:#1f6e43;--relation-commands:#1f5fa8;--relation-belongs_to:#7b818c;"
)
DARK = (
    "--ink:#e8e6e1;--paper:#14171c;--soft:#a4abb8;--line:#343a45;--accent:#8ec1ff;--sea:#18222c;--land:#242a31;"
    "--status-disputed:#ff8a80;--status-denied:#f2b35e;--status-corroborated:#6fd39b;--status-single-source:#82b8ff;"
    "--status-superseded:#9aa1ad;--status-none:#8c939f;--relation-accuses:#ff8a80;--relation-denies:#f2b35e;"
    "--relation-contradicts:#d79be3;--relation-confirms:#6fd39b;--relation-commands:#82b8ff;--relation-belongs_to:#8c939f;"
)
STYLE = f"""
:root {{ color-scheme: light dark; {LIGHT} }}
@media (prefers-color-scheme: dark) {{ :root {{ {DARK} }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, Arial, sans-serif; }}
[hidden] {{ display: none !important; }}
"""
MAP_PAGE = """
<form><label>From <input type=date name=since></label> <label>Until <input type=date name=until></label></form>
<section data-map data-source="/map.json" data-countries="/built/countries.json">
<div data-map-canvas></div><p data-map-note role=status></p><div data-brush></div><div data-lanes></div></section>
<table><tbody>{rows}</tbody></table>
"""
NETWORK_PAGE = """
<form>{boxes}<label>Find <input type=search data-network-find></label></form>
<section data-network data-source="/network.json"><div data-network-canvas></div>
<aside data-network-panel></aside><p data-network-note role=status></p></section>
"""
CHART_PAGE = '<figure data-casualties data-source="/casualties.json"><div data-chart></div></figure>'
SPOTS = [("Shebekino", 36.88, 50.41), ("Grayvoron", 35.67, 50.48), ("Kozinka", 35.53, 50.42), ("Belgorod", 36.59, 50.6)]


def event(number: int, spot: tuple[str, float, float], precision: str, **more: Any) -> dict[str, Any]:
    first = date(2023, 5, 20) + timedelta(days=number % 9)
    properties = {
        "title": f"Event {number} at {spot[0]}",
        "type": "attack",
        "status": STATUSES[number % len(STATUSES)],
        "first_day": str(first),
        "last_day": str(first + timedelta(days=number % 3)),
        "place": spot[0],
        "precision": precision,
        "country": "RU",
        "radius_km": None,
        "documents": 3,
        "informants": 2,
        "href": f"/events/{number}",
    }
    point = {"type": "Point", "coordinates": list(spot[1:])}
    return {"type": "Feature", "id": f"e{number}", "geometry": point, "properties": properties | more}


def events() -> list[dict[str, Any]]:
    made = [event(n, SPOTS[n % len(SPOTS)], "city" if n % 2 else "exact") for n in range(32)]
    region = ("Belgorod region", 37.2, 50.8)
    made += [event(n, region, "province", radius_km=95) for n in range(32, 35)]
    made += [event(35, ("Sumy district", 34.8, 50.9), "district", radius_km=30)]
    made += [event(n, ("Russia", 0.0, 0.0), "country") | {"geometry": None} for n in (36, 37)]
    made += [event(38, SPOTS[0], "city", first_day=None, last_day=None)]
    return [*made, event(39, ("Bakhmut", 38.0, 48.59), "city", title=HOSTILE, place=HOSTILE)]


def network(count: int) -> dict[str, Any]:
    chance = random.Random(7)
    names = [
        "Ministry of Defence",
        "Governor Gladkov",
        "Russian Volunteer Corps",
        "Legion Freedom of Russia",
        "Belgorod",
    ]
    names += ["General Staff", "Kremlin spokesman", "Grayvoron", "Kharkiv administration", "Security Service", HOSTILE]
    types = ["organisation", "person", "organisation", "place"]
    nodes = [
        {
            "id": f"n{n}",
            "name": names[n] if n < len(names) else f"Actor number {n}",
            "type": types[n % len(types)],
            "weight": 1 + int(40 / (1 + n)) + n % 3,
            "href": f"/actors/n{n}",
        }
        for n in range(count)
    ]
    pairs = [(n, chance.randrange(max(1, min(n, 6 if n % 3 else n)))) for n in range(1, count)]
    pairs += [(chance.randrange(count), chance.randrange(count)) for _ in range(count // 2)] + [(0, 1), (1, 0)]
    edges = [
        {
            "source": f"n{a}",
            "target": f"n{b}",
            "relation": RELATIONS[(a + b + i) % 6],
            "count": 1 + i % 4,
            "href": f"/claims?edge={i}",
        }
        for i, (a, b) in enumerate(pairs)
        if a != b
    ]
    return {"nodes": nodes, "edges": edges}


def said(day: int, low: int | None, high: int | None, speaker: str, **more: Any) -> dict[str, Any]:
    base = {"said": str(date(2023, 5, 22) + timedelta(days=day)), "low": low, "high": high, "speaker": speaker}
    rest = {
        "hedge": None,
        "outlet": None,
        "href": f"/documents/{speaker[:3]}{day}",
        "status": "held",
        "words": "killed",
    }
    return base | rest | more


def casualties() -> dict[str, Any]:
    killed = [
        said(0, 1, 1, "Governor Gladkov", status="superseded"),
        said(1, 2, 2, "Governor Gladkov", outlet="TASS"),
        said(1, 70, None, "Russian Ministry of Defence", hedge="more than"),
        said(2, 0, 0, "Legion Freedom of Russia", status="denied"),
        said(2, 12, 14, HOSTILE),
        said(3, None, 30, "Kharkiv administration", hedge="up to"),
    ]
    injured = [said(0, 8, 8, "Governor Gladkov"), said(1, 12, 12, "Governor Gladkov"), said(1, 12, 13, "Hospital")]
    return {"kinds": [{"kind": "killed", "counts": killed}, {"kind": "injured", "counts": injured}]}


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CSP)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Tests speak through their assertions."""


def html_page(body: str, *scripts: str) -> str:
    styles = "".join(
        f'<link rel=stylesheet href="{s}">' for s in ["/built/map.css", "/built/drawings.css", "/page.css"]
    )
    modules = "".join(f'<script type=module src="/built/{s}.js"></script>' for s in scripts)
    return f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Drawings</title><link rel=icon href=data:,>{styles}{modules}<body>{body}"


def fill(folder: Path) -> None:
    (folder / "built").symlink_to(BUILT)
    found = events()
    rows = "".join(f'<tr data-event="{e["id"]}"><td>{e["id"]}</td></tr>' for e in found)
    boxes = "".join(f"<label><input type=checkbox name=relation value={r} checked>{r}</label>" for r in RELATIONS)
    answer = {"type": "FeatureCollection", "features": found, "total": 1234, "shown": len(found), "countries": {}}
    files = {
        "page.css": STYLE,
        "map.html": html_page(MAP_PAGE.format(rows=rows), "map"),
        "network20.html": html_page(NETWORK_PAGE.format(boxes=boxes).replace("/network", "/network20"), "network"),
        "network2000.html": html_page(NETWORK_PAGE.format(boxes=boxes).replace("/network", "/network2000"), "network"),
        "chart.html": html_page(CHART_PAGE, "casualties"),
        "lost.html": html_page(MAP_PAGE.replace("/map.json", "/lost.json").format(rows=rows), "map"),
        "map.json": json.dumps(answer),
        "network20.json": json.dumps(network(20)),
        "network2000.json": json.dumps(network(2000)),
        "casualties.json": json.dumps(casualties()),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("drawings")
    fill(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def player() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(player: Any) -> Iterator[Any]:
    chromium = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield chromium
    chromium.close()


@pytest.fixture(params=LOOKS, ids=lambda p: f"{p[0]}-{p[1]}")
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=address)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda d: (problems.append(d.message), d.dismiss()))
    page.on(
        "request", lambda r: None if r.url.startswith((address, "data:", f"blob:{address}")) else problems.append(r.url)
    )
    yield page
    fits = page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    # Software WebGL complains of its own slowness when a screenshot reads the canvas back.
    assert [p for p in problems if "GPU stall" not in p] == []
    assert fits


def ready(page: Any, name: str) -> dict[str, str]:
    page.goto(f"/{name}.html")
    page.wait_for_selector("[data-ready]", timeout=60_000)
    drawn: dict[str, str] = page.evaluate("({...document.querySelector('[data-ready]').dataset})")
    return drawn


def drag_across(page: Any, start: float, end: float) -> None:
    overlay = page.locator("[data-brush] .overlay")
    overlay.scroll_into_view_if_needed()
    box = overlay.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, middle, steps=6)
    page.mouse.up()


def test_the_map_draws_points_clusters_and_areas(page: Any) -> None:
    drawn = ready(page, "map")
    assert (drawn["ready"], drawn["areas"], drawn["shown"]) == ("true", "3", "40")
    assert page.locator(".drawn-cluster").count() >= 1
    assert page.locator(".drawn-area").count() == int(drawn["areas"])
    counted = [int(text) for text in page.locator(".drawn-cluster > span").all_inner_texts()]
    assert sum(counted) + page.locator(".drawn-point").count() == 34  # every event that has a point, none twice
    assert "1 without a day" in page.locator("[data-map-note]").inner_text()


def test_a_sign_opens_its_events_by_keyboard_and_closes(page: Any) -> None:
    ready(page, "map")
    cluster = page.locator(".drawn-cluster").first
    count = int(cluster.locator("span").inner_text())
    cluster.focus()
    page.keyboard.press("Enter")
    popup = page.locator("[role=dialog]")
    popup.wait_for()
    assert popup.locator("li").count() == count
    assert str(popup.locator("a.drawn-title").first.get_attribute("href")).startswith("/events/")
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert page.evaluate("document.activeElement.classList.contains('drawn-cluster')")


def test_brushing_filters_rows_lanes_and_inputs_at_once(page: Any) -> None:
    ready(page, "map")
    drag_across(page, 0.3, 0.5)
    shown = int(page.locator("[data-map]").get_attribute("data-shown"))
    assert 0 < shown < 40
    assert page.locator("tr[data-event]:visible").count() == shown == page.locator("[data-lane]").count()
    since, until = (page.input_value(f"input[name={name}]") for name in ("since", "until"))
    note = page.locator("[data-map-note]").inner_text()
    assert f"{shown} of 40 events from {since} to {until}." in note and "1 undated event left out" in note
    page.click("text=Whole time")
    assert page.locator("tr[data-event]:visible").count() == 40
    assert page.input_value("input[name=since]") == ""


def test_the_inputs_move_the_brush(page: Any) -> None:
    ready(page, "map")
    page.fill("input[name=since]", "2023-05-22")
    page.fill("input[name=until]", "2023-05-24")
    page.dispatch_event("input[name=until]", "change")
    assert "from 2023-05-22 to 2023-05-24" in page.locator("[data-map-note]").inner_text()
    selection = page.locator("[data-brush] .selection").bounding_box()
    overlay = page.locator("[data-brush] .overlay").bounding_box()
    assert selection["width"] == pytest.approx(overlay["width"] * 3 / 11, abs=2)


def test_a_map_that_cannot_be_loaded_says_so_and_leaves_the_table(browser: Any, address: str) -> None:
    page = browser.new_page(base_url=address)
    assert ready(page, "lost")["ready"] == "failed"
    assert "could not be loaded" in page.locator("[data-map-canvas]").inner_text()
    assert page.locator("tr[data-event]:visible").count() == 40
    page.close()


def test_without_webgl_time_and_table_still_work(player: Any, address: str) -> None:
    chromium = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    page = chromium.new_page(base_url=address)
    assert ready(page, "map")["ready"] == "without-map"
    assert "WebGL" in page.locator("[data-map-canvas]").inner_text()
    drag_across(page, 0.3, 0.5)
    assert 0 < page.locator("tr[data-event]:visible").count() < 40
    assert ready(page, "network20")["ready"] == "failed"
    assert "table below" in page.locator("[data-network-canvas]").inner_text()
    chromium.close()


@pytest.mark.parametrize("count", [20, 2000])
def test_the_network_finds_a_name_and_lists_its_relations(page: Any, count: int) -> None:
    drawn = ready(page, f"network{count}")
    assert drawn["nodes"] == str(count)
    page.fill("[data-network-find]", "Governor Gladkov")
    assert page.locator("[data-network]").get_attribute("data-chosen") == "n1"
    links = page.locator("[data-network-panel] li a")
    assert page.locator("[data-network-panel] h3").inner_text() == "Governor Gladkov"
    assert links.count() == sum("n1" in (e["source"], e["target"]) for e in network(count)["edges"])
    assert "claim" in links.first.inner_text()
    assert str(links.first.get_attribute("href")).startswith("/claims?edge=")


def test_relations_are_filtered_and_zoomed_by_buttons(page: Any) -> None:
    drawn = ready(page, "network20")
    page.uncheck("input[value=accuses]")
    accusing = sum(e["relation"] == "accuses" for e in network(20)["edges"])
    assert int(page.locator("[data-network]").get_attribute("data-edges")) == int(drawn["edges"]) - accusing
    for label in ("Zoom in", "Zoom out", "Show the whole network"):
        page.get_by_role("button", name=label).click()


def test_the_same_network_looks_the_same_each_time(browser: Any, address: str) -> None:
    pictures = []
    for _ in range(2):
        page = browser.new_page(base_url=address, viewport={"width": 900, "height": 900})
        ready(page, "network20")
        page.wait_for_timeout(300)
        pictures.append(page.locator(".drawn-stage").screenshot())
        page.close()
    assert pictures[0] == pictures[1]


def test_the_chart_marks_every_count_and_links_it(page: Any) -> None:
    drawn = ready(page, "chart")
    given = [count for kind in casualties()["kinds"] for count in kind["counts"]]
    assert drawn["marks"] == str(len(given))
    assert page.locator("a[data-count]").count() == len(given)
    assert page.locator("a[data-count] .drawn-superseded").count() == 1
    assert page.locator("a[data-count] .drawn-struck").count() == 1
    titles = " ".join(page.locator("a[data-count] title").all_text_contents())
    assert "more than 70, says Russian Ministry of Defence" in titles and "12 to 14" in titles
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize))"
    )
    assert min(sizes) >= 11


@pytest.mark.parametrize("name", ["map", "network20", "chart"])
def test_hostile_names_stay_text(page: Any, name: str) -> None:
    ready(page, name)
    if name == "network20":
        page.fill("[data-network-find]", HOSTILE)
    if name == "map":
        page.locator(".drawn-point").first.dispatch_event("click")
        page.locator("[role=dialog]").wait_for()
    assert page.locator("img").count() == 0
    assert HOSTILE in page.evaluate("document.body.textContent")
