"""LGL (and sets of its form): toponyms found, those placed within 161 km, and both together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from defusedxml import ElementTree

from benchmarks.counts import Counts
from benchmarks.reading import need, read_text
from benchmarks.spans import held_out
from sayso.read import Reader
from sayso.records import Reading

NEAR_KM = 161.0


@dataclass(frozen=True, slots=True)
class Toponym:
    start: int
    end: int
    lat: float
    lon: float


def gold(path: Path) -> Iterator[tuple[str, list[Toponym]]]:
    root = ElementTree.parse(need(path)).getroot()
    for article in root.iter("article"):
        text = article.findtext("text") or ""
        toponyms = []
        for t in article.iter("toponym"):
            lat, lon = t.findtext("gaztag/lat"), t.findtext("gaztag/lon")
            if lat and lon:
                toponyms.append(
                    Toponym(int(t.findtext("start") or 0), int(t.findtext("end") or 0), float(lat), float(lon))
                )
        yield text, toponyms


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    la, lb = math.radians(a[0]), math.radians(b[0])
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def place_counts(wanted: list[Toponym], got: list[Toponym]) -> tuple[Counts, Counts]:
    """(tagging, tagging and within 161 km); one to one by overlap."""
    used: set[int] = set()
    matched = near = 0
    for toponym in wanted:
        for number, p in enumerate(got):
            if number not in used and p.start < toponym.end and toponym.start < p.end:
                used.add(number)
                matched += 1
                near += kilometres((p.lat, p.lon), (toponym.lat, toponym.lon)) <= NEAR_KM
                break
    return Counts(matched, len(wanted), len(got)), Counts(near, len(wanted), len(got))


def predicted(reading: Reading) -> list[Toponym]:
    """Mentions with a place; of several over the same words the innermost."""
    found = [Toponym(m.start, m.end, m.place.lat, m.place.lon) for m in reading.mentions if m.place]
    return [t for t in found if not any(o is not t and t.start <= o.start and o.end <= t.end for o in found)]


def run(data: Path, reader: Reader) -> dict[str, float]:
    """On the fifth that nothing was fitted on; on all of it for a reader without weights."""
    fifth, whole = (Counts(), Counts()), (Counts(), Counts())
    for number, (text, wanted) in enumerate(gold(data / "geoparsing" / "lgl.xml")):
        if reader.weights_sha256 and not held_out(number):
            continue
        found = place_counts(wanted, predicted(read_text(reader, text)))
        for totals in (fifth, whole) if held_out(number) else (whole,):
            for total, counts in zip(totals, found, strict=True):
                total.add(counts.right, counts.gold, counts.predicted)
    figures = _figures("lgl.fifth", *fifth)
    return figures if reader.weights_sha256 else {**figures, **_figures("lgl", *whole)}


def _figures(name: str, tagging: Counts, placed: Counts) -> dict[str, float]:
    within = 100 * placed.right / tagging.right if tagging.right else 0.0
    return {
        f"{name}.tagging": round(tagging.f1, 1),
        f"{name}.within_161km": round(within, 1),
        f"{name}.end_to_end": round(placed.f1, 1),
    }
