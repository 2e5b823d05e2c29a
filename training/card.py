"""The card beside the graphs: version, SHA-256 of every file, thresholds and calibration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

GRAPHS = ("encoder.onnx", "fillers.onnx", "joiner.onnx", "tokenizer.json")
UNTUNED: dict[str, Any] = {
    "thresholds": {"cue_bias": 1.0, "cue": 0.5, "source": 0.5, "content": 0.5, "mention_bias": 1.0, "role_bias": 1.0},
    "calibration": {"attribution": {"weights": [1.0, 0.0, 0.0], "bias": 0.0}},
}


def write_card(folder: Path, version: str, tuned: dict[str, Any] | None = None) -> None:
    """Write card.json; `tuned` holds "thresholds" and "calibration" as `tune` chose them on dev."""
    card: dict[str, Any] = {
        "version": version,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in GRAPHS},
        **(tuned or UNTUNED),
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
