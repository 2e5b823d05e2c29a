"""`sayso bundle` and `sayso verify`, as a person would run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bag")
    assert run("add", EXAMPLES, "--ledger", folder / "raid.db", "--reader", "rules").returncode == 0
    done = run(
        "bundle",
        "4-denial.txt",
        "1-wire.txt",
        "--ledger",
        folder / "raid.db",
        "--out",
        folder / "b.zip",
        "--by",
        "Ines",
    )
    assert done.returncode == 0 and "2 documents" in done.stdout and "SHA-256" in done.stdout, done.stderr
    return folder / "b.zip"


def test_a_bag_verifies_and_an_altered_one_does_not(bag: Path, tmp_path: Path) -> None:
    done = run("verify", bag)
    assert done.returncode == 0 and "is as it was made" in done.stdout and "ALTERED" not in done.stdout
    data = bytearray(bag.read_bytes())
    data[len(data) // 2] ^= 4
    (tmp_path / "x.zip").write_bytes(data)
    done = run("verify", tmp_path / "x.zip")
    assert done.returncode == 1 and "ALTERED" in done.stdout and "one thing is not as it was made" in done.stdout
    assert run("verify", bag, "--sha256", "0" * 64).returncode == 1
    told = [json.loads(line) for line in run("verify", bag, "--format", "jsonl").stdout.splitlines()]
    assert {t["status"] for t in told} == {"holds", "note"}


def test_bad_input_is_one_clear_line(bag: Path, tmp_path: Path) -> None:
    ledger = bag.with_name("raid.db")
    (tmp_path / "ca.pem").write_text("")
    for arguments, words in (
        (("bundle", "nothing", "--out", tmp_path / "o.zip"), "no event and no document 'nothing'"),
        (("bundle", "1-wire.txt", "--out", tmp_path / "none" / "o.zip"), "none does not exist; make it"),
        (
            ("bundle", "1-wire.txt", "--out", tmp_path / "o.zip", "--authority", tmp_path / "ca.pem"),
            "goes with --stamp",
        ),
        (("bundle", "1-wire.txt", "--out", tmp_path / "o.zip", "--stamp", "http://127.0.0.1:9/"), "no public address"),
    ):
        done = run(*arguments, "--ledger", ledger)
        assert done.returncode != 0 and words in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.glob("o.zip*"))
    assert run("verify", EXAMPLES / "1-wire.txt").returncode == 1
