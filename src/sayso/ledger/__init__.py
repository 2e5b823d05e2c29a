"""The store: documents and their copies, readings, claims, events, failures, judgements.

`open_ledger(path)` writes, `open_ledger(path, readonly=True)` is a view. Stores keep the contract of `Ledger`.
"""

from __future__ import annotations

from pathlib import Path

from sayso.errors import LedgerError
from sayso.ledger.contract import Added, Ledger
from sayso.ledger.queries import ClaimFilter
from sayso.ledger.sqlite import SqliteLedger
from sayso.ledger.store import SqlLedger
from sayso.names.registry import extend

__all__ = ["Added", "ClaimFilter", "Ledger", "SqlLedger", "SqliteLedger", "open_ledger"]

DEFAULT_LEDGER = "sayso.db"


def open_ledger(name: str | Path = DEFAULT_LEDGER, readonly: bool = False) -> SqliteLedger:
    """The ledger of that path; made when it is new and not `readonly`. Raises LedgerError."""
    if str(name).startswith(("postgresql://", "postgres://")):
        raise LedgerError("PostgreSQL ledgers are not supported by this version; use a file path")
    path = Path(name)
    if path.is_dir():
        raise LedgerError(f"{path} is a folder; name a file, for instance {path / DEFAULT_LEDGER}")
    ledger = SqliteLedger(path, readonly=readonly)
    extend(ledger.registry())  # the user's own actors are known by their names from here on
    return ledger
