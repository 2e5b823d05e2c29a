"""Linking stopped at any moment: what was done stands, and the next run goes on to the same end."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sayso.ledger import open_ledger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import Reader
from tests.link.ledgers import exported, report

_TOWNS = ("Nikopol", "Marhanets", "Kupiansk", "Sumy")
_SIDES = ("Russian troops", "Ukrainian forces", "rebels")


def _reports(count: int) -> list[str]:
    chance = random.Random(7)
    return [
        f"Report {n}. Governor Serhiy Lysak said that {chance.choice(_SIDES)} had shelled {chance.choice(_TOWNS)} on Monday and that "
        f"{chance.randrange(2, 20)} people were killed. A spokesman for {chance.choice(_SIDES)} denied that they had shelled anything."
        for n in range(count)
    ]


def test_killed_while_linking_the_next_run_goes_on(tmp_path: Path, rules: Reader) -> None:
    calm, killed = tmp_path / "calm.db", tmp_path / "killed.db"
    documents = [
        report(f"{n:03}", text, f"2024-03-{5 + n % 3:02}", f"Outlet {n % 9}") for n, text in enumerate(_reports(250))
    ]
    with open_ledger(calm) as ledger:
        assert not add_documents(documents, ledger, rules).failed
    shutil.copy(calm, killed)
    with open_ledger(calm) as ledger:
        link_and_weigh(ledger)
        wanted = exported(ledger)
    chance = random.Random(5)
    stopped = 0
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "sayso", "link", "--quiet", "--ledger", str(killed)], stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.8, 3.0))
        process.send_signal(signal.SIGKILL)
        stopped += process.wait() == -signal.SIGKILL
    assert stopped  # else nothing was tried
    with open_ledger(killed) as ledger:
        link_and_weigh(ledger)
        assert ledger.verify() == []
        assert exported(ledger) == wanted
