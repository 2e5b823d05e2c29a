"""Every command as a person would run it: output, exit codes, errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.cli import COMMANDS
from tests.conftest import EXAMPLES, FIXTURES


def run(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "sayso", *map(str, arguments)], input=stdin, capture_output=True, cwd=cwd, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "raid.db"
    done = run("add", EXAMPLES, "--ledger", path)
    assert done.returncode == 0 and "9 new" in done.stdout
    return path


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_has_help(name: str) -> None:
    done = run(*filter(None, [name, "--help"]))
    assert done.returncode == 0 and "Usage" in done.stdout


def test_a_typo_is_answered_with_the_nearest_command() -> None:
    done = run("raed", "x")
    assert done.returncode == 2 and "Did you mean “read”?" in done.stderr


def test_read_shows_a_sheet() -> None:
    done = run("read", EXAMPLES / "1-wire.txt")
    assert done.returncode == 0 and "Who says what" in done.stdout and "claims responsibility" in done.stdout


def test_read_streams_one_json_line_a_document_in_order() -> None:
    done = run("read", EXAMPLES, FIXTURES / "report.txt", "--format", "jsonl")
    readings = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["document"]["path"] for r in readings] == sorted(r["document"]["path"] for r in readings) and len(
        readings
    ) == 10
    assert all(r["schema"] == "sayso.reading/1" for r in readings)


def test_read_takes_standard_input_and_a_date() -> None:
    done = run(
        "read", "-", "--format", "jsonl", "--date", "2023-05-24", stdin=b"The army denied on Monday that it fired."
    )
    reading = json.loads(done.stdout)
    assert reading["document"]["published"] == "2023-05-24"
    assert [m["timex"]["value"] for m in reading["mentions"] if m["timex"]] == ["2023-05-22"]


def test_duplicates_are_read_each_time(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("The army denied it.")
    assert len(run("read", tmp_path, "--format", "jsonl").stdout.splitlines()) == 2


def test_failures_go_to_standard_error_and_decide_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The army denied it.")
    (tmp_path / "b.pdf").write_text("no")
    both = run("read", tmp_path, "--format", "jsonl")
    assert both.returncode == 0 and len(both.stdout.splitlines()) == 1 and "b.pdf" in both.stderr
    assert run("read", tmp_path / "b.pdf").returncode == 1
    assert run("read", "nowhere").returncode == 2
    assert run("read").returncode == 2
    assert run("read", tmp_path, "--date", "May").returncode == 2


def test_claims_are_filtered_and_named(ledger: Path) -> None:
    done = run("claims", "--ledger", ledger, "--who", "FSB", "--format", "jsonl")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows and {r["speaker_name"] for r in rows} == {"Federal Security Service"}
    assert "did you mean accuses" in run("claims", "--ledger", ledger, "--stance", "accuse").stderr
    assert "no claim fits" in run("claims", "--ledger", ledger, "--who", "nobody").stdout


def test_mistyped_values_and_bad_targets_are_one_clear_line(ledger: Path, tmp_path: Path) -> None:
    for arguments, expected in (
        (("claims", "--field", "casualty"), "did you mean casualties"),
        (("claims", "--event", "bombings"), "did you mean bombing"),
        (("claims", "--since", "2023-06-01", "--until", "2023-05-01"), "is after"),
        (("export", "claims", "--out", tmp_path / "none" / "c.csv"), "none does not exist; make it"),
        (("report", "--out", tmp_path / "none" / "r.html"), "none does not exist; make it"),
        (("ledger", "backup", tmp_path / "none" / "b.db"), "does not exist"),
    ):
        done = run(*arguments, "--ledger", ledger)
        assert done.returncode != 0 and expected in done.stderr and "Traceback" not in done.stderr
    assert "air_strike" in run("claims", "--event", "air strikes", "--ledger", ledger).stderr
    assert run("claims", "--event", "armed clash", "--ledger", ledger).returncode == 0


def test_nothing_is_made_for_a_path_that_is_not_there(tmp_path: Path) -> None:
    assert run("add", tmp_path / "none.txt", "--ledger", tmp_path / "a.db").returncode == 2
    assert not (tmp_path / "a.db").exists()
    (tmp_path / "empty").mkdir()
    assert "no file in this folder" in run("read", tmp_path / "empty").stderr


def test_a_ledger_damaged_in_the_middle_is_told_as_that(ledger: Path, tmp_path: Path) -> None:
    copy = tmp_path / "damaged.db"
    run("ledger", "backup", copy, "--ledger", ledger)
    data = bytearray(copy.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 40_000] = b"x" * 40_000
    copy.write_bytes(data)
    verified = run("ledger", "verify", "--ledger", copy)
    assert verified.returncode == 1 and "Traceback" not in verified.stderr
    assert "damaged" in verified.stderr or "file:" in verified.stderr
    for arguments in (("claims",), ("export", "claims"), ("search", "gas")):
        assert "Traceback" not in run(*arguments, "--ledger", copy).stderr


def test_show_search_failures_info(ledger: Path, tmp_path: Path) -> None:
    shown = run("show", "7-revision.txt", "--ledger", ledger, "--original", tmp_path / "original")
    assert (
        "sha256" in shown.stdout and (tmp_path / "original").read_bytes() == (EXAMPLES / "7-revision.txt").read_bytes()
    )
    assert "7-revision" in run("search", "gas", "pipeline", "--ledger", ledger).stdout
    assert "nothing failed" in run("failures", "--ledger", ledger).stdout
    assert "rules" in run("info", "--ledger", ledger).stdout


def test_show_tells_what_changed(tmp_path: Path) -> None:
    for hour, toll in ((1, "eight"), (2, "thirteen")):
        (tmp_path / f"crawl-{hour}.jsonl").write_text(
            json.dumps({"text": f"The mayor said {toll} people were hurt.", "url": "https://x.example/a"}) + "\n"
        )
        run("add", tmp_path / f"crawl-{hour}.jsonl", "--ledger", tmp_path / "a.db")
    shown = run("show", "https://x.example/a", "--ledger", tmp_path / "a.db").stdout
    assert "eight" in shown and "→ thirteen" in shown


def test_export_report_backup_verify(ledger: Path, tmp_path: Path) -> None:
    assert run("export", "claims", "--ledger", ledger, "--format", "csv", "--out", tmp_path / "c.csv").returncode == 0
    assert (tmp_path / "c.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert run("report", "--ledger", ledger, "--out", tmp_path / "r.html").returncode == 0
    assert run("ledger", "backup", tmp_path / "b.db", "--ledger", ledger).returncode == 0
    assert "is sound" in run("ledger", "verify", "--ledger", tmp_path / "b.db").stdout


def test_no_ledger_is_a_clear_error(tmp_path: Path) -> None:
    done = run("claims", cwd=tmp_path)
    assert done.returncode == 1 and "sayso add FILES" in done.stderr and "Traceback" not in done.stderr


def test_schema_and_doctor() -> None:
    assert json.loads(run("schema").stdout)["title"] == "sayso.reading/1"
    done = run("doctor")
    assert done.returncode == 0 and "a test sentence is read" in done.stdout


def test_terminal_escapes_in_a_report_are_shown_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / "evil.txt").write_text("The army said \x1b[2J\x1b]0;owned\x07 that it \u202edeined it.")
    out = run("read", tmp_path / "evil.txt").stdout
    assert "\x1b[2J" not in out and "\x1b]0" not in out and "\u202e" not in out
