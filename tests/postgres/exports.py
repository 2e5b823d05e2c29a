"""What a ledger exports, as bytes: the same of ledgers that hold the same."""

from __future__ import annotations

import io

from sayso.export import SUBJECTS, records, write
from sayso.ledger import SqlLedger


def exported(ledger: SqlLedger, *subjects: str) -> dict[str, bytes]:
    """Subject → its lines, of these or of all."""
    found = {}
    for subject in subjects or SUBJECTS:
        out = io.BytesIO()
        with ledger.snapshot() as connection:
            write(records(subject, connection), out, "jsonl")
        found[subject] = out.getvalue()
    return found
