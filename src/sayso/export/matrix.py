"""An event as a matrix: the positions on each field against those who hold or deny them, however many outlets print them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.records import Assessment, Holder, Position


@dataclass(frozen=True, slots=True)
class Column:
    """An informant. origins: the documents where it speaks, those of one origin together, the first said first."""

    key: str
    name: str
    party: bool
    origins: tuple[tuple[Holder, ...], ...]

    @property
    def documents(self) -> int:
        return sum(len(o) for o in self.origins)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one informant says of one position: the first place where it holds or denies it, and in how many more it does."""

    holder: Holder
    denies: bool
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """cells: one for each column, null where the informant says nothing of it."""

    position: Position
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    columns: tuple[Column, ...]
    fields: tuple[tuple[Assessment, tuple[Row, ...]], ...]
    left_out: int
    """informants beyond the most that were asked for"""


def matrix(weighed: Sequence[Assessment], most: int = 14) -> Matrix:
    """Those who speak of most positions come first; parties and outlets' own voices are columns like others."""
    found: dict[str, list[Holder]] = {}
    spoken: dict[str, int] = {}
    for position in (p for a in weighed for p in a.positions):
        said = (*position.holders, *position.deniers)
        for holder in said:
            found.setdefault(holder.informant, []).append(holder)
        for key in {h.informant for h in said}:
            spoken[key] = spoken.get(key, 0) + 1
    keys = sorted(found, key=lambda k: (k.startswith(("report:", "unnamed:")), -spoken[k], _first(found[k]), k))
    columns = tuple(_column(key, found[key]) for key in keys[:most])
    fields = tuple((a, tuple(_row(p, columns) for p in a.positions)) for a in weighed)
    return Matrix(columns, fields, max(0, len(keys) - most))


def _first(holders: Iterable[Holder]) -> str:
    return min((h.published or "9999" for h in holders), default="9999")


def _column(key: str, holders: list[Holder]) -> Column:
    documents: dict[str, Holder] = {}
    for holder in sorted(holders, key=lambda h: (h.published or "9999", h.document, h.span.start)):
        documents.setdefault(holder.document, holder)
    origins: dict[str, list[Holder]] = {}
    for holder in documents.values():
        origins.setdefault(holder.origin, []).append(holder)
    return Column(key, voice(holders[0]), any(h.interested for h in holders), tuple(tuple(o) for o in origins.values()))


def voice(holder: Holder) -> str:
    """Who speaks, for people."""
    return holder.speaker or (f"{holder.outlet}, in its own voice" if holder.outlet else "a report, in its own voice")


def _row(position: Position, columns: tuple[Column, ...]) -> Row:
    return Row(position, tuple(_cell(position, c.key) for c in columns))


def _cell(position: Position, key: str) -> Cell | None:
    for denies, some in ((False, position.holders), (True, position.deniers)):
        mine = [h for h in some if h.informant == key]
        if mine:
            return Cell(mine[0], denies, len(mine) - 1)
    return None
