"""The report's pictures as SVG: events on a line of time, places on an outline map. No tiles, no network."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sayso.gazetteer import default_gazetteer

_MAP_WIDTH = 760
_LEAST_SPAN = 3.0
"""degrees: closer than this the outlines (1:110m) say nothing more"""
_ASPECT = 0.52
"""height over width of the picture"""
_RADIUS = {"exact": 4, "city": 5, "district": 9, "province": 22, "country": 0}
_TIME_WIDTH = 760
_LANE = 26


@dataclass(frozen=True, slots=True)
class Dated:
    """An event with its days, ISO 8601. `link`: where its words are on the page."""

    label: str
    start: str
    end: str
    link: str
    kind: str


@dataclass(frozen=True, slots=True)
class Placed:
    name: str
    lat: float
    lon: float
    precision: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    label: str
    link: str
    span: str
    kind: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    width: int
    height: int
    bars: list[Bar]
    ticks: list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float
    place: Placed
    dx: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Map:
    width: int
    height: int
    paths: list[str]
    dots: list[Dot]


def timeline(events: list[Dated]) -> Timeline | None:
    """One bar an event, in lanes by order; None when no event has a day."""
    if not events:
        return None
    spans = [(date.fromisoformat(e.start[:10]), date.fromisoformat(e.end[:10]), e) for e in events]
    spans.sort(key=lambda s: (s[0], s[1], s[2].label))
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    pad = timedelta(days=max(1, (last - first).days // 20))
    first, last = first - pad, last + pad
    scale = _TIME_WIDTH / max(1, (last - first).days)
    bars = []
    for lane, (start, end, event) in enumerate(spans):
        x = (start - first).days * scale
        width = max(8.0, ((end - start).days + 1) * scale)
        left = x > _TIME_WIDTH * 0.6
        span = start.isoformat() if start == end else f"{start.isoformat()} – {end.isoformat()}"
        bars.append(
            Bar(
                round(x, 1),
                lane * _LANE + 30,
                round(width, 1),
                event.label,
                event.link,
                span,
                event.kind,
                "end" if left else "start",
            )
        )
    return Timeline(_TIME_WIDTH, len(bars) * _LANE + 44, bars, _ticks(first, last, scale))


def _ticks(first: date, last: date, scale: float) -> list[tuple[float, str]]:
    days = (last - first).days
    step = next(s for s in (1, 2, 7, 14, 30, 91, 182, 365, 730, 1825, 3650, 18250, 365_000) if days / s <= 8)
    marks, day = [], first
    while day <= last:
        label = day.isoformat() if step < 365 else str(day.year)
        marks.append((round((day - first).days * scale, 1), label))
        day += timedelta(days=step)
    return marks


def map_of(places: list[Placed]) -> Map | None:
    """Places over country outlines, cropped to them; a region is drawn as an area, not as a point that it is not."""
    shown = [p for p in places if p.precision != "country"] or places
    if not shown:
        return None
    lats, lons = [p.lat for p in shown], [p.lon for p in shown]
    south, north, west, east = _frame(lats, lons)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = _MAP_WIDTH / ((east - west) * squeeze)
    height = round((north - south) * scale)

    def project(lon: float, lat: float) -> tuple[float, float]:
        return (lon - west) * squeeze * scale, (north - lat) * scale

    paths = []
    for shape in default_gazetteer().outline():
        for ring in shape["rings"]:
            if (
                max(p[0] for p in ring) < west - 5
                or min(p[0] for p in ring) > east + 5
                or max(p[1] for p in ring) < south - 5
                or min(p[1] for p in ring) > north + 5
            ):
                continue
            points = (project(lon, lat) for lon, lat in ring)
            paths.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z")
    merged: dict[tuple[float, float], list[Placed]] = defaultdict(list)
    for place in places:
        merged[place.lat, place.lon].append(place)
    dots = []
    for group in merged.values():
        x, y = project(group[0].lon, group[0].lat)
        if 0 <= x <= _MAP_WIDTH and 0 <= y <= height:
            right = x > _MAP_WIDTH * 0.75
            radius = _RADIUS.get(group[0].precision, 5)
            dots.append(
                Dot(
                    round(x, 1),
                    round(y, 1),
                    radius,
                    group[0],
                    -(radius + 5) if right else radius + 5,
                    "end" if right else "start",
                )
            )
    return Map(_MAP_WIDTH, height, paths, dots)


def _frame(lats: list[float], lons: list[float]) -> tuple[float, float, float, float]:
    south, north, west, east = min(lats), max(lats), min(lons), max(lons)
    pad_lat, pad_lon = max(_LEAST_SPAN, (north - south) * 0.25), max(_LEAST_SPAN * 1.8, (east - west) * 0.2)
    south, north = max(-85.0, south - pad_lat), min(85.0, north + pad_lat)
    west, east = max(-180.0, west - pad_lon), min(180.0, east + pad_lon)
    squeeze = math.cos(math.radians((south + north) / 2))
    missing = (east - west) * squeeze * _ASPECT - (north - south)
    if missing > 0:
        south, north = max(-85.0, south - missing / 2), min(85.0, north + missing / 2)
    else:
        east, west = east - missing / squeeze / _ASPECT / 2, west + missing / squeeze / _ASPECT / 2
    return south, north, west, east
