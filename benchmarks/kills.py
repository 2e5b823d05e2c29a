"""Kills `sayso add` at random moments and compares the ledger with that of an undisturbed run.

    python -m benchmarks.kills [--kills 200] [--documents 500]

The exported claims of both must be the same bytes, and the ledger must verify.
"""

from __future__ import annotations

import argparse
import io
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sayso.export import records, write
from sayso.ledger import open_ledger

_ANEW = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_reports(home / "reports", options.documents)
        calm, killed = home / "calm.db", home / "killed.db"
        begin = time.monotonic()
        add(home / "reports", calm).wait()
        whole = time.monotonic() - begin
        stopped = 0
        while stopped < options.kills:
            process = add(home / "reports", killed)
            try:
                process.wait(timeout=chance.uniform(0, whole))
                continue  # it was done before its time came
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                stopped += 1
                process.wait()
            if stopped % _ANEW == 0:  # let it finish, compare, begin anew: so kills fall into all of the work
                add(home / "reports", killed).wait()
                check(killed, calm)
                for path in home.glob("killed.db*"):
                    path.unlink()
            if stopped % 20 == 0:
                print(f"{stopped} kills", flush=True)
        print(
            f"{stopped} kills over {options.documents} documents, compared after every {_ANEW}: the same bytes, a sound ledger"
        )
    return 0


def make_reports(folder: Path, count: int) -> None:
    folder.mkdir()
    for n in range(count):
        text = f"Report {n}. The army of district {n} denied on May 3, 2023 that it had killed {n % 40} people. “We were not there,” Colonel Ivan Petrov said. "
        (folder / f"{n:05}.txt").write_text(text * 6, encoding="utf-8")


def add(reports: Path, ledger: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sayso", "add", str(reports), "--quiet", "--ledger", str(ledger)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check(killed: Path, calm: Path) -> None:
    with open_ledger(killed, readonly=True) as ledger:
        faults = ledger.verify()
    assert not faults, faults[:5]
    assert exported(killed) == exported(calm), "the claims differ from those of an undisturbed run"


def exported(path: Path) -> list[bytes]:
    out = io.BytesIO()
    with open_ledger(path, readonly=True) as ledger, ledger.engine.connect() as connection:
        write(records("claims", connection), out, "jsonl")
    return out.getvalue().splitlines()


if __name__ == "__main__":
    sys.exit(main())
