"""WikiWars (TimeML): strict spans, and values of overlapping spans. The date given with each document is passed on."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.counts import Counts
from benchmarks.reading import dated_reader, need, read_text
from sayso.read import Reader
from sayso.records import Reading

Timex = tuple[int, int, str | None]


def gold(folder: Path) -> Iterator[tuple[str, str | None, list[Timex]]]:
    for path in sorted(need(folder).glob("*.tml")):
        raw = path.read_text(encoding="utf-8")
        dated = re.search(r"<DCT>.*?value=\"([^\"]*)\"", raw, re.DOTALL)
        body = re.search(r"<TEXT>(.*)</TEXT>", raw, re.DOTALL)
        text, times = _strip(body[1] if body else "")
        yield text, dated[1] if dated else None, times


def _strip(body: str) -> tuple[str, list[Timex]]:
    parts, at, opened, times = [], 0, [], []
    for part in re.split(r"(<[^>]+>)", body):
        if part.startswith("<TIMEX3"):
            value = re.search(r'value="([^"]*)"', part)
            opened.append((at, value[1] if value else None))
        elif part.startswith("</TIMEX3"):
            start, value_ = opened.pop()
            times.append((start, at, value_))
        elif not part.startswith("<"):
            plain = html.unescape(part)
            parts.append(plain)
            at += len(plain)
    return "".join(parts), times


def predicted(reading: Reading) -> list[Timex]:
    return [(m.start, m.end, m.timex.value) for m in reading.mentions if m.timex]


def time_counts(wanted: list[Timex], got: list[Timex]) -> tuple[Counts, Counts]:
    """(strict spans, overlapping spans with the same value)."""
    strict = {(a, b) for a, b, _ in wanted} & {(a, b) for a, b, _ in got}
    used: set[int] = set()
    same = 0
    for start, end, value in wanted:
        for number, (a, b, v) in enumerate(got):
            if number not in used and a < end and start < b:
                used.add(number)
                same += v == value
                break
    return Counts(len(strict), len(wanted), len(got)), Counts(same, len(wanted), len(got))


def run(data: Path, reader: Reader) -> dict[str, float]:
    strict, value = Counts(), Counts()
    for text, date, wanted in gold(data / "timex" / "wikiwars" / "whole-tml" / "tml"):
        a, b = time_counts(wanted, predicted(read_text(dated_reader(reader.name, date), text)))
        strict.add(a.right, a.gold, a.predicted)
        value.add(b.right, b.gold, b.predicted)
    return {"wikiwars.strict": round(strict.f1, 1), "wikiwars.value": round(value.f1, 1)}
