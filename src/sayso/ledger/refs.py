"""What a person means by a word on the command line: a name, a linked event, one document's event, a claim → a stable ref.

Refs go into judgements: `name:ID`, `event:DOCUMENT/REF` (a member, since linked events come and go), `claim:DOCUMENT/ID`.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, select
from sqlalchemy.engine import RowMapping

from sayso.errors import LedgerError, NotFoundError
from sayso.ledger import naming, schema, views
from sayso.ledger.derived import linked_events, names, profiles


def claim_ref(connection: Connection, word: str) -> str:
    """Of a claim's id or its beginning. Raises LedgerError."""
    c, d = schema.claims.c, schema.documents.c
    query = (
        select(c.document_id, c.id)
        .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
        .where(c.id.startswith(word, autoescape=True))
    )
    rows = connection.execute(query.limit(3)).all()
    if len(rows) != 1:
        raise LedgerError(
            f"{'no claim' if not rows else 'several claims'} {word!r}; `sayso claims --format csv` shows their ids"
        )
    return f"claim:{rows[0].document_id}/{rows[0].id}"


def pair_refs(connection: Connection, left: str, right: str, type_: str | None) -> list[tuple[str, str]]:
    """Of two names, two linked events, or an event and a document in it: then each member of that document beside
    each of the others, so that all of its part leaves. Raises LedgerError."""
    if _is_event(connection, left):
        return _event_refs(connection, left, right)
    found = [naming.find_names(connection, word, type_) for word in (left, right)]
    for word, rows in zip((left, right), found, strict=True):
        if not rows:
            raise LedgerError(
                f"the ledger has no name {word!r}{f' of type {type_}' if type_ else ''}, and no event of that id"
            )
    types = [{r["type"] for r in rows} for rows in found]
    common = sorted(types[0] & types[1])
    if not common:
        raise LedgerError(
            f"{left!r} and {right!r} are of different types ({', '.join(sorted(types[0]))}; {', '.join(sorted(types[1]))})"
        )
    if len(common) > 1:
        raise LedgerError(f"both are names of several types ({', '.join(common)}); say which with --type")
    ids = [next(r["id"] for r in rows if r["type"] == common[0]) for rows in found]
    if ids[0] == ids[1]:
        raise LedgerError(f"{left!r} and {right!r} are one name already: they differ in case or accents only")
    return [(f"name:{ids[0]}", f"name:{ids[1]}")]


def of_member(member: RowMapping) -> str:
    """Of one document's account of an event, as `views.members` gives it."""
    return f"event:{_ref(member)}"


def _is_event(connection: Connection, word: str) -> bool:
    return (
        len(word) >= 4
        and connection.scalar(
            select(linked_events.c.id).where(linked_events.c.id.startswith(word, autoescape=True)).limit(1)
        )
        is not None
    )


def _event_refs(connection: Connection, left: str, right: str) -> list[tuple[str, str]]:
    one = views.members(connection, views.event(connection, left)["id"])
    if _is_event(connection, right):
        other = views.members(connection, views.event(connection, right)["id"])
        return [(f"event:{_ref(one[0])}", f"event:{_ref(other[0])}")]
    document, _, ref = right.partition("/")
    within = [
        m
        for m in one
        if (m["document_id"].startswith(document) or (m["path"] or "").endswith(document))
        and (not ref or m["ref"] == ref)
    ]
    rest = [m for m in one if m["document_id"] != (within[0]["document_id"] if within else None)]
    if not within or not rest:
        raise LedgerError(f"{right!r} is neither an event nor one of several documents of event {left}")
    return [(f"event:{_ref(r)}", f"event:{_ref(w)}") for w in within for r in rest]


def _ref(member: RowMapping) -> str:
    return f"{member['document_id']}/{member['ref']}"


def require(connection: Connection, ref: str) -> None:
    """Raises NotFoundError when the ledger does not hold what the ref names."""
    kind, _, rest = ref.partition(":")
    document, _, local = rest.partition("/")
    c, d, p = schema.claims.c, schema.documents.c, profiles.c
    query = {
        "name": select(names.c.id).where(names.c.id == rest),
        "event": select(p.ref).where(p.document_id == document, p.ref == local),
        "claim": select(c.id)
        .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
        .where(c.document_id == document, c.id == local),
    }[kind]
    if connection.scalar(query) is None:
        raise NotFoundError(f"the ledger has no {kind} {rest!r}; it may have been removed, or read again")


def told(connection: Connection, ref: str | None) -> str:
    """A ref in words, for lists; what was removed is said to be."""
    if not ref:
        return ""
    kind, _, rest = ref.partition(":")
    if kind == "name":
        return connection.scalar(select(names.c.name).where(names.c.id == rest)) or "(a name that was removed)"
    document, _, local = rest.partition("/")
    if kind == "event":
        event = connection.scalar(
            select(profiles.c.event).where(profiles.c.document_id == document, profiles.c.ref == local)
        )
        return f"event {event[:10]} ({document[:8]}/{local})" if event else "(an event that was removed)"
    words = connection.scalar(
        select(schema.claims.c.words).where(schema.claims.c.document_id == document, schema.claims.c.id == local)
    )
    return f"claim {local[:10]} “{words[:60]}”" if words else "(a claim that was removed)"
