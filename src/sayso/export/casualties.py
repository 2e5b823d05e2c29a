"""Counts of the killed, injured, missing … of one event as they were given over time, each by its source and words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from sayso.ledger import views
from sayso.ledger.holders import count_of
from sayso.records import Assessment, Holder, Position


def counts_over_time(connection: Connection, event: str) -> list[dict[str, Any]]:
    """One entry a kind: {"kind", "counts": [{"said", "low", "high", …}]}, the first said first; undated counts are left out."""
    weighed = [a for a in views.assessed(connection, event) if a.field.startswith("casualties.")]
    kinds = ((a.field.partition(".")[2], _counts(a)) for a in weighed)
    return [{"kind": kind, "counts": counts} for kind, counts in kinds if counts]


def _counts(found: Assessment) -> list[dict[str, Any]]:
    told = [_count(p, h) for p in found.positions for h in p.holders if h.published]
    return sorted(
        (c for c in told if c["low"] is not None or c["high"] is not None), key=lambda c: (c["said"], c["speaker"])
    )


def _told(value: str) -> tuple[float | None, float | None]:
    """A count as positions tell it: "8", "at least 8", "up to 20", "8 to 12"; also as claims write it."""
    for before, dash in (("at least ", ""), ("up to ", "–")):
        if value.startswith(before):
            number = value.removeprefix(before)
            return count_of(f"{dash}{number}" if dash else f"{number}–")
    return count_of(value.replace(" to ", "–"))


def _count(position: Position, holder: Holder) -> dict[str, Any]:
    low, high = _told(position.value)
    hedge = "at least" if high is None else "at most" if low is None else None
    status = "superseded" if position.superseded else "denied" if position.deniers else "held"
    return {
        "said": (holder.published or "")[:10],
        "low": low,
        "high": high,
        "hedge": hedge,
        "speaker": holder.speaker or holder.outlet or "the report in its own voice",
        "outlet": holder.outlet,
        "href": f"/documents/{holder.document}?start={holder.span.start}&end={holder.span.end}#passage",
        "status": status,
        "words": holder.span.text,
    }
