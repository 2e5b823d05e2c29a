"""The network: who accuses, denies, contradicts, confirms, commands and belongs to whom, and the words behind each edge.

Ties hold ids of names; here they are put together by identity, so that a merge of names, or its undoing, shows at once.
A question looks at the newest ties only, or at those of one name or event, so that it takes no longer on a large ledger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, union_all

from sayso.errors import UsageError
from sayso.ledger import naming, schema
from sayso.ledger.derived import claim_links, entity_names, names, ties
from sayso.ledger.slices import slices
from sayso.names.registry import registry

TIES = ("accuses", "denies", "contradicts", "confirms", "commands", "belongs_to")
"""the relations of edges"""
MOST_TIES = 10_000
"""that one question looks at, the newest"""


@dataclass(frozen=True, slots=True)
class NetworkFilter:
    """Which ties: all given conditions hold. of: the id of a name or identity, whose ties alone are wanted; since, until: ISO
    days on which it was said; event: a linked event's id; limit_nodes: those with the most ties are kept."""

    of: str | None = None
    relations: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    event: str | None = None
    limit_nodes: int = 200


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody, by identity. type: person, organisation, place; weight: how many ties of those considered touch him."""

    id: str
    name: str
    type: str
    weight: int


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` does it to `target`, so many statements say. registry: no report says so, the registry knows it (count 0)."""

    source: str
    target: str
    relation: str
    count: int
    first_said: str | None
    last_said: str | None
    registry: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """total: the ties considered, self-ties left out; cut: whether older ties or lighter nodes are not shown."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    total: int
    cut: bool


def network(connection: Connection, wanted: NetworkFilter) -> Network:
    """The heaviest nodes and the edges between them, the heaviest first. Raises NotFoundError for an unknown name, UsageError
    for an unknown relation."""
    rows = connection.execute(_identified(_window(connection, wanted))).all()
    said, weights, spelt = _statements(rows)
    shown = sorted(weights, key=lambda n: (-weights[n], n))[: wanted.limit_nodes]
    nodes = _nodes(connection, shown, weights, spelt)
    known = set(shown)
    edges = [
        Edge(source, target, relation, len(days), min(filter(None, days), default=None), max(filter(None, days), default=None))
        for (source, target, relation), days in said.items()
        if source in known and target in known
    ]  # fmt: skip
    if not wanted.relations or "belongs_to" in wanted.relations:
        edges += _registered(nodes)
    edges.sort(key=lambda e: (-e.count, e.relation, e.source, e.target, e.registry))
    cut = len(rows) >= MOST_TIES or len(weights) > wanted.limit_nodes
    return Network(tuple(nodes), tuple(edges), sum(map(len, said.values())), cut)


_Edge = tuple[str, str, str]


def _statements(rows: Sequence[Any]) -> tuple[dict[_Edge, list[str | None]], dict[str, int], dict[str, int]]:
    """(source, target, relation) → when each of its statements was said; ties of each identity, and of each name.

    What one sentence says in two events is one statement, and nobody is tied to himself.
    """
    said: dict[_Edge, list[str | None]] = defaultdict(list)
    weights: dict[str, int] = defaultdict(int)
    spelt: dict[str, int] = defaultdict(int)
    seen: set[tuple[Any, ...]] = set()
    for source, target, relation, left, right, document, start, day in rows:
        key = (relation, left, right, document, start)
        if source != target and key not in seen:
            seen.add(key)
            said[(source, target, relation)].append(day)
            weights[source] += 1
            weights[target] += 1
            spelt[left] += 1
            spelt[right] += 1
    return said, weights, spelt


def name_ids(connection: Connection, ref: str) -> list[str]:
    """The ids of all names that are one with this name or identity. Raises NotFoundError when there is none."""
    identity = naming.identity_of(connection, ref)
    return list(connection.scalars(select(names.c.id).where(names.c.identity == identity).order_by(names.c.id)))


def _conditions(wanted: NetworkFilter) -> list[Any]:
    """What a filter asks of ties, save whose they are."""
    t = ties.c
    odd = sorted(set(wanted.relations) - set(TIES))
    if odd:
        raise UsageError(f"{odd[0]!r} is no relation of the network; there are: {', '.join(TIES)}")
    found: list[Any] = []
    if wanted.relations:
        found.append(t.relation.in_(wanted.relations))
    if wanted.since:
        found.append(t.said >= wanted.since)
    if wanted.until:
        found.append(t.said <= wanted.until + "\uffff")
    if wanted.event:
        found.append(t.event == wanted.event)
    return found


def _window(connection: Connection, wanted: NetworkFilter) -> Select[Any]:
    """The newest ties that are wanted. Each part can be read off an index."""
    t = ties.c
    where = _conditions(wanted)
    query = select(t.id, t.relation, t.left, t.right, t.document_id, t.start, t.said).where(*where)
    if wanted.of:
        ids = name_ids(connection, wanted.of)
        parts = [query.where(t.left.in_(ids)), query.where(t.right.in_(ids), t.left.not_in(ids))]
    elif wanted.event or len(wanted.relations) in {0, len(TIES)}:
        return _newest(query, t)
    else:
        parts = [_newest(query.where(t.relation == r), t) for r in wanted.relations]
    joined = union_all(*(select(p.subquery()) for p in parts)).subquery()
    return _newest(select(joined), joined.c)


def _newest(query: Select[Any], columns: Any) -> Select[Any]:
    return query.order_by(columns.said.desc().nulls_last(), columns.id.desc()).limit(MOST_TIES)


def _identified(window: Select[Any]) -> Select[Any]:
    w, one, other = window.subquery("w"), names.alias("one"), names.alias("other")
    columns = (w.c.relation, w.c.left, w.c.right, w.c.document_id, w.c.start, w.c.said)
    return (
        select(one.c.identity, other.c.identity.label("other_identity"), *columns)
        .join(one, one.c.id == w.c.left)
        .join(other, other.c.id == w.c.right)
    )


def _nodes(connection: Connection, shown: list[str], weights: dict[str, int], spelt: dict[str, int]) -> list[Node]:
    """Each by the registry's name for one of its names, else by that with the most ties."""
    n = names.c
    spellings: dict[str, list[Any]] = {identity: [] for identity in shown}
    for some in slices(shown):
        for r in connection.execute(select(n.id, n.identity, n.name, n.type).where(n.identity.in_(some))):
            spellings[r.identity].append(r)
    found = []
    for identity, rows in spellings.items():
        rows.sort(key=lambda r: (-spelt.get(r.id, 0), r.id))
        known = {next(iter(e)) for r in rows if r.type != "person" and len(e := registry().find(r.name)) == 1}
        name = registry()[min(known)].name if known else rows[0].name
        found.append(Node(identity, name, rows[0].type, weights[identity]))
    return found


def _registered(nodes: list[Node]) -> list[Edge]:
    """What the registry knows to be part of what, between nodes that are shown; the nearest where there are several above."""
    entries = {min(e): n.id for n in nodes if n.type != "person" and len(e := registry().find(n.name)) == 1}
    found = []
    for entry, node in entries.items():
        above, passed = registry()[entry].part_of, {entry}
        while above and above in registry() and above not in entries and above not in passed:
            passed.add(above)
            above = registry()[above].part_of
        if above in entries and entries[above] != node:
            found.append(Edge(node, entries[above], "belongs_to", 0, None, None, registry=True))
    return found


# -- the words behind an edge -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Exact words of a document."""

    document: str
    path: str | None
    outlet: str | None
    published: str | None
    start: int
    end: int
    words: str
    claim: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """One statement behind an edge. speaker: who says so, null in the outlet's own voice; event: null where a document says so
    of itself; against: the claims that it denies, contradicts or confirms."""

    relation: str
    said: Words
    speaker: str | None
    event: str | None
    against: tuple[Words, ...] = ()


def edge(connection: Connection, source: str, target: str, relation: str, limit: int = 50, after: int = 0) -> list[Tie]:
    """The statements behind an edge, the newest first. source, target: ids of identities or names; after: how many to pass over.

    Raises NotFoundError for an unknown name, UsageError for an unknown relation.
    """
    ours, theirs = name_ids(connection, source), name_ids(connection, target)
    t, d = ties.c, schema.documents.c
    key = (t.left, t.right, t.document_id, t.start)
    firsts = (
        select(func.min(t.id))
        .where(*_conditions(NetworkFilter(relations=(relation,))), t.left.in_(ours), t.right.in_(theirs))
        .group_by(*key)
    )
    query = (
        select(t.id, t.document_id, t.start, t.end, t.claim, t.event, *_printed(schema.documents, t.start, t.end), d.current_run, names.c.name)
        .join(schema.documents, d.id == t.document_id)
        .join(names, names.c.id == t.left)
        .where(t.id.in_(firsts))
        .order_by(d.published.desc().nulls_last(), d.path, t.document_id, t.start)
    )  # fmt: skip
    rows = connection.execute(query.limit(limit).offset(after)).all()
    against = _against(connection, rows, relation, theirs)
    return [
        Tie(relation, _words(r), r.name if r.claim else _voice(connection, r), r.event, tuple(against.get(r.id, ())))
        for r in rows
    ]  # fmt: skip


def _printed(document: Any, start: Any, end: Any) -> tuple[Any, ...]:
    d = document.c
    return d.path, d.outlet, d.published, func.substr(d.text, start + 1, end - start).label("words")


def _words(r: Any) -> Words:
    return Words(r.document_id, r.path, r.outlet, r.published, r.start, r.end, r.words, r.claim)


def _voice(connection: Connection, r: Any) -> str | None:
    """Who is quoted with words that hold these; the innermost of several."""
    a = schema.attributions.c
    query = select(a.spans, a.speaker_name, a.speaker).where(a.document_id == r.document_id, a.run_id == r.current_run)
    around = [
        (end - start, said.speaker_name or said.speaker)
        for said in connection.execute(query)
        for start, end in json.loads(said.spans or "[]")
        if start <= r.start and r.end <= end
    ]
    return min(around, key=lambda x: x[0])[1] if around else None


def _against(connection: Connection, rows: Sequence[Any], relation: str, theirs: list[str]) -> dict[int, list[Words]]:
    """Tie → the words of the others that it is about."""
    places = {(r.event, r.document_id, r.start, r.end): r.id for r in rows if r.event}
    k, d, c, a, en = claim_links.c, schema.documents.c, schema.claims.c, schema.attributions.c, entity_names.c
    query = (
        select(k.event, k.left_document, k.left_start, k.left_end, k.right_document.label("document_id"), k.right_start.label("start"), k.right_end.label("end"), k.right_claim.label("claim"), *_printed(schema.documents, k.right_start, k.right_end))
        .join(schema.documents, d.id == k.right_document)
        .join(schema.claims, and_(c.document_id == d.id, c.run_id == d.current_run, c.id == k.right_claim))
        .join(schema.attributions, and_(a.document_id == d.id, a.run_id == d.current_run, a.id == c.attribution))
        .join(entity_names, and_(en.document_id == d.id, en.entity_id == a.entity))
        .where(k.event.in_({r.event for r in rows if r.event}), k.left_document.in_({r.document_id for r in rows}), k.relation == relation, en.name_id.in_(theirs))
        .order_by(d.published, d.path, k.right_document, k.right_start, k.id)
    )  # fmt: skip
    found: dict[int, list[Words]] = {}
    for r in connection.execute(query) if places else ():
        tie = places.get((r.event, r.left_document, r.left_start, r.left_end))
        if tie is not None:
            found.setdefault(tie, []).append(_words(r))
    return found
