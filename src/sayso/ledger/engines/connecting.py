"""The engine under a ledger on PostgreSQL: its connections, and what each is told at its beginning."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from sayso.errors import LedgerError

WAIT_S = 60
"""seconds that a writer waits for its turn"""


def engine_of(address: str, readonly: bool) -> Engine:
    """An engine on the database at that address (postgresql://…), for one writer or for views of one moment each.

    Raises LedgerError when psycopg is missing or the address is malformed; connects to nothing yet.
    """
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise LedgerError(
            "a ledger on PostgreSQL needs psycopg, which is not installed; run `pip install 'sayso[postgres]'`"
        ) from error
    from sayso.ledger.engines.dialect import adapt

    try:
        url = make_url("postgresql+psycopg://" + address.partition("://")[2])
    except (ArgumentError, ValueError) as error:
        raise LedgerError(
            "the ledger's address is malformed; write it as postgresql://USER@HOST:PORT/DATABASE"
        ) from error
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8 if readonly else 1,
        max_overflow=32 if readonly else 4,
        isolation_level="REPEATABLE READ" if readonly else "READ COMMITTED",
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 10},
        hide_parameters=True,
    )
    adapt(engine.dialect)
    event.listen(engine, "connect", _configure_reader if readonly else _configure)
    return engine


def _configure(connection: Any, _: object) -> None:
    """What is acknowledged is on the disk, whatever the server's default is; waiting for a lock ends."""
    from sayso.ledger.engines.values import adapt_values

    adapt_values(connection)
    connection.execute(
        f"SELECT set_config('synchronous_commit', 'on', false), set_config('lock_timeout', '{WAIT_S}s', false)"
    )
    connection.commit()


def _configure_reader(connection: Any, _: object) -> None:
    _configure(connection, _)
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()
