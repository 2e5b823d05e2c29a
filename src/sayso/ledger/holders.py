"""Who holds what of a linked event: its claims with their speakers, informants and origins, as both linking and weighing see them.

An *informant* is counted once however many outlets print it: a named speaker by the identity of the name, an unnamed one by
the words for it in the report that the text comes from, the outlet's own voice by that report (or the wire it credits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from sayso.ledger import correcting, judging, schema
from sayso.ledger.derived import entity_names, names, origins, profiles
from sayso.names.registry import name_key
from sayso.records import Correction

_SPACE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Held:
    """One claim of one document about a linked event. start, end: of the claim's words; said_start, said_end: of all that its
    speaker says there (equal to start and end in the outlet's voice); low, high: of a count."""

    document: str
    path: str | None
    outlet: str | None
    published: str | None
    claim: str
    ref: str
    event_type: str | None
    field: str
    value: str
    holds: bool
    stance: str
    negated: bool
    attribution: str | None
    speaker: str | None
    source: str | None
    cue: str | None
    speaker_type: str | None
    informant: str
    origin: str
    words: str
    start: int
    end: int
    low: float | None = None
    high: float | None = None
    named: str | None = None
    """the identity of the entity that the claim's words name, for claims of who and whom"""
    named_as: str | None = None
    """the name by which the ledger knows it"""
    judged: str | None = None
    """what people have decided of this claim: accept, correct or reject"""
    restated: bool = False
    """whether people have said what its speaker does: its stance, or whether it is held"""

    @property
    def order(self) -> tuple[str, str, str, int, str]:
        """First said first; the same for the same claims, whatever came first into the ledger."""
        return (self.published or "9999")[:19], self.path or "", self.document, self.start, self.claim


def held(connection: Connection, event: str, limit: int = 5_000) -> list[Held]:
    """All claims of the linked event, in order of publication."""
    found = connection.execute(_claims_of_an_event(), {"event": event, "most": limit})
    rows = {(r.document_id, r.id): r for r in found}
    rulings = judging.on_claims(connection, {document for document, _ in rows})
    claims = (_judged(connection, row, rulings.get(f"{row.document_id}/{row.id}")) for row in rows.values())
    return sorted(claims, key=lambda h: h.order)


@lru_cache(maxsize=1)
def _claims_of_an_event() -> Select[Any]:
    """Made once: to put it together takes longer than to ask it."""
    p, c, d, a, o, en, n = profiles, schema.claims, schema.documents, schema.attributions, origins, entity_names, names
    m, shown, known = schema.mentions, entity_names.alias("shown"), names.alias("known")
    identity = names.alias("identity_of")
    root = schema.documents.alias("root")
    return (
        select(
            c.c.document_id, d.c.path, d.c.outlet, d.c.origin, d.c.published, c.c.id, p.c.ref, c.c.event_type, c.c.field, c.c.value,
            c.c.holds, c.c.stance, c.c.attribution, c.c.speaker, c.c.speaker_name, c.c.cue, c.c.words, c.c.start, c.c.end,
            a.c.negated, a.c.entity, o.c.root, root.c.origin.label("wire"), n.c.identity, n.c.type.label("name_type"), known.c.identity.label("named"), identity.c.name.label("named_as"),
        )
        .select_from(p)
        .join(d, d.c.id == p.c.document_id)
        .join(
            c,
            and_(
                c.c.document_id == p.c.document_id,
                c.c.run_id == d.c.current_run,
                or_(c.c.event == p.c.ref, and_(c.c.event.is_(None), c.c.attribution == p.c.ref)),
            ),
        )
        .outerjoin(o, o.c.document_id == d.c.id)
        .outerjoin(root, root.c.id == o.c.root)
        .outerjoin(a, and_(a.c.document_id == c.c.document_id, a.c.run_id == c.c.run_id, a.c.id == c.c.attribution))
        .outerjoin(en, and_(en.c.document_id == c.c.document_id, en.c.entity_id == a.c.entity))
        .outerjoin(n, n.c.id == en.c.name_id)
        .outerjoin(m, and_(m.c.document_id == c.c.document_id, m.c.run_id == c.c.run_id, m.c.start == c.c.start, m.c.end == c.c.end, m.c.entity.is_not(None), c.c.field.in_(_WHO)))
        .outerjoin(shown, and_(shown.c.document_id == c.c.document_id, shown.c.entity_id == m.c.entity))
        .outerjoin(known, known.c.id == shown.c.name_id)
        .outerjoin(identity, identity.c.id == known.c.identity)
        .where(p.c.event == bindparam("event"))
        .limit(bindparam("most"))
    )  # fmt: skip


_WHO = ("actor", "actor_organisation", "responsibility", "victim", "target", "recipient")


def _judged(connection: Connection, row: Any, ruling: judging.Ruling | None) -> Held:
    """A corrected claim counts as it was corrected; a rejected one is marked, and counts for nothing."""
    claim = _held(row)
    if ruling is None or ruling.correction is None:
        return replace(claim, judged=ruling.decision) if ruling else claim
    told = ruling.correction
    claim = _marked_anew(connection, claim, told) if told.spans else claim
    if told.value is not None:
        name = told.value.rpartition(": ")[0] if claim.field == "responsibility" else told.value
        claim = _named(connection, replace(claim, value=told.value), name)
    if told.speaker is not None:
        claim = _said_by(connection, claim, told.speaker, row.root or row.document_id)
    low, high = count_of(claim.value) if claim.field.startswith("casualties.") else (claim.low, claim.high)
    restated = told.stance is not None or told.holds is not None
    return replace(
        claim,
        judged=ruling.decision,
        stance=told.stance or claim.stance,
        holds=correcting.holds_after(told, claim.holds, claim.stance),
        negated=claim.negated and not restated,
        restated=restated,
        low=low,
        high=high,
    )


def _marked_anew(connection: Connection, claim: Held, told: Correction) -> Held:
    """With the words that the correction's spans mark, and whom they name."""
    d = schema.documents.c
    parts = [func.substr(d.text, start + 1, end - start) for start, end in told.spans]
    row = connection.execute(select(*parts).where(d.id == claim.document)).one()
    words = " … ".join(row)
    value = correcting.value_after(claim.value, claim.words, words)
    start, end = told.spans[0][0], told.spans[-1][1]
    return _named(connection, replace(claim, words=words, start=start, end=end, value=value), words)


def _named(connection: Connection, claim: Held, name: str) -> Held:
    """With the identity of whom it now names, where the ledger knows the name."""
    if claim.field not in _WHO:
        return claim
    known = _known(connection, name)
    return replace(claim, named=known.identity if known else None, named_as=known.name if known else None)


def _said_by(connection: Connection, claim: Held, speaker: str, root: str) -> Held:
    """In another's mouth; the outlet's own when the speaker has no name."""
    if not speaker:
        voice = f"report:{claim.origin}"
        return replace(claim, attribution=None, speaker=None, source=None, cue=None, speaker_type=None, informant=voice)
    known = _known(connection, speaker)
    return replace(
        claim,
        attribution=claim.attribution or f"judged:{claim.claim}",
        speaker=speaker,
        source=speaker,
        speaker_type=known.type if known else None,
        informant=f"name:{known.identity}" if known else f"words:{plain(speaker)}:{root}",
    )


def _known(connection: Connection, name: str) -> Any:
    """The ledger's name of that spelling: of a person before an organisation before a place; with the name of its identity."""
    n, identity = names, names.alias("identity_of")
    key = name_key(name)
    query = (
        select(n.c.identity, n.c.type, identity.c.name)
        .outerjoin(identity, identity.c.id == n.c.identity)
        .where(n.c.key.in_({key, f"the {key}"}))
        .order_by(n.c.type, n.c.id)
    )
    rows = connection.execute(query).all() if key else []
    return min(rows, key=lambda r: _TYPES.index(r.type) if r.type in _TYPES else len(_TYPES), default=None)


_TYPES = ("person", "organisation", "place")


def _held(r: Any) -> Held:
    """From a row of the query above."""
    root = r.root or r.document_id
    origin = f"wire:{plain(r.wire)}" if r.wire else root  # what a copy itself credits does not make it independent
    low, high = count_of(r.value) if r.field.startswith("casualties.") else (None, None)
    return Held(
        document=r.document_id, path=r.path, outlet=r.outlet, published=r.published, claim=r.id, ref=r.ref, event_type=r.event_type,
        field=r.field, value=r.value, holds=r.holds, stance=r.stance, negated=bool(r.negated), attribution=r.attribution,
        speaker=r.speaker_name, source=r.speaker, cue=r.cue, speaker_type=r.name_type, informant=_informant(r, root, origin), origin=origin,
        words=r.words, start=r.start, end=r.end, low=low, high=high, named=r.named, named_as=r.named_as,
    )  # fmt: skip


def _informant(r: Any, root: str, origin: str) -> str:
    if r.attribution is None:
        return f"report:{origin}"
    if r.identity:
        return f"name:{r.identity}"
    if r.speaker is None:
        return f"unnamed:{root}"
    return f"words:{plain(r.speaker_name or r.speaker)}:{root}"


def plain(text: str) -> str:
    return _SPACE.sub(" ", text.casefold()).strip()


def count_of(value: str) -> tuple[float | None, float | None]:
    """ "8", "8–", "–20", "8–12" → (low, high), as claims write counts."""
    low, dash, high = value.partition("–")
    return _number(low), _number(high) if dash else _number(low)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
