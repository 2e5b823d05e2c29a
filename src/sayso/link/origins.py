"""Where texts come from: who made his text from whose, as a tree with direction and reasons.

`overlap` says what two texts share; here a new document is compared with its likes, each finds the document that it was made
from, and roots are carried down. A pair's result depends on the two texts, their dates and their credits alone; only where
very many texts share a few fingerprints with a new one are the least likely left unaligned.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, insert, select

from sayso.ledger import schema
from sayso.ledger.derived import fingerprints, origins
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


def add_origin(connection: Connection, row: Any) -> set[str]:
    """Find what a new document (its row of `documents`) was made from, and what was made from it; the documents whose parent or
    root changed."""
    text = _text(row)
    mine = prints(text)
    found = _aligned(connection, text, mine)
    if mine:
        connection.execute(insert(fingerprints), [{"hash": h, "document": row.number} for h in sorted(mine)])
    _write(connection, text, parent_of(text, found))
    changed = {row.id}
    taken = _parents(connection, [there.id for _, there in found])
    for overlap, there in found:
        turned = overlap.turned()
        if parent_of(there, [(turned, text)]) and _sooner(turned, text, taken.get(there.id)):
            _write(connection, there, (turned, text))
            changed.add(there.id)
    return changed | _roots(connection, changed)


def _aligned(connection: Connection, text: Text, mine: set[int]) -> list[tuple[Overlap, Text]]:
    """The texts in the ledger that share something with this one, with what they share; those first that share most."""
    counts: Counter[int] = Counter()
    shared = select(fingerprints.c.document, func.count()).group_by(fingerprints.c.document)
    for some in slices(sorted(mine)):
        counts.update(dict(connection.execute(shared.where(fingerprints.c.hash.in_(some))).tuples().all()))
    counts.pop(text.number, None)
    likely = sorted((n for n in counts if counts[n] >= _LEAST_SHARED), key=lambda n: (-counts[n], n))
    most = min(_MOST_COPIES, max(_MOST_CANDIDATES, sum(counts[n] * 4 >= len(mine) for n in likely)))
    found = []
    for there in _texts(connection, schema.documents.c.number.in_(likely[:most])):
        if overlap := align(text, there):
            found.append((overlap, there))
    return found


def _parents(connection: Connection, documents: list[str]) -> dict[str, tuple[float, Text]]:
    """What these documents are now taken to be made from, with the shares of their text."""
    found: dict[str, tuple[float, str]] = {}
    for some in slices(documents):
        query = select(origins.c.document_id, origins.c.share, origins.c.parent)
        for r in connection.execute(query.where(origins.c.document_id.in_(some), origins.c.parent.is_not(None))):
            found[r.document_id] = (r.share, r.parent)
    texts: dict[str, Text] = {}
    for some in slices(sorted({parent for _, parent in found.values()})):
        texts |= {t.id: t for t in _texts(connection, schema.documents.c.id.in_(some))}
    return {document: (share, texts[parent]) for document, (share, parent) in found.items() if parent in texts}


def _sooner(overlap: Overlap, source: Text, taken: tuple[float, Text] | None) -> bool:
    """Whether a text was sooner made from this source than from the one that it has."""
    if taken is None:
        return True
    return (-round(overlap.share, 1), _order(source)) < (-round(taken[0], 1), _order(taken[1]))


def _write(connection: Connection, text: Text, made_from: tuple[Overlap, Text] | None) -> None:
    """A document's parent; its root stays as it was until it is carried down."""
    root = connection.scalar(select(origins.c.root).where(origins.c.document_id == text.id))
    connection.execute(origins.delete().where(origins.c.document_id == text.id))
    row: dict[str, Any] = {"document_id": text.id, "root": root or text.id}
    if made_from:
        overlap, there = made_from
        why = [*overlap.reasons, Reason("direction", _direction(there, text), 0.0)]
        row |= {"parent": there.id, "relation": overlap.relation, "share": overlap.share}
        row |= {"reasons": _told(why), "passages": json.dumps(overlap.passages)}
    else:
        credit = f"it credits {text.credit}" if text.credit else "nothing in the ledger shares its text"
        row |= {"reasons": _told([Reason("none", credit, 0.0)]), "passages": "[]"}
    connection.execute(insert(origins).values(**row))


def _texts(connection: Connection, condition: Any) -> list[Text]:
    d = schema.documents
    columns = (d.c.id, d.c.number, d.c.published, d.c.origin, d.c.outlet, d.c.text)
    return [_text(row) for row in connection.execute(select(*columns).where(condition)).all()]


def _text(row: Any) -> Text:
    return _cut(row.id, row.number, row.published, row.origin, row.outlet, row.text)


@lru_cache(maxsize=4_000)
def _cut(*facts: Any) -> Text:
    """Texts that many new ones are aligned with are cut into words once."""
    return text_of(*facts)


def _told(reasons: Iterable[Reason]) -> str:
    return json.dumps([[r.kind, r.text, r.weight] for r in reasons], ensure_ascii=False)


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
    """Take a document out (its row of `documents`); what was made from it is settled anew. The documents whose parent or root
    changed."""
    children = list(connection.scalars(select(origins.c.document_id).where(origins.c.parent == row.id)))
    for some in slices(sorted(prints(_text(row)))):
        connection.execute(
            fingerprints.delete().where(fingerprints.c.hash.in_(some), fingerprints.c.document == row.number)
        )
    connection.execute(origins.delete().where(origins.c.document_id == row.id))
    for some in slices(sorted(children)):
        for child in _texts(connection, schema.documents.c.id.in_(some)):
            _write(connection, child, parent_of(child, _aligned(connection, child, prints(child))))
    return _roots(connection, set(children))
