"""Examples → batches of windows: cut anew in every pass, with letter case and pieces hidden at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sayso.read.compact import labels
from sayso.read.compact.pieces import END, MASK, START, WINDOW, Pieces
from training.examples import IGNORED, Cue, Example, Filler

_LEAST = 24
"""windows of a long text shorter than this are left out"""


@dataclass(slots=True)
class Cut:
    """A window of an example; `first` is its first piece there. Places in a batch are one more: the mark at the start."""

    example: Example
    first: int
    last: int

    def cues(self) -> list[Cue]:
        inside = []
        for cue in self.example.cues:
            if not (self.first <= cue.first and cue.last <= self.last):
                continue
            shift = 1 - self.first
            inside.append(
                Cue(
                    cue.first + shift,
                    cue.last + shift,
                    self._clip(cue.source),
                    self._clip(cue.content),
                    cue.stance,
                )
            )
        return inside

    def _clip(self, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
        clipped = [(max(a, self.first) + 1 - self.first, min(b, self.last) + 1 - self.first) for a, b in ranges]
        return [(a, b) for a, b in clipped if b > a]

    def fillers(self) -> list[Filler]:
        return [f for f in self.example.fillers if self.first <= f.first and f.last <= self.last]

    def kinds(self) -> list[int]:
        """For each kind of incident the class of how many are told here: those with a filler here, or with none at all."""
        here = {t for f in self.fillers() for t in f.templates}
        counts = [0] * len(labels.INCIDENTS)
        for number, (kind, members) in enumerate(self.example.templates):
            if number in here or (not members and self.first == 0):
                counts[kind] += 1
        return [min(c, labels.COUNTS - 1) for c in counts]


@dataclass(slots=True)
class Batch:
    task: str
    cuts: list[Cut]
    ids: Tensor
    case: Tensor
    mask: Tensor
    tags: dict[str, Tensor]


def whole(example: Example) -> list[Cut]:
    """Windows without randomness, for evaluation: from the start, end to end."""
    return [Cut(example, s, min(s + WINDOW, len(example.pieces))) for s in range(0, len(example.pieces), WINDOW)]


def cuts(example: Example, chance: random.Random) -> list[Cut]:
    length = len(example.pieces)
    if length <= WINDOW:
        return [Cut(example, 0, length)]
    starts = range(-chance.randrange(WINDOW), length, WINDOW)
    pairs = [(max(0, s), min(length, s + WINDOW)) for s in starts]
    return [Cut(example, a, b) for a, b in pairs if b - a >= _LEAST]


def collate(task: str, parts: list[Cut], masked: float, caseless: float, chance: random.Random) -> Batch:
    longest = max(c.last - c.first for c in parts) + 2
    shape = (len(parts), longest)
    ids, case, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    names = parts[0].example.tags.keys()
    tags = {name: np.full(shape, IGNORED, np.int64) for name in names}
    for row, part in enumerate(parts):
        size = part.last - part.first
        ids[row, 0], ids[row, size + 1] = START, END
        ids[row, 1 : size + 1] = part.example.pieces.ids[part.first : part.last]
        mask[row, : size + 2] = 1
        if chance.random() >= caseless:
            case[row, 1 : size + 1] = part.example.pieces.case[part.first : part.last]
        if masked:
            hidden = np.array([chance.random() < masked for _ in range(size)], dtype=bool)
            ids[row, 1 : size + 1][hidden] = MASK
        for name in names:
            tags[name][row, 1 : size + 1] = part.example.tags[name][part.first : part.last]
    return Batch(
        task,
        parts,
        torch.from_numpy(ids),
        torch.from_numpy(case),
        torch.from_numpy(mask),
        {name: torch.from_numpy(row) for name, row in tags.items()},
    )


def packed(task: str, examples: list[Example], chance: random.Random) -> list[Example]:
    """Sentences of the sentence-wise sets, about half of them strung together, so that the heads know them in texts."""
    if task not in {"re3d", "cameo"}:
        return examples
    order = chance.sample(examples, len(examples))
    result: list[Example] = []
    while order:
        take = order[: chance.choice((1, 1, 1, 2, 5))]
        del order[: len(take)]
        result.append(take[0] if len(take) == 1 else _strung(take))
    return result


def _strung(parts: list[Example]) -> Example:
    pieces = Pieces(*(np.concatenate([getattr(p.pieces, f) for p in parts]) for f in ("ids", "case", "start", "end")))
    tags = {name: np.concatenate([p.tags[name] for p in parts]) for name in parts[0].tags}
    return Example(parts[0].task, parts[0].name, pieces, tags)


def endless(
    task: str, examples: list[Example], pieces: int, masked: float, caseless: float, seed: int
) -> Iterator[Batch]:
    """Batches of about `pieces` pieces without end; windows of like length go together, batches in random order."""
    chance = random.Random(seed)
    while True:
        parts = [c for e in packed(task, examples, chance) for c in cuts(e, chance)]
        parts.sort(key=lambda c: (c.last - c.first) + chance.random() * 60)
        groups: list[list[Cut]] = [[]]
        for part in parts:
            if groups[-1] and (len(groups[-1]) + 1) * (part.last - part.first + 2) > pieces + 64:
                groups.append([])
            groups[-1].append(part)
        chance.shuffle(groups)
        for group in groups:
            yield collate(task, group, masked, caseless, chance)
