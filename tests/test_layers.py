"""The import contract of docs/design.md, and the speed of `import sayso` in what it leaves out."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT


def test_imports_go_downward_only() -> None:
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_import_and_help_load_nothing_heavy() -> None:
    code = (
        "import sys, sayso, sayso.cli; from click.testing import CliRunner; CliRunner().invoke(sayso.cli.cli, ['--help']);"
        "print([m for m in ('sqlalchemy', 'rich', 'trafilatura', 'lxml', 'numpy', 'marisa_trie', 'msgspec') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
