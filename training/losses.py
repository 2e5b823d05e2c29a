"""What each task teaches: a batch and the network's answer → one number, and its parts by name."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from sayso.read.compact import labels
from training.batches import Batch, Cut
from training.examples import IGNORED, Filler
from training.network import Network

_COLUMNS = labels.columns()
_MOST_FILLERS = 48


def loss_of(network: Network, batch: Batch, training: bool = True) -> tuple[Tensor, dict[str, float]]:
    states, tags, quad, kinds = network.encoder(batch.ids, batch.case, batch.mask)
    states, tags = states.float(), tags.float()
    parts: dict[str, Tensor] = {}
    for name, wanted in batch.tags.items():
        logits = tags[..., _COLUMNS[name]]
        parts[name] = cross_entropy(logits.reshape(-1, logits.shape[-1]), wanted.reshape(-1), ignore_index=IGNORED)
    if batch.task == "polnear":
        _join(network, batch, states, parts)
    elif batch.task == "muc":
        wanted = torch.tensor([c.kinds() for c in batch.cuts])
        logits = kinds.float().view(-1, labels.COUNTS)
        parts["kinds"] = cross_entropy(logits, wanted.reshape(-1))
        _fill(network, batch, states, parts)
    elif batch.task == "quad":
        parts["quad"] = cross_entropy(quad.float(), torch.tensor([c.example.quad for c in batch.cuts]))
    total = sum((_WEIGHTS.get(name, 1.0) * part for name, part in parts.items()), torch.zeros(()))
    return total, {name: float(part.detach()) for name, part in parts.items()}


_WEIGHTS = {"cue": 1.5, "source": 0.7, "content": 0.7, "join": 3.0, "stance": 0.2, "role": 2.0, "kinds": 0.7,
            "pairs": 0.7, "quad": 0.3, "responsibility": 0.5, "fate": 0.3, "stage": 0.2, "kind": 0.5}  # fmt: skip


def _join(network: Network, batch: Batch, states: Tensor, parts: dict[str, Tensor]) -> None:
    losses, stances, wanted_stances, count = [], [], [], 0
    for row, cut in enumerate(batch.cuts):
        cues = cut.cues()
        if not cues:
            continue
        size = cut.last - cut.first + 2
        first, last = torch.tensor([c.first for c in cues]), torch.tensor([c.last - 1 for c in cues])
        logits, stance = network.joiner(states[row, :size], first, last)
        wanted = torch.zeros(len(cues), size, dtype=torch.long)
        for k, cue in enumerate(cues):
            for a, b in cue.content:
                wanted[k, a:b] = 2
            for a, b in cue.source:
                wanted[k, a:b] = 1
        # a cue weighs as much in a long window as in a short one
        losses.append(cross_entropy(logits.reshape(-1, 3).float(), wanted.reshape(-1), reduction="sum") / 128)
        stances.append(stance.float())
        wanted_stances += [c.stance for c in cues]
        count += len(cues)
    if losses:
        parts["join"] = torch.stack(losses).sum() / count
        target = torch.tensor(wanted_stances)
        if bool((target != IGNORED).any()):
            parts["stance"] = cross_entropy(torch.cat(stances), target, ignore_index=IGNORED)


def filler_states(states: Tensor, cut: Cut, fillers: list[Filler]) -> Tensor:
    """The mean state of each filler's pieces, (M, H)."""
    return torch.stack([states[f.first + 1 - cut.first : f.last + 1 - cut.first].mean(0) for f in fillers])


def pair_labels(fillers: list[Filler]) -> Tensor:
    """0 different, 1 same incident, 2 same filler; (M, M)."""
    wanted = torch.zeros(len(fillers), len(fillers), dtype=torch.long)
    for i, f in enumerate(fillers):
        for j, g in enumerate(fillers):
            wanted[i, j] = IGNORED if i == j else 2 if f.entity == g.entity else int(bool(f.templates & g.templates))
    return wanted


def _fill(network: Network, batch: Batch, states: Tensor, parts: dict[str, Tensor]) -> None:
    what_logits, wanted_kinds, wanted_labels, wanted_fates, wanted_stages, pairs = [], [], [], [], [], []
    for row, cut in enumerate(batch.cuts):
        fillers = cut.fillers()[:_MOST_FILLERS]
        if not fillers:
            continue
        what, pair = network.fillers(
            filler_states(states[row], cut, fillers),
            torch.tensor([f.role for f in fillers]),
            torch.tensor([f.first for f in fillers]),
        )
        what_logits.append(what.float())
        kinds = torch.zeros(len(fillers), len(labels.INCIDENTS))
        for k, f in enumerate(fillers):
            kinds[k, list(f.kinds)] = 1 / len(f.kinds)
        wanted_kinds.append(kinds)
        wanted_labels += [f.responsibility for f in fillers]
        wanted_fates += [f.fate for f in fillers]
        wanted_stages += [f.stage for f in fillers]
        if len(fillers) > 1:
            wanted = pair_labels(fillers).reshape(-1)
            pairs.append(cross_entropy(pair.reshape(-1, 3).float(), wanted, ignore_index=IGNORED))
    if not what_logits:
        return
    what = torch.cat(what_logits)
    at = 0
    for name, width, target in (
        ("kind", len(labels.INCIDENTS), torch.cat(wanted_kinds)),
        ("responsibility", len(labels.RESPONSIBILITY), torch.tensor(wanted_labels)),
        ("fate", len(labels.FATES), torch.tensor(wanted_fates)),
        ("stage", len(labels.STAGES), torch.tensor(wanted_stages)),
    ):
        if target.dtype.is_floating_point or bool((target != IGNORED).any()):
            parts[name] = (
                cross_entropy(what[:, at : at + width], target, ignore_index=IGNORED)
                if not (target.dtype.is_floating_point)
                else cross_entropy(what[:, at : at + width], target)
            )
        at += width
    if pairs:
        parts["pairs"] = torch.stack(pairs).mean()
