"""The weights that come with the package: checked against their SHA-256, then opened in ONNX Runtime."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import onnxruntime

from sayso.errors import WeightsError

FOLDER = Path(__file__).with_name("weights")
CARD = "card.json"
"""version, SHA-256 of every file, thresholds chosen on dev, calibration"""
_REMEDY = "install sayso anew (pip install --force-reinstall sayso), or read with --reader rules"


@dataclass(frozen=True)
class Weights:
    """A folder of weights whose every file has the SHA-256 that its card names."""

    folder: Path
    card: dict[str, Any]
    threads: int | None = None

    @property
    def version(self) -> str:
        return str(self.card["version"])

    @cached_property
    def sha256(self) -> str:
        """One digest over all files: that of the card's sorted list of digests."""
        listed = "\n".join(f"{digest}  {name}" for name, digest in sorted(self.card["files"].items()))
        return hashlib.sha256(listed.encode()).hexdigest()

    def session(self, name: str) -> onnxruntime.InferenceSession:
        """A graph, ready to run on the threads asked for, else on as many cores as the process may use."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads or _cores()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Arenas grow with the longest window seen and are never given back; memory stays flat without.
        options.enable_cpu_mem_arena = False
        try:
            return onnxruntime.InferenceSession(
                str(self.folder / name), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises classes of its own for every kind of damage
            raise WeightsError(f"cannot open the weights {self.folder / name}: {error}; {_REMEDY}") from error


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def open_weights(folder: Path = FOLDER, threads: int | None = None) -> Weights:
    """Read the card and check every file. Raises WeightsError when one is missing or altered."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        files = dict(card["files"])
        card["version"], card["tasks"], card["thresholds"], card["calibration"]
    except FileNotFoundError as error:
        raise WeightsError(f"the weights of the compact reader are missing: {error.filename}; {_REMEDY}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"the weights' card {folder / CARD} is damaged ({error}); {_REMEDY}") from error
    for name, expected in files.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise WeightsError(f"cannot read the weights {folder / name}: {error.strerror}; {_REMEDY}") from error
        if found != expected:
            raise WeightsError(
                f"the weights {folder / name} are damaged: SHA-256 {found[:12]}… instead of {expected[:12]}…; {_REMEDY}"
            )
    return Weights(folder, card, threads)
