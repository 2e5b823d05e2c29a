"""Users, sessions, tokens, saved searches and the audit log, in an SQLite file beside the ledger.

A file of its own, so that a ledger can be handed on without anybody's password, and so that a login never waits
for a long write into the ledger.
"""

from __future__ import annotations

import re
from pathlib import Path

from sayso.ledger.address import on_server, title
from sayso.web.access.searches import Searches
from sayso.web.access.sessions import Sessions
from sayso.web.access.tokens import Tokens
from sayso.web.access.users import Users


def people_path(ledger: Path | str) -> Path:
    """`sayso.db` → `sayso.people.db`, in the same folder; of a database on a server, by its name in the working folder."""
    path = Path(ledger)
    if on_server(ledger):
        path = Path(re.sub(r"[^\w-]", "_", title(ledger)) + ".db")
    return path.with_name(f"{path.stem}.people{path.suffix or '.db'}")


class People(Users, Sessions, Tokens, Searches):
    """All of them over one file. May be used from any number of threads; calls wait for the disk, logins also for the hash."""
