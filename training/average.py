"""The mean of the averaged parameters of several runs, as one checkpoint."""

from __future__ import annotations

from pathlib import Path

import torch


def average(checkpoints: list[Path], out: Path) -> None:
    states = [torch.load(path, weights_only=True) for path in checkpoints]
    mean = states[0]["averaged"]
    for name, module in mean.items():
        for key, value in module.items():
            if value.dtype.is_floating_point:
                module[key] = torch.stack([s["averaged"][name][key] for s in states]).mean(dim=0)
    torch.save({"step": max(int(s["step"]) for s in states), "averaged": mean}, out)
