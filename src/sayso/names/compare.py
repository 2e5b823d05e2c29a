"""Two names of one type → same, different or unsure, with a score and the reasons in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.errors import UsageError
from sayso.names.organisations import compare_organisations
from sayso.names.people import compare_people
from sayso.names.places import compare_places
from sayso.names.scripts import HEAD, fold, homophones, plain

SAME, UNSURE = 0.8, 0.62
"""a pair of at least `SAME` is taken for one, below `UNSURE` for two; tuned on benchmarks/cases/names-dev.tsv"""

_LONG = 7
"""letters from which two names of the same letters are one however they are divided"""

Scorer = Callable[[str, str], tuple[float, list[str]]]
TYPES: dict[str, Scorer] = {
    "person": compare_people,
    "place": compare_places,
    "organisation": compare_organisations,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """verdict: same, different or unsure; score: 0 (surely two) to 1 (surely one)."""

    left: str
    right: str
    type: str
    verdict: str
    score: float
    reasons: tuple[str, ...]


def compare(left: str, right: str, type: str) -> Comparison:
    """Whether two names of that type (person, place, organisation) denote one. Order does not matter.

    Raises UsageError for another type or a name without letters or digits.
    """
    if type not in TYPES:
        raise UsageError(f"no names are of type {type!r}; there are: {', '.join(TYPES)}")
    for name in (left, right):
        if not fold(name):
            raise UsageError(f"{name!r} is no name: it has neither letters nor digits")
    if fold(left) == fold(right):
        if homophones(left, right):
            return Comparison(left, right, type, "unsure", 0.7, ("other characters that are read alike",))
        return Comparison(left, right, type, "same", 1.0, ("the names are the same but for case, accents or script",))
    first, second = sorted((left[:HEAD], right[:HEAD]))
    if not fold(first) or not fold(second):
        return Comparison(left, right, type, "different", 0.0, ("one of them has no letter near its beginning",))
    score, reasons = TYPES[type](first, second)
    bare = (plain(first), plain(second))
    if bare != (first, second) and fold(bare[0]) and fold(bare[1]):
        score, reasons = max((score, reasons), TYPES[type](*bare), key=lambda found: found[0])
    if score < SAME and _redivided(first, second):
        score, reasons = 0.95, ["the same letters, divided into words otherwise"]
    if max(len(left), len(right)) > HEAD and score >= SAME:
        score, reasons = SAME - 0.01, [*reasons, f"only their first {HEAD} characters were compared"]
    score = round(min(1.0, max(0.0, score)), 3)
    verdict = "same" if score >= SAME else "unsure" if score >= UNSURE else "different"
    return Comparison(left, right, type, verdict, score, tuple(reasons))


def _redivided(left: str, right: str) -> bool:
    """The same letters with other gaps between them ("weSizwe", "we Sizwe"); gaps between figures mean something."""
    one, two = (fold(n).replace(" ", "") for n in (left, right))
    return one == two and len(one) >= _LONG and not any(c.isdigit() for c in one)
