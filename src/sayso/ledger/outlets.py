"""Outlets, as questions: what each has printed, from whom its texts come, whom it quotes, and what others said to it later.

Counts and their bases, nothing more. All but the number of documents is counted over the newest documents of an outlet, and how
many these are is told with it. "Later" means on a later day or hour than the outlet's own document, as far as both are dated.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, or_, select
from sqlalchemy.engine import RowMapping

from sayso.errors import NotFoundError
from sayso.ledger import schema
from sayso.ledger.derived import claim_links, entity_names, linked_events, names, origins, profiles

MOST_DOCUMENTS = 400
"""the newest of an outlet, over which is counted: a page of a large outlet must come as fast as one of a small one"""
REVISING = ("denies", "contradicts", "retracts", "supersedes")
"""what may be done to a claim after it was printed"""


def outlets(connection: Connection, limit: int = 100, after: int = 0) -> list[RowMapping]:
    """Outlets with the number of their documents and the first and last day of publication; those of most documents first."""
    d = schema.documents.c
    count = func.count().label("documents")
    query = (
        select(d.outlet, count, func.min(d.published).label("first"), func.max(d.published).label("last"))
        .where(d.outlet.is_not(None))
        .group_by(d.outlet)
        .order_by(count.desc(), d.outlet)
    )
    return list(connection.execute(query.limit(limit).offset(after)).mappings())


def find_outlet(connection: Connection, name: str) -> str:
    """The outlet of that name, whatever its case. Raises NotFoundError with the nearest names."""
    d = schema.documents.c
    if connection.scalar(select(d.outlet).where(d.outlet == name).limit(1)) is not None:
        return name
    known: list[str] = sorted(connection.scalars(select(d.outlet).where(d.outlet.is_not(None)).distinct()))
    same = [o for o in known if o.casefold() == name.casefold()]
    if len(same) == 1:
        return str(same[0])
    raise NotFoundError(f"no document is of the outlet {name!r}; {_nearest(name, same or known)}")


def _nearest(name: str, known: list[str]) -> str:
    from rapidfuzz import fuzz, process

    found = process.extract(name, known, scorer=fuzz.WRatio, limit=3, score_cutoff=60, processor=str.casefold)
    if found:
        return f"did you mean {' or '.join(f'“{o}”' for o, *_ in found)}?"
    return "`sayso outlet` lists those that there are" if known else "no document of the ledger names its outlet"


def span(connection: Connection, outlet: str) -> RowMapping:
    """documents, first, last: of the outlet."""
    d = schema.documents.c
    columns = (
        func.count().label("documents"),
        func.min(d.published).label("first"),
        func.max(d.published).label("last"),
    )
    return connection.execute(select(*columns).where(d.outlet == outlet)).mappings().one()


def newest(outlet: str) -> Select[Any]:
    """The ids, runs and times of its newest documents."""
    d = schema.documents.c
    return (
        select(d.id, d.current_run, d.published)
        .where(d.outlet == outlet)
        .order_by(d.published.desc().nulls_last(), d.number.desc())
        .limit(MOST_DOCUMENTS)
    )


def credits(connection: Connection, outlet: str, limit: int = 20) -> list[RowMapping]:
    """Whom its documents credit (a wire, another outlet), with how many do."""
    d, docs = schema.documents.c, newest(outlet).subquery("mine")
    count = func.count().label("documents")
    query = select(d.origin, count).join(docs, docs.c.id == d.id).where(d.origin.is_not(None)).group_by(d.origin)
    return list(connection.execute(query.order_by(count.desc(), d.origin).limit(limit)).mappings())


def reprints(connection: Connection, outlet: str, of_it: bool = False, samples: int = 3) -> list[RowMapping]:
    """Its documents made from those of others, or those of others made from its own (`of_it`): the newest of each other outlet
    and relation, with how many there are (`documents`) and the mean share of text that stands in both."""
    o, docs = origins.c, newest(outlet).subquery("mine")
    child, parent = schema.documents.alias("child"), schema.documents.alias("parent")
    own, other = (o.parent, child.c) if of_it else (o.document_id, parent.c)
    group = (other.outlet, o.relation)
    inner = (
        select(
            other.outlet, o.relation, o.share, child.c.id.label("document"), child.c.path, child.c.published, parent.c.id.label("parent"), parent.c.path.label("parent_path"),
            func.count().over(partition_by=group).label("documents"),
            func.avg(o.share).over(partition_by=group).label("mean_share"),
            func.row_number().over(partition_by=group, order_by=(child.c.published.desc().nulls_last(), child.c.id)).label("rank"),
        )
        .select_from(docs)
        .join(origins, own == docs.c.id)
        .join(child, child.c.id == o.document_id)
        .join(parent, parent.c.id == o.parent)
        .where(or_(other.outlet.is_(None), other.outlet != outlet))
        .subquery()
    )  # fmt: skip
    i = inner.c
    query = select(inner).where(i.rank <= samples).order_by(i.documents.desc(), i.outlet, i.relation, i.rank)
    return list(connection.execute(query).mappings())


def same_documents(connection: Connection, outlet: str, limit: int = 20) -> list[RowMapping]:
    """Outlets that the very bytes of its documents also came from, with how many; who had them first is not known."""
    copy, docs = schema.copies.c, newest(outlet).subquery("mine")
    count = func.count(func.distinct(copy.document_id)).label("documents")
    query = (
        select(copy.outlet, count)
        .join(docs, docs.c.id == copy.document_id)
        .where(copy.outlet.is_not(None), copy.outlet != outlet)
        .group_by(copy.outlet)
    )
    return list(connection.execute(query.order_by(count.desc(), copy.outlet).limit(limit)).mappings())


def quoted(connection: Connection, outlet: str, limit: int = 20) -> list[RowMapping]:
    """Named speakers, by identity, with their attributions in its newest documents: id, name, type, attributions, documents."""
    a, en, n, best = schema.attributions.c, entity_names.c, names.alias("n"), names.alias("best")
    docs = newest(outlet).subquery()
    count = func.count().label("attributions")
    query = (
        select(best.c.id, best.c.name, best.c.type, count, func.count(func.distinct(a.document_id)).label("documents"))
        .select_from(docs)
        .join(schema.attributions, and_(a.document_id == docs.c.id, a.run_id == docs.c.current_run))
        .join(entity_names, and_(en.document_id == a.document_id, en.entity_id == a.entity))
        .join(n, n.c.id == en.name_id)
        .join(best, best.c.id == n.c.identity)
        .group_by(best.c.id, best.c.name, best.c.type)
        .order_by(count.desc(), best.c.name, best.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).mappings())


def stances(connection: Connection, outlet: str) -> dict[str, int]:
    """Stance → attributions of that stance in its newest documents."""
    a, docs = schema.attributions.c, newest(outlet).subquery()
    query = (
        select(a.stance, func.count().label("count"))
        .join(docs, and_(a.document_id == docs.c.id, a.run_id == docs.c.current_run))
        .group_by(a.stance)
    )
    found = [(stance, int(count)) for stance, count in connection.execute(query)]
    return dict(sorted(found, key=lambda s: (-s[1], s[0])))


def claims(connection: Connection, outlet: str) -> RowMapping:
    """documents: its newest that are counted; claims: those of them about events that are held; own_voice: of these, in nobody's mouth."""
    c, docs = schema.claims.c, newest(outlet).subquery()
    query = (
        select(
            select(func.count()).select_from(docs).scalar_subquery().label("documents"),
            func.count().label("claims"),
            func.coalesce(func.sum(case((c.attribution.is_(None), 1), else_=0)), 0).label("own_voice"),
        )
        .select_from(docs)
        .join(schema.claims, and_(c.document_id == docs.c.id, c.run_id == docs.c.current_run))
        .where(c.event.is_not(None), c.holds.is_(True))
    )
    return connection.execute(query).mappings().one()


def _later(left: Any, right: Any) -> Any:
    """Whether one time is after the other, and not only told more exactly."""
    return and_(left > right, func.substr(left, 1, func.length(right)) != right)


def _answers(outlet: str) -> Any:
    """Links from later claims to held claims about events in its newest documents."""
    k, c, docs = claim_links.c, schema.claims.c, newest(outlet).subquery("mine")
    return (
        select(k.id, k.relation, k.right_document, k.right_claim, c.attribution, k.said)
        .select_from(docs)
        .join(claim_links, k.right_document == docs.c.id)
        .join(schema.claims, and_(c.document_id == k.right_document, c.run_id == docs.c.current_run, c.id == k.right_claim))
        .where(k.relation.in_(REVISING), _later(k.said, docs.c.published), c.event.is_not(None), c.holds.is_(True))
        .subquery("answers")
    )  # fmt: skip


def answered(connection: Connection, outlet: str) -> dict[str, dict[str, int]]:
    """Relation → how many of its claims (and of those in its own voice) somebody later denied, contradicted, retracted, superseded."""
    found = _answers(outlet).c
    ref = found.right_document + "/" + found.right_claim
    own = func.count(func.distinct(case((found.attribution.is_(None), ref))))
    query = select(found.relation, func.count(func.distinct(ref)).label("claims"), own.label("own_voice"))
    rows = {r.relation: r for r in connection.execute(query.group_by(found.relation))}
    zero = {"claims": 0, "own_voice": 0}
    return {
        k: {"claims": rows[k].claims, "own_voice": rows[k].own_voice} if k in rows else dict(zero) for k in REVISING
    }


def examples(connection: Connection, outlet: str, limit: int = 10) -> list[RowMapping]:
    """The newest such links with the exact words of both sides, who says so and whose words they answer."""
    found, k = _answers(outlet).c, claim_links.c
    left, right = schema.documents.alias("l"), schema.documents.alias("r")
    ours, theirs = schema.claims.alias("ours"), schema.claims.alias("theirs")
    query = (
        select(
            k.relation, k.event, k.field, k.said,
            left.c.id.label("by_document"), left.c.path.label("by_path"), left.c.outlet.label("by_outlet"), k.left_claim.label("by_claim"), k.left_start.label("by_start"), k.left_end.label("by_end"),
            func.substr(left.c.text, k.left_start + 1, k.left_end - k.left_start).label("by_words"),
            func.coalesce(theirs.c.speaker_name, theirs.c.speaker).label("by_speaker"),
            right.c.id.label("document"), right.c.path, right.c.published, k.right_claim.label("claim"), k.right_start.label("start"), k.right_end.label("end"),
            func.substr(right.c.text, k.right_start + 1, k.right_end - k.right_start).label("words"),
            func.coalesce(ours.c.speaker_name, ours.c.speaker).label("speaker"),
        )
        .where(k.id.in_(select(found.id)))
        .join(left, left.c.id == k.left_document)
        .join(right, right.c.id == k.right_document)
        .outerjoin(theirs, and_(theirs.c.document_id == left.c.id, theirs.c.run_id == left.c.current_run, theirs.c.id == k.left_claim))
        .outerjoin(ours, and_(ours.c.document_id == right.c.id, ours.c.run_id == right.c.current_run, ours.c.id == k.right_claim))
        .order_by(k.said.desc(), left.c.path, k.left_start, k.relation, right.c.path, k.right_start)
        .limit(limit)
    )  # fmt: skip
    return list(connection.execute(query).mappings())


def firsts(connection: Connection, outlet: str, limit: int = 10) -> tuple[int, int, list[RowMapping]]:
    """(events of its newest documents that it told before any other outlet, those that several documents tell, the newest of the
    first, each with when it and the next told it)."""
    p, d, e, docs = profiles.c, schema.documents.c, linked_events.c, newest(outlet).subquery("mine")
    told = select(p.event).join(docs, docs.c.id == p.document_id).where(p.event.is_not(None)).distinct()
    shared = e.id.in_(told), e.documents > 1, e.type != "statement"
    base = connection.scalar(select(func.count()).select_from(linked_events).where(*shared)) or 0
    opened = (
        select(p.event)
        .join(docs, docs.c.id == p.document_id)
        .join(linked_events, e.id == p.event)
        .where(e.documents > 1, e.type != "statement", docs.c.published == e.first_said)
        .distinct()
    )
    here = d.outlet == outlet
    by_event = (
        select(p.event, func.min(case((here, d.published))).label("ours"), func.min(case((here, None), else_=d.published)).label("others"))
        .join(schema.documents, d.id == p.document_id)
        .where(p.event.in_(opened))
        .group_by(p.event)
        .subquery()
    )  # fmt: skip
    b = by_event.c
    query = (
        select(e.id, e.title, e.first_day, e.documents, b.ours, b.others)
        .join(by_event, b.event == e.id)
        .where(_later(b.others, b.ours))
        .order_by(b.ours.desc(), e.id)
    )
    first = list(connection.execute(query).mappings())
    return len(first), base, first[:limit]
