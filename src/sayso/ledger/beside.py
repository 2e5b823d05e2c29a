"""SQLite files that stand beside a ledger: what Sayso knows that is not evidence and must not go along with it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, RowMapping, create_engine, event
from sqlalchemy.exc import DatabaseError

from sayso.errors import SaysoError
from sayso.ledger.engines.sqlite import use_log

_BUSY_MS = 20_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of such files. application_id, version: as SQLite keeps them in the file's header.

    what: what it is, in errors ("a file of Sayso’s users"). remedy: what to do when it is damaged. triggers: made with its tables.
    """

    application_id: int
    version: int
    tables: MetaData
    error: type[SaysoError]
    what: str
    remedy: str
    triggers: tuple[str, ...] = ()


class SideFile:
    """The file at `path`; it is made when something is first written, readable by its owner only.

    Raises its kind's error when the file is of another program, of a newer Sayso, or damaged.
    """

    kind: Kind

    def __init__(self, path: Path) -> None:
        self.path = path
        quoted = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        self._engine = create_engine(
            "sqlite:///:beside:",  # the address is not used, but makes SQLAlchemy choose the pool of a file
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

    def rows(self, statement: Any) -> Sequence[RowMapping]:
        """No rows where no file was made yet."""
        if not self._is_made():
            return []
        with self._faults(), self._engine.connect() as connection:
            return connection.execute(statement).mappings().all()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the write lock from its first statement: what is checked in it stays so."""
        if not self._is_made():
            self._make()
        with self._faults(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (DatabaseError, sqlite3.Error, OSError) as error:
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise self.kind.error(f"{self.path} cannot be read or written ({reason}); {self.kind.remedy}") from error

    def _is_made(self) -> bool:
        """True once the file is there and ours; asked of the file only until then."""
        if not self._known and self.path.exists() and self.path.stat().st_size:
            with self._faults(), self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN")  # one look: else the file may be made between two questions
                self._known = self._recognise(connection)
        return self._known

    def _recognise(self, connection: Connection) -> bool:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar() or 0
        found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if application != self.kind.application_id:
            if not found and not application:
                return False  # another process is about to make it
            raise self.kind.error(f"{self.path} is not {self.kind.what}; move it away, or rename the ledger beside it")
        if version > self.kind.version:
            raise self.kind.error(
                f"{self.path} was made by a newer Sayso (its version is {version}; this one knows {self.kind.version}); update Sayso"
            )
        if missing := sorted(set(self.kind.tables.tables) - found):
            raise self.kind.error(f"{self.path} is damaged: it has no table {missing[0]}; {self.kind.remedy}")
        return True

    def check_folder(self) -> None:
        """Raises the kind's error when there is no folder to make the file in."""
        if not self.path.parent.is_dir():
            raise self.kind.error(f"cannot make {self.path}: the folder {self.path.parent} does not exist")

    def _make(self) -> None:
        self.check_folder()
        with self._faults():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=_BUSY_MS / 1000)) as raw:
                use_log(raw)
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                if not self._recognise(connection):  # else another process made it while this one waited
                    self.kind.tables.create_all(connection)
                    for statement in self.kind.triggers:
                        connection.exec_driver_sql(statement)
                    connection.exec_driver_sql(f"PRAGMA application_id = {self.kind.application_id}")
                    connection.exec_driver_sql(f"PRAGMA user_version = {self.kind.version}")
                connection.commit()
        self._known = True


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's transactions, not the driver's
    for pragma in (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()
