"""How far people agree who judged the same items: Krippendorff's alpha, percentage agreement, and what they disagree about.

A unit is one item that at least two people decided on, each by their last standing decision. `unsure` is a missing value;
adjudications are left out, since who adjudicates has seen what others decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection

from sayso.ledger import judging, refs
from sayso.ledger.judging import Item, Judged
from sayso.records.json import encode_correction

KINDS = ("name", "event", "claim")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one kind of item ("all": of every kind). pairs: of two people's decisions on one unit; unsure: decisions that were none.

    percent: of pairs that agree. alpha: 1 perfect, 0 as by chance; None where it is undefined, and `why` says why.
    """

    kind: str
    people: int
    units: int
    pairs: int
    unsure: int
    percent: float | None
    alpha: float | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An item on which people differ, with each one's decision; `ruling` is what an adjudication settled, if any."""

    item: Item
    kind: str
    decisions: tuple[Judged, ...]
    ruling: Judged | None


def agreement(connection: Connection) -> list[Agreement]:
    """Of each kind of which something was judged, and of all."""
    opinions = {item: list(judging.opinions(rows).values()) for item, rows in judging.items(connection).items()}
    kinds = [k for k in KINDS if any(kind_of(item) == k for item in opinions)]
    return [_of_kind(k, [o for item, o in opinions.items() if kind_of(item) == k]) for k in kinds] + [
        _of_kind("all", list(opinions.values()))
    ]


def disagreements(connection: Connection) -> list[Disagreement]:
    """Those that wait for adjudication first, each in the order in which they were judged."""
    found = []
    for item, rows in judging.items(connection).items():
        said = tuple(r for r in judging.opinions(rows).values() if r.decision != judging.NO_EFFECT)
        if len({meaning(r) for r in said}) > 1:
            found.append(Disagreement(item, kind_of(item), said, judging.adjudication(rows)))
    return sorted(found, key=lambda d: (d.ruling is not None, d.decisions[0].id))


def kind_of(item: Item) -> str:
    return item[0].partition(":")[0]


def meaning(row: Judged) -> str:
    """The decision as a category: two corrections are one only where they say the same."""
    return f"{row.decision} {encode_correction(row.correction)}" if row.correction else row.decision


def _of_kind(kind: str, units: list[list[Judged]]) -> Agreement:
    decided = [[r for r in unit if r.decision != judging.NO_EFFECT] for unit in units]
    values = [[meaning(r) for r in unit] for unit in decided if len(unit) > 1]
    agree, pairs = paired(values)
    figure, why = alpha(values)
    return Agreement(
        kind=kind,
        people=len({r.person for unit in units for r in unit}),
        units=len(values),
        pairs=pairs,
        unsure=sum(r.decision == judging.NO_EFFECT for unit in units for r in unit),
        percent=100 * agree / pairs if pairs else None,
        alpha=figure,
        why=why,
    )


def paired(units: Iterable[list[str]]) -> tuple[int, int]:
    """(pairs of values of one unit that agree, all such pairs)"""
    agree = total = 0
    for values in units:
        agree += sum(n * (n - 1) // 2 for n in Counter(values).values())
        total += len(values) * (len(values) - 1) // 2
    return agree, total


def alpha(units: Iterable[list[str] | list[Hashable]]) -> tuple[float | None, str | None]:
    """Krippendorff's alpha for nominal data (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, section C).

    units: the values that observers gave to each unit, missing ones left out. Gives (alpha, None), or (None, why it is undefined).
    """
    counts: Counter[Hashable] = Counter()
    agreeing = 0.0
    for values in units:
        if len(values) < 2:
            continue  # a value that stands alone can be paired with none
        found = Counter(values)
        counts += found
        agreeing += sum(n * (n - 1) for n in found.values()) / (len(values) - 1)
    total = sum(counts.values())
    if not total:
        return None, "nothing was decided by two people"
    by_chance = sum(n * (n - 1) for n in counts.values())
    if by_chance == total * (total - 1):
        return None, "everybody decided the same of everything: without variation, agreement cannot be told from chance"
    observed, expected = total - agreeing, total * (total - 1) - by_chance
    return 1 - (total - 1) * observed / expected, None


def agreement_record(connection: Connection) -> dict[str, Any]:
    """Both as plain records, the items in the words of the ledger."""
    return {
        "kinds": [msgspec.to_builtins(a) for a in agreement(connection)],
        "disagreements": [_disagreement(connection, d) for d in disagreements(connection)],
    }


def _disagreement(connection: Connection, found: Disagreement) -> dict[str, Any]:
    subject, object_ = found.item
    return {
        "kind": found.kind,
        "subject": subject,
        "object": object_,
        "told": " and ".join(refs.told(connection, ref) for ref in found.item if ref),
        "decisions": [msgspec.to_builtins(d) for d in found.decisions],
        "adjudicated": msgspec.to_builtins(found.ruling) if found.ruling else None,
    }
