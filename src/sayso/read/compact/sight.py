"""What the network sees of a page, told in the page's own tokens: tags, what belongs to each cue, fillers of roles.

One pass of the encoder over the windows of the text; the small graphs (joiner, fillers) read its states and are done
with a window before the next ones come, so that memory does not grow with the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sayso.read.compact import labels
from sayso.read.compact.pieces import END, START, Pieces, Window, cut, load_tokenizer, windows
from sayso.read.compact.weights import Weights
from sayso.read.tokens import Tokens

Floats = npt.NDArray[np.float32]
_TOGETHER = 8
"""windows in one batch; all windows of a long text have the same length"""
_MOST_FILLERS = 160
"""fillers compared with each other; of more, the surest are kept"""
_COLUMNS = labels.columns()


def softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Joined:
    """A cue's tokens [first, last), how sure it is one, and over tokens [begin, begin + n) what each is to it (n, 3)."""

    first: int
    last: int
    probability: float
    begin: int
    belongs: Floats
    stance: Floats


@dataclass(frozen=True, slots=True)
class Filler:
    """Tokens [first, last) that fill a role of an incident; distributions over labels.INCIDENTS and so on."""

    first: int
    last: int
    role: str
    probability: float
    kind: Floats
    responsibility: Floats
    fate: Floats
    stage: Floats


@dataclass(slots=True)
class Sight:
    """Probabilities for each of T tokens by head (T, outputs); cues joined; fillers and what pairs of them are (M, M, 3).

    `kinds` (6, COUNTS): how many incidents of each kind the surest window tells of.
    """

    tags: dict[str, Floats]
    joined: list[Joined] = field(default_factory=list)
    fillers: list[Filler] = field(default_factory=list)
    pairs: Floats = field(default_factory=lambda: np.zeros((0, 0, 3), np.float32))
    kinds: Floats = field(default_factory=lambda: np.zeros((len(labels.INCIDENTS), labels.COUNTS), np.float32))


def runs(tags: Floats, bias: float = 1.0) -> list[tuple[int, int, int, float]]:
    """BIO probabilities (T, 1 + 2K) → (first, last, kind, mean probability). `bias` below 1 makes O less likely."""
    weighed = tags.copy()
    weighed[:, 0] *= bias
    best = weighed.argmax(axis=1)
    found: list[tuple[int, int, int, float]] = []
    first, kind = -1, -1
    for at, tag in enumerate([*best.tolist(), 0]):
        if kind >= 0 and tag != 2 + 2 * kind:
            sure = tags[first:at, 1 + 2 * kind] + tags[first:at, 2 + 2 * kind]
            found.append((first, at, kind, float(sure.mean())))
            kind = -1
        if tag > 0 and kind < 0:
            first, kind = at, (tag - 1) // 2
    return found


class Network:
    """The three graphs and the tokenizer. One instance serves any number of pages."""

    def __init__(self, weights: Weights) -> None:
        self._tokenizer = load_tokenizer(weights.folder / "tokenizer.json")
        self._encoder = weights.session("encoder.onnx")
        self._joiner = weights.session("joiner.onnx")
        self._fillers = weights.session("fillers.onnx")
        self._cue_bias = float(weights.card["thresholds"]["cue_bias"])
        self._role_bias = float(weights.card["thresholds"]["role_bias"])

    def look(self, tokens: Tokens) -> Sight:
        """Everything the network has to say of the page."""
        total = len(tokens)
        sight = Sight({name: _nothing(total, width) for name, width in labels.TAGS.items()})
        pieces = cut(tokens.text, self._tokenizer)
        if not total or not len(pieces):
            return sight
        first_piece = _first_pieces(tokens, pieces)
        states_of_fillers: list[Floats] = []
        seen: list[tuple[int, int, int, float]] = []
        for window, states, tags, kinds in self._encode(pieces):
            begin, stop = np.searchsorted(first_piece, (window.own_first, window.own_last))
            place = first_piece[begin:stop] - window.first
            own = {name: softmax(tags[place][:, columns]) for name, columns in _COLUMNS.items()}
            for name, rows in own.items():
                sight.tags[name][begin:stop] = rows
            told = softmax(kinds.reshape(len(labels.INCIDENTS), labels.COUNTS))
            more = told[:, 0] < sight.kinds[:, 0] if sight.kinds.any() else np.ones(len(told), bool)
            sight.kinds[more] = told[more]
            sight.joined += self._join(window, states, own["cue"], first_piece, int(begin))
            for first, last, kind, sure in runs(own["role"], self._role_bias):
                pieces_end = first_piece[begin + last] if begin + last < total else len(pieces)
                part = states[place[first] : max(pieces_end - window.first, place[first] + 1)]
                states_of_fillers.append(part.mean(axis=0))
                seen.append((int(begin) + first, int(begin) + last, kind, sure))
        self._fill(sight, states_of_fillers, seen, first_piece)
        return sight

    def _encode(self, pieces: Pieces) -> Iterator[tuple[Window, Floats, Floats, Floats]]:
        """(window, states, tags, kinds) of every window, without the marks at its ends."""
        plan = windows(len(pieces))
        for at in range(0, len(plan), _TOGETHER):
            batch = plan[at : at + _TOGETHER]
            size = max(w.last - w.first for w in batch)
            ids = np.zeros((len(batch), size + 2), np.int64)
            case, mask = np.zeros_like(ids), np.zeros_like(ids)
            for row, window in enumerate(batch):
                length = window.last - window.first
                ids[row, 0], ids[row, length + 1] = START, END
                ids[row, 1 : length + 1] = pieces.ids[window.first : window.last]
                case[row, 1 : length + 1] = pieces.case[window.first : window.last]
                mask[row, : length + 2] = 1
            states, tags, kinds = self._encoder.run(
                ["states", "tags", "kinds"], {"ids": ids, "case": case, "mask": mask}
            )
            for row, window in enumerate(batch):
                inner = slice(1, window.last - window.first + 1)
                yield window, states[row, inner], tags[row, inner], kinds[row]

    def _join(
        self, window: Window, states: Floats, cue: Floats, first_piece: npt.NDArray[np.int64], begin: int
    ) -> list[Joined]:
        """The cues that the window owns, each with what every token of the whole window is to it."""
        found = runs(cue, self._cue_bias)
        if not found:
            return []
        total = len(first_piece)
        first = np.array([first_piece[begin + f] - window.first for f, _, _, _ in found], dtype=np.int64)
        ends = [first_piece[begin + t] if begin + t < total else window.last for _, t, _, _ in found]
        last = np.maximum(np.array(ends, dtype=np.int64) - window.first - 1, first)
        last = np.minimum(last, len(states) - 1)
        belongs, stance = self._joiner.run(["join", "stance"], {"states": states, "first": first, "last": last})
        left, right = np.searchsorted(first_piece, (window.first, window.last))
        columns = first_piece[left:right] - window.first
        probabilities, stances = softmax(belongs[:, columns]), softmax(stance)
        return [
            Joined(begin + f, begin + t, sure, int(left), probabilities[k], stances[k])
            for k, (f, t, _, sure) in enumerate(found)
        ]

    def _fill(
        self,
        sight: Sight,
        states: list[Floats],
        seen: list[tuple[int, int, int, float]],
        first_piece: npt.NDArray[np.int64],
    ) -> None:
        if not seen:
            return
        keep = sorted(sorted(range(len(seen)), key=lambda k: -seen[k][3])[:_MOST_FILLERS])
        seen = [seen[k] for k in keep]
        what, pairs = self._fillers.run(
            ["what", "pairs"],
            {
                "states": np.stack([states[k] for k in keep]),
                "roles": np.array([role for _, _, role, _ in seen], dtype=np.int64),
                "places": np.array([first_piece[first] for first, _, _, _ in seen], dtype=np.int64),
            },
        )
        edges = np.cumsum([len(labels.INCIDENTS), len(labels.RESPONSIBILITY), len(labels.FATES)])
        for (first, last, role, sure), row in zip(seen, what, strict=True):
            kind, responsibility, fate, stage = (softmax(part) for part in np.split(row, edges))
            sight.fillers.append(Filler(first, last, labels.ROLES[role], sure, kind, responsibility, fate, stage))
        sight.pairs = softmax(pairs)


def _nothing(total: int, width: int) -> Floats:
    """All O: what a token is that no piece stands for."""
    rows = np.zeros((total, width), np.float32)
    rows[:, 0] = 1
    return rows


def _first_pieces(tokens: Tokens, pieces: Pieces) -> npt.NDArray[np.int64]:
    """For each token its first piece; a token without one (marks that the encoder does not know) takes the next."""
    found = np.searchsorted(pieces.start, np.array(tokens.start))
    return np.minimum(found, len(pieces) - 1).astype(np.int64)
