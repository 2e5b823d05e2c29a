"""The ledger contract is tried on a PostgreSQL server as well, which is stopped in the end."""

from __future__ import annotations

from tests.postgres.server import end


def pytest_sessionfinish() -> None:
    end()
