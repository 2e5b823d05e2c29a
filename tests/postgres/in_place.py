"""Ledgers of paths, kept in databases in place of files: what holds of one store is tried on the other unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from sayso import ledger
from sayso.ledger import SqlLedger
from tests.postgres.server import Server


@contextmanager
def databases_for_paths(server: Server) -> Iterator[dict[Path, str]]:
    """While it lasts `open_ledger` opens a database of the server for every path, always the same; path → its address."""
    store, known = ledger._store, dict[Path, str]()

    def placed(name: str | Path, readonly: bool, upgrade: bool) -> SqlLedger:
        if not isinstance(name, Path):
            return store(name, readonly, upgrade)
        if name not in known:
            known[name] = server.database()
        return store(known[name], readonly, upgrade)

    with patch.object(ledger, "_store", placed):
        yield known
