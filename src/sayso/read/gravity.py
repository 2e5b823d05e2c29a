"""Which of the places that share a name is meant: names of one text pull each other together.

Every name spreads one vote over its candidates, first by what each candidate is, then by where the votes of the other
names fall: in the same country, the same region, the same neighbourhood. A softmax of a few features; their weights
were fitted on four fifths of LGL (`training/gravity.py`) and are the same for every reader.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sayso.gazetteer import GazetteerPlace

Cell = tuple[int, int]
Floats = npt.NDArray[np.float64]

ALONE = ("population", "country", "province", "district", "exact", "wanted", "unwanted", "region", "elsewhere", "rank")
"""what a candidate is by itself and by the words beside the name"""
AMONG = ("same country", "same region", "near", "close by", "region named")
"""what share of the other names' votes falls where"""
_FIRST = (0.623, 3.45, 3.266, 0.0, 2.568, 2.0, -2.0, 2.327, -2.327, -0.761)
_THEN = (0.509, 4.507, 3.24, 0.0, 1.381, 2.0, -2.0, 1.032, -1.032, -0.642, 3.255, 2.294, 2.082, 2.303, 0.814)
"""`wanted` and `unwanted` are set by hand: LGL has too few of "Belgorod region" to fit them"""
_CELLS = (1.5, 0.4)
"""degrees, for what is near and what is close by: a neighbourhood is a cell of this size and the eight around it"""


@dataclass(slots=True)
class PlaceName:
    """A name in a text: its candidates, its mentions, the region or country named behind it, the kind it asks for."""

    text: str
    candidates: list[GazetteerPlace]
    mentions: list[int]
    region: str | None = None
    wants: str | None = None


@dataclass(slots=True)
class Votes:
    """Where the votes of all names fall, and how many there are."""

    total: float = 0.0
    countries: Counter[str] = field(default_factory=Counter)
    regions: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    cells: tuple[Counter[Cell], ...] = field(default_factory=lambda: tuple(Counter() for _ in _CELLS))
    named: Counter[tuple[str, str | None]] = field(default_factory=Counter)

    def add(self, name: PlaceName, chances: Sequence[float], sign: int = 1) -> None:
        weight = sign * math.sqrt(len(name.mentions))
        self.total += weight
        for place, chance in zip(name.candidates, chances, strict=True):
            vote = weight * chance
            self.countries[place.country] += vote  # type: ignore[assignment]
            if place.kind != "country":
                self.regions[place.country, place.admin1] += vote  # type: ignore[assignment]
                for size, cells in zip(_CELLS, self.cells, strict=True):
                    cells[_cell(place, size)] += vote  # type: ignore[assignment]
            if place.kind == "province":
                self.named[place.country, place.admin1] += vote  # type: ignore[assignment]
            if name.region and name.region == place.admin1:
                self.named[place.country, place.admin1] += vote  # type: ignore[assignment]


def rank(names: list[PlaceName], first: Sequence[float] = (), then: Sequence[float] = ()) -> list[list[float]]:
    """For each name the probabilities of its candidates."""
    first, then = first or _FIRST, then or _THEN
    alone = [features_alone(name) for name in names]
    chances = [softmax(rows @ np.array(first)) for rows in alone]
    for _ in range(2):
        among = features_among(names, chances)
        chances = [softmax(np.hstack([a, b]) @ np.array(then)) for a, b in zip(alone, among, strict=True)]
    return [row.tolist() for row in chances]


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def features_alone(name: PlaceName) -> Floats:
    """(candidates, len(ALONE))."""
    rows = []
    for number, place in enumerate(name.candidates):
        settled = place.kind in {"city", "district"}
        matches = name.region is not None and name.region in {place.admin1, place.country, place.name}
        rows.append(
            [
                math.log10(place.population + 10) if settled else 0.0,
                place.kind == "country",
                place.kind == "province",
                place.kind == "district",
                place.name.lower() == name.text.lower(),
                name.wants == place.kind,
                name.wants is not None and name.wants != place.kind,
                matches,
                name.region is not None and not matches,
                math.log(number + 1),
            ]
        )
    return np.array(rows, dtype=np.float64)


def features_among(names: list[PlaceName], chances: Sequence[Sequence[float] | Floats]) -> list[Floats]:
    """For each name (candidates, len(AMONG)): shares of the votes of all other names."""
    votes = Votes()
    for name, row in zip(names, chances, strict=True):
        votes.add(name, list(row))
    result = []
    for name, row in zip(names, chances, strict=True):
        votes.add(name, list(row), -1)
        total = votes.total + 1.0
        rows = []
        for place in name.candidates:
            near, close = (_around(cells, _cell(place, size)) for size, cells in zip(_CELLS, votes.cells, strict=True))
            region = place.country, place.admin1
            local = place.kind != "country"
            rows.append(
                [
                    math.sqrt(max(0.0, votes.countries[place.country]) / total),
                    math.sqrt(max(0.0, votes.regions[region]) / total) if local else 0.0,
                    math.sqrt(max(0.0, near) / total) if local else 0.0,
                    math.sqrt(max(0.0, close) / total) if local else 0.0,
                    min(1.0, max(0.0, votes.named[region])) if local else 0.0,
                ]
            )
        result.append(np.array(rows, dtype=np.float64))
        votes.add(name, list(row))
    return result


def _cell(place: GazetteerPlace, size: float) -> Cell:
    return int(place.lat // size), int(place.lon // size)


def _around(cells: Counter[Cell], at: Cell) -> float:
    return float(sum(cells[at[0] + i, at[1] + j] for i in (-1, 0, 1) for j in (-1, 0, 1)))


def distance(a: GazetteerPlace, b: GazetteerPlace) -> float:
    """Great-circle distance in kilometres."""
    la, lb = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))
