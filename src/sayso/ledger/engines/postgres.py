"""The ledger in a PostgreSQL database (14 or newer, psycopg 3): many readers and reviewers at once, writers one after another.

The tables are in the connection's schema (`search_path`), made there by the same migrations as those of a file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from sayso.errors import LedgerError
from sayso.ledger import schema
from sayso.ledger.address import shown
from sayso.ledger.engines import connecting
from sayso.ledger.engines.tables import documents_without_words, make_tables, migrate, tables_of
from sayso.ledger.engines.verifying import faults_of_originals, faults_of_spans
from sayso.ledger.engines.words import Term, snippet, terms, vectors
from sayso.ledger.store import SqlLedger

_TURN = "SELECT pg_advisory_xact_lock(1398753615, hashtext(current_schema()))"  # 0x5341594F, "SAYO"
_AGAIN = frozenset({"40001", "40P01", "57P01", "57P02", "57P03"})
"""serialisation failure, deadlock; the server is stopping, has crashed, is starting (manual, "PostgreSQL Error Codes")"""


class PostgresLedger(SqlLedger):
    """A ledger in the database at `address` (postgresql://USER@HOST:PORT/DATABASE). `readonly` opens a view that cannot write;
    the tables are made otherwise where there are none.

    Raises LedgerError when psycopg is missing, the server cannot be reached or refuses, or the database holds something else.
    """

    def __init__(self, address: str, readonly: bool = False, upgrade: bool = False) -> None:
        super().__init__(connecting.engine_of(address, readonly), shown(address))
        event.listen(self.engine, "handle_error", self._say_lost)
        try:
            self._check_version(readonly, upgrade)
        except DatabaseError as error:
            self.close()
            raise LedgerError(f"cannot open the ledger at {self.name}: {_reason(error)}") from error
        except LedgerError:
            self.close()
            raise

    def _check_version(self, readonly: bool, upgrade: bool) -> None:
        with self.engine.connect() as connection:
            encoding = connection.scalar(text("SHOW server_encoding"))
            tables, ours, found = tables_of(connection)
        if encoding != "UTF8":
            raise LedgerError(
                f"the database at {self.name} is encoded in {encoding}; make one with `createdb --encoding UTF8 --template template0 NAME`"
            )
        if tables and not ours:
            raise LedgerError(
                f"the database at {self.name} holds another program's tables; make one of its own for the ledger (`createdb NAME`)"
            )
        if found == schema.VERSION:
            return
        if found and found > schema.VERSION:
            raise LedgerError(
                f"{self.name} was made by a newer Sayso (ledger version {found}; this one knows {schema.VERSION}); update Sayso"
            )
        if found and not upgrade:
            raise LedgerError(
                f"{self.name} is of ledger version {found}, this Sayso needs {schema.VERSION}; run `sayso ledger upgrade` (make a backup with pg_dump first)"
            )
        if readonly:
            raise LedgerError(f"there is no ledger at {self.name} yet; make one with `sayso add FILES`")
        with self.writing() as connection:
            if tables_of(connection)[2] != schema.VERSION:  # another process may have made it meanwhile
                migrate(connection)
                make_tables(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the writers' lock from its start until it is committed.

        Whoever writes waits here for an advisory lock of the transaction; the server gives it in the order of asking, and takes it
        back when the connection ends. So there is one writer at a time, and "read committed" shows it all that the writers before
        it left: between two of them nothing can fail to serialise, no row is lost or doubled. What may fail for reasons of the
        server's before the lock is had (a deadlock with a stranger, a restart) is tried again here; after that nothing is, since
        the work is the caller's: it ends in a LedgerError with nothing of it stored, and doing it again is safe.
        """
        try:
            with self._turn() as connection:
                yield connection
                connection.commit()
        except DatabaseError as error:
            raise LedgerError(f"cannot write to {self.name}: {_reason(error)}") from error

    def _turn(self) -> Connection:
        until = time.monotonic() + connecting.WAIT_S
        while True:
            connection = None
            try:
                connection = self.engine.connect()
                connection.exec_driver_sql(_TURN)
                return connection
            except (DatabaseError, LedgerError) as error:
                if connection is not None:
                    connection.close()
                if not _passes(error) or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection

    def _say_lost(self, context: Any) -> None:
        if context.is_pre_ping:
            return
        if context.connection is None and context.sqlalchemy_exception is not None:
            raise LedgerError(
                f"cannot open the ledger at {self.name}: {_reason(context.sqlalchemy_exception)}"
            ) from context.original_exception
        if context.is_disconnect:
            raise LedgerError(
                f"the connection to the ledger at {self.name} was lost ({_first_line(context.original_exception)}); what was acknowledged is stored; look whether the server runs, and do it again"
            ) from context.original_exception

    # -- words --------------------------------------------------------------------------------------------------

    def index_texts(self, connection: Connection, documents: Sequence[str]) -> None:
        wanted = text("SELECT number, title, text FROM documents WHERE id = ANY(:ids) ORDER BY number")
        for row in connection.execute(wanted, {"ids": list(documents)}).all():
            _index(connection, *row)

    def unindex_text(self, connection: Connection, number: int, title: str | None, text_: str) -> None:
        connection.execute(text("DELETE FROM document_words WHERE document = :number"), {"number": number})

    def index_all(self, connection: Connection) -> None:
        connection.execute(text("DELETE FROM document_words"))
        for number in connection.scalars(text("SELECT number FROM documents ORDER BY number")).all():
            found = text("SELECT number, title, text FROM documents WHERE number = :number")
            _index(connection, *connection.execute(found, {"number": number}).one())

    def search(self, words: str, limit: int = 50) -> Sequence[Mapping[Any, Any]]:
        """Documents with all the words (or "a phrase"), best first, each with a snippet. Accents and case do not matter."""
        wanted = terms(words)
        if not wanted:
            return []
        queries = {f"q{n}": query for n, query in enumerate(q for term in wanted for q in term.queries)}
        each = " INTERSECT ".join(
            f"SELECT document FROM document_words WHERE words @@ :{q}\\:\\:tsquery" for q in queries
        )
        statement = text(
            f"WITH found AS ({each}) "
            "SELECT d.id, d.path, d.url, d.title, d.outlet, d.published, d.text FROM documents d JOIN ("
            "SELECT w.document, sum(ts_rank('{.25,.25,.25,1}', w.words, CAST(:any AS tsquery), 1)) AS rank "
            "FROM document_words w JOIN found ON found.document = w.document GROUP BY w.document) r ON r.document = d.number "
            "ORDER BY r.rank DESC, d.id LIMIT :limit"
        )
        values = {**queries, "any": " | ".join(f"({q})" for q in queries.values()), "limit": limit}
        with self.engine.connect() as connection:
            return [_shown(row, wanted) for row in connection.execute(statement, values).mappings()]

    # -- care ---------------------------------------------------------------------------------------------------

    def count_on(self, connection: Connection) -> None:
        for table in schema.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), max({column.name})) FROM {table.name} HAVING max({column.name}) > 0"
                    )
                )

    def scrub(self) -> None:
        """Rewrite the tables without what was deleted. Takes as long as a copy; others wait meanwhile. The server's own log and
        the backups that its keeper makes are not the ledger's to rewrite."""
        names = [t.name for t in schema.metadata.sorted_tables]
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {', '.join([*names, 'document_words'])}")
        except DatabaseError as error:
            raise LedgerError(
                f"what was removed from {self.name} is removed, but the tables could not be rewritten without it ({_reason(error)}); run VACUUM FULL there"
            ) from error

    def backup(self, target: Path) -> None:
        """A consistent copy as a file of its own (SQLite), also while others write. Raises LedgerError when the target exists."""
        from sayso.ledger.copying import copy
        from sayso.ledger.engines.sqlite import SqliteLedger

        if target.exists():
            raise LedgerError(f"{target} exists already; name another file, backups never overwrite")
        partial = target.with_name(target.name + ".partial")
        partial.unlink(missing_ok=True)
        with SqliteLedger(partial) as file:
            copy(self, file)
        partial.replace(target)

    def verify(self) -> list[str]:
        faults: list[str] = []
        for check in (PostgresLedger._verify_words, faults_of_originals, faults_of_spans):
            try:
                faults += check(self)
            except (DatabaseError, LedgerError) as error:
                faults.append(f"database: a part of it cannot be read ({error}); go back to a backup")
        return faults

    def _verify_words(self) -> list[str]:
        with self.engine.connect() as connection:
            return [f"full-text index: the words of {d} are missing" for d in documents_without_words(connection)]


def _passes(error: BaseException) -> bool:
    """Whether it is of the kind that goes away by itself."""
    cause = error.orig if isinstance(error, DatabaseError) else error.__cause__
    if getattr(cause, "sqlstate", None) in _AGAIN:
        return True
    return isinstance(error, LedgerError | OperationalError) and "starting up" in str(cause)


def _reason(error: DatabaseError) -> str:
    """The server's words, and what to do where that is known."""
    told = _first_line(error.orig)
    for sign, remedy in _REMEDIES:
        if sign in str(error.orig):
            return f"{told}; {remedy}"
    return told


def _first_line(error: BaseException | None) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


_REMEDIES = (
    ("password", "look at user and password (PGPASSWORD, or the file that PGPASSFILE names)"),
    ("does not exist", "look at the database's name; `createdb NAME` makes one"),
    ("permission denied", "give the user the right to make and change tables there"),
    ("lock timeout", "somebody else writes for long; try again when they are done"),
    ("could not connect", "look at host and port, and whether the server runs"),
    ("connection failed", "look at host and port, and whether the server runs"),
    ("connection timeout", "look at host and port, and whether the server runs"),
)


def _index(connection: Connection, number: int, title: str | None, text_: str) -> None:
    words = [*vectors(title or "", "A"), *vectors(text_, "D")]
    if words:
        connection.execute(
            text("INSERT INTO document_words (document, part, words) VALUES (:document, :part, CAST(:words AS tsvector))"),
            [{"document": number, "part": part, "words": w} for part, w in enumerate(words)],
        )  # fmt: skip


def _shown(row: Mapping[Any, Any], wanted: list[Term]) -> dict[str, Any]:
    told = dict(row)
    return {**told, "snippet": snippet(told.pop("text"), wanted)} if "text" in told else told
