"""The documentation says what the program does."""

from __future__ import annotations

import re
import subprocess
import sys

from sayso.cli import COMMANDS
from sayso.ingest import FORMATS
from tests.conftest import ROOT


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, ROOT / "docs" / "generate.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_that_is_named_exists() -> None:
    for page in (
        "README.md",
        "docs/index.md",
        "docs/formats.md",
        "docs/reading.md",
        "docs/workbench.md",
        "docs/api.md",
    ):
        for name in re.findall(
            r"(?:^|`|    )sayso ([a-z]+)\b", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert name in COMMANDS, f"{page}: sayso {name}"


def test_every_format_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for form in FORMATS.values():
        assert all(
            extension in page
            for extension in form.extensions
            if extension and extension not in {".text", ".markdown", ".htm", ".xhtml", ".tsv", ".ndjson"}
        )


def test_every_dependency_is_listed_with_its_licence() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    names = [
        re.split(r"[<>=\[;]", d)[0] for d in (*project["project"]["dependencies"], *project["build-system"]["requires"])
    ]
    assert [n for n in names if n.lower() not in page] == []


def test_locks_hold_no_addresses() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text and "--hash=sha256:" in text, lock.name
