"""The card beside the graphs: version, SHA-256 of every file, thresholds and calibration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

GRAPHS = ("encoder.onnx", "fillers.onnx", "joiner.onnx", "quad.onnx", "tokenizer.json")
UNTUNED: dict[str, Any] = {
    "thresholds": {
        "cue_bias": 0.6,
        "cue": 0.5,
        "source": 0.5,
        "content": 0.5,
        "attribution": 0.2,
        "mention_bias": 1.0,
        "party_bias": 1.0,
        "party": 0.4,
        "role_bias": 0.1,
        "filler.PerpInd": 0.2,
        "filler.PerpOrg": 0.2,
        "filler.Target": 0.3,
        "filler.Victim": 0.4,
        "filler.VictimDescribed": 0.4,
        "filler.Weapon": 0.4,
        "same_filler": 0.5,
        "together": 0.4,
        "shared": 0.5,
        "told": 0.5,
        "bare": 0.8,
        "single": 0.0,
        "toponym": 0.5,
        "nowhere": 0.1,
    },
    "calibration": {
        "attribution": {"weights": [1.0, 0.0, 0.0], "bias": 0.0},
        "party": {"weights": [1.0], "bias": 0.0},
        "event": {"weights": [1.0, 0.0, 0.0], "bias": 0.0},
    },
}


def write_card(folder: Path, version: str, tasks: list[str], tuned: dict[str, Any] | None = None) -> None:
    """Write card.json; `tuned` holds "thresholds" and "calibration" as `tune` chose them on dev."""
    card: dict[str, Any] = {
        "version": version,
        "tasks": tasks,
        "files": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in GRAPHS},
        **(tuned or UNTUNED),
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
