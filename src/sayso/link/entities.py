"""Entities across documents: every name that documents use, which of them are one, and what people have judged of it.

A name is a node, made once for each type and spelling; documents' entities point to theirs. Names that share a block are
compared; those found the same are clustered by average linkage, with judgements as bounds, so that a merge can be undone
without loss. A bare surname stays a name of its own: whom it means is decided within an event, never over the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from sayso.ledger import judging, schema
from sayso.ledger.derived import entity_names, name_blocks, name_links, names
from sayso.ledger.slices import slices
from sayso.link import proposals
from sayso.link.clustering import cluster
from sayso.link.hashing import key_hash, text_id
from sayso.names import block_keys, compare
from sayso.names.scripts import fold
from sayso.records import Reading

TYPES = {"Person": "person", "Organisation": "organisation", "Location": "place", "Nationality": "place"}
"""the types of mentions whose names are followed over documents"""
_MOST_COMPARED = 200
"""names of one block that a new one is compared with at most, the least ids first; larger blocks are too vague to tell"""


def name_id(type: str, name: str) -> str:
    return text_id(type, fold(name))


def add_names(connection: Connection, reading: Reading) -> set[str]:
    """Register the named entities of a reading; compare the names that are new with their likes. Gives the ids of names
    whose identity changed."""
    named = {m.entity for m in reading.mentions if m.named and m.entity}
    rows: list[dict[str, str]] = []
    wanted: dict[str, tuple[str, str]] = {}
    for entity in reading.entities:
        type_ = TYPES.get(entity.type)
        if type_ and entity.id in named and fold(entity.name) and len(entity.name) <= 200:
            id_ = name_id(type_, entity.name)
            wanted.setdefault(id_, (type_, entity.name))
            rows.append({"document_id": reading.document.id, "entity_id": entity.id, "name_id": id_})
    if not rows:
        return set()
    known = {
        row.id: row.name
        for row in connection.execute(select(names.c.id, names.c.name).where(names.c.id.in_(list(wanted))))
    }
    new = []
    for id_, (type_, name) in sorted(wanted.items()):
        if id_ in known:
            if _spelling(name) < _spelling(known[id_]):  # the same of two spellings, whichever came first
                connection.execute(update(names).where(names.c.id == id_).values(name=name))
        else:
            connection.execute(insert(names).values(id=id_, type=type_, name=name, key=fold(name), identity=id_))
            new.append((id_, type_, name))
    connection.execute(insert(entity_names), rows)
    touched = [id_ for id_, type_, name in new if _compare(connection, id_, type_, name)]
    for id_, _, _ in new:
        touched += [id_] if judging.touches(connection, id_) else []
    return recluster(connection, touched)


def _spelling(name: str) -> tuple[bool, bool, str]:
    return name.isupper() and len(name) > 6, name.islower(), name


def _compare(connection: Connection, id_: str, type_: str, name: str) -> bool:
    """Score a new name against all names that share a block with it; whether any may be the same."""
    number = connection.scalar(select(names.c.number).where(names.c.id == id_))
    keys = [key_hash(f"{type_}|{k}") for k in sorted(block_keys(name, type_))]
    query = (
        select(names.c.id, names.c.name)
        .join(name_blocks, name_blocks.c.name == names.c.number)
        .where(name_blocks.c.key.in_(keys))
        .distinct()
        .order_by(names.c.id)
        .limit(_MOST_COMPARED)
    )
    links = []
    for other in connection.execute(query):
        found = compare(name, other.name, type_)
        if found.verdict != "different":
            left, right = sorted((id_, other.id))
            links.append(
                {
                    "left": left,
                    "right": right,
                    "verdict": found.verdict,
                    "score": found.score,
                    "reasons": json.dumps(found.reasons, ensure_ascii=False),
                }
            )
    connection.execute(insert(name_blocks), [{"key": k, "name": number} for k in sorted(set(keys))])
    if links:
        connection.execute(insert(name_links), links)
    return any(link["verdict"] == "same" for link in links)


def recluster(connection: Connection, seeds: Iterable[str]) -> set[str]:
    """Decide anew which names are one, in the components of the seeds; the ids of names whose identity changed."""
    seeds = list(dict.fromkeys(seeds))
    if not seeds:
        return set()
    nodes, scores, same, different = _component(connection, seeds)
    old = {r.id: r.identity for r in _rows(connection, names.c.id, names.c.identity, nodes)}
    changed = set()
    for members in cluster(sorted(old), scores, same, different, threshold=0.7):
        identity = members[0]
        for member in members:
            if old[member] != identity:
                connection.execute(update(names).where(names.c.id == member).values(identity=identity))
                changed.add(member)
    return changed


def _component(
    connection: Connection, seeds: list[str]
) -> tuple[set[str], dict[tuple[str, str], float], list[tuple[str, str]], list[tuple[str, str]]]:
    """All names that `same` links or judgements tie to the seeds or to the clusters that they are in now."""
    nodes: set[str] = set()
    edge = list(seeds)
    scores: dict[tuple[str, str], float] = {}
    while edge:
        fresh = sorted(set(edge) - nodes)
        nodes.update(fresh)
        edge = []
        for some in slices(fresh):
            for column in (name_links.c.left, name_links.c.right):
                for row in connection.execute(
                    select(name_links).where(column.in_(some), name_links.c.verdict == "same")
                ):
                    scores[(row.left, row.right)] = row.score
                    edge += [n for n in (row.left, row.right) if n not in nodes]
            identities = connection.scalars(select(names.c.identity).where(names.c.id.in_(some))).all()
            edge += [
                n
                for n in connection.scalars(select(names.c.id).where(names.c.identity.in_(set(identities))))
                if n not in nodes
            ]
        same, different = judging.pairs(connection, "name", nodes)
        edge += [n for pair in (*same, *different) for n in pair if n not in nodes]
    same, different = judging.pairs(connection, "name", nodes)
    return nodes, scores, same, different


def _rows(connection: Connection, key: Any, value: Any, ids: Iterable[str]) -> Iterable[Any]:
    for some in slices(sorted(ids)):
        yield from connection.execute(select(key, value).where(key.in_(some)))


def remove_names(connection: Connection, document: str) -> set[str]:
    """Take a document's entities out, and every name that no other document uses; the ids of names whose identity changed."""
    used = list(
        connection.scalars(select(entity_names.c.name_id).where(entity_names.c.document_id == document).distinct())
    )
    connection.execute(entity_names.delete().where(entity_names.c.document_id == document))
    lonely = [
        n
        for n in used
        if connection.scalar(select(entity_names.c.name_id).where(entity_names.c.name_id == n).limit(1)) is None
    ]
    for name in sorted(set(used) - set(lonely)):
        _respell(connection, name)
    proposals.forget_names(connection, lonely)
    neighbours: set[str] = set()
    for name in lonely:
        for row in connection.execute(
            select(name_links).where((name_links.c.left == name) | (name_links.c.right == name))
        ):
            neighbours |= {row.left, row.right}
        identity = connection.scalar(select(names.c.identity).where(names.c.id == name))
        neighbours |= set(connection.scalars(select(names.c.id).where(names.c.identity == identity)))
        connection.execute(name_links.delete().where((name_links.c.left == name) | (name_links.c.right == name)))
        number = connection.scalar(select(names.c.number).where(names.c.id == name))
        connection.execute(name_blocks.delete().where(name_blocks.c.name == number))
        connection.execute(names.delete().where(names.c.id == name))
    return recluster(connection, sorted(neighbours - set(lonely)))


def _respell(connection: Connection, name: str) -> None:
    """The best of the spellings that are left."""
    e, en, d = schema.entities.c, entity_names.c, schema.documents.c
    query = (
        select(e.name)
        .join(entity_names, (en.document_id == e.document_id) & (en.entity_id == e.id))
        .join(schema.documents, (d.id == e.document_id) & (d.current_run == e.run_id))
        .where(en.name_id == name)
        .distinct()
    )
    spellings = connection.scalars(query).all()
    if spellings:
        connection.execute(update(names).where(names.c.id == name).values(name=min(spellings, key=_spelling)))
