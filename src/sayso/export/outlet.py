"""A dossier of an outlet: from whom its texts come, who takes them over, whom it quotes, what others later said to its claims.

Counts with their bases and exact words; what follows from them is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from sayso.ledger import outlets as asked


def outlet(connection: Connection, name: str, limit: int = 10) -> dict[str, Any]:
    """Raises NotFoundError when no document is of that outlet; the message has the nearest names."""
    found = asked.find_outlet(connection, name)
    known = asked.span(connection, found)
    base = asked.claims(connection, found)
    first, shared, newest = asked.firsts(connection, found, limit)
    return {
        "name": found,
        "documents": known["documents"],
        "first": known["first"],
        "last": known["last"],
        "reprints": _taken_over(asked.reprints(connection, found))[: 2 * limit],
        "credits": [dict(r) for r in asked.credits(connection, found, 2 * limit)],
        "reprinted_by": _taken_over(asked.reprints(connection, found, of_it=True))[: 2 * limit],
        "same_documents_at": [dict(r) for r in asked.same_documents(connection, found, 2 * limit)],
        "counted_documents": base["documents"],
        "quoted": [dict(r) for r in asked.quoted(connection, found, 2 * limit)],
        "stances": asked.stances(connection, found),
        "claims": {"about_events": base["claims"], "own_voice": base["own_voice"]},
        "answered_later": asked.answered(connection, found),
        "examples": [_example(r) for r in asked.examples(connection, found, limit)],
        "told_first": {
            "events": first,
            "of_shared_events": shared,
            "newest": [{k: r[k] for k in _EVENT} for r in newest],
        },
    }


_EVENT = ("id", "title", "first_day", "documents", "ours", "others")
"""of an event told first: when this outlet told it, and when the next did"""


def _taken_over(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """One entry for each outlet and relation, with the newest documents of it."""
    found = []
    for (name, relation), some in groupby(rows, key=lambda r: (r["outlet"], r["relation"])):
        samples = list(some)
        found.append(
            {
                "outlet": name,
                "relation": relation,
                "documents": samples[0]["documents"],
                "mean_share": round(float(samples[0]["mean_share"]), 3),
                "samples": [
                    {key: r[key] for key in ("document", "path", "published", "share", "parent", "parent_path")}
                    for r in samples
                ],
            }
        )
    return found


def _example(r: Any) -> dict[str, Any]:
    """speaker null: in the outlet's own voice."""
    return {
        "relation": r["relation"],
        "event": r["event"],
        "field": r["field"],
        "claim": {
            key: r[key] for key in ("document", "path", "published", "claim", "speaker", "start", "end", "words")
        },
        "by": {
            "published": r["said"],
            **{
                key: r[f"by_{key}"]
                for key in ("document", "path", "outlet", "claim", "speaker", "start", "end", "words")
            },
        },
    }
