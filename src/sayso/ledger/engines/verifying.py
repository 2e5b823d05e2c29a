"""What can be checked of a ledger on any engine: the hashes of originals, and that claims stand on their words."""

from __future__ import annotations

import hashlib
import zlib

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from sayso.errors import LedgerError
from sayso.ledger import schema
from sayso.ledger.store import SqlLedger


def faults_of_originals(ledger: SqlLedger) -> list[str]:
    """Every original must have the bytes that its hash is of."""
    faults = []
    with ledger.engine.connect() as connection:
        hashes = list(connection.scalars(select(schema.originals.c.sha256).order_by(schema.originals.c.sha256)))
    for sha256 in hashes:
        try:
            if hashlib.sha256(ledger.original(sha256)).hexdigest() != sha256:
                faults.append(f"original {sha256}: its bytes were altered")
        except (zlib.error, LedgerError, DatabaseError, TypeError) as error:
            faults.append(f"original {sha256}: unreadable ({error})")
    return faults


def faults_of_spans(ledger: SqlLedger) -> list[str]:
    """Every stored claim must still stand on its exact words."""
    c, d = schema.claims.c, schema.documents.c
    found = func.substr(d.text, c.start + 1, c.end - c.start).label("found")
    query = (
        select(c.id, c.start, c.end, c.words, d.id.label("document"), found)
        .join(schema.documents, d.id == c.document_id)
        .where(~c.words.contains(" … "))
    )
    with ledger.engine.connect() as connection:
        odd = sorted(r for r in connection.execute(query) if r.found != r.words)
        return [
            f"claim {r.id} of {r.document}: its words are not in the text"
            for r in odd  # SQLite's own functions stop at a NUL, so that the text itself is asked as well
            if connection.execute(select(d.text).where(d.id == r.document)).scalar_one()[r.start : r.end] != r.words
        ]
