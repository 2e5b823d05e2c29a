"""What README, the tutorial and the how-tos show is what the program does.

Blocks marked `console` are run, one page after another command, in a folder with a copy of the examples; the lines below a command must stand in
what it prints, in that order, `…` for anything. A block that follows a line with a file's name in backticks is that file.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = ("../README.md", "tutorial.md", *sorted(f"howto/{p.name}" for p in (ROOT / "docs" / "howto").glob("*.md")))
_BLOCK = re.compile(r"(?P<before>[^\n]*)\n+```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"`([a-z][\w/-]*\.(?:csv|toml|tsv))`")
_EXTRAS = {"ftm": "followthemoney", "stix": "stix2", "kml": "simplekml"}


def _blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """(kind, body, name of the file that it is or "") of each fenced block."""
    for found in _BLOCK.finditer((ROOT / "docs" / page).read_text(encoding="utf-8")):
        named = _FILE.search(found["before"]) if found["kind"] not in {"console", "text"} else None
        yield found["kind"], found["body"], named[1] if named else ""


def _steps(body: str) -> Iterator[tuple[list[str], list[str]]]:
    """(arguments, quoted lines) of each command of a console block."""
    for step in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *quoted = step.splitlines()
        name, *arguments = shlex.split(command)
        assert name == "sayso", command
        yield arguments, quoted


def _pattern(quoted: list[str]) -> str:
    """A pattern for quoted lines in what was printed, both without regard to spaces; what follows the last line is free."""
    pieces = re.split(r"\s*…\s*", " ".join(quoted))
    return ".*?".join(re.escape(" ".join(p.split())) for p in pieces)


def _missing(arguments: list[str]) -> bool:
    from importlib.util import find_spec

    return any(a in _EXTRAS and find_spec(_EXTRAS[a]) is None for a in arguments)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_runs_and_prints_what_is_quoted(page: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("SAYSO_")} | {"COLUMNS": "100"}
    run = 0
    for kind, body, name in _blocks(page):
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(body, encoding="utf-8")
        for arguments, quoted in _steps(body) if kind == "console" else ():
            if _missing(arguments):
                continue
            done = subprocess.run(
                [sys.executable, "-m", "sayso", *arguments],
                cwd=tmp_path,
                env=surroundings,
                capture_output=True,
                text=True,
                encoding="utf-8",
                stdin=subprocess.DEVNULL,
            )
            assert done.returncode == 0, (arguments, done.stderr)
            told = " ".join((done.stdout + done.stderr).split())
            assert re.search(_pattern(quoted), told, re.DOTALL), f"{page}: {shlex.join(arguments)}\n{told}"
            run += 1
    assert run, f"{page} shows no command"


def test_a_line_that_is_not_printed_is_found_out() -> None:
    assert re.search(_pattern(["a  b", "…", "d"]), "x a b c d e", re.DOTALL)
    assert not re.search(_pattern(["a", "b"]), "a c b", re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_all_other_commands_exist(page: str) -> None:
    from sayso.cli import COMMANDS

    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for name in re.findall(r"(?:^|`|\$ )sayso ([a-z]+)\b", text, re.MULTILINE):
        assert name in COMMANDS, f"{page}: sayso {name}"
