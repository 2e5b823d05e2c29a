"""Which claims of an event a person should look at: those without which a field would come out otherwise.

A contested field is weighed again without each claim that its status hangs on. Only such claims are tried of which that can be
so at all (nobody else says the same, or all denials or contradictions rest on them), so that weighing stays cheap.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, select

from sayso.ledger import schema
from sayso.ledger.holders import Held
from sayso.ledger.proposing import Proposal
from sayso.ledger.slices import slices
from sayso.records import Assessment, Position
from sayso.records.terms import field_name
from sayso.weigh.positions import Entry, position, ranked
from sayso.weigh.signals import assess

MOST = 6
"""proposals of one event"""
_TRIED = 30
"""claims of one field that are left out in turn, those first of which the reader was least sure"""
_CONTESTED = frozenset({"disputed", "denied", "single-source"})
_MATTERS = frozenset({"realis", "responsibility", "casualties", "where", "when"})
_DISPUTE, _OTHER = 1.0, 0.5
"""what it counts that a field becomes disputed or ceases to be; that its status or first value changes otherwise"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that an event's fields are weighed from. superseders: claim → claims that replace it; conflicts: field → contradicting claims."""

    entries: Mapping[str, list[Entry]]
    parties: frozenset[str]
    superseders: Mapping[str, set[str]]
    conflicts: Mapping[str, list[tuple[str | None, str | None]]]


@dataclass(frozen=True, slots=True)
class _Change:
    claim: Held
    field: str
    weight: float
    effect: str


def propose(connection: Connection, event: str, evidence: Evidence, found: list[Assessment]) -> list[Proposal]:
    """At most `MOST` proposals about claims of an event that at least two documents tell."""
    contested = [a for a in found if a.status in _CONTESTED and a.field.partition(".")[0] in _MATTERS]
    documents = {c.document for some in evidence.entries.values() for _, *both in some for cs in both for c in cs}
    critical = {a.field: _critical(a, evidence) for a in contested} if len(documents) > 1 else {}
    if not any(critical.values()):
        return []
    surety = _surety(connection, [c for some in critical.values() for c in some])
    changes: dict[str, list[_Change]] = {}
    for a in contested:
        for claim in sorted(critical[a.field], key=lambda c: (surety[c.claim], c.claim))[:_TRIED]:
            if change := _without(a, evidence, claim):
                changes.setdefault(claim.claim, []).append(change)
    strongest = [sorted(some, key=lambda c: (-c.weight, c.field)) for some in changes.values()]
    strongest.sort(key=lambda some: (-some[0].weight, -len(some), surety[some[0].claim.claim], some[0].claim.claim))
    reach = math.log2(1 + len(documents))
    return [_proposal(event, some, reach) for some in strongest[:MOST]]


def _proposal(event: str, changes: list[_Change], reach: float) -> Proposal:
    first = changes[0]
    effect = "rejecting it would " + ", and ".join(c.effect for c in changes[:2])
    ref = f"claim:{first.claim.document}/{first.claim.claim}"
    return Proposal("claim", ref, None, event, first.field, reach * first.weight, effect)


def _critical(a: Assessment, evidence: Evidence) -> list[Held]:
    """Claims of the field, not settled by people, without which its status or first value may be another."""
    entries = evidence.entries[a.field]
    informants = {p.value: p.informants for p in a.positions}
    claims = {c.claim: c for _, holding, denying in entries for c in (*holding, *denying)}
    found: set[str] = set()
    for value, holding, _ in entries:
        near = max((n for v, n in informants.items() if v != value), default=0) >= informants[value] - 1
        if near or informants[value] <= 2:
            carriers = Counter(c.informant for c in holding)
            found |= {c.claim for c in holding if carriers[c.informant] == 1}
    deniers = {c.claim for _, _, denying in entries for c in denying}
    if len(deniers) == 1:
        found |= deniers
    conflicts = [{left, right} for left, right in evidence.conflicts.get(a.field, ())]
    if conflicts:
        found |= {c for c in set.intersection(*conflicts) if c is not None}
    for replaced in claims:
        if len(by := evidence.superseders.get(replaced, set())) == 1:
            found |= by
    return [claims[c] for c in found if c in claims and claims[c].judged is None]


def _without(a: Assessment, evidence: Evidence, claim: Held) -> _Change | None:
    """What the field comes to without the claim, in words, where that is not what it comes to with it."""
    before = {p.value: p for p in a.positions}
    gone = {r for r, by in evidence.superseders.items() if by - {claim.claim}}
    left = list(_left(evidence, a.field, before, claim, gone))
    told = field_name(a.field)
    if not left:
        weight = _DISPUTE if a.status == "disputed" else _OTHER
        return _Change(claim, a.field, weight, f"leave nobody who says anything of “{told}”")
    pairs = [pair for pair in evidence.conflicts.get(a.field, ()) if claim.claim not in pair]
    after = tuple(ranked(left))
    status, _, _ = assess(a.field, after, len(pairs))
    if status != a.status:
        flips = "disputed" in {status, a.status}
        effect = f"change “{told}” from {a.status} to {status}"
        return _Change(claim, a.field, _DISPUTE if flips else _OTHER, effect)
    first, then = _leading(a.positions), _leading(after)
    if first == then:
        return None
    return _Change(claim, a.field, _OTHER, f"put “{then}” in place of “{first}” at the head of “{told}”")


def _left(
    evidence: Evidence, field: str, before: dict[str, Position], claim: Held, superseded: set[str]
) -> Iterator[Position]:
    for value, holding, denying in evidence.entries[field]:
        kept = before[value]
        if any(c.claim == claim.claim for c in (*holding, *denying)):
            entry = (
                value,
                [c for c in holding if c.claim != claim.claim],
                [c for c in denying if c.claim != claim.claim],
            )
            if entry[1] or entry[2]:
                yield position(entry, evidence.parties, superseded)
        else:
            replaced = bool(kept.holders) and all(h.claim in superseded for h in kept.holders)
            yield kept if replaced == kept.superseded else replace(kept, superseded=replaced)


def _leading(positions: tuple[Position, ...]) -> str:
    return next((p.value for p in positions if not p.superseded), positions[0].value)


def _surety(connection: Connection, claims: list[Held]) -> dict[str, float]:
    """How sure the reader was: of the attribution, and in the outlet's voice of the event."""
    d = schema.documents
    known: dict[tuple[str, str], float] = {}
    for some in slices(sorted({c.document for c in claims})):
        for table in (schema.attributions, schema.events):
            query = (
                select(table.c.document_id, table.c.id, table.c.confidence)
                .join(d, and_(d.c.id == table.c.document_id, d.c.current_run == table.c.run_id))
                .where(table.c.document_id.in_(some))
            )
            known |= {(r.document_id, r.id): r.confidence for r in connection.execute(query)}
    return {c.claim: known.get((c.document, c.attribution or c.ref), 1.0) for c in claims}
