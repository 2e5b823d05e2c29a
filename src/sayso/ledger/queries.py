"""Questions to a ledger as SQL: one SELECT for a filter, used by every surface that lists claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from sayso.ledger import schema


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims: all given conditions hold. Text is matched anywhere, without regard to case."""

    who: str | None = None
    stance: str | None = None
    about: str | None = None
    field: str | None = None
    event_type: str | None = None
    document: str | None = None
    since: str | None = None
    until: str | None = None
    attributed: bool = False
    limit: int | None = None


def claim_query(wanted: ClaimFilter) -> Select[Any]:
    """One SELECT for a filter; used by every surface that lists claims."""
    c, d = schema.claims, schema.documents
    query = select(
        c.c.id,
        c.c.document_id,
        d.c.path,
        d.c.url,
        d.c.title,
        d.c.outlet,
        d.c.origin,
        d.c.published,
        c.c.speaker,
        c.c.speaker_name,
        c.c.cue,
        c.c.stance,
        c.c.holds,
        c.c.event,
        c.c.event_type,
        c.c.field,
        c.c.value,
        c.c.words,
        c.c.start,
        c.c.end,
        c.c.spans,
        c.c.attribution,
    ).join(d, and_(d.c.id == c.c.document_id, d.c.current_run == c.c.run_id))
    conditions: list[Any] = []
    if wanted.who:
        conditions.append(_speaks(wanted.who))
    if wanted.stance:
        conditions.append(c.c.stance == wanted.stance)
    if wanted.field:
        conditions.append(or_(c.c.field == wanted.field, c.c.field.startswith(f"{wanted.field}.", autoescape=True)))
    if wanted.event_type:
        conditions.append(c.c.event_type == wanted.event_type)
    if wanted.document:
        conditions.append(c.c.document_id == wanted.document)
    if wanted.about:
        conditions.append(
            or_(_anywhere(c.c.value, wanted.about), _anywhere(c.c.words, wanted.about), _content_has(wanted.about))
        )
    if wanted.since:
        conditions.append(d.c.published >= wanted.since)
    if wanted.until:
        conditions.append(d.c.published <= wanted.until + "\uffff")
    if wanted.attributed:
        conditions.append(c.c.attribution.is_not(None))
    query = query.where(*conditions).order_by(d.c.path, d.c.url, d.c.id, c.c.start, c.c.end, c.c.ordinal)
    return query.limit(wanted.limit) if wanted.limit else query


def _anywhere(column: Any, text: str) -> Any:
    return column.icontains(text, autoescape=True)


def _speaks(who: str) -> Any:
    """The speaker's words, name or any alias of it; "the outlet" stands for claims in nobody's mouth."""
    c, e, a = schema.claims, schema.entities, schema.attributions
    alias = (
        select(a.c.id)
        .join(e, and_(e.c.document_id == a.c.document_id, e.c.run_id == a.c.run_id, e.c.id == a.c.entity))
        .where(
            a.c.document_id == c.c.document_id,
            a.c.run_id == c.c.run_id,
            a.c.id == c.c.attribution,
            _anywhere(e.c.aliases, who),
        )
    )
    return or_(_anywhere(c.c.speaker, who), _anywhere(c.c.speaker_name, who), alias.exists())


def _content_has(about: str) -> Any:
    c, a = schema.claims, schema.attributions
    return (
        select(a.c.id)
        .where(
            a.c.document_id == c.c.document_id,
            a.c.run_id == c.c.run_id,
            a.c.id == c.c.attribution,
            _anywhere(a.c.content, about),
        )
        .exists()
    )
