"""The conductor of weighing: every linked event that changed, one after another, into the ledger."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from sayso.ledger import SqlLedger
from sayso.ledger.derived import assessments, claim_links, linked_events
from sayso.ledger.holders import held
from sayso.records import Assessment
from sayso.weigh.positions import field_of, independent, positions
from sayso.weigh.signals import assess

_BATCH = 100
_DISPUTES = frozenset({"disputed", "denied"})
_MATTERS = ("realis", "responsibility", "casualties", "where", "when")
"""fields whose dispute makes an event a disputed one"""


def weigh(ledger: SqlLedger) -> Iterator[Assessment]:
    """Weigh all events that linking touched; yields their assessments, event by event."""
    while True:
        with ledger.writing() as connection:
            events = list(
                connection.scalars(
                    select(linked_events.c.id)
                    .where(linked_events.c.weighed.is_(False))
                    .order_by(linked_events.c.id)
                    .limit(_BATCH)
                )
            )
            if not events:
                return
            found = [a for event in events for a in weigh_event(connection, event)]
        yield from found


def weigh_event(connection: Connection, event: str) -> list[Assessment]:
    """The assessments of one event, computed from its claims and their links, and stored."""
    claims = held(connection, event)
    denied: dict[str, set[tuple[str, str]]] = defaultdict(set)
    superseded: set[str] = set()
    conflicts: Counter[str] = Counter()
    fields = {c.claim: field_of(c) for c in claims}
    links = claim_links.c
    for row in connection.execute(
        select(links.relation, links.field, links.left_claim, links.right_claim).where(links.event == event)
    ):
        if row.relation == "denies" and row.left_claim and row.right_claim:
            denied[row.right_claim].add((row.left_claim, row.field))
        elif row.relation in {"supersedes", "retracts"} and row.right_claim:
            superseded.add(row.right_claim)
        elif row.relation == "contradicts":
            conflicts[fields.get(row.right_claim or "") or row.field] += 1
    found = []
    for field, some in positions(claims, denied, superseded).items():
        status, credibility, reasons = assess(field, tuple(some), conflicts[field])
        found.append(Assessment(event, field, status, credibility, tuple(some), reasons))
    connection.execute(delete(assessments).where(assessments.c.event == event))
    if found:
        connection.execute(
            insert(assessments),
            [
                {
                    "event": event,
                    "field": a.field,
                    "status": a.status,
                    "credibility": a.credibility,
                    "json": zlib.compress(msgspec.json.encode(a), 6),
                }
                for a in found
            ],
        )
    informants = {i for a in found for p in a.positions for i in independent(p.holders)}
    disputed = any(a.status in _DISPUTES and a.field.partition(".")[0] in _MATTERS for a in found)
    realis = next((a.status for a in found if a.field == "realis"), "single-source" if found else "")
    connection.execute(
        update(linked_events)
        .where(linked_events.c.id == event)
        .values(weighed=True, informants=len(informants), status="disputed" if disputed else realis, disputed=disputed)
    )
    return found
