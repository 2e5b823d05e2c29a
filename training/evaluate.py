"""Quick figures on dev while training goes on, in word pieces. The real ones come from `benchmarks/`."""

from __future__ import annotations

import random

import numpy as np
import torch
from benchmarks.counts import Counts

from sayso.read.compact import labels
from training.batches import collate, whole
from training.examples import IGNORED, Example
from training.losses import filler_states, pair_labels
from training.network import Network

_COLUMNS = labels.columns()


def _spans(row: np.ndarray) -> set[tuple[int, int, int]]:
    """BIO numbers → (first, last, kind)."""
    found, first, kind = set(), -1, -1
    for at, tag in enumerate([*row.tolist(), 0]):
        inside = tag > 0 and tag % 2 == 0 and (tag - 2) // 2 == kind
        if kind >= 0 and not inside:
            found.add((first, at, kind))
            kind = -1
        if tag > 0 and kind < 0:
            first, kind = at, (tag - 1) // 2
    return found


def _token(counts: Counts, wanted: np.ndarray, got: np.ndarray) -> None:
    w, g = wanted > 0, got > 0
    counts.add(int((w & g).sum()), int(w.sum()), int(g.sum()))


@torch.inference_mode()
def evaluate(network: Network, dev: dict[str, list[Example]]) -> dict[str, float]:
    scores: dict[str, Counts] = {}
    chance = random.Random(0)
    right = total = 0
    for task, examples in dev.items():
        parts = sorted((c for e in examples for c in whole(e)), key=lambda c: c.last - c.first)
        for at in range(0, len(parts), 8):
            batch = collate(task, parts[at : at + 8], 0.0, 0.0, chance)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states, tags, quad, kinds = network.encoder(batch.ids, batch.case, batch.mask)
            states, tags = states.float(), tags.float()
            for row, cut in enumerate(batch.cuts):
                size = cut.last - cut.first + 2
                for name, wanted in batch.tags.items():
                    got = tags[row, 1 : size - 1, _COLUMNS[name]].argmax(-1).numpy()
                    gold = wanted[row, 1 : size - 1].numpy()
                    counts = scores.setdefault(name, Counts())
                    if name in {"cue", "source", "content"}:
                        _token(counts, gold, got)
                    else:
                        got = np.where(gold == IGNORED, 0, got)
                        w, g = _spans(np.maximum(gold, 0)), _spans(got)
                        counts.add(len(w & g), len(w), len(g))
                if task == "polnear" and cut.cues():
                    cues = cut.cues()
                    first, last = torch.tensor([c.first for c in cues]), torch.tensor([c.last - 1 for c in cues])
                    logits, _ = network.joiner(states[row, :size], first, last)
                    for cue, got in zip(cues, logits.argmax(-1).numpy(), strict=True):
                        source = {k for a, b in cue.source for k in range(a, b)}
                        content = {k for a, b in cue.content for k in range(a, b)}
                        s, c = set(np.flatnonzero(got == 1).tolist()), set(np.flatnonzero(got == 2).tolist())
                        total += 1
                        meet = bool(s & source) or (not s and not source)
                        right += meet and len(c & content) >= 0.5 * len(c | content)
                if task == "muc":
                    _muc(network, cut, states[row], scores)
                    wanted_kinds, got_kinds = (
                        np.array(cut.kinds()),
                        kinds[row].float().view(-1, labels.COUNTS).argmax(-1).numpy(),
                    )
                    scores.setdefault("kinds", Counts()).add(
                        int(np.minimum(wanted_kinds, got_kinds).sum()), int(wanted_kinds.sum()), int(got_kinds.sum())
                    )
                if task == "quad":
                    scores.setdefault("quad", Counts()).add(int(quad[row].argmax() == cut.example.quad), 1, 1)
    figures = {name: round(c.f1, 1) for name, c in scores.items()}
    if total:
        figures["join"] = round(100 * right / total, 1)
    return figures


def _muc(network: Network, cut, states, scores) -> None:  # type: ignore[no-untyped-def]
    fillers = cut.fillers()
    if not fillers:
        return
    what, pair = network.fillers(
        filler_states(states, cut, fillers),
        torch.tensor([f.role for f in fillers]),
        torch.tensor([f.first for f in fillers]),
    )
    at = len(labels.INCIDENTS)
    for name, values, width in (
        ("responsibility", [f.responsibility for f in fillers], len(labels.RESPONSIBILITY)),
        ("fate", [f.fate for f in fillers], len(labels.FATES)),
    ):
        got = what[:, at : at + width].argmax(-1).tolist()
        at += width
        for g, w in zip(got, values, strict=True):
            if w != IGNORED:
                scores.setdefault(name, Counts()).add(int(g == w), 1, 1)
    wanted = pair_labels(fillers)
    for label, name in ((1, "pairs.incident"), (2, "pairs.filler")):
        got, known = pair.argmax(-1) == label, wanted != IGNORED
        is_ = wanted == label
        scores.setdefault(name, Counts()).add(int((got & is_ & known).sum()), int(is_.sum()), int((got & known).sum()))
    scores.setdefault("pairs.different", Counts()).add(
        int(((pair.argmax(-1) == 0) & (wanted == 0)).sum()),
        int((wanted == 0).sum()),
        int(((pair.argmax(-1) == 0) & (wanted != IGNORED)).sum()),
    )
