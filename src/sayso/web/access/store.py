"""The people's file: its tables, how it is made, opened and recognised. `people.py` says why it is a file of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import DatabaseError

from sayso.errors import AccessError
from sayso.ledger.sqlite import use_log

APPLICATION_ID = 0x53415950  # "SAYP"
VERSION = 1
_BUSY_MS = 20_000

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


class Store:
    """The file at `path`; it is made when something is first written, readable by its owner only.

    Raises AccessError when the file is of another program, of a newer Sayso, or damaged.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._clock = clock
        quoted = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self._engine = create_engine(
            "sqlite:///:people:",  # the address is not used, but makes SQLAlchemy choose the pool of a file
            creator=lambda: sqlite3.connect(
                f"file:{quoted}?mode=rw", uri=True, timeout=_BUSY_MS / 1000, check_same_thread=False
            ),
            max_overflow=-1,  # the threads that ask are few enough
        )
        event.listen(self._engine, "connect", _configure)
        self._known = False
        self._is_made()

    def close(self) -> None:
        self._engine.dispose()

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        """No rows where no file was made yet."""
        if not self._is_made():
            return []
        with self._told(), self._engine.connect() as connection:
            return connection.execute(statement).mappings().all()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its first statement: what is checked in it stays so."""
        if not self._is_made():
            self._make()
        with self._told(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def _user(self, connection: Connection, name: str) -> RowMapping:
        from sayso.web.access.passwords import plain_name

        row = connection.execute(select(users).where(users.c.name == plain_name(name))).mappings().first()
        if row is None:
            raise AccessError(f"there is no user “{name}” in {self.path}; `sayso user list` names them")
        return row

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.Error) as error:
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise AccessError(
                f"the users cannot be read from or written to {self.path} ({reason}); if it is damaged, go back to a "
                "copy of it, or move it away and add the users anew with `sayso user add`"
            ) from error

    def _is_made(self) -> bool:
        """True once the file is there and ours; asked of the file only until then."""
        if not self._known and self.path.exists() and self.path.stat().st_size:
            with self._told(), self._engine.connect() as connection:
                self._known = self._recognise(connection)
        return self._known

    def _recognise(self, connection: Connection) -> bool:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
        found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if application != APPLICATION_ID:
            if not found and not application:
                return False  # another process is about to make it
            raise AccessError(
                f"{self.path} is not a file of Sayso’s users; move it away, or rename the ledger beside it"
            )
        if version > VERSION:
            raise AccessError(
                f"{self.path} was made by a newer Sayso (its version is {version}; this one knows {VERSION}); update Sayso"
            )
        if missing := sorted(set(metadata.tables) - found):
            raise AccessError(f"{self.path} is damaged: it has no table {missing[0]}; go back to a copy of it")
        return True

    def _make(self) -> None:
        if not self.path.parent.is_dir():
            raise AccessError(f"cannot make {self.path}: the folder {self.path.parent} does not exist")
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._told():
            with closing(sqlite3.connect(self.path, timeout=_BUSY_MS / 1000)) as raw:
                use_log(raw)
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                if not self._recognise(connection):  # else another process made it while this one waited
                    metadata.create_all(connection)
                    for statement in _APPEND_ONLY:
                        connection.exec_driver_sql(statement)
                    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                    connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
                connection.commit()
        self._known = True


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's transactions, not the driver's
    for pragma in (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
