"""A watch that is killed at any moment: no report twice, no alert lost, none twice but by its own key."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import feedparser
import pytest
from sqlalchemy import select

from sayso.ledger import open_ledger
from sayso.watch import state as tables
from sayso.watch.state import State, state_path
from tests.conftest import EXAMPLES
from tests.link.ledgers import exported
from tests.watch.servers import site

_PLAN = """
reader = "rules"
[[folder]]
name = "reports"
path = "reports"
settle = "0s"
every = "1s"
[[webhook]]
name = "hook"
url = "{url}/alerts"
allow_private = true
[[atom]]
name = "feed"
path = "alerts.atom"
[[alert]]
name = "disputes"
when = "dispute"
[[alert]]
name = "denials"
when = "denied"
[[alert]]
name = "damage"
when = "damaged"
"""


@pytest.mark.slow
def test_killed_again_and_again(tmp_path: Path) -> None:
    reports = sorted(EXAMPLES.iterdir())
    chance = random.Random(11)
    with site() as hook:
        for name in ("calm", "killed"):
            (tmp_path / name / "reports").mkdir(parents=True)
            (tmp_path / name / "sources.toml").write_text(_PLAN.format(url=hook.url), encoding="utf-8")
        _bring(tmp_path / "calm", reports)
        _watch(tmp_path / "calm").wait()
        calm = {a["id"] for a in hook.alerts()}
        assert calm
        hook.posted.clear()

        killed, stopped = tmp_path / "killed", 0
        for number in range(0, len(reports), 2):
            _bring(killed, reports[number : number + 2])
            process = _watch(killed)
            time.sleep(chance.uniform(0.8, 3.5))
            process.send_signal(signal.SIGKILL)
            stopped += process.wait() == -signal.SIGKILL
        assert stopped  # else nothing was tried
        assert _watch(killed).wait() == 0
        posted = Counter(headers["Idempotency-Key"] for headers, _ in hook.posted)

    with open_ledger(killed / "ledger.db") as ledger, open_ledger(tmp_path / "calm" / "ledger.db") as other:
        assert ledger.verify() == []
        assert _plain(exported(ledger), killed) == _plain(exported(other), tmp_path / "calm")
    state = State(state_path(str(killed / "ledger.db"), killed))
    alerts = [r["id"] for r in state.rows(select(tables.alerts))]
    told = Counter((r["rule"], r["key"]) for r in state.rows(select(tables.told)))
    assert {r["state"] for r in state.outbox()} == {"sent"}
    state.close()
    entries = [e.id for e in feedparser.parse((killed / "alerts.atom").read_bytes()).entries]
    assert set(posted) == set(alerts)
    assert len(entries) == len(set(entries)) == len(alerts)
    calm_state = State(state_path(str(tmp_path / "calm" / "ledger.db"), killed))
    assert {(r["rule"], r["key"]) for r in calm_state.rows(select(tables.told))} <= set(told)
    calm_state.close()


def _bring(folder: Path, reports: list[Path]) -> None:
    for report in reports:
        shutil.copy(report, folder / "reports" / report.name)


def _watch(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sayso", "watch", "--once", "--quiet", "--ledger", str(folder / "ledger.db")]
    return subprocess.Popen([*command, str(folder / "sources.toml")], stderr=subprocess.DEVNULL)


def _plain(found: dict[str, list[str]], folder: Path) -> dict[str, list[str]]:
    return {subject: sorted(r.replace(str(folder), "") for r in rows) for subject, rows in found.items()}
