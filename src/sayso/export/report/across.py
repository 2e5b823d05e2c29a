"""What is found across the documents of a page: events that several tell, their positions, who stands on which side and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from sayso.ledger import views
from sayso.records import Assessment, Holder, Position
from sayso.records.terms import CREDIBILITY, field_name

_SHOWN = {"realis", "responsibility", "where", "when"}
"""fields that the page shows beside counts and whatever is disputed; the rest is for `sayso event`"""
_MOST_HOLDERS = 8
OnPage = dict[str, tuple[str, str]]
"""document id → its anchor on this page and its name"""


@dataclass(frozen=True, slots=True)
class Told:
    """An event across documents, for the page: `row` of the ledger's `linked_events`, and its fields as they were weighed."""

    row: Any
    fields: tuple[Assessment, ...]


def told_across(connection: Connection, documents: Iterable[str], limit: int = 30) -> list[Told]:
    """Events that these documents tell together with others, the disputed first, then those of most reports."""
    seen: dict[str, Any] = {}
    for document in documents:
        for row in views.events(connection, views.EventFilter(document=document, shared=True, limit=None)):
            seen.setdefault(row["id"], row)
    chosen = sorted(seen.values(), key=lambda r: (not r["disputed"], -r["documents"], r["first_day"] or "", r["id"]))
    return [Told(row, tuple(views.assessed(connection, row["id"]))) for row in chosen[:limit]]


def cards(found: Iterable[Told], on_page: OnPage) -> list[dict[str, Any]]:
    """What the template shows."""
    return [
        {
            "id": told.row["id"][:10],
            "title": told.row["title"],
            "day": told.row["first_day"],
            "status": told.row["status"] or "not weighed",
            "counts": (told.row["documents"], told.row["origins"], told.row["informants"]),
            "fields": [_field(a, on_page) for a in told.fields if _matters(a)],
        }
        for told in found
    ]


def _matters(found: Assessment) -> bool:
    return (
        found.field in _SHOWN or found.field.startswith("casualties.") or found.status in {"disputed", "denied"}
    ) and bool(found.positions)


def _field(found: Assessment, on_page: OnPage) -> dict[str, Any]:
    return {
        "name": field_name(found.field),
        "status": found.status,
        "credibility": f"{found.credibility}, {CREDIBILITY[found.credibility]} (proposed)",
        "reasons": [r.text for r in found.reasons],
        "positions": [_position(p, on_page) for p in found.positions],
    }


def _position(position: Position, on_page: OnPage) -> dict[str, Any]:
    said = dict.fromkeys(d[:10] for d in (position.first_said, position.last_said) if d)
    return {
        "value": position.value,
        "informants": position.informants,
        "said": " … ".join(said),
        "superseded": position.superseded,
        "holders": [_holder(h, on_page) for h in position.holders[:_MOST_HOLDERS]],
        "deniers": [_holder(h, on_page) for h in position.deniers[:_MOST_HOLDERS]],
        "more": max(0, len(position.holders) - _MOST_HOLDERS) + max(0, len(position.deniers) - _MOST_HOLDERS),
    }


def _holder(holder: Holder, on_page: OnPage) -> dict[str, Any]:
    own = f"{holder.outlet} in its own voice" if holder.outlet else "the outlet’s own voice"
    link, name = on_page.get(holder.document, ("", holder.path or holder.outlet or holder.document[:12]))
    return {
        "who": holder.speaker or own,
        "party": holder.interested,
        "stance": holder.stance,
        "words": holder.span.text,
        "link": link,
        "document": name,
    }
