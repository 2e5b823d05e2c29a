"""Documents and their readings into the ledger, many at once: what it holds of them is asked once for all, and a table written once.

Every statement costs more to make than to run, and the writer is the one whom all the readers wait for.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Table, delete, insert, select, update

from sayso.ledger import schema
from sayso.ledger.contract import Added
from sayso.ledger.engines.own import EnginesOwn
from sayso.ledger.rows import Prepared, Row, facts_of, gather
from sayso.records import Document
from sayso.records.json import decode_reading

STANDARD_INPUT = "standard input"

Item = tuple[Document, Prepared | None]


def add(connection: Connection, engine: EnginesOwn, items: Sequence[Item], run: int) -> list[Added]:
    """Store documents, their originals, these copies of them and their readings. Adding again adds nothing."""
    return [added for part in _distinct(items) for added in _add(connection, engine, part, run)]


def _distinct(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Cut where a document comes again: by then it is in the ledger."""
    part: dict[str, Item] = {}
    for item in items:
        if item[0].id in part:
            yield list(part.values())
            part = {}
        part[item[0].id] = item
    if part:
        yield list(part.values())


def _add(connection: Connection, engine: EnginesOwn, items: list[Item], run: int) -> list[Added]:
    o, d, c, r, f = schema.originals, schema.documents, schema.copies, schema.readings, schema.failures
    ids = [document.id for document, _ in items]
    ways = [_way(document) for document, _ in items]
    known = {
        row.id: row.current_run for row in connection.execute(select(d.c.id, d.c.current_run).where(d.c.id.in_(ids)))
    }
    read = set(connection.scalars(select(r.c.document_id).where(r.c.run_id == run, r.c.document_id.in_(ids))))
    came = select(c.c.document_id, c.c.way).where(c.c.document_id.in_(ids), c.c.way.in_(ways))
    copies = {(row.document_id, row.way) for row in connection.execute(came)}
    hashes = [document.original.sha256 for document, _ in items]
    originals = set(connection.scalars(select(o.c.sha256).where(o.c.sha256.in_(hashes))))
    rows: dict[Table, list[Row]] = {table: [] for table in (o, d, c)}  # others refer to them
    added = []
    for (document, reading), way in zip(items, ways, strict=True):
        copied = (document.id, way) not in copies
        if copied:
            rows[c].append(_copy(document, way))
        if document.id in known:
            if known[document.id] != run:
                _make_current(connection, engine, document.id, reading, run)
            added.append(Added(document.id, "copy" if copied else "known"))
        else:
            rows[d].append(_document(document, reading, run))
            if document.original.sha256 not in originals:
                originals.add(document.original.sha256)
                rows[o].append(_original(document))
            added.append(Added(document.id, "new"))
        if reading is not None and document.id not in read:
            gather(rows, document.id, run, reading)
    for table, some in rows.items():
        if some:
            connection.execute(insert(table), some)
    engine.index_texts(connection, [row["id"] for row in rows[d]])
    connection.execute(delete(f).where(f.c.path.in_(ways)))  # what could not be read now can
    return added


def _make_current(
    connection: Connection, engine: EnginesOwn, document: str, reading: Prepared | None, run: int
) -> None:
    """The run asked for last answers questions; the document's own facts are those that its reading has."""
    d, r = schema.documents, schema.readings
    was = connection.execute(select(d.c.number, d.c.title, d.c.text).where(d.c.id == document)).one()
    packed = connection.scalar(select(r.c.json).where(r.c.document_id == document, r.c.run_id == run))
    if packed is not None:  # what is in the ledger stands, whatever was read now
        facts = facts_of(decode_reading(zlib.decompress(packed)).document)
    elif reading is not None:
        facts = reading.facts
    else:
        return
    if facts["title"] != was.title:
        engine.unindex_text(connection, was.number, was.title, was.text)
    connection.execute(update(d).where(d.c.id == document).values(current_run=run, **facts))
    if facts["title"] != was.title:
        engine.index_texts(connection, [document])


def _way(document: Document) -> str:
    return document.path or document.url or STANDARD_INPUT


def _original(document: Document) -> Row:
    original = document.original
    return {"sha256": original.sha256, "data": zlib.compress(original.data, 6), "size": len(original.data)}


def _document(document: Document, reading: Prepared | None, run: int) -> Row:
    return {
        "id": document.id,
        "sha256": document.original.sha256,
        "media_type": document.original.media_type,
        "path": document.path,
        "url": document.url,
        "text": document.text,
        "current_run": run if reading else None,
        "added": schema.now(),
        **(reading.facts if reading else facts_of(document)),
    }


def _copy(document: Document, way: str) -> Row:
    return {
        "document_id": document.id,
        "way": way,
        "url": document.url,
        "outlet": document.outlet,
        "retrieved": document.original.retrieved,
    }
