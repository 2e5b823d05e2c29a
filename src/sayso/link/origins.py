"""Where texts come from: who made his text from whose, as a tree with direction and reasons.

`overlap` says what two texts share; here the ledger's documents are compared with their likes, each finds the document that
it was made from, and roots are carried down. A pair's result depends on the two texts, their dates and their credits alone;
only where very many texts share a few fingerprints with a new one are the least likely left unaligned.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, insert, select

from sayso.ledger import schema
from sayso.ledger.derived import fingerprints, origins, overlaps
from sayso.ledger.slices import slices
from sayso.link.overlap import Overlap, Text, align, names, prints, text_of
from sayso.records import Reason

_LEAST_SHARED = 2
"""fingerprints that two texts must share to be aligned"""
_MOST_CANDIDATES = 30
_MOST_COPIES = 200
"""texts that a new one is aligned with, those first that share most; the more where they share a quarter of its fingerprints"""


def parent_of(text: Text, found: Iterable[tuple[Overlap, Text]]) -> tuple[Overlap, Text] | None:
    """The document that this one was made from: of those that it shares text with and that are before it, the nearest."""
    earlier = [(o, t) for o, t in found if o.relation != "quotes" and _before(t, text)]
    return min(earlier, key=lambda p: (-round(p[0].share, 1), _order(p[1])), default=None)


def _before(one: Text, other: Text) -> bool:
    """Whether `one` is the source: it is credited, was published earlier, or else has more text of its own."""
    credited, credits = names(other, one), names(one, other)
    return credited if credited != credits else _order(one) < _order(other)


def _order(text: Text) -> tuple[str, int, str]:
    return (text.published or "9999")[:10], -len(text.tokens), text.id


def add_origin(connection: Connection, row: Any) -> tuple[Text, set[str]]:
    """Find what a new document shares with those that are there. Gives its text and the documents whose parent may change."""
    text = text_of(row)
    mine = prints(text)
    counts: Counter[int] = Counter()
    shared = select(fingerprints.c.document, func.count()).group_by(fingerprints.c.document)
    for some in slices(sorted(mine)):
        counts.update(dict(connection.execute(shared.where(fingerprints.c.hash.in_(some))).tuples().all()))
    counts.pop(row.number, None)
    likely = sorted((n for n in counts if counts[n] >= _LEAST_SHARED), key=lambda n: (-counts[n], n))
    most = min(_MOST_COPIES, max(_MOST_CANDIDATES, sum(counts[n] * 4 >= len(mine) for n in likely)))
    touched = {row.id}
    d = schema.documents
    columns = (d.c.id, d.c.number, d.c.published, d.c.origin, d.c.outlet, d.c.text)
    for other in connection.execute(select(*columns).where(d.c.number.in_(likely[:most]))).all():
        there = _known(other)
        if overlap := align(text, there):
            connection.execute(insert(overlaps), [_row(overlap), _row(overlap.turned())])
            touched.add(there.id)
    if mine:
        connection.execute(insert(fingerprints), [{"hash": h, "document": row.number} for h in sorted(mine)])
    return text, touched


@lru_cache(maxsize=4_000)
def _known(row: Any) -> Text:
    """Texts that many new ones are aligned with are cut into words once."""
    return text_of(row)


def _row(overlap: Overlap) -> dict[str, Any]:
    return {
        "document_id": overlap.left,
        "other_id": overlap.right,
        "relation": overlap.relation,
        "share": overlap.share,
        "other_share": overlap.other_share,
        "passages": json.dumps(overlap.passages),
        "reasons": _told(overlap.reasons),
    }


def _overlap(row: Any) -> Overlap:
    """From a row of `overlaps`, without its passages."""
    reasons = tuple(Reason(*r) for r in json.loads(row.reasons))
    return Overlap(row.document_id, row.other_id, row.relation, row.share, row.other_share, (), reasons)


def settle(connection: Connection, documents: Iterable[str]) -> set[str]:
    """Decide the parents and roots of these documents anew; the documents whose parent or root changed."""
    changed: set[str] = set()
    for document in sorted(documents):
        parent, relation, share, reasons = _parent(connection, document)
        old = connection.execute(select(origins).where(origins.c.document_id == document)).one_or_none()
        if old is None or old.parent != parent:
            changed.add(document)
        connection.execute(origins.delete().where(origins.c.document_id == document))
        connection.execute(
            insert(origins).values(
                document_id=document,
                parent=parent,
                root=old.root if old else document,
                relation=relation,
                share=share,
                reasons=reasons,
            )
        )
    return changed | _roots(connection, changed)


def _parent(connection: Connection, document: str) -> tuple[str | None, str | None, float | None, str]:
    d = schema.documents
    columns = (d.c.id, d.c.published, d.c.origin, d.c.outlet, func.length(d.c.text).label("size"))
    facts = {r.id: r for r in connection.execute(select(*columns).where(d.c.id == document))}
    rows = connection.execute(select(overlaps).where(overlaps.c.document_id == document)).all()
    for some in slices([r.other_id for r in rows]):
        facts |= {r.id: r for r in connection.execute(select(*columns).where(d.c.id.in_(some)))}
    me = _light(facts[document])
    found = [(_overlap(r), _light(facts[r.other_id])) for r in rows if r.other_id in facts]
    best = parent_of(me, found)
    if best is None:
        credit = f"it credits {me.credit}" if me.credit else "nothing in the ledger shares its text"
        return None, None, None, _told([Reason("none", credit, 0.0)])
    overlap, there = best
    why = [*overlap.reasons, Reason("direction", _direction(there, me), 0.0)]
    return there.id, overlap.relation, overlap.share, _told(why)


def _told(reasons: Iterable[Reason]) -> str:
    return json.dumps([[r.kind, r.text, r.weight] for r in reasons], ensure_ascii=False)


def _light(row: Any) -> Text:
    """A text of which only its facts and its length matter."""
    return Text(row.id, 0, row.published, row.origin, row.outlet, ("",) * (row.size // 6), (), (), (), (), ())


def _direction(source: Text, copy: Text) -> str:
    if names(copy, source):
        return f"it credits {source.outlet}"
    if source.published and source.published[:10] < (copy.published or "9999")[:10]:
        return f"the other appeared before it ({source.published[:10]})"
    return "the other is the longer text; neither date nor credit says which came first"


def _roots(connection: Connection, changed: set[str]) -> set[str]:
    """Carry roots down the tree from the changed documents; all documents whose root is now another."""
    moved: set[str] = set()
    edge = sorted(changed)
    seen: set[str] = set()
    while edge:
        document = edge.pop()
        if document in seen:
            continue
        seen.add(document)
        root = _root(connection, document)
        connection.execute(origins.update().where(origins.c.document_id == document).values(root=root))
        moved.add(document)
        edge += list(connection.scalars(select(origins.c.document_id).where(origins.c.parent == document)))
    return moved


def _root(connection: Connection, document: str) -> str:
    """Where the parents lead; of those that credit each other in a circle, the least id."""
    seen = [document]
    while parent := connection.scalar(select(origins.c.parent).where(origins.c.document_id == seen[-1])):
        if parent in seen:
            return min(seen[seen.index(parent) :])
        seen.append(parent)
    return seen[-1]


def remove_origin(connection: Connection, row: Any) -> set[str]:
    """Take a document out (its row of `documents`); those made from it or sharing text with it must be settled anew."""
    touched = set(connection.scalars(select(overlaps.c.document_id).where(overlaps.c.other_id == row.id)))
    touched |= set(connection.scalars(select(origins.c.document_id).where(origins.c.parent == row.id)))
    connection.execute(overlaps.delete().where((overlaps.c.document_id == row.id) | (overlaps.c.other_id == row.id)))
    for some in slices(sorted(prints(text_of(row)))):
        connection.execute(
            fingerprints.delete().where(fingerprints.c.hash.in_(some), fingerprints.c.document == row.number)
        )
    connection.execute(origins.delete().where(origins.c.document_id == row.id))
    return touched - {row.id}
