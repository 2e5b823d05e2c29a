"""TimeMap's files: what its viewer validates, checked as it does; nothing refers to what is not there."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.export import LossReport, write
from tests.export.interchange import valid
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid


def _written(*events: dict[str, Any]) -> tuple[dict[str, Any], LossReport]:
    out = io.BytesIO()
    report = write(events, out, "timemap")
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        return {name.removesuffix(".json"): json.loads(archive.read(name)) for name in archive.namelist()}, report


def test_the_example_is_what_the_viewer_takes() -> None:
    found, report = _written(*raid())
    valid.timemap_files(found)
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
    valid.timemap_files(found)
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
    valid.timemap_files(found)
    assert "<" not in json.dumps(found)
