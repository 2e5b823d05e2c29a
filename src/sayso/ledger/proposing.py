"""Proposals: what waits for a person's decision. Weighing writes those about claims, linking those about names and events.

A proposal's number comes from what it is about, so that it keeps it when its event is weighed anew; it fits the numbers of scripts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert

from sayso.ledger.derived import proposals
from sayso.ledger.judging import Item
from sayso.ledger.slices import slices

KINDS = ("claim", "event", "name")


@dataclass(frozen=True, slots=True)
class Proposal:
    """subject, object: refs, as judgements hold them. impact: the higher, the more a decision would change; effect: what, in words."""

    kind: str
    subject: str
    object: str | None
    event: str | None
    field: str | None
    impact: float
    effect: str

    @property
    def id(self) -> int:
        return proposal_id((self.subject, self.object))


def proposal_id(item: Item) -> int:
    """52 bits of a hash of what is to be judged."""
    key = "\0".join(ref or "" for ref in item).encode("utf-8", "surrogatepass")
    return (int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big") >> 12) or 1


def write(connection: Connection, found: Iterable[Proposal]) -> None:
    """Write proposals, in place of what was proposed of the same items."""
    rows = {
        p.id: {
            "id": p.id, "kind": p.kind, "subject": p.subject, "object": p.object, "event": p.event, "field": p.field,
            "impact": round(p.impact, 4), "effect": p.effect,
        }
        for p in found
    }  # fmt: skip
    forget(connection, rows)
    if rows:
        connection.execute(insert(proposals), list(rows.values()))


def forget(connection: Connection, ids: Iterable[int]) -> None:
    for some in slices(sorted(ids)):
        connection.execute(delete(proposals).where(proposals.c.id.in_(some)))


def forget_event(connection: Connection, event: str, kind: str) -> None:
    connection.execute(delete(proposals).where(proposals.c.event == event, proposals.c.kind == kind))
