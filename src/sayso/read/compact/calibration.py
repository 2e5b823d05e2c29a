"""Scores → probabilities: logistic regression on a few features, fitted on dev (Platt 1999)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Calibration:
    """One weight for each feature, and a bias."""

    weights: tuple[float, ...]
    bias: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Calibration:
        return cls(tuple(map(float, values["weights"])), float(values["bias"]))

    def apply(self, features: Sequence[float]) -> float:
        """The probability of being right, rounded to two digits."""
        score = self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))
        return round(1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), 2)


def log_odds(probability: float) -> float:
    inside = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(inside / (1 - inside))
