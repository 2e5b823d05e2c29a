"""Files that commands write: nothing is written over a ledger, and what goes wrong is said of the file that was named."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("targets") / "ledger.db"
    assert run("add", EXAMPLES / "1-wire.txt", "--ledger", path, "--reader", "rules").returncode == 0
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "claims", "--out"),
        ("export", "claims", "--format", "parquet", "--out"),
        ("export", "ledger", "--format", "archive", "--out"),
        ("export", "claims", "--out", "claims.csv", "--losses"),
        ("bundle", "1-wire.txt", "--out"),
        ("report", "--out"),
        ("show", "1-wire.txt", "--original"),
    ],
    ids=lambda a: " ".join(a),
)
def test_nothing_is_written_over_a_ledger(arguments: tuple[str, ...], made: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    shutil.copy(made, own)
    for target in ("own.db", "own.db-wal", "./own.db"):
        before = own.read_bytes()
        done = run(*arguments, target, "--ledger", own, cwd=tmp_path)
        assert done.returncode == 2 and "name another file" in done.stderr, (done.stdout, done.stderr)
        assert own.read_bytes() == before
    assert not list(tmp_path.glob("*.partial")) and not (tmp_path / "claims.csv").exists()


def test_a_place_that_cannot_be_written_is_named(made: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target, words in (
        ("none/x.csv", "the folder none does not exist"),
        (".", "is a folder"),
        ("pipe", "is a device or a pipe"),
    ):
        done = run("export", "claims", "--ledger", made, "--out", target, cwd=tmp_path)
        assert done.returncode == 2 and words in done.stderr and ".partial" not in done.stderr, done.stderr
    done = run("export", "claims", "--ledger", made, "--out", "x.csv", "--losses", "./x.csv", cwd=tmp_path)
    assert done.returncode == 2 and "a file of their own" in done.stderr
    assert not (tmp_path / "x.csv").exists()


def test_a_dash_is_standard_output(made: Path, tmp_path: Path) -> None:
    done = run("export", "claims", "--ledger", made, "--out", "-", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("\ufeffid,") and "claims → standard output" in done.stderr
    assert not list(tmp_path.iterdir())
