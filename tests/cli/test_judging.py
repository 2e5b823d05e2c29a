"""Deciding in the terminal: corrections by their options, several people, adjudication, agreement, corrections as files."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.test_across import exported, fails
from tests.cli.test_commands import run
from tests.conftest import EXAMPLES


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.db"
    assert run("add", EXAMPLES, "--ledger", path, "--reader", "rules").returncode == 0
    return path


def a_claim(ledger: Path) -> str:
    return next(str(c["id"]) for c in exported(ledger, "claims") if c["field"] == "casualties.injured")


def test_a_claim_is_corrected_judged_by_others_and_adjudicated(own: Path) -> None:
    claim = a_claim(own)
    options = (
        "--stance",
        "doubts",
        "--speaker",
        "Peskov",
        "--span",
        "3:9",
        "--denies",
        "--by",
        "ada",
        "--note",
        "heard so",
    )
    assert run("judge", "correct", claim, "6-8", *options, "--ledger", own).returncode == 0
    listed = run("judgements", "--ledger", own).stdout
    assert "6–8, doubts, not held, said by Peskov, characters 3 to 9 — heard so" in listed
    assert run("judge", "reject", claim, "--by", "ben", "--ledger", own).returncode == 0
    assert run("judge", "unsure", claim, "--by", "cyd", "--ledger", own).returncode == 0
    told = run("agreement", "--ledger", own).stdout
    assert "1 judged by two or more of 3 people, 1 pair, 0.0% agree, alpha 0.000; 1 times unsure" in told
    assert "ada correct, ben reject (not adjudicated)" in told
    assert run("judge", "reject", claim, "--adjudicate", "--by", "dee", "--ledger", own).returncode == 0
    rows = [json.loads(line) for line in run("agreement", "--format", "jsonl", "--ledger", own).stdout.splitlines()]
    assert [r["kind"] for r in rows] == ["claim", "all", "claim"] and rows[-1]["adjudicated"]["person"] == "dee"
    assert "(adjudicated)" in run("judgements", "--ledger", own).stdout


def test_corrections_are_exported_for_training(own: Path, tmp_path: Path) -> None:
    assert run("judge", "correct", a_claim(own), "60", "--ledger", own).returncode == 0
    (reading,) = [json.loads(line) for line in run("export", "corrections", "--ledger", own).stdout.splitlines()]
    assert 60 in {t["low"] for e in reading["events"] for t in e["casualties"]}
    out = tmp_path / "corrections.zip"
    assert run("export", "corrections", "--format", "brat", "--out", out, "--ledger", own).returncode == 0
    with zipfile.ZipFile(out) as archive:
        id_ = reading["document"]["id"]
        assert set(archive.namelist()) == {f"{id_}.txt", f"{id_}.ann", f"{id_}.exported", "annotation.conf"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("correct", "CLAIM", "--stance", "lies"), "no stance is called 'lies'"),
        (("correct", "CLAIM", "--span", "3:99999"), "is not in the text"),
        (("correct", "CLAIM", "--span", "word"), "write START:END"),
        (("correct", "CLAIM", "many"), "'many' is no count"),
        (("accept", "CLAIM", "--denies"), "go with `judge correct`"),
        (("accept", "CLAIM", "60"), "takes one claim"),
        (("unsure", "CLAIM", "--adjudicate"), "settles nothing"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, tuple) else None,
)
def test_what_cannot_be_decided_is_told(own: Path, arguments: tuple[str, ...], words: str) -> None:
    claim = a_claim(own)
    fails(run("judge", *(claim if a == "CLAIM" else a for a in arguments), "--ledger", own), 2, words)
    assert "nothing was judged yet" in run("judgements", "--ledger", own).stdout
