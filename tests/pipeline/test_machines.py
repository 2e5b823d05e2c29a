"""Reading by workers of Ray's: the ledger is that of one process, whoever dies."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sayso.cli import cli
from sayso.errors import MachinesError, UsageError
from sayso.export import records, write
from sayso.ingest import load
from sayso.ledger import SqlLedger, open_ledger
from sayso.pipeline import Tally, add_paths
from sayso.pipeline.machines import Machines, add_with_machines
from sayso.read import load_reader
from sayso.records import Document
from tests.conftest import EXAMPLES, ROOT
from tests.pipeline.readers import LETHAL, LOG, FragileReader, install

TWO = Machines("local", 2)
DIED = "3 workers died while they read it; try it alone, or with --reader rules"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("log") / "read.txt"
    os.environ[LOG] = str(path)
    yield path
    del os.environ[LOG]


@pytest.fixture(scope="module")
def machines(log: Path) -> Iterator[None]:
    """One session of Ray's for all trials, whose processes know the fragile reader."""
    ray = pytest.importorskip("ray")
    pytest.importorskip("ray.data")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        address="local",
        num_cpus=2,
        object_store_memory=100_000_000,
        include_dashboard=False,
        log_to_driver=False,
        runtime_env={"worker_process_setup_hook": install, "env_vars": {"PYTHONPATH": str(ROOT), LOG: str(log)}},
        _node_ip_address="127.0.0.1",
    )
    yield
    ray.shutdown()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder of files, a collection, copies of one report, and files that cannot be read."""
    folder = tmp_path / "reports"
    shutil.copytree(EXAMPLES, folder / "raid")
    shutil.copy(EXAMPLES / "1-wire.txt", folder / "the-same.txt")
    (folder / "empty.txt").write_text(" ", encoding="utf-8")
    (folder / "torn.zip").write_bytes(b"PK\x03\x04 and no more")
    rows = [{"id": str(n), "outlet": "Valley Post", "text": _report(n)} for n in range(12)]
    (folder / "many.jsonl").write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    return folder


def _report(n: int) -> str:
    return f"The army denied on May 3, 2023 that it had killed {n + 2} people in Goma. “We were not there,” Colonel Ivan Petrov said."


def _many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for n in range(count):
        (folder / f"{n:03}.txt").write_text(_report(n), encoding="utf-8")
    return folder


def _exported(ledger: SqlLedger) -> dict[str, bytes]:
    found = {}
    for subject in ("claims", "documents"):  # when a document was taken is kept, and differs
        out = io.BytesIO()
        with ledger.engine.connect() as connection:
            write(records(subject, connection), out, "jsonl")
        found[subject] = re.sub(rb'"(retrieved|added)": "[^"]+"', b"", out.getvalue())
    return found


def _by_one(folder: Path, tmp_path: Path, fragile: bool = False) -> tuple[Tally, dict[str, bytes]]:
    with open_ledger(tmp_path / "one.db") as ledger:
        tally = add_paths([folder], ledger, reader=FragileReader() if fragile else load_reader("rules"))
        return tally, _exported(ledger)


def _counts(tally: Tally) -> tuple[int, int, int, list[str]]:
    return tally.documents, tally.copies, tally.known, [str(f) for f in tally.failed]


def _workers() -> list[int]:
    """The reading processes that descend from this one."""
    parents, titles = {}, {}
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit():
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                titles[int(entry.name)] = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue  # it ended meanwhile
    return [pid for pid, title in titles.items() if "ReadingWorker" in title and _descends(pid, parents)]


def _descends(pid: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid == os.getpid():
            return True
        pid = parents[pid]
    return False


def test_the_ledger_is_that_of_one_process(machines: None, reports: Path, tmp_path: Path) -> None:
    tally, wanted = _by_one(reports, tmp_path)
    assert tally.copies == 1 and tally.failures == 2
    told: list[str] = []
    with open_ledger(tmp_path / "two.db") as ledger:
        found = add_with_machines([reports], ledger, TWO, reader="rules", progress=lambda _, name: told.append(name))
        assert _exported(ledger) == wanted
        assert not ledger.verify()
    assert _counts(found) == _counts(tally)
    assert len(told) == tally.seen


def test_what_was_read_is_not_read_again(machines: None, reports: Path, tmp_path: Path, log: Path) -> None:
    with open_ledger(tmp_path / "two.db") as ledger:
        first = add_paths([reports / "raid"], ledger, reader=FragileReader())
        log.write_text("", encoding="utf-8")
        second = add_with_machines([reports], ledger, TWO, reader="fragile")
        assert len(log.read_text(encoding="utf-8").split()) == 12  # those of the collection
        found = _exported(ledger)
    assert first.documents == 9
    assert (second.documents, second.copies, second.known, second.failures) == (12, 1, 9, 2)
    assert found == _by_one(reports, tmp_path, fragile=True)[1]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the workers in /proc")
def test_killed_workers_change_nothing(machines: None, tmp_path: Path) -> None:
    folder = _many(tmp_path / "many", 240)
    killed: list[int] = []

    def kill(tally: Tally, _: str) -> None:
        if tally.seen in {8, 60}:
            for pid in _workers():
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    with open_ledger(tmp_path / "two.db") as ledger:
        tally = add_with_machines([folder], ledger, TWO, reader="fragile", progress=kill)
        found = _exported(ledger)
    assert len(killed) >= 2
    assert _counts(tally) == (240, 0, 0, [])
    assert found == _by_one(folder, tmp_path, fragile=True)[1]


def test_a_report_that_kills_its_worker_fails_alone(machines: None, tmp_path: Path, log: Path) -> None:
    folder = _many(tmp_path / "many", 24)
    lethal = folder / "011.txt"
    lethal.write_text(f"The army said {LETHAL}.", encoding="utf-8")
    log.write_text("", encoding="utf-8")
    with open_ledger(tmp_path / "two.db") as ledger:
        tally = add_with_machines([folder], ledger, TWO, reader="fragile")
        found = _exported(ledger)
    assert _counts(tally) == (23, 0, 0, [f"cannot read {lethal}: {DIED}"])
    (document,) = load([lethal])
    assert isinstance(document, Document)
    assert log.read_text(encoding="utf-8").split().count(document.id) == 4  # in its batch, then by itself
    lethal.unlink()
    assert found == _by_one(folder, tmp_path, fragile=True)[1]


def test_a_reader_that_cannot_be_loaded_is_told(machines: None, tmp_path: Path) -> None:
    with open_ledger(tmp_path / "two.db") as ledger, pytest.raises(UsageError, match="no reader is called 'none'"):
        add_with_machines([EXAMPLES], ledger, TWO, reader="none")


def test_without_ray_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with open_ledger(tmp_path / "two.db") as ledger, pytest.raises(MachinesError, match=r"pip install 'sayso\[ray\]'"):
        add_with_machines([EXAMPLES], ledger, TWO)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ray", "somewhere"], "is no address of a cluster"),
        (["--ray", "ray://127.0.0.1:10001"], "is no address of a cluster"),
        (["--ray", "127.0.0.1:99999"], "is no address of a cluster"),
        (["--ray", "127.0.0.1:1"], "nothing answers at 127.0.0.1:1"),
        (["--workers", "2"], "--workers is for --ray"),
        (["--ray", "local", "-"], "standard input is read by one process"),
    ],
)
def test_what_cannot_be_is_said(options: list[str], words: str, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    result = CliRunner().invoke(cli, ["add", str(EXAMPLES), *options, "--ledger", str(tmp_path / "x.db")])
    assert result.exit_code != 0
    assert words in result.output + str(result.exception)
