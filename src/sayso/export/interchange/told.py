"""What one claim says in a file of an annotation tool: as it was exported, and as somebody brought it back (see `sayso.export.returned`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sayso.records import Correction

_T = TypeVar("_T", str, bool)
Pieces = tuple[tuple[int, int], ...]
"""(start, end) in code points of the document's text, in order"""
Namer = Callable[[Pieces], str]
"""the name of whoever these words of the document stand for"""


@dataclass(frozen=True, slots=True)
class Told:
    """value, stance, holds, speaker: as in `Correction`; None where the file does not say. accepted: whether it was marked to be right."""

    spans: Pieces
    value: str | None = None
    stance: str | None = None
    holds: bool | None = None
    speaker: str | None = None
    accepted: bool = False
    note: str | None = None


@dataclass(slots=True)
class Sheet:
    """One document of a file. claims: id → as exported, and as brought back (None: deleted); missed: changes that no judgement can hold."""

    document: str
    claims: dict[str, tuple[Told, Told | None]] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


def change(before: Told, after: Told) -> Correction:
    """What differs; empty when nothing does."""
    return Correction(
        _new(before.value, after.value),
        _new(before.stance, after.stance),
        _new(before.holds, after.holds),
        _new(before.speaker, after.speaker),
        after.spans if after.spans != before.spans else (),
    )


def _new(was: _T | None, now: _T | None) -> _T | None:
    return now if now is not None and now != was else None
