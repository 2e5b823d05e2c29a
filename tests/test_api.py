"""The Python interface, by the code that the documentation prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sayso
from sayso.errors import IngestError
from tests.conftest import ROOT


@pytest.mark.parametrize("page", ["README.md", "docs/python.md"])
def test_the_printed_code_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})
    assert "denies" in capsys.readouterr().out


def test_text_in_a_pile_out() -> None:
    reading = sayso.read_text("The army denied it.")
    assert [a.stance for a in reading.attributions] == ["denies"]
    with pytest.raises(IngestError):
        sayso.read_text("   ")
    assert issubclass(IngestError, sayso.SaysoError)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        sayso.nothing  # noqa: B018
