"""Lists to page through, the newest first, with facets: what the workbench shows of claims, documents and events.

A list is walked by chunks of documents from the newest backwards, so that its first page costs the same in a ledger of a
hundred documents and of a million; a condition that few claims fulfil is answered from its index. A walk that finds little
stops after `_MOST_DOCUMENTS` and says where it stopped: the next page goes on from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.engine import RowMapping

from sayso.ledger import schema
from sayso.ledger.derived import linked_events, origins, profiles
from sayso.ledger.queries import ClaimFilter, claim_rows, conditions

_CHUNK = 200
_MOST_DOCUMENTS = 6_000
_FEW = 5_000
"""claims that fulfil an indexed condition, up to which they are fetched and sorted rather than walked to"""
_FACETED = 1_000
FACETS = {
    "stance": "stance", "speaker": "speaker_name", "outlet": "outlet", "event_type": "event_type", "field": "field",
    "place": "place", "status": "status", "event": "linked",
}  # fmt: skip
"""condition of a filter → column that it is about"""
_FACET_VALUES = 12
Place = tuple[int, int]
"""where a page ends: a document's number, and a claim's ordinal in it"""


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """claims: newest document first, in the order of its text. next: where the next page begins, null at the end.
    walked: all documents that could hold one were looked at."""

    claims: list[RowMapping]
    next: Place | None
    walked: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """counts: facet → its most frequent (value, claims, label). `whole` is false where only the newest matches were counted."""

    counts: dict[str, list[tuple[str, int, str]]]
    claims: int
    whole: bool


def claim_page(connection: Connection, wanted: ClaimFilter, after: Place | None = None, limit: int = 50) -> ClaimPage:
    """A page of the claims that fulfil the filter."""
    return _page(*_walk(connection, claim_rows(), wanted, after, limit + 1), limit)


def claim_list(
    connection: Connection, wanted: ClaimFilter, after: Place | None = None, limit: int = 50
) -> tuple[ClaimPage, Facets]:
    """As `claim_page`, and how the newest of them are spread: the first page is the head of what is counted."""
    if after is not None:
        return claim_page(connection, wanted, after, limit), claim_facets(connection, wanted)
    rows, end = _walk(connection, _faceted(claim_rows()), wanted, None, _FACETED + 1)
    return _page(rows, end, limit), _spread(rows, end)


def _page(found: list[RowMapping], end: int | None, limit: int) -> ClaimPage:
    rows = found[:limit]
    if len(found) > limit:
        return ClaimPage(rows, (rows[-1]["number"], rows[-1]["ordinal"]), True)
    return ClaimPage(rows, (end, -1) if end else None, end is None)


def contexts(connection: Connection, claims: Sequence[RowMapping], width: int = 90) -> list[tuple[str, str]]:
    """For each claim what stands before and after its words, on their line, cut at a blank."""
    d = schema.documents.c
    query = select(d.id, d.text).where(d.id.in_({c["document_id"] for c in claims}))
    texts = {r.id: r.text for r in connection.execute(query)}
    return [_around(texts[c["document_id"]], c["start"], c["end"], width) for c in claims]


def _around(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    before, after = text[max(0, start - width) : start], text[end : end + width]
    if start > width:
        before = before.partition(" ")[2]
    if end + width < len(text):
        after = after.rpartition(" ")[0]
    return before.rpartition("\n")[2], after.partition("\n")[0]


def claim_facets(connection: Connection, wanted: ClaimFilter) -> Facets:
    """How the newest claims that fulfil the filter are spread."""
    c, d = schema.claims.c, schema.documents.c
    query = (
        select(d.number, c.ordinal, c.stance, c.speaker_name, d.outlet, c.event_type, c.field)
        .select_from(schema.claims)
        .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
    )
    return _spread(*_walk(connection, _faceted(query), wanted, None, _FACETED + 1))


def _faceted(query: Select[Any]) -> Select[Any]:
    """With what is told of the linked event that each claim belongs to."""
    c, p, e = schema.claims.c, profiles.c, linked_events.c
    return (
        query.add_columns(e.place, e.status, e.id.label("linked"), e.title.label("linked_title"))
        .outerjoin(profiles, and_(p.document_id == c.document_id, p.ref == func.coalesce(c.event, c.attribution)))
        .outerjoin(linked_events, and_(e.id == p.event, e.type != "statement"))
    )


def _spread(rows: list[RowMapping], end: int | None) -> Facets:
    whole = len(rows) <= _FACETED and end is None
    titles = {r["linked"]: r["linked_title"] for r in rows}
    counts = {}
    for facet, column in FACETS.items():
        counted = Counter(v for r in rows[:_FACETED] if (v := r[column]))
        top = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_FACET_VALUES]
        counts[facet] = [(v, n, titles[v] if facet == "event" else str(v).replace("_", " ")) for v, n in top]
    return Facets(counts, min(len(rows), _FACETED), whole)


def _walk(
    connection: Connection, query: Any, wanted: ClaimFilter, after: Place | None, limit: int
) -> tuple[list[RowMapping], int | None]:
    """Up to `limit` rows from `after` on, and the number of the document where the walk was given up, null when it was not."""
    c, d = schema.claims.c, schema.documents.c
    narrow = _narrow(connection, wanted)
    through = conditions(replace(wanted, limit=None), narrow or "")
    query = query.where(*through).order_by(d.number.desc(), c.ordinal)
    if narrow:
        since = [or_(d.number < after[0], and_(d.number == after[0], c.ordinal > after[1]))] if after else []
        return list(connection.execute(query.where(*since).limit(limit)).mappings()), None
    found: list[RowMapping] = []
    newest = connection.scalar(select(func.max(d.number))) or 0
    top, chunk = (after[0] if after else newest), _CHUNK
    bottom = max(0, top - _MOST_DOCUMENTS)
    while top > bottom and len(found) < limit:
        low = max(bottom, top - chunk)
        part = query.where(d.number <= top, d.number > low)
        if after and top == after[0]:
            part = part.where(or_(d.number < top, c.ordinal > after[1]))
        found += connection.execute(part.limit(limit - len(found))).mappings()
        top, chunk = low, chunk * 2
    return found, (bottom if bottom and len(found) < limit else None)


def _narrow(connection: Connection, wanted: ClaimFilter) -> str | None:
    """The condition whose index leads to all that can fulfil the filter in a few thousand rows."""
    c, d, e = schema.claims.c, schema.documents.c, linked_events.c
    if wanted.document or wanted.event:
        return "document" if wanted.document else "event"
    asked = (
        ("speaker", c.speaker_name == wanted.speaker, wanted.speaker, _FEW),
        ("stance", c.stance == wanted.stance, wanted.stance, _FEW),
        ("outlet", d.outlet == wanted.outlet, wanted.outlet, _FEW // 20),
        ("place", e.place == wanted.place, wanted.place, _FEW // 50),
    )
    for name, condition, value, most in asked:
        some = select(1).where(condition).limit(most + 1).subquery()
        if value and (connection.scalar(select(func.count()).select_from(some)) or 0) <= most:
            return name
    return None


def document_page(
    connection: Connection, after: int | None = None, limit: int = 50, outlet: str | None = None
) -> tuple[list[dict[str, Any]], int | None]:
    """Documents, the last added first, with what was found in them; and where the next page begins."""
    d, o, c, w = schema.documents.c, origins.c, schema.claims.c, schema.warnings.c
    claims = select(func.count()).where(c.document_id == d.id, c.run_id == d.current_run).scalar_subquery()
    damaged = select(func.count()).where(w.document_id == d.id, w.run_id == d.current_run).scalar_subquery()
    query = select(
        d.number, d.id, d.path, d.url, d.title, d.outlet, d.origin, d.language, d.published, d.added, o.parent, o.relation,
        claims.label("claims"), damaged.label("warnings"),
    ).outerjoin(origins, o.document_id == d.id)  # fmt: skip
    if after is not None:
        query = query.where(d.number < after)
    if outlet:
        query = query.where(d.outlet == outlet)
    rows = [dict(r) for r in connection.execute(query.order_by(d.number.desc()).limit(limit + 1)).mappings()]
    return rows[:limit], (rows[limit - 1]["number"] if len(rows) > limit else None)


def totals(connection: Connection) -> dict[str, int]:
    """Documents, events told by several reports, disputed events, failures, documents that are not linked yet."""
    d, e = schema.documents.c, linked_events.c
    asked = {
        "documents": select(func.count()).select_from(schema.documents),
        "disputed": select(func.count()).where(e.disputed.is_(True), e.type != "statement"),
        "failures": select(func.count()).select_from(schema.failures),
        "unread": select(func.count()).where(d.current_run.is_(None)),
    }
    return {name: int(connection.scalar(query) or 0) for name, query in asked.items()}
