"""What positions of a field come to: its status, a proposed Admiralty credibility, and the reasons in plain words.

Credibility follows the wording of NATO's AJP-2.1: 1 confirmed by other sources, 2 probably true, 3 possibly true,
4 doubtful, 5 improbable, 6 truth cannot be judged. It is proposed from counts alone, and people settle it.
A further signal is one function that gives a `Reason` or nothing, and one row in `SIGNALS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sayso.records import Holder, Position, Reason

STATUSES = ("disputed", "denied", "corroborated", "single-source", "superseded")
"""all that a field can come to; a test holds that each arises"""


@dataclass(frozen=True, slots=True)
class Field:
    """What a signal sees: the field's name, its positions that stand, and those that a later count replaced."""

    name: str
    standing: tuple[Position, ...]
    superseded: tuple[Position, ...]
    conflicts: int
    """links of `contradicts` between claims of this field"""

    @property
    def leading(self) -> Position:
        return self.standing[0] if self.standing else self.superseded[0]


Signal = Callable[[Field], Reason | None]


def _independent(field: Field) -> Reason | None:
    p = field.leading
    if p.informants < 2:
        return None
    apart = len({h.origin for h in p.holders})
    return Reason(
        "independent",
        f"{p.informants} independent informants hold “{p.value}”, in {_many(p.documents, 'document')} of {_many(apart, 'origin')}",
        1.0,
    )


def _single(field: Field) -> Reason | None:
    p = field.leading
    if p.informants != 1:
        return None
    who = _who(p.holders[0])
    reprints = f", printed in {p.documents} documents" if p.documents > 1 else ""
    return Reason("single", f"only {who} is known to hold “{p.value}”{reprints}", -0.3)


def _interested(field: Field) -> Reason | None:
    p = field.leading
    parties = sorted({_who(h) for h in p.holders if h.interested})
    if not parties:
        return None
    whole = (
        "all of its informants are parties"
        if all(h.interested for h in p.holders)
        else f"{_list(parties)} {'is a party' if len(parties) == 1 else 'are parties'}"
    )
    return Reason("interested", f"{whole} to the event", -0.4)


_UNDENIABLE = frozenset({"type", "where", "when", "target", "victim", "instrument"})
"""fields that the denial of an event does not contest: who says that it did not happen does not say that it was elsewhere"""


def _denied(field: Field) -> Reason | None:
    if field.name in _UNDENIABLE and field.leading.holders:
        return None
    deniers = {(h.informant, _who(h), h.interested): None for p in field.standing for h in p.deniers}
    if not deniers:
        return None
    names = _list(sorted({who for _, who, _ in deniers}))
    many = len({who for _, who, _ in deniers}) > 1
    party = (", parties to the event," if many else ", a party to the event,") if all(i for _, _, i in deniers) else ""
    return Reason("denied", f"{names}{party} {'deny' if many else 'denies'} it", -0.6)


def _conflict(field: Field) -> Reason | None:
    if not field.conflicts or len(field.standing) < 2:
        return None
    told = "; ".join(f"“{p.value}” ({_many(p.informants, 'informant')})" for p in field.standing[:4] if p.holders)
    return Reason("conflict", f"positions that cannot all hold: {told}", -0.6)


def _revised(field: Field) -> Reason | None:
    if not field.superseded:
        return None
    told = ", ".join(f"“{p.value}”" for p in field.superseded[:4])
    return Reason(
        "revised",
        f"{told} {'was' if len(field.superseded) == 1 else 'were'} replaced by a later count of the same source",
        0.0,
    )


SIGNALS: tuple[Signal, ...] = (_independent, _single, _interested, _denied, _conflict, _revised)


def assess(name: str, positions: tuple[Position, ...], conflicts: int) -> tuple[str, int, tuple[Reason, ...]]:
    """(status, credibility 1–6, reasons) of one field."""
    standing = tuple(p for p in positions if not p.superseded) or positions
    field = Field(name, standing, tuple(p for p in positions if p.superseded), conflicts)
    reasons = tuple(r for signal in SIGNALS if (r := signal(field)) is not None)
    kinds = {r.kind for r in reasons}
    held = [p for p in standing if p.holders]
    if not held:
        status = "denied"
    elif "conflict" in kinds or "denied" in kinds:
        status = "disputed"
    elif "independent" in kinds:
        status = "corroborated"
    elif all(p.superseded for p in positions):
        status = "superseded"
    else:
        status = "single-source"
    return status, credibility(status, kinds), reasons


def credibility(status: str, kinds: set[str]) -> int:
    if status == "corroborated":
        return 2 if "interested" in kinds else 1
    if status == "denied":
        return 5
    if status == "disputed":
        return 3 if "independent" in kinds and "conflict" not in kinds else 4
    if status == "superseded":
        return 4
    return 6 if "interested" in kinds else 3


def _who(holder: Holder) -> str:
    return holder.speaker or (f"{holder.outlet} in its own voice" if holder.outlet else "the report in its own voice")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _list(names: list[str]) -> str:
    shown = names[:4]
    rest = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return (", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 and not rest else ", ".join(shown)) + rest
