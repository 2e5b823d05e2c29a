"""Kills `sayso add` on a PostgreSQL ledger, then the server itself, at random moments, and looks for what was acknowledged.

    python -m benchmarks.postgres_kills [--kills 50] [--documents 200]

It starts a server of its own (Debian's package) on loopback. After the kills of each kind the ledger must verify, hold every
judgement whose number was given out, and export the bytes of an undisturbed run.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.postgres.exports import exported
from tests.postgres.server import Server, programs

from benchmarks.kills import make_reports
from sayso.errors import LedgerError
from sayso.ledger import open_ledger

_SUBJECTS = ("claims", "events", "entities", "links", "origins")
_ANEW = 10
"""kills after which the ledger is finished, compared and begun anew"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.postgres_kills")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = programs()
    if found is None:
        sys.exit("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, Server.own(found) as server:
        reports = Path(folder) / "reports"
        make_reports(reports, options.documents)
        calm = server.database()
        begin = time.monotonic()
        assert add(reports, calm).wait() == 0
        whole = time.monotonic() - begin
        for kind in ("writer", "server"):
            kills, acknowledged = run(server, reports, calm, kind, options.kills, whole, chance)
            print(
                f"{kills} kills of the {kind} over {options.documents} documents: {acknowledged} acknowledged judgements all there, the same bytes, a sound ledger",
                flush=True,
            )
    return 0


def run(
    server: Server, reports: Path, calm: str, kind: str, wanted: int, whole: float, chance: random.Random
) -> tuple[int, int]:
    """(kills, judgements that were acknowledged)."""
    kills = told = 0
    while kills < wanted:
        address = server.database()
        given: set[int] = set()
        for _ in range(min(_ANEW, wanted - kills)):
            process = add(reports, address)
            until = time.monotonic() + chance.uniform(0, whole)
            given |= deciding(address, until)
            if kind == "writer":
                process.send_signal(signal.SIGKILL)
            else:
                server.stop("immediate")
                server.start()
            process.wait()
            kills += 1
        assert add(reports, address).wait() == 0
        check(address, calm, given)
        told += len(given)
    return kills, told


def deciding(address: str, until: float) -> set[int]:
    """Decide until then, while reports come in; the numbers of the judgements that were acknowledged."""
    given: set[int] = set()
    while time.monotonic() < until:
        with suppress(LedgerError), open_ledger(address) as ledger:
            while time.monotonic() < until:
                given.add(ledger.judge("unsure", f"claim:x/{len(given)}", None, None, "ada"))
                time.sleep(0.02)
    return given


def add(reports: Path, address: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sayso", "add", str(reports), "--reader", "rules", "--quiet"]
    return subprocess.Popen(
        command, env={**os.environ, "SAYSO_LEDGER": address}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def check(address: str, calm: str, given: set[int]) -> None:
    with open_ledger(address) as ledger, open_ledger(calm, readonly=True) as other:
        faults = ledger.verify()
        assert not faults, faults[:5]
        lost = given - {j["id"] for j in ledger.judgements()}
        assert not lost, f"{len(lost)} acknowledged judgements are lost"
        assert exported(ledger, *_SUBJECTS) == exported(other, *_SUBJECTS), "other than an undisturbed run exports"


if __name__ == "__main__":
    sys.exit(main())
