"""TimeMap's files: what its viewer validates, checked as it does; nothing refers to what is not there."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.export import LossReport, write
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid

EVENT = set(
    """id description date time time_precision location latitude longitude type category category_full associations sources
    comments time_display narrative___stepStyles shape colour""".split()
)
"""keys that the viewer's schema of events knows; it drops an event with any other"""
SOURCE = set("id title thumbnail paths type affil_s url description parent author date notes".split())
ASSOCIATION = set("id title desc mode colour type display filter_paths".split())
SITE = set("id description site latitude longitude enabled".split())


def _written(*events: dict[str, Any]) -> tuple[dict[str, Any], LossReport]:
    out = io.BytesIO()
    report = write(events, out, "timemap")
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}, report


def _all_text(entry: dict[str, Any], *lists: str) -> bool:
    return all(isinstance(value, list if name in lists else str) for name, value in entry.items())


def _valid(found: dict[str, Any]) -> None:
    """As the viewer validates: keys, types, references, dates, unique associations."""
    assert set(found) == {"events", "sources", "associations", "sites"}
    ids = [a["id"] for a in found["associations"]]
    assert len(ids) == len(set(ids))
    for entry in found["events"]:
        assert set(entry) <= EVENT and _all_text(entry, "associations", "sources") and entry["description"]
        assert set(entry["associations"]) <= set(ids) and set(entry["sources"]) <= set(found["sources"])
        assert datetime.strptime(entry["date"], "%m/%d/%Y")
        assert bool(entry["latitude"]) == bool(entry["longitude"])
    for id_, entry in found["sources"].items():
        assert set(entry) <= SOURCE and _all_text(entry, "paths", "affil_s") and entry["id"] == id_ and "paths" in entry
    for entry in found["associations"]:
        assert set(entry) <= ASSOCIATION and _all_text(entry, "filter_paths")
        assert entry["mode"] in {"CATEGORY", "FILTER"} and ("filter_paths" in entry) == (entry["mode"] == "FILTER")
    for entry in found["sites"]:
        assert set(entry) <= SITE and _all_text(entry) and entry["site"]


def test_the_example_is_what_the_viewer_takes() -> None:
    found, report = _written(*raid())
    _valid(found)
    left_out = next(ids for what, ids in report.lost.items() if what.startswith("events left out"))
    assert len(found["events"]) == report.rows and report.rows + len(left_out) == len(raid())
    assert {s["site"] for s in found["sites"]} == {e["place"]["name"] for e in raid() if e["place"]}


def test_sources_hold_the_words_of_every_claim() -> None:
    found, _ = _written(*raid())
    written = {e["id"] for e in found["events"]}
    for made in raid():
        if made["id"] in written:
            for holder_ in (h for p in made["positions"] for h in (*p["holders"], *p["deniers"])):
                assert f"[{holder_['claim']}]" in found["sources"][holder_["document"]]["description"]


def test_accusation_and_denial_stand_side_by_side() -> None:
    found, _ = _written(event(ACCUSED))
    assert (
        "Syria (accused by the governor [c-accuses]; denied by the Syrian army [c-denies])"
        in found["events"][0]["description"]
    )


def test_an_event_without_a_place_stands_on_the_time_line_alone() -> None:
    found, report = _written(event(place=None))
    _valid(found)
    assert found["events"][0]["latitude"] == "" and not found["sites"]
    assert report.lost["events on the time line alone: nobody says where"] == [event()["id"]]


def test_only_web_addresses_are_links() -> None:
    local, script = holder("c1", path="north/x.txt"), holder("c2", document="d2", path="javascript:alert(1)")
    web = holder("c3", document="d3", path="https://example.org/report")
    found, _ = _written(event(position("responsibility", "Syria", local, script, web)))
    assert {id_: s["url"] for id_, s in found["sources"].items()} == {
        "d1": "",
        "d2": "",
        "d3": "https://example.org/report",
    }


def test_the_same_events_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write(raid(), first, "timemap")
    write(raid(), second, "timemap")
    assert first.getvalue() == second.getvalue()


@settings(deadline=None)
@given(st.text())
def test_no_text_is_markup_or_breaks_the_files(hostile: str) -> None:
    made = event(
        position("responsibility", f"<img src=x>{hostile}", holder("c", hostile, text=f"<b>{hostile}", outlet=hostile)),
        title=f"<script>{hostile}",
    )
    found, _ = _written(made)
    _valid(found)
    assert "<" not in json.dumps(found)
