"""True positives, gold and predicted, and the F1 from them: the arithmetic that all scorers share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """Micro-averaged: add up, then divide."""

    right: float = 0
    gold: int = 0
    predicted: int = 0

    def add(self, right: float, gold: int, predicted: int) -> None:
        self.right += right
        self.gold += gold
        self.predicted += predicted

    @property
    def precision(self) -> float:
        return 100 * self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return 100 * self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.gold + self.predicted
        return 200 * self.right / total if total else 100.0

    def row(self) -> dict[str, float]:
        return {"precision": round(self.precision, 1), "recall": round(self.recall, 1), "f1": round(self.f1, 1)}
