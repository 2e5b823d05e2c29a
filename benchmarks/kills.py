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

from sayso.export import write
from sayso.ledger import ClaimFilter, open_ledger

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
            if stopped % _ANEW == 0:  # begin anew, so that kills fall into all of the work and not only its end
                check(killed, calm, partial=True)
                for path in home.glob("killed.db*"):
                    path.unlink()
            if stopped % 20 == 0:
                print(f"{stopped} kills", flush=True)
        add(home / "reports", killed).wait()
        check(killed, calm, partial=False)
        print(
            f"{options.kills} runs of {options.documents} documents, {stopped} killed: the claims are the same bytes, the ledger is sound"
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


def check(killed: Path, calm: Path, partial: bool) -> None:
    if not killed.exists():
        return
    with open_ledger(killed) as ledger:  # opening to write finishes what a kill left of the file's own making
        assert ledger.verify() == [], ledger.verify()[:5]
    lines, wanted = exported(killed), exported(calm)
    if partial:
        assert set(lines) <= set(wanted), "a claim that the undisturbed run does not have"
    else:
        assert lines == wanted, "the claims differ"


def exported(path: Path) -> list[bytes]:
    out = io.BytesIO()
    with open_ledger(path, readonly=True) as ledger:
        write(ledger.claims(ClaimFilter()), out, "jsonl")
    return out.getvalue().splitlines()


if __name__ == "__main__":
    sys.exit(main())
