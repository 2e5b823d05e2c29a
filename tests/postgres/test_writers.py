"""Several writers and reviewers at once, killed ones, and a server that crashes: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import multiprocessing
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from sayso.errors import LedgerError
from sayso.ledger import ClaimFilter, open_ledger
from sayso.pipeline import add_paths, judge, link_and_weigh
from tests.conftest import EXAMPLES
from tests.postgres.exports import exported
from tests.postgres.server import Server, programs


def _add(folder: Path, address: str, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sayso", "add", str(folder), "--reader", "rules", "--quiet", *more]
    return subprocess.Popen([*command, "--ledger", address], stderr=subprocess.PIPE)


def _reports(folder: Path, numbers: range) -> Path:
    folder.mkdir()
    for n in numbers:
        text = f"Report {n}. The army of town {n} denied on May 3, 2023 that it had killed {n % 40} people. "
        (folder / f"{n:03}.txt").write_text(text * 4)
    return folder


def test_several_writers_at_once(address: str, tmp_path: Path, rules) -> None:
    """Two bring in the same reports, one others; the ledger is new to all of them."""
    one, two = _reports(tmp_path / "one", range(40)), _reports(tmp_path / "two", range(40, 60))
    writers = [_add(one, address), _add(one, address), _add(two, address)]
    told = [w.communicate()[1] for w in writers]
    assert [w.returncode for w in writers] == [0, 0, 0], told
    with open_ledger(address) as ledger, open_ledger(tmp_path / "calm.db") as calm:
        add_paths([one, two], calm, reader=rules)
        link_and_weigh(calm)
        assert ledger.verify() == []
        subjects = ("claims", "events", "entities", "links", "origins")
        assert exported(ledger, *subjects) == exported(calm, *subjects)
        assert ledger.counts() == calm.counts()


def _decide(address: str, person: str, refs: list[str]) -> list[int]:
    with open_ledger(address) as ledger:
        return [judge(ledger, "reject" if n % 3 else "accept", ref, None, None, person) for n, ref in enumerate(refs)]


def test_two_reviewers_at_once(address: str, rules) -> None:
    with open_ledger(address) as ledger:
        add_paths([EXAMPLES], ledger, reader=rules)
        link_and_weigh(ledger)
        refs = [f"claim:{r['document_id']}/{r['id']}" for r in ledger.claims(ClaimFilter(limit=24))]
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        numbers = pool.starmap(_decide, [(address, "ada", refs), (address, "bo", refs[::-1])])
    with open_ledger(address) as ledger:
        kept = {j["id"]: (j["person"], j["subject"]) for j in ledger.judgements()}
        made = dict(zip(numbers[0], (("ada", r) for r in refs), strict=True))
        made |= dict(zip(numbers[1], (("bo", r) for r in refs[::-1]), strict=True))
        assert kept == made and len(kept) == 48 and ledger.verify() == []


def test_who_waits_for_too_long_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.ledger.engines.connecting.WAIT_S", 1)
    with open_ledger(address) as ledger, psycopg.connect(address) as stranger:
        stranger.execute("SELECT pg_advisory_lock(1398753615, hashtext(current_schema()))")
        ledger.engine.dispose()
        with pytest.raises(LedgerError, match="somebody else writes"):
            ledger.judge("same", "name:a", "name:b", None, "ada")
        stranger.execute("SELECT pg_advisory_unlock_all()")
        assert ledger.judge("same", "name:a", "name:b", None, "ada")


def test_a_failure_that_passes_is_tried_again(address: str) -> None:
    """The server ends the session that waits for its turn, as it does when it is stopped."""
    with open_ledger(address) as ledger, psycopg.connect(address, autocommit=True) as stranger:
        stranger.execute("SELECT pg_advisory_lock(1398753615, hashtext(current_schema()))")
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(ledger.judge, "same", "name:a", "name:b", None, "ada")
            ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            while not stranger.execute(ended).fetchall():
                assert not waiting.done()
                time.sleep(0.02)
            stranger.execute("SELECT pg_advisory_unlock_all()")
            assert waiting.result(30)
        assert len(ledger.judgements()) == 1


def test_killed_at_any_moment_the_next_run_goes_on(server: Server, tmp_path: Path) -> None:
    """A few kills here; `python -m benchmarks.postgres_kills` does fifty of each."""
    reports = _reports(tmp_path / "reports", range(60))
    calm, killed = server.database(), server.database()
    assert _add(reports, calm).wait() == 0
    chance = random.Random(5)
    for _ in range(4):
        process = _add(reports, killed)
        time.sleep(chance.uniform(0.5, 4.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert _add(reports, killed).wait() == 0
    with open_ledger(killed) as ledger, open_ledger(calm) as other:
        assert ledger.verify() == []
        subjects = ("claims", "events", "entities", "links", "origins")
        assert exported(ledger, *subjects) == exported(other, *subjects)


def test_a_crash_of_the_server_loses_nothing_acknowledged(tmp_path: Path, rules) -> None:
    reports = _reports(tmp_path / "reports", range(40))
    found = programs()
    assert found is not None
    chance = random.Random(7)
    with Server.own(found) as server:
        address = server.database()
        acknowledged: list[int] = []
        for round_ in range(3):
            process = _add(reports, address)
            with open_ledger(address) as ledger, pytest.raises(LedgerError):
                until = time.monotonic() + chance.uniform(0.5, 3.0)
                while True:
                    acknowledged.append(
                        ledger.judge("unsure", f"claim:{round_}/{len(acknowledged)}", None, None, "ada")
                    )
                    if time.monotonic() > until:
                        server.stop("immediate")
            _, told = process.communicate()
            server.start()
            assert process.returncode == 0 or (b"sayso:" in told and b"Traceback" not in told), told
            with open_ledger(address) as ledger:
                assert set(acknowledged) <= {j["id"] for j in ledger.judgements()} and ledger.verify() == []
        assert _add(reports, address).wait() == 0
        with open_ledger(address) as ledger:
            assert ledger.counts()["documents"] == 40 and ledger.verify() == []
