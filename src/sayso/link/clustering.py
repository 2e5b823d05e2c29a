"""Scored pairs → clusters by average linkage, so that strangers are not chained together.

Two clusters are joined while the mean of all scores between their members is at least the threshold; a pair that was never
compared counts as `UNCOMPARED`. The result depends on the set of pairs alone, never on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    same, different: judgements; they hold whatever the scores say. Where two of them clash, `different` holds.
    """
    growing = _Clusters(sorted(set(nodes)))
    for a, b in different:
        growing.part(a, b)
    for (a, b), score in scores.items():
        growing.score(a, b, score)
    for left, right in sorted((min(p), max(p)) for p in same):
        growing.join(left, right)
    growing.grow(threshold)
    return sorted((sorted(m) for m in growing.members.values()), key=lambda m: m[0])


class _Clusters(Generic[Node]):
    """The state of an agglomeration: members of each cluster, sums and counts of the scores between clusters."""

    def __init__(self, nodes: list[Node]) -> None:
        self.members: dict[int, list[Node]] = {n: [node] for n, node in enumerate(nodes)}
        self.place: dict[Node, int] = {node: n for n, node in enumerate(nodes)}
        self.sums: dict[int, dict[int, float]] = {n: {} for n in self.members}
        self.counts: dict[int, dict[int, int]] = {n: {} for n in self.members}
        self.apart: set[Pair] = set()

    def part(self, a: Node, b: Node) -> None:
        if a in self.place and b in self.place and a != b:
            self.apart.add(_key(self.place[a], self.place[b]))

    def score(self, a: Node, b: Node, value: float) -> None:
        if a in self.place and b in self.place and a != b:
            x, y = self.place[a], self.place[b]
            self.sums[x][y] = self.sums[y][x] = max(value, self.sums[x].get(y, 0.0))
            self.counts[x][y] = self.counts[y][x] = 1

    def join(self, a: Node, b: Node) -> None:
        """By judgement, unless another keeps their clusters apart."""
        if a in self.place and b in self.place:
            x, y = self.place[a], self.place[b]
            if x != y and _key(x, y) not in self.apart:
                self.merge(*_key(x, y))

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
