"""re3d and cameo: strict spans and types over BIO-tagged sentences joined by single spaces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.counts import Counts
from benchmarks.reading import need, read_text
from sayso.read import Reader
from sayso.records import Reading

Spans = set[tuple[int, int, str]]


def sentences(path: Path) -> Iterator[tuple[str, Spans]]:
    """(text, typed character spans) of every sentence of a CoNLL file."""
    for block in need(path).read_text(encoding="utf-8").split("\n\n"):
        words, spans, start, kind, at = [], set(), -1, "", 0
        for line in block.splitlines():
            parts = line.split()
            if len(parts) < 2:
                continue
            word, tag = parts[0], parts[-1]
            if kind and (tag == "O" or tag.startswith("B-") or tag[2:] != kind):
                spans.add((start, at - 1, kind))
                kind = ""
            if tag != "O" and not kind:
                start, kind = at, tag[2:]
            words.append(word)
            at += len(word) + 1
        if kind:
            spans.add((start, at - 1, kind))
        if words:
            yield " ".join(words), spans


def outermost(spans: Spans) -> Spans:
    """Without those that lie inside another."""
    return {
        s
        for s in spans
        if not any(o is not s and o[0] <= s[0] and s[1] <= o[1] and (o[0], o[1]) != (s[0], s[1]) for o in spans)
    }


def re3d_spans(reading: Reading) -> Spans:
    return outermost(
        {
            (m.start, m.end, "MilitaryPlatform" if m.type == "Vehicle" else m.type)
            for m in reading.mentions
            if m.type not in {"Event", "Other"}
        }
    )


def cameo_spans(reading: Reading) -> Spans:
    """S: who acts; T: at whom it is aimed."""
    spans: Spans = set()
    for event in reading.events:
        for argument in event.arguments:
            if argument.role in {"actor", "actor_organisation"}:
                spans.add((argument.start, argument.end, "S"))
            elif argument.role in {"recipient", "victim", "target"}:
                spans.add((argument.start, argument.end, "T"))
    return spans


def span_counts(wanted: Spans, got: Spans) -> Counts:
    return Counts(len(wanted & got), len(wanted), len(got))


HELD_OUT = 5
"""of cameo and LGL every fifth text is held out from training; these alone measure a trained reader"""


def held_out(number: int) -> bool:
    return number % HELD_OUT == HELD_OUT - 1


def _run(path: Path, reader: Reader, extract, fifth: bool = False) -> float:  # type: ignore[no-untyped-def]
    total = Counts()
    for number, (text, wanted) in enumerate(sentences(path)):
        if fifth and not held_out(number):
            continue
        counts = span_counts(wanted, extract(read_text(reader, text)))
        total.add(counts.right, counts.gold, counts.predicted)
    return round(total.f1, 1)


def run_re3d(data: Path, reader: Reader) -> dict[str, float]:
    return {"re3d": _run(data / "re3d" / "dev.conll", reader, re3d_spans)}


def run_cameo(data: Path, reader: Reader) -> dict[str, float]:
    """On the fifth that nothing was trained on; on all of it for a reader without weights."""
    path = data / "cameo" / "ner_train.conll"
    figures = {"cameo.fifth": _run(path, reader, cameo_spans, fifth=True)}
    if reader.weights_sha256 is None:
        figures["cameo"] = _run(path, reader, cameo_spans)
    return figures
