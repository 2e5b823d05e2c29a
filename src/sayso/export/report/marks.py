"""Overlapping and nested spans over a text → flat segments that HTML can show, each with all it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sayso.records import Attribution, Reading


@dataclass(frozen=True, slots=True)
class Mark:
    """kind: source, cue, content or warning; `owner` is an attribution's id, or the warning's number as w1."""

    start: int
    end: int
    kind: str
    owner: str
    stance: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters with the same marks. `anchors`: owners that begin here and have not begun before."""

    text: str
    stance: str
    outer: str
    kinds: tuple[str, ...]
    owners: tuple[str, ...]
    anchors: tuple[str, ...]
    depth: int


def marks_of(reading: Reading) -> list[Mark]:
    marks = [mark for said in reading.attributions for mark in _of_attribution(said)]
    marks += [
        Mark(w.start, w.end, "warning", f"w{n}", "") for n, w in enumerate(reading.warnings, 1) if w.end > w.start
    ]
    return marks


def _of_attribution(said: Attribution) -> Iterator[Mark]:
    if said.source:
        yield Mark(said.source.start, said.source.end, "source", said.id, said.stance)
    if said.cue:
        yield Mark(said.cue.start, said.cue.end, "cue", said.id, said.stance)
    for span in said.content:
        yield Mark(span.start, span.end, "content", said.id, said.stance)


def segments(text: str, marks: list[Mark]) -> Iterator[Segment]:
    """The whole text as segments in order; joined, they are the text."""
    cuts = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    opening: dict[int, list[Mark]] = {}
    for mark in marks:
        opening.setdefault(mark.start, []).append(mark)
    active: list[Mark] = []
    anchored: set[str] = set()
    for start, end in zip(cuts, cuts[1:], strict=False):
        active = [m for m in active if m.end > start] + opening.get(start, [])
        contents = sorted((m for m in active if m.kind == "content"), key=lambda m: m.end - m.start)
        owners = tuple(dict.fromkeys(m.owner for m in active))
        fresh = tuple(o for o in owners if o not in anchored)
        anchored.update(fresh)
        yield Segment(
            text=text[start:end],
            stance=contents[0].stance if contents else next((m.stance for m in active if m.stance), ""),
            outer=contents[1].stance if len(contents) > 1 else "",
            kinds=tuple(dict.fromkeys(m.kind for m in active)),
            owners=owners,
            anchors=fresh,
            depth=len(contents),
        )
