"""What is SQLite's own: versions, views, backup, damage, kills."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from sayso.errors import LedgerError
from sayso.ledger import ClaimFilter, SqliteLedger, open_ledger
from sayso.ledger.schema import metadata
from sayso.pipeline import add_paths
from tests.conftest import EXAMPLES


@pytest.fixture
def path(tmp_path: Path, rules) -> Path:
    with open_ledger(tmp_path / "raid.db") as ledger:
        add_paths([EXAMPLES], ledger, reader=rules)
    return tmp_path / "raid.db"


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    with SqliteLedger(tmp_path / "new.db") as ledger, ledger.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith("documents_fts")},
        )
        assert compare_metadata(context, metadata) == []


def test_a_view_cannot_write_and_makes_nothing(path: Path, tmp_path: Path) -> None:
    with open_ledger(path, readonly=True) as view, pytest.raises(LedgerError, match="cannot write"):
        view.judge("same", "a", "b", None, "x")
    with pytest.raises(LedgerError, match="no ledger at"):
        open_ledger(tmp_path / "none.db", readonly=True)
    assert not (tmp_path / "none.db").exists()


def _set(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)


def test_a_ledger_of_another_version_says_what_to_do(path: Path) -> None:
    _set(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer Sayso"):
        open_ledger(path)
    _set(path, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(LedgerError, match="sayso ledger upgrade"):
        open_ledger(path)


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    _set(other, "CREATE TABLE mine (x)")
    before = other.read_bytes()
    with pytest.raises(LedgerError, match="another program"):
        open_ledger(other)
    assert other.read_bytes() == before
    (tmp_path / "text.db").write_text("not a database at all, just words " * 50)
    with pytest.raises(LedgerError, match="no Sayso ledger"):
        open_ledger(tmp_path / "text.db")


def test_verify_finds_altered_originals_and_words(path: Path) -> None:
    with open_ledger(path, readonly=True) as ledger:
        assert ledger.verify() == []
    _set(path, "UPDATE originals SET data = x'789c030000000001' WHERE rowid = 1")
    _set(path, "UPDATE documents SET text = 'other words' WHERE number = 2")
    with open_ledger(path, readonly=True) as ledger:
        faults = "\n".join(ledger.verify())
    assert "its bytes were altered" in faults and "its words are not in the text" in faults


def test_verify_finds_a_broken_index(path: Path) -> None:
    _set(path, "DELETE FROM documents_fts_data WHERE id > 10")
    with open_ledger(path) as ledger:
        assert any("index" in fault or "file" in fault for fault in ledger.verify())


def test_readers_do_not_wait_for_the_writer(path: Path) -> None:
    with open_ledger(path) as ledger, ledger.writing(), open_ledger(path, readonly=True) as view:
        assert view.counts()["documents"] == 9


def _export(path: Path) -> list[dict[str, object]]:
    with open_ledger(path, readonly=True) as ledger:
        return [dict(row) for row in ledger.claims(ClaimFilter())]


def test_killed_at_any_moment_the_next_run_goes_on(tmp_path: Path) -> None:
    """Five kills here; `benchmarks/kills.py` does two hundred on five hundred documents."""
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(40):
        (reports / f"{number:03}.txt").write_text(
            f"Report {number}. The army of town {number} denied that it had killed {number} people on May 3, 2023. " * 8
        )
    command = [sys.executable, "-m", "sayso", "add", str(reports), "--quiet", "--ledger"]
    subprocess.run([*command, str(tmp_path / "calm.db")], check=True)
    chance = random.Random(5)
    for _ in range(5):
        process = subprocess.Popen([*command, str(tmp_path / "killed.db")], stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1.6))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([*command, str(tmp_path / "killed.db")], check=True)
    assert _export(tmp_path / "killed.db") == _export(tmp_path / "calm.db")
    with open_ledger(tmp_path / "killed.db", readonly=True) as ledger:
        assert ledger.verify() == []


def test_two_writers_take_turns(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sayso", "add", str(EXAMPLES), "--quiet", "--ledger", str(tmp_path / "both.db")]
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [p.wait() for p in both] == [0, 0]
    with open_ledger(tmp_path / "both.db", readonly=True) as ledger:
        assert ledger.counts()["documents"] == 9 and ledger.verify() == []
