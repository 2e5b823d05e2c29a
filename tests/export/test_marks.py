"""Overlapping spans as flat segments: nothing of the text is lost or doubled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.export.report.drawings import Dated, Placed, map_of, timeline
from sayso.export.report.marks import Mark, segments

KINDS = st.sampled_from(["source", "cue", "content", "warning"])


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), KINDS), max_size=12))
def test_segments_joined_are_the_text(text: str, drawn: list[tuple[int, int, str]]) -> None:
    marks = [
        Mark(min(a, b), min(max(a, b), len(text)), kind, f"a{n}", "asserts")
        for n, (a, b, kind) in enumerate(drawn, 1)
        if min(a, b) < min(max(a, b), len(text))
    ]
    parts = list(segments(text, marks))
    assert "".join(p.text for p in parts) == text
    anchors = [a for p in parts for a in p.anchors]
    assert sorted(anchors) == sorted({m.owner for m in marks})


def test_nested_contents_are_deeper() -> None:
    parts = list(segments("abcdef", [Mark(0, 6, "content", "a1", "asserts"), Mark(2, 4, "content", "a2", "denies")]))
    assert [(p.text, p.depth, p.stance, p.outer) for p in parts] == [
        ("ab", 1, "asserts", ""),
        ("cd", 2, "denies", "asserts"),
        ("ef", 1, "asserts", ""),
    ]


def test_pictures_hold_what_they_are_given() -> None:
    assert timeline([]) is None and map_of([]) is None
    drawn = timeline(
        [Dated("a", "2023-05-22", "2023-05-22", "x", "attack"), Dated("b", "2023-05-01", "2023-05-31", "y", "attack")]
    )
    assert drawn and len(drawn.bars) == 2 and drawn.bars[0].label == "b"
    shown = map_of(
        [Placed("Grayvoron", 50.48, 35.68, "city", 1, "x"), Placed("Belgorod", 50.6, 36.6, "province", 2, "y")]
    )
    assert (
        shown and len(shown.dots) == 2 and all(0 <= d.x <= shown.width and 0 <= d.y <= shown.height for d in shown.dots)
    )
    city, region = sorted(shown.dots, key=lambda d: d.place.precision)
    assert region.radius > city.radius
