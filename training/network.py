"""The network: one encoder, and heads that read its states. Shapes: B windows, L pieces, C cues, M fillers, H=384."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import AutoModel

from sayso.read.compact import labels

NEAR, FAR, FAR_STEP = 64, 32, 16
"""distances are told exactly up to NEAR pieces, and in steps of FAR_STEP up to FAR steps"""


def _distance(delta: Tensor, near: nn.Embedding, far: nn.Embedding) -> Tensor:
    return near(delta.clamp(-NEAR, NEAR) + NEAR) + far(
        torch.div(delta, FAR_STEP, rounding_mode="trunc").clamp(-FAR, FAR) + FAR
    )


class Encoder(nn.Module):
    """ids, case, mask (B, L) → states (B, L, H), tags (B, L, sum of TAGS), quad (B, 5), kinds (B, 6 × COUNTS)."""

    def __init__(self, base: str, dropout: float, width: int = 256, attention: str = "sdpa") -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(
            base,
            attn_implementation=attention,
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=dropout,
            local_files_only=True,
            add_pooling_layer=False,
        )
        hidden = self.base.config.hidden_size
        self.case = nn.Embedding(3, hidden)
        nn.init.zeros_(self.case.weight)
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(hidden, width), nn.GELU(), nn.Linear(width, outputs))
                for name, outputs in labels.TAGS.items()
            }
        )
        self.attend = nn.Linear(hidden, 2)
        self.quad = nn.Sequential(nn.Linear(hidden, width), nn.GELU(), nn.Linear(width, labels.QUADS))
        self.kinds = nn.Sequential(
            nn.Linear(hidden, width), nn.GELU(), nn.Linear(width, len(labels.INCIDENTS) * labels.COUNTS)
        )

    def forward(self, ids: Tensor, case: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        states, tags, attend, kinds = self.look(ids, case, mask)
        pooled = torch.einsum("bl,blh->bh", attend.softmax(dim=1), states)
        return states, tags, self.quad(pooled), kinds

    def look(self, ids: Tensor, case: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What is exported: states, tags, the attention (B, L) by which a sentence is pooled for `quad`, kinds."""
        embedded = self.base.embeddings.word_embeddings(ids) + self.case(case)
        states = self.base(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        tags = torch.cat([head(states) for head in self.heads.values()], dim=-1)
        weights = self.attend(states) + (1.0 - mask.unsqueeze(-1).to(states.dtype)) * -1e4
        pooled = torch.einsum("bl,blh->bh", weights[..., 1].softmax(dim=1), states)
        return states, tags, weights[..., 0], self.kinds(pooled)


class Joiner(nn.Module):
    """states (L, H) of one window, first and last piece of C cues → what each piece is to each cue (C, L, 3)."""

    def __init__(self, hidden: int = 384, width: int = 160, reach: int = 7) -> None:
        super().__init__()
        self.cue = nn.Linear(2 * hidden, 2 * width)
        self.piece = nn.Linear(hidden, 2 * width)
        self.near, self.far = nn.Embedding(2 * NEAR + 1, width), nn.Embedding(2 * FAR + 1, width)
        self.smooth = nn.Conv1d(width, width, reach, padding=reach // 2, groups=width)
        self.mix = nn.Linear(width, width)
        self.out = nn.Linear(width, len(labels.JOIN))
        self.stance = nn.Sequential(nn.Linear(2 * hidden, width), nn.GELU(), nn.Linear(width, len(labels.STANCES)))

    def forward(self, states: Tensor, first: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        cues = torch.cat([states[first], states[last]], dim=-1)
        added, times = self.cue(cues).chunk(2, dim=-1)
        piece_added, piece_times = self.piece(states).chunk(2, dim=-1)
        delta = torch.arange(states.shape[0], device=states.device).unsqueeze(0) - first.unsqueeze(1)
        x = added.unsqueeze(1) + piece_added.unsqueeze(0) + times.unsqueeze(1) * piece_times.unsqueeze(0)
        x = nn.functional.gelu(x + _distance(delta, self.near, self.far))
        x = x + nn.functional.gelu(self.smooth(x.transpose(1, 2)).transpose(1, 2))
        return self.out(nn.functional.gelu(self.mix(x))), self.stance(cues)


class Fillers(nn.Module):
    """Mean states (M, H), roles (M,) and places (M,) of the fillers of a document → what each is and what pairs are.

    Returns kind (M, 6), responsibility (M, 6), fate (M, 5), stage (M, 3) and pairs (M, M, 3).
    """

    def __init__(self, hidden: int = 384, width: int = 192) -> None:
        super().__init__()
        self.role = nn.Embedding(len(labels.ROLES), width)
        self.project = nn.Linear(hidden, width)
        self.deepen = nn.Linear(width, width)
        self.what = nn.Linear(
            width, len(labels.INCIDENTS) + len(labels.RESPONSIBILITY) + len(labels.FATES) + len(labels.STAGES)
        )
        self.near, self.far = nn.Embedding(2 * NEAR + 1, width), nn.Embedding(2 * FAR + 1, width)
        self.left, self.times, self.apart = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.out = nn.Linear(width, len(labels.PAIRS))

    def forward(self, states: Tensor, roles: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        x = nn.functional.gelu(self.project(states) + self.role(roles))
        x = x + nn.functional.gelu(self.deepen(x))
        delta = (places.unsqueeze(0) - places.unsqueeze(1)).abs()
        one, other = x.unsqueeze(0), x.unsqueeze(1)
        pair = self.left(one + other) + self.times(one * other) + self.apart((one - other).abs())
        pair = nn.functional.gelu(pair + _distance(delta, self.near, self.far))
        return self.what(x), self.out(pair)


@dataclass
class Network:
    """The three parts, trained together and exported apart."""

    encoder: Encoder
    joiner: Joiner
    fillers: Fillers

    def modules(self) -> dict[str, nn.Module]:
        return {"encoder": self.encoder, "joiner": self.joiner, "fillers": self.fillers}

    def parameters(self) -> list[nn.Parameter]:
        return [p for m in self.modules().values() for p in m.parameters()]

    def train(self, mode: bool = True) -> None:
        for module in self.modules().values():
            module.train(mode)
