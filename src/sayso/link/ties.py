"""The network's edges: who accuses, denies, contradicts or confirms whom, and who is said to command or belong to whom.

Ties of an event come from its links and its accusing claims, and are written and forgotten with them. Ties of a document
are those that `posts` finds, and live as long as the document is linked. Both stand on exact words and hold ids of names,
never of identities: which names are one is looked up when asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select

from sayso.ledger import derived, schema
from sayso.ledger.holders import Held
from sayso.ledger.slices import slices
from sayso.link.posts import told
from sayso.names.wording import sentences
from sayso.records import Link, Reading

BETWEEN_SPEAKERS = ("denies", "contradicts", "confirms")
"""relations between claims that tie those who make them"""

# -- of documents -------------------------------------------------------------------------------------------------


def add_ties(connection: Connection, reading: Reading) -> None:
    """Write who commands and belongs to whom, as a document says it; its names are known to the ledger already."""
    if reading.document.language not in {None, "en"}:
        return
    en = derived.entity_names.c
    query = select(en.entity_id, en.name_id).where(en.document_id == reading.document.id)
    known = {r.entity_id: r.name_id for r in connection.execute(query)}
    found = {
        (relation, known[left], known[right]): span
        for relation, left, right, span in reversed(list(told(reading, set(known))))
    }
    rows = [
        {"relation": relation, "left": left, "right": right, "document_id": reading.document.id, "start": span.start, "end": span.end, "said": reading.document.published}
        for (relation, left, right), span in sorted(found.items(), key=lambda f: (f[1].start, f[0]))
        if left != right
    ]  # fmt: skip
    if rows:
        connection.execute(insert(derived.ties), rows)


def remove_ties(connection: Connection, document: str) -> None:
    """Take out what a document says; ties of its events go with the events."""
    t = derived.ties
    connection.execute(delete(t).where(t.c.document_id == document, t.c.event.is_(None)))


# -- of events ----------------------------------------------------------------------------------------------------


def write_event_ties(connection: Connection, event: str, links: Iterable[Link], claims: Sequence[Held]) -> None:
    """Write the ties of a linked event: from its links, and from its claims that accuse somebody by name.

    claims: those that count; rejected ones are left out by the caller.
    """
    named = {(h.document, h.claim): h for h in claims if h.informant.startswith("name:")}
    pairs = [(k, (k.left.document, k.left.claim or ""), (k.right.document, k.right.claim or "")) for k in links]
    between = [
        (k, named[a], named[b]) for k, a, b in pairs if k.relation in BETWEEN_SPEAKERS and a in named and b in named
    ]
    accusing = sorted((h for h in named.values() if _accuses(h)), key=lambda h: (h.field != "responsibility", h.order))
    speakers = _speakers(connection, [*(h for _, a, b in between for h in (a, b)), *accusing])
    accused = _accused(connection, accusing)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for k, left, right in between:
        _keep(
            rows,
            event,
            k.relation,
            speakers.get(_key(left)),
            speakers.get(_key(right)),
            left,
            (k.left.start, k.left.end),
        )
    texts = _texts(connection, accusing)
    for h in accusing:
        _keep(rows, event, "accuses", speakers.get(_key(h)), accused.get(_key(h)), h, _around(texts[h.document], h))
    if rows:
        connection.execute(insert(derived.ties), list(rows.values()))


def _keep(
    rows: dict[tuple[Any, ...], dict[str, Any]], event: str, relation: str, left: str | None, right: str | None, held: Held, span: tuple[int, int]
) -> None:  # fmt: skip
    """One tie for the same words: a sentence that confirms place, day and deed confirms once."""
    if left and right and left != right:
        row = {"relation": relation, "left": left, "right": right, "event": event, "document_id": held.document, "claim": held.claim, "start": span[0], "end": span[1], "said": held.published}  # fmt: skip
        rows.setdefault((relation, left, right, held.document, span), row)


def _accuses(h: Held) -> bool:
    """Whether a claim's words name whom its speaker accuses."""
    if not h.holds or h.negated or h.named is None or h.informant == f"name:{h.named}":
        return False
    if h.event_type == "accusation":
        return h.stance == "accuses" and h.field == "recipient"
    known = h.value.rpartition(": ")[2] if h.field == "responsibility" else ""
    return (h.stance == "accuses" and h.field in _BLAMED) or known.startswith("accused")


_BLAMED = ("responsibility", "actor", "actor_organisation")


def _key(h: Held) -> tuple[str, str]:
    return h.document, h.claim


def _speakers(connection: Connection, claims: Sequence[Held]) -> dict[tuple[str, str], str]:
    """(document, claim) → the id of the name under which its speaker goes there; as people corrected it, its identity."""
    a, d, en = schema.attributions.c, schema.documents.c, derived.entity_names.c
    found: dict[tuple[str, str], str] = {}
    for some in slices(sorted({h.document for h in claims})):
        ids = sorted({h.attribution for h in claims if h.attribution and h.document in set(some)})
        query = (
            select(a.document_id, a.id, en.name_id)
            .join(schema.documents, and_(d.id == a.document_id, d.current_run == a.run_id))
            .join(derived.entity_names, and_(en.document_id == a.document_id, en.entity_id == a.entity))
            .where(a.document_id.in_(some), a.id.in_(ids))
        )
        found |= {(r.document_id, r.id): r.name_id for r in connection.execute(query)}
    corrected = {_key(h): h.informant.partition(":")[2] for h in claims if h.judged == "correct"}
    return {_key(h): found[key] for h in claims if (key := (h.document, h.attribution or "")) in found} | corrected


def _accused(connection: Connection, claims: Sequence[Held]) -> dict[tuple[str, str], str]:
    """(document, claim) → the id of the name that its words are a mention of."""
    m, d, en = schema.mentions.c, schema.documents.c, derived.entity_names.c
    found: dict[tuple[str, int, int], str] = {}
    for some in slices(sorted({h.document for h in claims})):
        starts = sorted({h.start for h in claims if h.document in set(some)})
        query = (
            select(m.document_id, m.start, m.end, en.name_id)
            .join(schema.documents, and_(d.id == m.document_id, d.current_run == m.run_id))
            .join(derived.entity_names, and_(en.document_id == m.document_id, en.entity_id == m.entity))
            .where(m.document_id.in_(some), m.start.in_(starts))
            .order_by(m.document_id, m.ordinal.desc())
        )
        found |= {(r.document_id, r.start, r.end): r.name_id for r in connection.execute(query)}
    corrected = {_key(h): h.named for h in claims if h.judged == "correct" and h.named}
    return {_key(h): found[key] for h in claims if (key := (h.document, h.start, h.end)) in found} | corrected


def _texts(connection: Connection, claims: Sequence[Held]) -> dict[str, str]:
    d = schema.documents.c
    found: dict[str, str] = {}
    for some in slices(sorted({h.document for h in claims})):
        found |= {r.id: r.text for r in connection.execute(select(d.id, d.text).where(d.id.in_(some)))}
    return found


def _around(text: str, h: Held) -> tuple[int, int]:
    """The sentence in which somebody is accused: it shows by whom and of what."""
    return next(((s.start, s.end) for s in sentences(text) if s.start <= h.start and h.end <= s.end), (h.start, h.end))
