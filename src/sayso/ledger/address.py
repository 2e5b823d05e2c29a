"""How a ledger is named: the path of a file, or the address of a PostgreSQL database, which may hold a password."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from sayso.errors import LedgerError

_SERVER = ("postgresql://", "postgres://")


def on_server(name: str | Path) -> bool:
    """Whether it names a database of a server, and no file."""
    return str(name).startswith(_SERVER)


def shown(name: str | Path) -> str:
    """The name as it may be shown, logged or printed: an address without password and options. Raises LedgerError."""
    if not on_server(name):
        return str(name)
    place = _split(str(name))
    user = f"{place.username}@" if place.username else ""
    host = place.hostname or ""
    port = f":{place.port}" if place.port else ""
    return f"postgresql://{user}{f'[{host}]' if ':' in host else host}{port}{place.path}"


def title(name: str | Path) -> str:
    """What a page calls the ledger: the file's name, or the database's. Raises LedgerError."""
    return unquote(_split(str(name)).path.strip("/")) if on_server(name) else Path(name).name


def _split(address: str):  # type: ignore[no-untyped-def]
    try:
        place = urlsplit(address)
        _ = place.port
    except ValueError as error:
        raise LedgerError(
            "the ledger's address is malformed; write it as postgresql://USER@HOST:PORT/DATABASE"
        ) from error
    return place
