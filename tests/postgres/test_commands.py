"""Every command once on a ledger on a server, as a person would run it; none shows the password."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.cli import COMMANDS
from sayso.export import records
from sayso.ledger import ClaimFilter, open_ledger
from sayso.pipeline import add_paths, link_and_weigh
from tests.conftest import EXAMPLES
from tests.postgres.server import Server

_NO_LEDGER = {"read", "schema", "doctor", "watch", "verify", "serve"}
"""commands that open none, or that have their own test (`serve`: test_workbench)"""


@pytest.fixture(scope="module")
def raid(server: Server, rules) -> str:
    address = server.database()
    with open_ledger(address) as ledger:
        add_paths([EXAMPLES], ledger, reader=rules)
        link_and_weigh(ledger)
    return address


@pytest.fixture
def words(raid: str) -> dict[str, str]:
    """What commands are asked about."""
    with open_ledger(raid, readonly=True) as ledger, ledger.snapshot() as connection:
        event = max(records("events", connection), key=lambda e: len(e["members"]))["id"]
        claim = next(iter(ledger.claims(ClaimFilter(who="Gladkov", limit=1))))
    return {"EVENT": event, "CLAIM": claim["id"]}


def _run(address: str, *arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The address comes by the environment: arguments can be seen by everybody on the machine."""
    return subprocess.run(
        [sys.executable, "-m", "sayso", *arguments],
        env={**os.environ, "SAYSO_LEDGER": address}, input=stdin, capture_output=True, text=True, cwd=cwd, check=False,
    )  # fmt: skip


_ASKED: dict[str, tuple[str, str]] = {
    "claims": ("claims --who Gladkov", "Gladkov"),
    "show": ("show 7-revision.txt", "thirteen"),
    "search": ("search machine guns", "8-witness.txt"),
    "events": ("events", "Grayvoron"),
    "event": ("event EVENT", "happened"),
    "disputes": ("disputes", "disputed"),
    "changes": ("changes", "contradicts"),
    "timeline": ("timeline", "2023-05-22"),
    "dossier": ("dossier Gladkov", "Gladkov"),
    "network": ("network", "contradicts"),
    "outlet": ("outlet", "Valley Courier"),
    "bundle": ("bundle EVENT --out bag.zip", "SHA-256"),
    "import": ("import bag.zip", "0 new"),
    "brief": ("brief EVENT --out brief.html", "footnotes"),
    "origins": ("origins 6-translated.txt", "translated from"),
    "compare": ("compare --type organisation FSB FSK", "different"),
    "judge": ("judge reject CLAIM", ""),
    "judgements": ("judgements", "reject"),
    "agreement": ("agreement", "in all"),
    "undo": ("undo 1", ""),
    "link": ("link --again --quiet", ""),
    "weigh": ("weigh --again", "fields weighed"),
    "registry": ("registry add actors.csv", "1 of your own"),
    "failures": ("failures", "nothing failed"),
    "info": ("info", "documents             9"),
    "export": ("export claims --out claims.csv", "184 claims"),
    "report": ("report --out report.html", "9 documents"),
    "user": ("user add anna --role admin --password-stdin", "may log in"),
    "ledger": ("ledger verify", "is sound"),
    "remove": ("remove 9-brief.txt --yes", "removed"),
    "add": (f"add {EXAMPLES} --reader rules", "1 new"),
}


def test_commands_on_a_server(raid: str, words: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text("id,type,name,aliases\nx-1,organisation,Guard of the Ford,GF\n")
    secret = raid.split(":")[2].partition("@")[0]
    assert set(COMMANDS) <= {*_ASKED, *_NO_LEDGER}, "a command is not tried on PostgreSQL"
    for name, (line, told) in _ASKED.items():
        asked = [words.get(w, w) for w in line.split()]
        done = _run(raid, *asked, cwd=tmp_path, stdin="seven grey herons\n")
        assert done.returncode == 0, (name, done.stderr)
        assert told in done.stdout + done.stderr, (name, done.stdout, done.stderr)
        assert secret not in done.stdout + done.stderr, name
    assert [p.name for p in tmp_path.glob("*.people.db")] == [raid.rpartition("/")[2] + ".people.db"]


def test_copy_backup_and_upgrade(raid: str, server: Server, tmp_path: Path) -> None:
    secret = server.password
    for line, told in (
        (f"ledger copy {raid} copy.db", "the same on both sides"),
        (f"ledger copy copy.db {server.database()}", "the same on both sides"),
        ("ledger backup kept.db", "kept.db"),
        ("ledger backup", "ledger_"),
        ("ledger upgrade", "of this version already"),
    ):
        done = _run(raid, *line.split(), cwd=tmp_path)
        assert done.returncode == 0 and told in done.stdout and secret not in done.stdout + done.stderr, done
    done = _run(raid, "ledger", "copy", raid, "copy.db", cwd=tmp_path)
    assert done.returncode == 1 and "not empty" in done.stderr
    done = _run(str(tmp_path / "kept.db"), "export", "claims", "--format", "jsonl", cwd=tmp_path)
    assert done.stdout and done.stdout == _run(raid, "export", "claims", "--format", "jsonl", cwd=tmp_path).stdout
