"""Users, sessions, tokens, saved searches and the audit log, in an SQLite file beside the ledger.

A file of its own, so that a ledger can be handed on without anybody's password, and so that a login never waits
for a long write into the ledger.
"""

from __future__ import annotations

from pathlib import Path

from sayso.web.access.searches import Searches
from sayso.web.access.sessions import Sessions
from sayso.web.access.tokens import Tokens
from sayso.web.access.users import Users


def people_path(ledger: Path | str) -> Path:
    """`sayso.db` → `sayso.people.db`, in the same folder."""
    path = Path(ledger)
    return path.with_name(f"{path.stem}.people{path.suffix or '.db'}")


class People(Users, Sessions, Tokens, Searches):
    """All of them over one file. May be used from any number of threads; calls wait for the disk, logins also for the hash."""
