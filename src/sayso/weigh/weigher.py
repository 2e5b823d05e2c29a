"""The conductor of weighing: every linked event that changed, one after another, into the ledger."""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Container, Iterator

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from sayso.ledger import SqlLedger, proposing
from sayso.ledger.derived import assessments, claim_links, linked_events
from sayso.ledger.holders import held
from sayso.records import Assessment
from sayso.weigh import proposals
from sayso.weigh.positions import entries, field_of, independent, parties_of, position, ranked
from sayso.weigh.signals import assess

_SECONDS, _TURN = 2.0, 0.03
"""of work in one transaction; in which others may begin to write"""
_DISPUTES = frozenset({"disputed", "denied"})
_MATTERS = ("realis", "responsibility", "casualties", "where", "when")
"""fields whose dispute makes an event a disputed one"""


def weigh(ledger: SqlLedger, events: Container[str] | None = None) -> Iterator[Assessment]:
    """Weigh all events that linking touched (of these, or all); yields their assessments, event by event."""
    while True:
        with ledger.writing() as connection:
            found = weigh_some(connection, events)
        if found is None:
            return
        yield from found
        time.sleep(_TURN)


def weigh_some(
    connection: Connection, events: Container[str] | None = None, seconds: float = _SECONDS
) -> list[Assessment] | None:
    """Weigh the next events that wait, as many as can be done in the time of one transaction; None when none waits."""
    e = linked_events.c
    waiting = connection.scalars(select(e.id).where(e.weighed.is_(False)).order_by(e.id))
    found: list[Assessment] | None = None
    until = time.monotonic() + seconds
    for event in [w for w in waiting if events is None or w in events]:
        found = [*(found or ()), *weigh_event(connection, event)]
        if time.monotonic() > until:
            break
    return found


def weigh_event(connection: Connection, event: str) -> list[Assessment]:
    """The assessments of one event, computed from its claims and their links, and stored with what they leave to people."""
    evidence = _evidence(connection, event)
    superseded = set(evidence.superseders)
    found = []
    for field, some in evidence.entries.items():
        told = tuple(ranked(position(e, evidence.parties, superseded) for e in some))
        status, credibility, reasons = assess(field, told, len(evidence.conflicts.get(field, ())))
        found.append(Assessment(event, field, status, credibility, told, reasons))
    _store(connection, event, found)
    proposing.forget_event(connection, event, "claim")
    if waiting := proposals.propose(connection, event, evidence, found):
        proposing.write(connection, waiting)
    return found


def _evidence(connection: Connection, event: str) -> proposals.Evidence:
    claims = held(connection, event)
    denied: dict[str, set[tuple[str, str]]] = defaultdict(set)
    superseders: dict[str, set[str]] = defaultdict(set)
    conflicts: dict[str, list[tuple[str | None, str | None]]] = defaultdict(list)
    fields = {c.claim: field_of(c) for c in claims}
    links = claim_links.c
    for row in connection.execute(
        select(links.relation, links.field, links.left_claim, links.right_claim).where(links.event == event)
    ):
        if row.relation == "denies" and row.left_claim and row.right_claim:
            denied[row.right_claim].add((row.left_claim, row.field))
        elif row.relation in {"supersedes", "retracts"} and row.right_claim:
            superseders[row.right_claim].add(row.left_claim or "")
        elif row.relation == "contradicts":
            field = fields.get(row.right_claim or "") or row.field
            conflicts[field].append((row.left_claim, row.right_claim))
    known = [c for c in claims if c.judged != "reject"]
    return proposals.Evidence(entries(known, denied), parties_of(known), superseders, conflicts)


def _store(connection: Connection, event: str, found: list[Assessment]) -> None:
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
