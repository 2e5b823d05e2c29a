"""Names, as questions: who is found by a name, which names are one, where they are used, what is said of and by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.engine import RowMapping

from sayso.errors import NotFoundError
from sayso.ledger import schema
from sayso.ledger.derived import entity_names, name_links, names, profiles
from sayso.names.registry import name_key


def find_names(connection: Connection, name: str, type_: str | None = None) -> list[RowMapping]:
    """Names of that spelling in any script (folded), else those that hold it as a part."""
    n = names.c
    condition = [n.type == type_] if type_ else []
    key = name_key(name)
    rows = (
        connection.execute(select(names).where(n.key.in_({key, f"the {key}"}), *condition).order_by(n.id))
        .mappings()
        .all()
    )
    if not rows:
        rows = (
            connection.execute(
                select(names)
                .where(n.key.contains(key, autoescape=True), *condition)
                .order_by(func.length(n.key), n.id)
                .limit(20)
            )
            .mappings()
            .all()
        )
    return list(rows)


def identity_of(connection: Connection, name: str) -> str:
    """The identity that the name of this id has now. Raises NotFoundError."""
    found = connection.scalar(select(names.c.identity).where(names.c.id == name))
    if found is None:
        raise NotFoundError(f"no name of id {name!r}; `sayso dossier NAME` finds names by their words")
    return str(found)


def recent_names(connection: Connection, documents: int = 300, limit: int = 60) -> list[RowMapping]:
    """Identities that the last added documents name, those of most documents first."""
    en, n, d, best = entity_names.c, names.c, schema.documents.c, names.alias("best")
    newest = select(d.id).order_by(d.number.desc()).limit(documents).subquery()
    used = func.count(func.distinct(en.document_id))
    query = (
        select(best.c.id, best.c.name, best.c.type, used.label("documents"))
        .select_from(newest)
        .join(entity_names, en.document_id == newest.c.id)
        .join(names, n.id == en.name_id)
        .join(best, best.c.id == n.identity)
        .group_by(best.c.id, best.c.name, best.c.type)
        .order_by(used.desc(), best.c.name)
        .limit(limit)
    )
    return list(connection.execute(query).mappings())


def cluster_of(connection: Connection, identity: str) -> list[RowMapping]:
    """All names that are one with that identity, with how many documents use each."""
    n, en = names.c, entity_names.c
    used = (
        select(func.count(func.distinct(en.document_id))).where(en.name_id == n.id).scalar_subquery().label("documents")
    )
    return list(
        connection.execute(select(names, used).where(n.identity == identity).order_by(used.desc(), n.name)).mappings()
    )


def unsure(connection: Connection, ids: list[str]) -> list[RowMapping]:
    """Names that may be the same as one of these, and have not been merged."""
    k, n = name_links.c, names.alias("n")
    query = (
        select(n.c.id, n.c.name, n.c.identity, k.score, k.reasons)
        .select_from(name_links)
        .join(n, or_(and_(k.left.in_(ids), n.c.id == k.right), and_(k.right.in_(ids), n.c.id == k.left)))
        .where(n.c.id.not_in(ids))
        .order_by(k.score.desc(), n.c.name)
        .limit(20)
    )
    return list(connection.execute(query).mappings())


def identities(connection: Connection) -> Iterator[list[RowMapping]]:
    """The names of the ledger, those that are one together."""
    group: list[RowMapping] = []
    for row in (
        connection.execution_options(yield_per=500)
        .execute(select(names).order_by(names.c.identity, names.c.name))
        .mappings()
    ):
        if group and row["identity"] != group[0]["identity"]:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def mentions_of(connection: Connection, ids: list[str], limit: int | None = None) -> list[RowMapping]:
    """Where names are used: document, path, offsets and words."""
    m, d, en = schema.mentions.c, schema.documents.c, entity_names.c
    query = (
        select(m.document_id, d.path, d.outlet, d.published, m.start, m.end, m.text)
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.mentions, and_(m.document_id == en.document_id, m.run_id == d.current_run, m.entity == en.entity_id)
        )
        .where(en.name_id.in_(ids))
        .order_by(d.published, d.path, m.document_id, m.start)
    )
    return list(connection.execute(query.limit(limit) if limit else query).mappings())


def claims_naming(connection: Connection, ids: list[str], limit: int = 200) -> list[RowMapping]:
    """Claims whose words are a mention of these names: what is said that they did, suffered, led, are."""
    c, m, d, en = schema.claims.c, schema.mentions.c, schema.documents.c, entity_names.c
    query = (
        select(
            c.id,
            c.document_id,
            d.path,
            d.outlet,
            d.published,
            c.speaker_name,
            c.speaker,
            c.attribution,
            c.stance,
            c.holds,
            c.event_type,
            c.field,
            c.value,
            c.words,
            c.start,
            c.end,
            profiles.c.event,
        )
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.mentions, and_(m.document_id == en.document_id, m.run_id == d.current_run, m.entity == en.entity_id)
        )
        .join(
            schema.claims,
            and_(c.document_id == m.document_id, c.run_id == m.run_id, c.start <= m.start, c.end >= m.end),
        )
        .outerjoin(profiles, and_(profiles.c.document_id == c.document_id, profiles.c.ref == c.event))
        .where(en.name_id.in_(ids))
        .order_by(d.published.desc(), d.path, c.start)
        .limit(limit)
    )
    return list({r["id"]: r for r in connection.execute(query).mappings()}.values())


def whereabouts(connection: Connection, ids: list[str]) -> list[dict[str, Any]]:
    """The places (lat, lon, country, geonameid) that the reports which use these names mean by them, each once."""
    d, m, en = schema.documents.c, schema.mentions.c, entity_names.c
    columns = (m.lat, m.lon, m.country, m.geonameid)
    query = (
        select(*columns)
        .distinct()
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.mentions, and_(m.document_id == en.document_id, m.run_id == d.current_run, m.entity == en.entity_id)
        )
        .where(en.name_id.in_(ids), m.lat.is_not(None))
        .order_by(*columns)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def claims_by(connection: Connection, ids: list[str], limit: int = 100) -> list[dict[str, Any]]:
    """What these names say themselves."""
    a, d, en = schema.attributions.c, schema.documents.c, entity_names.c
    query = (
        select(a.document_id, d.path, d.outlet, d.published, a.speaker, a.stance, a.content, a.cue, a.spans)
        .select_from(entity_names)
        .join(schema.documents, d.id == en.document_id)
        .join(
            schema.attributions,
            and_(a.document_id == en.document_id, a.run_id == d.current_run, a.entity == en.entity_id),
        )
        .where(en.name_id.in_(ids))
        .order_by(d.published.desc(), d.path, a.ordinal)
        .limit(limit)
    )
    return [{**r, **_reach(r["spans"])} for r in connection.execute(query).mappings()]


def _reach(spans: str | None) -> dict[str, int]:
    """From the first to the last character of a content that may stand in pieces."""
    found = json.loads(spans or "[]") or [[0, 0]]
    return {"start": found[0][0], "end": found[-1][1]}
