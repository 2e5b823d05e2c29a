"""The ledger in one SQLite file: write-ahead log, full-text index (FTS5), one writer at a time, any number of readers."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from sayso.errors import LedgerError
from sayso.ledger import schema
from sayso.ledger.engines.verifying import faults_of_originals, faults_of_spans
from sayso.ledger.engines.words import asked
from sayso.ledger.store import SqlLedger

APPLICATION_ID = 0x5341594F  # "SAYO"
_BUSY_MS = 60_000
_LOOK = 0.008
"""seconds between two looks whether others have done writing"""


class SqliteLedger(SqlLedger):
    """A ledger at `path`. `readonly` opens a view that cannot write; a new file is made otherwise.

    Raises LedgerError when the file is no ledger, is damaged, or is of another version.
    """

    def __init__(self, path: Path, readonly: bool = False, upgrade: bool = False) -> None:
        self.path = path
        if readonly and not path.exists():
            raise LedgerError(
                f"there is no ledger at {path}; make one with `sayso add FILES`, or name another with --ledger"
            )
        if not readonly and not path.parent.is_dir():
            raise LedgerError(f"cannot make a ledger at {path}: the folder {path.parent} does not exist")
        mode = "ro" if readonly else "rwc"
        quoted = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        engine = create_engine(
            "sqlite://",
            # views are asked again and again, by several threads in turn; a writer opens the file for one piece of work
            poolclass=QueuePool if readonly else NullPool,
            **({"pool_size": 8, "max_overflow": 32} if readonly else {}),
            creator=lambda: sqlite3.connect(
                f"file:{quoted}?mode={mode}", uri=True, timeout=_BUSY_MS / 1000, check_same_thread=False
            ),
        )
        event.listen(engine, "connect", _configure)
        if readonly:
            event.listen(engine, "connect", _read_only)
        event.listen(engine, "handle_error", _say_damage)
        super().__init__(engine, str(path))
        try:
            self._check_version(readonly, upgrade)
        except DatabaseError as error:
            raise LedgerError(
                f"{path} is no Sayso ledger, or is damaged ({error.orig}); name another file, or go back to a backup"
            ) from error

    def _check_version(self, readonly: bool, upgrade: bool) -> None:
        with self.snapshot() as connection:  # one look: else the ledger may be made between two questions
            application = connection.execute(text("PRAGMA application_id")).scalar()
            tables = {row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))}
            found = self._current(connection)
        if application == APPLICATION_ID and found == schema.VERSION:
            return
        if tables - {"alembic_version"} and application != APPLICATION_ID:
            raise LedgerError(f"{self.path} is an SQLite file of another program; name your ledger with --ledger")
        if found and found > schema.VERSION:
            raise LedgerError(
                f"{self.path} was made by a newer Sayso (ledger version {found}; this one knows {schema.VERSION}); update Sayso"
            )
        if found and not upgrade:
            raise LedgerError(
                f"{self.path} is of ledger version {found}, this Sayso needs {schema.VERSION}; run `sayso ledger upgrade` (it makes a backup first)"
            )
        if readonly:
            raise LedgerError(f"{self.path} holds no ledger yet; make one with `sayso add FILES`")
        self._migrate()

    def _migrate(self) -> None:
        """Bring an empty or older file to the newest version, in one transaction."""
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "sayso:ledger/migrations")
        with contextlib.closing(sqlite3.connect(self.path, timeout=_BUSY_MS / 1000)) as raw:
            use_log(raw)
        with self.writing() as connection:
            if (
                connection.execute(text("PRAGMA application_id")).scalar() == APPLICATION_ID
                and self._current(connection) == schema.VERSION
            ):
                return  # another process made it while this one waited for the lock
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            for statement in _ENGINE_DDL:
                connection.execute(text(statement))
            connection.execute(text(f"PRAGMA application_id = {APPLICATION_ID}"))

    @staticmethod
    def _current(connection: Connection) -> str | None:
        exists = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")).scalar()
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if exists else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                _begin(connection)
                yield connection
                connection.commit()
        except DatabaseError as error:
            raise LedgerError(f"cannot write to {self.path}: {error.orig}") from error

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def index_texts(self, connection: Connection, documents: Sequence[str]) -> None:
        if documents:
            connection.execute(
                text(
                    "INSERT INTO documents_fts (rowid, title, text) SELECT number, title, text FROM documents WHERE id = :id"
                ),
                [{"id": document} for document in documents],
            )

    def unindex_text(self, connection: Connection, number: int, title: str | None, text_: str) -> None:
        connection.execute(
            text(
                "INSERT INTO documents_fts (documents_fts, rowid, title, text) VALUES ('delete', :number, :title, :text)"
            ),
            {"number": number, "title": title, "text": text_},
        )

    def index_all(self, connection: Connection) -> None:
        connection.execute(text("INSERT INTO documents_fts (documents_fts) VALUES ('rebuild')"))

    def scrub(self) -> None:
        """Merge the full-text index, so that deleted words leave it; rewrite the file and empty its log. Takes as long as a copy."""
        with self.writing() as connection:
            connection.execute(text("INSERT INTO documents_fts (documents_fts) VALUES ('optimize')"))
        with contextlib.closing(sqlite3.connect(self.path, timeout=_BUSY_MS / 1000, isolation_level=None)) as raw:
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def search(self, words: str, limit: int = 50) -> list[RowMapping]:
        """Documents with all the words (or "a phrase"), best first, each with a snippet. Accents and case do not matter."""
        query = _fts_query(words)
        if not query:
            return []
        statement = text(
            "SELECT d.id, d.path, d.url, d.title, d.outlet, d.published, snippet(documents_fts, 1, char(2), char(3), ' … ', 24) AS snippet "
            "FROM documents_fts JOIN documents d ON d.number = documents_fts.rowid "
            "WHERE documents_fts MATCH :query ORDER BY bm25(documents_fts, 4.0, 1.0), d.id LIMIT :limit"
        )
        with self.engine.connect() as connection:
            return list(connection.execute(statement, {"query": query, "limit": limit}).mappings())

    def backup(self, target: Path) -> None:
        """A consistent copy, also while others write. Raises LedgerError when the target exists."""
        if target.exists():
            raise LedgerError(f"{target} exists already; name another file, backups never overwrite")
        if not target.parent.is_dir():
            raise LedgerError(f"cannot write {target}: the folder {target.parent} does not exist")
        partial = target.with_name(target.name + ".partial")
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        partial.replace(target)

    def verify(self) -> list[str]:
        """What is wrong with the file, in words; an empty list when all holds."""
        faults: list[str] = []
        for check in (SqliteLedger._verify_file, faults_of_originals, faults_of_spans):
            try:
                faults += check(self)
            except (DatabaseError, LedgerError) as error:
                reason = error.orig if isinstance(error, DatabaseError) else error
                faults.append(f"file: a part of it cannot be read ({reason}); go back to a backup")
        return faults

    def _verify_file(self) -> list[str]:
        faults = []
        with self.engine.connect() as connection:
            result = [str(r[0]) for r in connection.execute(text("PRAGMA integrity_check(20)"))]
            faults += [f"file: {r}" for r in result if r != "ok"]
            faults += [
                f"dangling reference from {r[0]} row {r[1]} to {r[2]}"
                for r in connection.execute(text("PRAGMA foreign_key_check"))
            ]
            try:
                connection.execute(
                    text("INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)")
                )
            except DatabaseError as error:
                if "readonly" not in str(error.orig):
                    faults.append(f"full-text index: {error.orig}")
        return faults


def _read_only(connection: Any, _: object) -> None:
    """Up to forty of them are open in a workbench: each keeps little, the system keeps the file's pages for all."""
    connection.execute("PRAGMA cache_size = -16000").close()


def _begin(connection: Connection) -> None:
    """Begin to write as soon as nobody else does. SQLite's own waiting looks ten times a second at most and would miss the short
    turns that long work leaves to others."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            break
        except OperationalError as error:
            if not _held_by_another(error.orig) or time.monotonic() > until:
                raise
            time.sleep(_LOOK)
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")


def use_log(raw: sqlite3.Connection) -> None:
    """Write-ahead log, kept in the file from here on: readers never wait for the writer. SQLite does not wait for its lock
    when the mode is changed, so that another process that makes the same ledger is waited for here."""
    until = time.monotonic() + _BUSY_MS / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if not _held_by_another(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _held_by_another(error: BaseException | None) -> bool:
    """Whether waiting may help: a full disk or a folder that cannot be written will not change by it."""
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


_DAMAGE = ("malformed", "disk I/O", "vtable constructor", "corrupt", "Could not decode")


def _say_damage(context: Any) -> None:
    """A damaged file is told as that, wherever it is read."""
    reason = str(context.original_exception)
    if any(sign in reason for sign in _DAMAGE):
        raise LedgerError(f"the ledger is damaged ({reason}); go back to a backup (`sayso ledger backup` makes them)")


def _configure(connection: Any, _: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's transactions, not the driver's
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "foreign_keys = ON",
        "synchronous = NORMAL",
        "temp_store = MEMORY",
        "cache_size = -64000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _fts_query(words: str) -> str:
    """User's words → an FTS5 query that cannot be malformed: every word and every "phrase" quoted, all required."""
    return " ".join('"' + term.replace('"', '""') + ('"*' if " " not in term else '"') for term in asked(words))


_ENGINE_DDL = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS documents_fts USING fts5 (title, text, content = 'documents', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2')",
    "CREATE TRIGGER IF NOT EXISTS claims_are_immutable BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claims are immutable'); END",
    "CREATE TRIGGER IF NOT EXISTS judgements_are_kept BEFORE UPDATE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS judgements_stay BEFORE DELETE ON judgements BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END",
)
