"""Scored pairs → clusters by average linkage, so that strangers are not chained together.

Two clusters are joined while the mean of all scores between their members is at least the threshold; a pair that was never
compared counts as `UNCOMPARED`. The result depends on the set of pairs alone, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import heapify, heappop, heappush
from typing import Any, Generic, Protocol, TypeVar

THRESHOLD = 0.5
UNCOMPARED = 0.25


class Sortable(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...
    def __hash__(self) -> int: ...


Node = TypeVar("Node", bound=Sortable)
Pair = tuple[int, int]


def cluster(
    nodes: Iterable[Node],
    scores: Mapping[tuple[Node, Node], float],
    same: Iterable[tuple[Node, Node]] = (),
    different: Iterable[tuple[Node, Node]] = (),
    threshold: float = THRESHOLD,
) -> list[list[Node]]:
    """Clusters, each sorted, in order of their first members.

    same, different: judgements; they hold whatever the scores say. Where two of them clash, `different` holds. Who joins two
    nodes joins the clusters that they are in, so that none of their likes is lost; only where that would put together what was
    parted are the two joined first, and their likes come as the scores have it.
    """
    nodes, same = sorted(set(nodes)), sorted((min(p), max(p)) for p in same)
    judged = _Clusters(nodes, {}, different)
    holding = [pair for pair in same if judged.join(*pair)]
    growing = _Clusters(nodes, scores, judged.parted())
    growing.grow(threshold)
    if not all(growing.join(*pair) for pair in holding):
        growing = _Clusters(nodes, scores, different)
        for pair in holding:
            growing.join(*pair)
        growing.grow(threshold)
    return sorted((sorted(m) for m in growing.members.values()), key=lambda m: m[0])


class _Clusters(Generic[Node]):
    """The state of an agglomeration: members of each cluster, sums and counts of the scores between clusters."""

    def __init__(
        self, nodes: list[Node], scores: Mapping[tuple[Node, Node], float], apart: Iterable[tuple[Node, Node]]
    ) -> None:
        self.members: dict[int, list[Node]] = {n: [node] for n, node in enumerate(nodes)}
        self.place: dict[Node, int] = {node: n for n, node in enumerate(nodes)}
        self.sums: dict[int, dict[int, float]] = {n: {} for n in self.members}
        self.counts: dict[int, dict[int, int]] = {n: {} for n in self.members}
        self.apart = {_key(x, y) for x, y in self._known(apart)}
        for (a, b), value in scores.items():
            for x, y in self._known([(a, b)]):
                self.sums[x][y] = self.sums[y][x] = max(value, self.sums[x].get(y, 0.0))
                self.counts[x][y] = self.counts[y][x] = 1

    def _known(self, pairs: Iterable[tuple[Node, Node]]) -> Iterator[Pair]:
        return ((self.place[a], self.place[b]) for a, b in pairs if a in self.place and b in self.place and a != b)

    def parted(self) -> list[tuple[Node, Node]]:
        """All pairs of nodes whose clusters are kept apart."""
        return [(a, b) for x, y in sorted(self.apart) for a in self.members[x] for b in self.members[y]]

    def join(self, a: Node, b: Node) -> bool:
        """By judgement, unless another keeps their clusters apart; whether they are together now."""
        for x, y in self._known([(a, b)]):
            if x != y and _key(x, y) in self.apart:
                return False
            if x != y:
                self.merge(*_key(x, y))
        return True

    def grow(self, threshold: float) -> None:
        """Merge the pair with the highest mean score, the first of equals, until none reaches the threshold."""
        heap = [
            entry for x in self.members for y in self.sums[x] if x < y and (entry := self._entry(x, y))[0] <= -threshold
        ]
        heapify(heap)
        while heap:
            _, x, y, sizes = heappop(heap)
            if x not in self.members or y not in self.members or sizes != self._sizes(x, y) or (x, y) in self.apart:
                continue  # one of them has grown since
            self.merge(x, y)
            for other in self.sums[x]:
                if (entry := self._entry(*_key(x, other)))[0] <= -threshold:
                    heappush(heap, entry)

    def _sizes(self, x: int, y: int) -> Pair:
        return len(self.members[x]), len(self.members[y])

    def _entry(self, x: int, y: int) -> tuple[float, int, int, Pair]:
        pairs = len(self.members[x]) * len(self.members[y])
        mean = (self.sums[x][y] + UNCOMPARED * (pairs - self.counts[x][y])) / pairs
        return -round(mean, 9), x, y, self._sizes(x, y)

    def merge(self, x: int, y: int) -> None:
        """Cluster y goes into x; sums of scores between clusters add up."""
        for node in self.members[y]:
            self.place[node] = x
        self.members[x] += self.members.pop(y)
        _fold(self.sums, x, y)
        _fold(self.counts, x, y)
        for pair in [p for p in self.apart if y in p]:
            self.apart.discard(pair)
            other = pair[0] if pair[1] == y else pair[1]
            if other != x:
                self.apart.add(_key(x, other))


Number = TypeVar("Number", int, float)


def _fold(table: dict[int, dict[int, Number]], x: int, y: int) -> None:
    """Add row y of a symmetric table to row x."""
    for other, value in table.pop(y).items():
        del table[other][y]
        if other != x:
            total = table[x][other] + value if other in table[x] else value
            table[x][other] = table[other][x] = total


def _key(x: int, y: int) -> Pair:
    return (x, y) if x < y else (y, x)
