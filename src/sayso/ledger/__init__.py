"""The store: documents and their copies, readings, claims, events, failures, judgements.

`open_ledger(name)` writes, `open_ledger(name, readonly=True)` is a view; the name is a file's path, or the address of a
PostgreSQL database. Stores keep the contract of `Ledger`.
"""

from __future__ import annotations

from pathlib import Path

from sayso.errors import LedgerError
from sayso.ledger.address import on_server, shown, title
from sayso.ledger.contract import Added, Ledger
from sayso.ledger.engines.sqlite import SqliteLedger
from sayso.ledger.queries import ClaimFilter
from sayso.ledger.store import SqlLedger
from sayso.names.registry import extend

__all__ = ["Added", "ClaimFilter", "Ledger", "SqlLedger", "SqliteLedger", "open_ledger", "shown", "title"]

DEFAULT_LEDGER = "sayso.db"


def open_ledger(name: str | Path = DEFAULT_LEDGER, readonly: bool = False, upgrade: bool = False) -> SqlLedger:
    """The ledger of that path or address; made when it is new and not `readonly`. Raises LedgerError.

    upgrade: one of an older version is brought to this one, without a backup.
    """
    ledger = _store(name, readonly, upgrade)
    extend(ledger.registry())  # the user's own actors are known by their names from here on
    return ledger


def _store(name: str | Path, readonly: bool, upgrade: bool) -> SqlLedger:
    if on_server(name):
        from sayso.ledger.engines.postgres import PostgresLedger

        return PostgresLedger(str(name), readonly, upgrade)
    path = Path(name)
    if path.is_dir():
        raise LedgerError(f"{path} is a folder; name a file, for instance {path / DEFAULT_LEDGER}")
    return SqliteLedger(path, readonly, upgrade)
