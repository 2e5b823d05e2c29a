"""KML: well-formed whatever strangers write, one mark an event, no side taken by colour."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.export import LossReport, write
from tests.export.interchange import valid
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid

pytest.importorskip("simplekml")
etree = pytest.importorskip("lxml.etree")
lxml_html = pytest.importorskip("lxml.html")


def _written(*events: dict[str, Any]) -> tuple[Any, LossReport]:
    out = io.BytesIO()
    report = write(events, out, "kml")
    return etree.fromstring(out.getvalue()), report


def _text(mark: Any, path: str) -> str:
    return str(mark.xpath(f"string({path})", namespaces=valid.KML))


def _marks(root: Any) -> list[Any]:
    return list(root.iterfind(".//k:Placemark", valid.KML))


def test_every_event_with_a_place_is_a_mark_there_and_then() -> None:
    root, report = _written(*raid())
    placed = {e["id"]: e for e in raid() if e["place"]}
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    assert report.rows == len(_marks(root)) == len(placed)
    assert report.lost["events left out: nobody says where"] == [e["id"] for e in raid() if not e["place"]]
    for mark in _marks(root):
        assert [etree.QName(part).localname for part in mark] == valid.KML_MARK
        found = placed[_text(mark, "k:ExtendedData/k:Data[@name='event']/k:value")]
        longitude, latitude, _ = map(float, _text(mark, ".//k:coordinates").split(","))
        assert (latitude, longitude) == (found["place"]["lat"], found["place"]["lon"])
        assert _text(mark, ".//k:begin") <= _text(mark, ".//k:end")
        for position_ in found["positions"]:
            for holder_ in position_["holders"]:
                first = next(h for h in position_["holders"] if h["speaker"] == holder_["speaker"])
                assert f"[{first['claim']}]" in _text(mark, "k:description")


def test_the_same_events_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write(raid(), first, "kml")
    write(raid(), second, "kml")
    assert first.getvalue() == second.getvalue()


def test_style_tells_support_and_never_sides() -> None:
    ours = position("responsibility", "Syria", holder("c1"))
    theirs = position("responsibility", "the Resistance", holder("c2"))
    root, _ = _written(event(ours), event(theirs), event(ACCUSED, status="disputed"))
    styles = [_text(mark, "k:styleUrl") for mark in _marks(root)]
    assert styles[0] == styles[1] != styles[2]


def test_opening_the_file_asks_no_server() -> None:
    out = io.BytesIO()
    write(raid(), out, "kml")
    root = etree.fromstring(out.getvalue())
    assert not root.findall(".//k:href", valid.KML) and not root.findall(".//k:NetworkLink", valid.KML)


def test_a_place_that_is_told_coarsely_says_so() -> None:
    country = {"name": "Syria", "country": "SY", "lat": 35.0, "lon": 38.0, "precision": "country"}
    root, _ = _written(event(place=country))
    assert "Place known to: country" in _text(_marks(root)[0], "k:description")


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(["<script>alert(1)</script>", "]]><b>", "<![CDATA[<img src=x>]]>", "&amp;<a href='x'>"])
)
def test_no_text_becomes_markup(hostile: str) -> None:
    made = event(
        position("responsibility", hostile, holder("c", hostile)),
        title=hostile,
        type=hostile,
        place={"name": hostile, "country": "SY", "lat": 35.0, "lon": 36.0, "precision": "city"},
    )
    root, _ = _written(made)
    mark = _marks(root)[0]
    assert not len(mark.find("k:name", valid.KML)) and not len(mark.find("k:description", valid.KML))
    shown = lxml_html.fromstring(f"<div>{_text(mark, 'k:description')}</div>")
    assert {element.tag for element in shown.iter()} <= {"div", "b", "i", "br"}
