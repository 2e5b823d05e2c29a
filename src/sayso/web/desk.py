"""The desk that pages and API work at: one ledger, who may use it, and the reports that are being brought in.

Made once by `sayso serve` and kept in the application's state; requests borrow read-only connections from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import Request
from sqlalchemy import Connection

from sayso.ledger import SqlLedger, title
from sayso.settings import Settings
from sayso.web.access.limits import Limiter
from sayso.web.access.people import People
from sayso.web.deciding import Decisions
from sayso.web.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Desk:
    """path: the ledger’s path or address, which may hold a password; people: who may log in; local: whether whoever reaches the server is its user, with no login."""

    path: Path | str = field(repr=False)
    ledger: SqlLedger
    people: People
    local: bool
    jobs: Jobs
    decisions: Decisions
    logins: Limiter
    uploads: Limiter
    settings: Settings

    @property
    def name(self) -> str:
        """What pages call the ledger."""
        return title(self.path)


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


def reading(request: Request) -> Iterator[Connection]:
    """A connection that sees the ledger as it is at the first question, whatever is written meanwhile."""
    with desk_of(request).ledger.snapshot() as connection:
        yield connection
