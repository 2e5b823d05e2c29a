"""The weights: what is damaged or missing is said, with the remedy; what is whole names itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sayso.errors import WeightsError
from sayso.read.compact.reader import CompactReader
from sayso.read.compact.weights import FOLDER, open_weights
from sayso.settings import Settings
from tests.cli.test_commands import run

MOST_BYTES = 36_000_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "weights"))


def test_the_weights_in_the_package_are_whole_and_small() -> None:
    weights = open_weights()
    assert len(weights.sha256) == 64
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) <= MOST_BYTES


@pytest.mark.parametrize("name", sorted(json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))["files"]))
def test_one_flipped_bit_is_found_in_any_file(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(WeightsError, match=rf"{name} are damaged.*--reader rules"):
        open_weights(copy)


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "joiner.onnx").unlink()
    with pytest.raises(WeightsError, match=r"joiner\.onnx.*--reader rules"):
        open_weights(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {}}'])
def test_a_damaged_card_is_named(copy: Path, text: str) -> None:
    (copy / "card.json").write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"card\.json is damaged"):
        open_weights(copy)


def test_a_graph_that_is_none_is_refused_even_with_its_digest(copy: Path) -> None:
    import hashlib

    (copy / "joiner.onnx").write_bytes(b"no graph")
    card = json.loads((copy / "card.json").read_text(encoding="utf-8"))
    card["files"]["joiner.onnx"] = hashlib.sha256(b"no graph").hexdigest()
    (copy / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(WeightsError, match=r"cannot open the weights"):
        CompactReader(Settings(weights=copy))


def test_a_reading_names_reader_version_and_weights(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("The army denied on Monday that it had shelled the village.", encoding="utf-8")
    found = json.loads(run("read", path, "--format", "jsonl").stdout)["run"]
    weights = open_weights()
    assert found == {"reader": "compact", "version": weights.version, "weights_sha256": weights.sha256}
    shown = run("info", cwd=tmp_path).stdout
    assert f"compact {weights.version}" in shown
    assert weights.sha256[:12] in shown
