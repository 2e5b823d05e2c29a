"""A PostgreSQL server for tests: Debian's package, a cluster in a temporary folder, on loopback only."""

from __future__ import annotations

import atexit
import itertools
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest

_USER = "sayso"
_UNPRIVILEGED = ("postgres", "nobody")
"""whom the server runs as where the tests run as root, whom it refuses"""


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest version first; null where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: -int(p.parts[-3]))
    on_path = shutil.which("initdb")
    return found[0].parent if found else (Path(on_path).resolve().parent if on_path else None)


class Server:
    """Started by `start`; every `database` is a new one. password: of its user, who may do everything."""

    def __init__(self, bin_: Path, folder: Path) -> None:
        self.password = secrets.token_hex(12)
        self._bin, self._folder, self._data = bin_, folder, folder / "data"
        self._numbers = itertools.count(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(self.password)
        if os.geteuid() == 0:
            name = self._name = _someone()
            for path in (folder, secret):
                shutil.chown(path, name)
        self._run(
            "initdb", "--pgdata", str(self._data), "--username", _USER, "--pwfile", str(secret),
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        )  # fmt: skip

    @classmethod
    @contextmanager
    def own(cls, bin_: Path) -> Iterator[Server]:
        """A server that is started, and is gone with all its files in the end."""
        folder = Path(tempfile.mkdtemp(prefix="sayso-postgres-"))
        try:
            server = cls(bin_, folder)
            server.start()
            try:
                yield server
            finally:
                server.stop("immediate")
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories= -c max_connections=60 -c shared_buffers=32MB"
        log = self._folder / "log"
        self._run("pg_ctl", "start", "--wait", "-D", str(self._data), "-l", str(log), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """mode: `immediate` ends all its processes at once, as a crash does; the next start recovers."""
        self._run("pg_ctl", "stop", "--wait", "-D", str(self._data), "-m", mode)

    def database(self, encoding: str = "UTF8") -> str:
        """The address of a new, empty database, with the password in it."""
        import psycopg

        name = f"ledger_{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            locale = "C.UTF-8" if encoding == "UTF8" else "C"
            connection.execute(
                f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE '{locale}' LC_CTYPE '{locale}' TEMPLATE template0"
            )
        return self.address(name)

    def address(self, database: str, password: str | None = None) -> str:
        return f"postgresql://{_USER}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def holding(self, address: str, word: bytes) -> list[str]:
        """The files of this database's tables and indexes in which the word stands; the server's log of changes is not looked at."""
        import psycopg

        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert row is not None
        files = (p for p in (self._data / "base" / str(row[0])).iterdir() if p.is_file())
        return [p.name for p in files if word in p.read_bytes()]

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self._name, "--", *command]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")


@cache
def running() -> Server:
    """One server for a whole run of tests, stopped at its end. Skips where there is no PostgreSQL; in CI there must be."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (`pip install 'sayso[postgres]'`)")
    found = programs()
    if found is None:
        told = "PostgreSQL's server is not installed (Debian: `apt-get install postgresql`, or `sh tests/postgres/install.sh`)"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    return _open.enter_context(Server.own(found))


def end() -> None:
    """Stop it, if it was started. Test runs in several processes end these without `atexit`."""
    _open.close()
    running.cache_clear()


_open = ExitStack()
atexit.register(_open.close)


def _someone() -> str:
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _UNPRIVILEGED if name in known)
