"""`sayso import`: archives, bags and corrections, each recognised by its content."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from sayso.ledger import open_ledger
from sayso.ledger.archive.writing import write_archive
from tests.cli.test_commands import run
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("import") / "raid.db"
    assert run("add", EXAMPLES, "--ledger", path, "--reader", "rules").returncode == 0
    claim = json.loads(run("claims", "--ledger", path, "--format", "jsonl").stdout.splitlines()[0])
    assert run("judge", "accept", claim["id"], "--by", "Ines", "--ledger", path).returncode == 0
    return path


@pytest.fixture(scope="module")
def archive(ledger: Path) -> Path:
    path = ledger.with_name("archive.bin")  # what it is, its content says
    with open_ledger(ledger, readonly=True) as opened, opened.snapshot() as connection, path.open("wb") as out:
        write_archive(connection, out)
    return path


def test_an_archive_makes_the_same_ledger(ledger: Path, archive: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    done = run("import", archive, "--ledger", new, "--dry-run")
    assert "9 documents" in done.stdout and "1 judgement" in done.stdout and not new.exists()
    done = run("import", archive, "--ledger", new)
    assert done.returncode == 0 and "9 new" in done.stdout and "fields weighed" in done.stdout, done.stderr
    for what in ("claims", "events", "links", "entities", "origins"):
        assert (
            run("export", what, "--format", "jsonl", "--ledger", new).stdout
            == run("export", what, "--format", "jsonl", "--ledger", ledger).stdout
        ), what
    again = run("import", archive, "--ledger", new)
    assert "0 new, 9 known already" in again.stdout and "0 judgements added" in again.stdout


def test_judgements_take_effect_on_what_is_linked_already(ledger: Path, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    run("add", EXAMPLES, "--ledger", other, "--reader", "rules")
    assert run("import", archive, "--ledger", other).returncode == 0
    told = run("export", "events", "--format", "jsonl", "--ledger", other).stdout
    assert told == run("export", "events", "--format", "jsonl", "--ledger", ledger).stdout


def test_a_bag_brings_its_archive_unless_it_was_altered(ledger: Path, tmp_path: Path) -> None:
    bag = tmp_path / "bag.zip"
    assert run("bundle", "1-wire.txt", "--ledger", ledger, "--out", bag).returncode == 0
    done = run("import", bag, "--ledger", tmp_path / "new.db", "--no-link")
    assert done.returncode == 0 and "1 new" in done.stdout, done.stderr
    bag.write_bytes(bag.read_bytes() + b"!")
    done = run("import", bag, "--ledger", tmp_path / "altered.db")
    assert done.returncode == 1 and "not as it was made" in done.stderr and not (tmp_path / "altered.db").exists()


def test_corrections_come_back_as_judgements(ledger: Path, tmp_path: Path) -> None:
    untouched = tmp_path / "tasks.json"
    run("export", "readings", "--format", "labelstudio", "--ledger", ledger, "--out", untouched)
    assert "nothing was changed in it" in run("import", untouched, "--ledger", ledger).stdout
    brat = tmp_path / "brat.zip"
    run("export", "readings", "--format", "brat", "--ledger", ledger, "--out", brat)
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(brat) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith(".ann"):
                text = text.replace(" denies\n", " doubts\n")
            new.writestr(name, text)
    tried = run("import", changed, "--ledger", ledger, "--by", "Omar", "--dry-run")
    assert tried.returncode == 0 and " → doubts" in tried.stdout and "would be made" in tried.stdout, tried.stderr
    assert "Omar" not in run("judgements", "--ledger", ledger).stdout
    done = run("import", changed, "--ledger", ledger, "--by", "Omar")
    assert done.returncode == 0 and "by Omar" in done.stdout
    judgements = run("judgements", "--ledger", ledger).stdout
    assert "Omar" in judgements
    again = run("import", changed, "--ledger", ledger, "--by", "Omar")
    assert again.returncode == 0 and "0 judgements by Omar" in again.stdout and "stood already" in again.stdout
    assert run("judgements", "--ledger", ledger).stdout == judgements


def test_bad_input_is_one_clear_line(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("The army denied it.")
    (tmp_path / "half.zip").write_bytes(archive.read_bytes()[:-3000])
    (tmp_path / "empty.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    run("add", EXAMPLES / "1-wire.txt", "--ledger", tmp_path / "a.db", "--reader", "rules")
    (tmp_path / "nothing.json").write_bytes(b"")
    told = {
        "text.txt": "none of what can be imported",
        "half.zip": "take another copy",
        "empty.zip": "",
        "nothing.json": "is empty",
    }
    for name, words in told.items():
        for ledger in ("a.db", "new.db"):
            done = run("import", tmp_path / name, "--ledger", tmp_path / ledger)
            assert "Traceback" not in done.stderr, name
            assert done.returncode in {1, 2} and (name in done.stderr or name == "empty.zip"), (name, done.stderr)
            assert words in done.stderr, (name, done.stderr)
    done = run("import", archive, tmp_path / "text.txt", "--ledger", tmp_path / "b.db")
    assert done.returncode == 1 and "cannot import" in done.stderr and "links between claims" in done.stdout
    assert run("events", "--ledger", tmp_path / "b.db", "--format", "jsonl").stdout  # what came is linked
