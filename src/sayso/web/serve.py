"""The server: where it listens, for whom, and the desk that it works at."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from sayso.errors import UsageError
from sayso.ledger import open_ledger
from sayso.settings import Settings
from sayso.web.access.hosts import is_loopback, refuse_without_users
from sayso.web.access.limits import login_limiter, upload_limiter
from sayso.web.access.people import People, people_path
from sayso.web.app import create_app
from sayso.web.deciding import Decisions
from sayso.web.desk import Desk
from sayso.web.jobs import Jobs

DEFAULT_PORT = 8420
_SWITCH = 0.001
"""seconds after which a thread that computes gives way to another: short pages must not wait behind a long decision"""


@contextmanager
def desk_at(ledger: Path | str, host: str, settings: Settings | None = None) -> Iterator[Desk]:
    """The desk of a ledger, which is made when it is new. Raises AccessError where others could come in without a login."""
    settings = settings or Settings()
    people = People(people_path(ledger))
    refuse_without_users(people, host)
    open_ledger(ledger).close()
    jobs, decisions = Jobs(ledger, settings), Decisions(ledger)
    with open_ledger(ledger, readonly=True) as reading:
        try:
            yield Desk(
                ledger,
                reading,
                people,
                is_loopback(host),
                jobs,
                decisions,
                login_limiter(),
                upload_limiter(),
                settings,
            )
        finally:
            jobs.close()
            decisions.close()
            people.close()


def serve(ledger: Path | str, host: str, port: int, told: Callable[[str], None]) -> None:
    """Serve until stopped. told: called with the address once it is open. Raises UsageError when the port is taken."""
    with desk_at(ledger, host) as desk, _listening(host, port) as sock:
        shown = f"[{host}]" if ":" in host else host
        told(f"http://{shown}:{sock.getsockname()[1]}/")
        config = uvicorn.Config(
            create_app(desk),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what is open is closed
        sys.setswitchinterval(_SWITCH)
        desk.decisions.ready()
        uvicorn.Server(config).run(sockets=[sock])


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((host, port))
            sock.listen(256)
            yield sock
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host} port {port}: {error.strerror or error}; name another with --port or --host"
        ) from error
