"""Links between claims as records: `left` does it to `right`, both by their exact words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from sayso.ledger import views
from sayso.records import ClaimEnd


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    for link in views.links(connection):
        yield {
            "relation": link.relation,
            "left": _end(link.left),
            "right": _end(link.right),
            "field": link.field,
            "score": link.score,
            "reasons": [{"kind": r.kind, "text": r.text, "weight": r.weight} for r in link.reasons],
            "event": link.event,
        }


def _end(end: ClaimEnd) -> dict[str, Any]:
    return {
        "document": end.document,
        "path": end.path,
        "start": end.start,
        "end": end.end,
        "text": end.text,
        "claim": end.claim,
    }
