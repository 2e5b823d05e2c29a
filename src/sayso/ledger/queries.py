"""Questions to a ledger as SQL: one SELECT for a filter, used by every surface that lists claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from sayso.ledger import schema
from sayso.ledger.derived import linked_events, profiles


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
    speaker: str | None = None
    """the speaker's name exactly, as a facet gives it"""
    outlet: str | None = None
    event: str | None = None
    """a linked event's id"""
    place: str | None = None
    """of the linked event, exactly"""
    status: str | None = None
    """of the linked event"""


def claim_rows() -> Select[Any]:
    """Every claim of a current reading, with its document's facts."""
    c, d = schema.claims, schema.documents
    return select(
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
        c.c.ordinal,
        d.c.number,
    ).join(d, and_(d.c.id == c.c.document_id, d.c.current_run == c.c.run_id))


def conditions(wanted: ClaimFilter, through: str | None = None) -> list[Any]:
    """What a claim and its document must fulfil.

    through: the one condition whose index may be used ("" for none of them), where documents are walked through and an index of
    all claims would be read anew for each step; null leaves the choice to the store.
    """
    c, d = schema.claims, schema.documents

    def column(name: str, of: Any) -> Any:
        return of if through in {None, name} else func.coalesce(of, "")

    conditions: list[Any] = []
    if wanted.who:
        conditions.append(_speaks(wanted.who))
    if wanted.stance:
        conditions.append(column("stance", c.c.stance) == wanted.stance)
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
        conditions.append(column("since", d.c.published) >= wanted.since)
    if wanted.until:
        conditions += [d.c.published.is_not(None), column("until", d.c.published) <= wanted.until + "\uffff"]
    if wanted.attributed:
        conditions.append(c.c.attribution.is_not(None))
    if wanted.speaker:
        conditions.append(column("speaker", c.c.speaker_name) == wanted.speaker)
    if wanted.outlet:
        conditions.append(column("outlet", d.c.outlet) == wanted.outlet)
    if wanted.event or wanted.place or wanted.status:
        conditions.append(_of_event(wanted))
    if wanted.event or through == "place":
        conditions.append(c.c.document_id.in_(_telling(wanted)))
    return conditions


def claim_query(wanted: ClaimFilter) -> Select[Any]:
    """One SELECT for a filter; used by every surface that lists claims."""
    c, d = schema.claims, schema.documents
    query = claim_rows().where(*conditions(wanted)).order_by(d.c.path, d.c.url, d.c.id, c.c.start, c.c.end, c.c.ordinal)
    return query.limit(wanted.limit) if wanted.limit else query


def _of_event(wanted: ClaimFilter) -> Any:
    """The claim belongs to a linked event that is this one, lies there, or has that status."""
    c, p = schema.claims, profiles
    of_it = p.c.document_id == c.c.document_id, p.c.ref == func.coalesce(c.c.event, c.c.attribution)
    return (
        select(p.c.event).join(linked_events, linked_events.c.id == p.c.event).where(*of_it, *_which(wanted)).exists()
    )


def _telling(wanted: ClaimFilter) -> Any:
    """The documents that tell of such events: leads to their claims without a look at all others."""
    p, e = profiles.c, linked_events
    return select(p.document_id).join(e, e.c.id == p.event).where(*_which(wanted))


def _which(wanted: ClaimFilter) -> list[Any]:
    e = linked_events.c
    asked = ((e.id, wanted.event), (e.place, wanted.place), (e.status, wanted.status))
    return [column == value for column, value in asked if value]


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
