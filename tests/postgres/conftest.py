"""The tests' server, and new databases on it."""

from __future__ import annotations

import pytest

from tests.postgres.server import Server, end, running


@pytest.fixture(scope="session")
def server() -> Server:
    return running()


@pytest.fixture
def address(server: Server) -> str:
    """Of a new, empty database."""
    return server.database()


def pytest_sessionfinish() -> None:
    end()
