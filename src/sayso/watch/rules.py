"""What the last linking changed → what is new to a rule, each thing once.

A `Window` is the documents since the last time and the linked events that they are part of. What a rule has told of is known by
keys (a pair of claims, a member of an event …) that do not change when events are joined or named anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from sayso.export.links import told_links
from sayso.ledger import ClaimFilter, schema, views
from sayso.ledger.derived import linked, linked_events, profiles
from sayso.ledger.queries import claim_rows, conditions
from sayso.ledger.slices import slices
from sayso.records import Assessment
from sayso.watch.plan import Rule

Row = Any
_QUARRELS = ("disputed", "denied")


@dataclass(frozen=True, slots=True)
class Window:
    """documents: id → number, of those that came since; events: the linked events that they are part of, or None for all."""

    documents: dict[str, int]
    events: frozenset[str] | None
    top: int
    top_id: str | None


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell of. keys: of all in it that is told of with it. event: its row, null for what belongs to none."""

    keys: tuple[str, ...]
    event: Row | None = None
    links: tuple[dict[str, Any], ...] = ()
    assessment: Assessment | None = None
    claims: tuple[Row, ...] = ()
    warnings: tuple[Row, ...] = ()
    members: tuple[Row, ...] = ()

    @property
    def tells(self) -> bool:
        """Whether there is something to say; else its keys only are known from here on."""
        return bool(self.links or self.assessment or self.claims or self.warnings or self.members)


Told = Callable[[list[str]], set[str]]
"""which of these keys the rule has told of"""


def newest(connection: Connection) -> tuple[int, str | None]:
    """The document that was added last, (0, None) in an empty ledger."""
    d = schema.documents.c
    row = connection.execute(select(d.number, d.id).order_by(d.number.desc()).limit(1)).first()
    return (row.number, row.id) if row else (0, None)


def window(connection: Connection, checkpoints: list[tuple[int, str | None]]) -> Window | None:
    """What came after the last checkpoint that still stands in the ledger; None when nothing did, or it is not linked yet."""
    d = schema.documents.c
    after = 0
    for after, document in checkpoints:  # numbers are given anew when the newest document is removed
        if connection.scalar(select(d.id).where(d.number == after)) == document:
            break
    here = and_(linked.c.document_id == d.id, linked.c.run_id == d.current_run)
    unlinked = select(func.min(d.number)).outerjoin(linked, here)
    first = connection.scalar(
        unlinked.where(d.number > after, d.current_run.is_not(None), linked.c.document_id.is_(None))
    )
    query = select(d.number, d.id).where(d.number > after).order_by(d.number)
    rows = connection.execute(query.where(d.number < first) if first else query).all()
    if not rows:
        return None
    documents = {r.id: r.number for r in rows}
    events: set[str] = set()
    for some in slices(sorted(documents)):
        events |= set(connection.scalars(select(profiles.c.event).distinct().where(profiles.c.document_id.in_(some))))
    return Window(documents, frozenset(e for e in events if e), rows[-1].number, rows[-1].id)


def news(connection: Connection, rule: Rule, found: Window, since: int, told: Told) -> Iterator[News]:
    """What is new to a rule. since: the number of the newest document when the rule was first seen; older ones are no news."""
    yield from _KINDS[rule.when](connection, rule, found, since, told)


def standing(connection: Connection, rule: Rule) -> Iterator[str]:
    """The keys of all disputes that there are already when a rule is first seen: it tells of new ones."""
    if rule.when == "dispute":
        everything = Window({}, None, 0, None)
        for event in _events(connection, rule, everything):
            for assessment in views.assessed(connection, event["id"], *_QUARRELS):
                yield from _dispute_keys(assessment)


# -- kinds --------------------------------------------------------------------------------------------------------


def _disputes(connection: Connection, rule: Rule, found: Window, _: int, told: Told) -> Iterator[News]:
    for event in _events(connection, rule, found):
        for assessment in views.assessed(connection, event["id"], *_QUARRELS):
            if rule.field and assessment.field.partition(".")[0] != rule.field and assessment.field != rule.field:
                continue
            keys = _dispute_keys(assessment)
            ends = {(h.document, h.claim) for p in assessment.positions for h in (*p.holders, *p.deniers)}
            if not told(keys) and (not _asks(rule) or _fulfil(connection, replace(rule.claims, field=None), ends)):
                yield News(tuple(keys), event, assessment=assessment)
            elif set(keys) - told(keys) and told(keys):
                yield News(tuple(keys), None)  # more of what was told: known from here on, and no news


def _dispute_keys(assessment: Assessment) -> list[str]:
    held = [(p, h) for p in assessment.positions for h in (*p.holders, *p.deniers)]
    return sorted({f"dispute:{assessment.field}:{h.document}/{h.claim}" for _, h in held})


def _denials(connection: Connection, rule: Rule, found: Window, since: int, told: Told) -> Iterator[News]:
    return _links(connection, rule, found, since, told, ("denies",))


def _revisions(connection: Connection, rule: Rule, found: Window, since: int, told: Told) -> Iterator[News]:
    return _links(connection, rule, found, since, told, ("supersedes", "retracts"))


def _links(
    connection: Connection, rule: Rule, found: Window, since: int, told: Told, relations: tuple[str, ...]
) -> Iterator[News]:
    """What one claim does to others is told together."""
    for event in _events(connection, rule, found):
        pairs: dict[str, dict[str, Any]] = {}
        for link in told_links(connection, event["id"], relations=relations):
            left, right = link["left"], link["right"]
            key = f"{link['relation']}:{link['field']}:{_end(left)}:{_end(right)}"
            pairs[key] = link
        if not pairs:
            continue
        known = told(list(pairs))
        fresh = {k: link for k, link in pairs.items() if k not in known}
        fresh = _since(connection, fresh, since)
        if _asks(rule):
            ends = {(k["left"]["document"], k["left"]["claim"]) for k in fresh.values()}
            there = _fulfil(connection, rule.claims, ends)
            fresh = {n: k for n, k in fresh.items() if (k["left"]["document"], k["left"]["claim"]) in there}
        if rule.whose:
            ends = {(k["right"]["document"], k["right"]["claim"]) for k in fresh.values()}
            there = _fulfil(connection, ClaimFilter(who=rule.whose), ends)
            fresh = {n: k for n, k in fresh.items() if (k["right"]["document"], k["right"]["claim"]) in there}
        groups: dict[tuple[Any, ...], list[str]] = {}
        for key, link in fresh.items():
            left = link["left"]
            groups.setdefault((link["relation"], left["document"], left["start"], left["end"]), []).append(key)
        for keys in groups.values():
            yield News(tuple(keys), event, links=tuple(fresh[k] for k in keys))


def _since(connection: Connection, links: dict[str, dict[str, Any]], since: int) -> dict[str, dict[str, Any]]:
    """Links of which one end at least came after that document."""
    d = schema.documents.c
    ends = sorted({k[side]["document"] for k in links.values() for side in ("left", "right")})
    late: set[str] = set()
    for some in slices(ends):
        late |= set(connection.scalars(select(d.id).where(d.id.in_(some), d.number > since)))
    return {n: k for n, k in links.items() if k["left"]["document"] in late or k["right"]["document"] in late}


def _end(end: dict[str, Any]) -> str:
    return f"{end['document']}/{end['claim'] or ''}/{end['start']}-{end['end']}"


def _claims(connection: Connection, rule: Rule, found: Window, _: int, told: Told) -> Iterator[News]:
    """What one attribution (or the outlet of one event) says is told together."""
    a, c, p = schema.attributions.c, schema.claims.c, profiles.c
    events = {e["id"]: e for e in _events(connection, rule, found)}
    ref = func.coalesce(c.event, c.attribution)
    for some in slices(sorted(found.documents, key=lambda d: found.documents[d])):
        query = (
            claim_rows()
            .where(*conditions(rule.claims), c.document_id.in_(some))
            .add_columns(p.event.label("linked"), a.content, a.spans.label("content_spans"))
            .outerjoin(profiles, and_(p.document_id == c.document_id, p.ref == ref))
            .outerjoin(
                schema.attributions,
                and_(a.document_id == c.document_id, a.run_id == c.run_id, a.id == c.attribution),
            )
            .order_by(schema.documents.c.number, c.ordinal)
        )
        groups: dict[tuple[str, str], list[Row]] = {}
        for row in connection.execute(query).mappings():
            if not rule.placed or row["linked"] in events:
                who = f"a{row['attribution']}" if row["attribution"] else f"v{row['event']}"
                groups.setdefault((row["document_id"], who), []).append(row)
        for (document, _who), rows in groups.items():
            keys = [f"claim:{document}/{r['id']}" for r in rows]
            if fresh := set(keys) - told(keys):
                shown = tuple(r for r, k in zip(rows, keys, strict=True) if k in fresh)
                yield News(tuple(sorted(fresh)), events.get(shown[0]["linked"]), claims=shown)


def _damages(connection: Connection, rule: Rule, found: Window, _: int, told: Told) -> Iterator[News]:
    """All that looks damaged in one document is told together."""
    w, d, p = schema.warnings.c, schema.documents.c, profiles.c
    asked: list[Any] = []
    if rule.outlet:
        asked.append(d.outlet == rule.outlet)
    if rule.since:
        asked.append(d.published >= rule.since)
    if rule.until:
        asked.append(d.published <= rule.until + "\uffff")
    if rule.about:
        asked.append(or_(d.text.icontains(rule.about, autoescape=True), d.title.icontains(rule.about, autoescape=True)))
    events = frozenset(e["id"] for e in _events(connection, rule, found)) if rule.placed else None
    for some in slices(sorted(found.documents, key=lambda i: found.documents[i])):
        query = (
            select(schema.warnings, d.path, d.url, d.title, d.outlet, d.published, d.number)
            .join(schema.documents, and_(d.id == w.document_id, d.current_run == w.run_id))
            .where(d.id.in_(some), *asked)
            .order_by(d.number, w.ordinal)
        )
        groups: dict[str, list[Row]] = {}
        for row in connection.execute(query).mappings():
            groups.setdefault(row["document_id"], []).append(row)
        for document, rows in groups.items():
            if events is not None and not events & set(
                connection.scalars(select(p.event).where(p.document_id == document))
            ):
                continue
            if not told([f"damage:{document}"]):
                yield News((f"damage:{document}",), warnings=tuple(rows))


def _happenings(connection: Connection, rule: Rule, found: Window, since: int, told: Told) -> Iterator[News]:
    """Events of which nothing was told or known before."""
    d = schema.documents.c
    for event in _events(connection, rule, found, statements=False):
        members = views.members(connection, event["id"])
        keys = [f"member:{m['document_id']}/{m['ref']}" for m in members]
        if known := told(keys):
            if set(keys) - known:
                yield News(tuple(keys), None)
            continue
        documents = sorted({m["document_id"] for m in members})
        if connection.scalar(select(func.min(d.number)).where(d.id.in_(documents[:500]))) <= since:
            continue
        ends = {(m["document_id"], None) for m in members}
        if not _asks(rule) or _fulfil(connection, rule.claims, ends, event["id"]):
            yield News(tuple(keys), event, members=tuple(members))


_KINDS: dict[str, Callable[..., Iterator[News]]] = {
    "dispute": _disputes,
    "denied": _denials,
    "revised": _revisions,
    "claim": _claims,
    "damaged": _damages,
    "event": _happenings,
}


# -- conditions ---------------------------------------------------------------------------------------------------


def _events(connection: Connection, rule: Rule, found: Window, statements: bool = True) -> Iterator[Row]:
    """The events of the window that lie where the rule asks and are of its kind."""
    e = linked_events.c
    narrow = rule.placed or rule.when in {"dispute", "event"} or not statements
    query = views.event_query(rule.events) if narrow else select(linked_events)
    if rule.country:
        query = query.where(e.country == rule.country)
    parts: list[list[str] | None] = [None] if found.events is None else list(slices(sorted(found.events)))
    for some in parts:
        part = query if some is None else query.where(e.id.in_(some))
        yield from connection.execute(part.order_by(e.id)).mappings().all()


def _asks(rule: Rule) -> bool:
    """Whether it asks something of the words."""
    return rule.claims != ClaimFilter()


def _fulfil(
    connection: Connection, wanted: ClaimFilter, ends: set[tuple[str, Any]], event: str | None = None
) -> set[tuple[str, Any]]:
    """Those of the claims (document, id) that fulfil the filter; with `event`, any claims of these documents on it."""
    c = schema.claims.c
    found: set[tuple[str, Any]] = set()
    for some in slices(sorted({document for document, _ in ends})):
        query = claim_rows().where(*conditions(replace(wanted, event=event)), c.document_id.in_(some))
        for row in connection.execute(query).mappings():
            end = (row["document_id"], None if event else row["id"])
            if end in ends:
                found.add(end)
    return found
