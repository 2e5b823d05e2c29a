"""The people's file: its tables. `people.py` says why it is a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    select,
)

from sayso.errors import AccessError
from sayso.ledger.beside import Kind, SideFile

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),  # argon2 hash with its own salt and cost
    Column("role", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("disabled", Text),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", String(64), primary_key=True),  # SHA-256
    Column("user", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("created", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("csrf", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user", Integer, ForeignKey("users.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("created", Text, nullable=False),
    Column("last4", String(4), nullable=False),
    Column("revoked", Text),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text),
    Column("address", Text),
)

searches = Table(
    "searches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", Text, nullable=False),  # a name, for whoever works without a login has searches too
    Column("page", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("created", Text, nullable=False),
    UniqueConstraint("person", "page", "name"),
)
Index("sessions_expires", sessions.c.expires)

_APPEND_ONLY = (
    "CREATE TRIGGER audit_is_kept BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)


MOST_ROWS = 2**63 - 1
"""SQLite’s largest number; a request may name a larger one"""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store(SideFile):
    """The file at `path`, as `SideFile` keeps it. Raises AccessError."""

    kind = Kind(
        application_id=0x53415950,  # "SAYP"
        version=1,
        tables=metadata,
        error=AccessError,
        what="a file of Sayso’s users",
        remedy="if it is damaged, go back to a copy of it, or move it away and add the users anew with `sayso user add`",
        triggers=_APPEND_ONLY,
    )

    def __init__(self, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(path)
        self._clock = clock

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _user(self, connection: Connection, name: str) -> RowMapping:
        from sayso.web.access.passwords import plain_name

        row = connection.execute(select(users).where(users.c.name == plain_name(name))).mappings().first()
        if row is None:
            raise AccessError(f"there is no user “{name}” in {self.path}; `sayso user list` names them")
        return row
