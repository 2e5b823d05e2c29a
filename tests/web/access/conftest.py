"""The people's file of each test, and the clock that it reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.web.access.people import People, people_path
from sayso.web.access.roles import ROLES
from tests.web.access.office import (
    BY,
    PASSWORD,
    Clock,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Iterator[People]:
    people = People(people_path(tmp_path / "sayso.db"), clock)
    yield people
    people.close()


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one user of each role, and "boss", a second admin: made once, for hashing takes its time."""
    people = People(tmp_path_factory.mktemp("staff") / "people.db")
    for name, role in (("boss", "admin"), *((role, role) for role in ROLES)):
        people.add_user(name, PASSWORD, role, BY)
    people.close()
    return people.path


@pytest.fixture
def people(empty: People, staffed: Path) -> People:
    shutil.copy(staffed, empty.path)
    return empty
