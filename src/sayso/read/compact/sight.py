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
_SURELY_NOTHING = 0.99
"""probability of O above which no path goes elsewhere"""
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

    `kinds` (6, COUNTS): how many incidents of each kind the surest window tells of. `quads`: for each sentence in which
    somebody acts at somebody the probabilities of the five quad classes.
    """

    tags: dict[str, Floats]
    joined: list[Joined] = field(default_factory=list)
    fillers: list[Filler] = field(default_factory=list)
    pairs: Floats = field(default_factory=lambda: np.zeros((0, 0, 3), np.float32))
    quads: dict[int, Floats] = field(default_factory=dict)
    kinds: Floats = field(default_factory=lambda: np.zeros((len(labels.INCIDENTS), labels.COUNTS), np.float32))


def runs(tags: Floats, bias: float = 1.0) -> list[tuple[int, int, int, float]]:
    """BIO probabilities (T, 1 + 2K) → (first, last, kind, mean probability) of the likeliest path that keeps the rules of
    BIO: inside only after a beginning of the same kind (Viterbi 1967). `bias` below 1 makes O less likely."""
    found: list[tuple[int, int, int, float]] = []
    something = np.flatnonzero(tags[:, 0] < _SURELY_NOTHING)
    for stretch in np.split(something, np.flatnonzero(np.diff(something) > 1) + 1):
        if len(stretch):
            begin = int(stretch[0])
            part = tags[begin : int(stretch[-1]) + 1]
            for first, last, kind in _spans(_path(part, bias)):
                sure = part[first:last, 1 + 2 * kind] + part[first:last, 2 + 2 * kind]
                found.append((begin + first, begin + last, kind, float(sure.mean())))
    return found


def _path(tags: Floats, bias: float) -> list[int]:
    """The likeliest sequence of tags; before the first token stands O."""
    if len(tags) == 1:  # inside needs a beginning before it
        kind = int(tags[0, 1::2].argmax())
        return [1 + 2 * kind if tags[0, 1 + 2 * kind] > tags[0, 0] * bias else 0]
    logs = np.log(tags + 1e-9)
    logs[:, 0] += np.log(bias)
    outside, begins, insides = logs[:, 0], logs[:, 1::2], logs[:, 2::2]
    best = np.concatenate([[outside[0]], begins[0], np.full(insides.shape[1], -np.inf)])
    kinds = insides.shape[1]
    back: list[tuple[int, npt.NDArray[np.intp]]] = []
    for k in range(1, len(tags)):
        top = int(best.argmax())
        started, ongoing = best[1 : 1 + kinds], best[1 + kinds :]
        goes_on = ongoing > started
        back.append((top, np.where(goes_on, np.arange(kinds) + 1 + kinds, np.arange(kinds) + 1)))
        best = np.concatenate(
            [[best[top] + outside[k]], best[top] + begins[k], np.where(goes_on, ongoing, started) + insides[k]]
        )
    state = int(best.argmax())
    path = [state]
    for top, inside in reversed(back):
        state = int(inside[state - 1 - kinds]) if state > kinds else top
        path.append(state)
    return [_tag(state, kinds) for state in reversed(path)]


def _tag(state: int, kinds: int) -> int:
    """The path's states are O, the beginnings, the insides; tags take beginning and inside of each kind in turn."""
    return 0 if state == 0 else 2 * state - 1 if state <= kinds else 2 * (state - kinds)


def _spans(path: list[int]) -> list[tuple[int, int, int]]:
    found, first = [], -1
    for at, tag in enumerate([*path, 0]):
        if first >= 0 and (tag == 0 or tag % 2 == 1):
            found.append((first, at, (path[first] - 1) // 2))
            first = -1
        if tag % 2 == 1:
            first = at
    return found


def feeds(pieces: Pieces) -> Iterator[tuple[list[Window], dict[str, npt.NDArray[np.int64]]]]:
    """The windows of a text in batches, and what the encoder is given for each: ids, case, mask of shape (B, L)."""
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
        yield batch, {"ids": ids, "case": case, "mask": mask}


class Network:
    """The three graphs and the tokenizer. One instance serves any number of pages."""

    def __init__(self, weights: Weights) -> None:
        self.tokenizer = load_tokenizer(weights.folder / "tokenizer.json")
        self.encoder = weights.session("encoder.onnx")
        self._joiner = weights.session("joiner.onnx")
        self._fillers = weights.session("fillers.onnx")
        self._quad = weights.session("quad.onnx")
        self._cue_bias = float(weights.card["thresholds"]["cue_bias"])
        self._party_bias = float(weights.card["thresholds"]["party_bias"])
        self._role_bias = float(weights.card["thresholds"]["role_bias"])

    def look(self, tokens: Tokens) -> Sight:
        """Everything the network has to say of the page."""
        total = len(tokens)
        sight = Sight({name: _nothing(total, width) for name, width in labels.TAGS.items()})
        pieces = cut(tokens.text, self.tokenizer)
        if not total or not len(pieces):
            return sight
        first_piece = _first_pieces(tokens, pieces)
        states_of_fillers: list[Floats] = []
        seen: list[tuple[int, int, int, float]] = []
        pooled: dict[int, Floats] = {}
        for window, (marked, tags, attend, kinds) in self._encode(pieces):
            states, tags = marked[1:-1], tags[1:-1]
            begin, stop = np.searchsorted(first_piece, (window.own_first, window.own_last))
            place = first_piece[begin:stop] - window.first
            own = {name: softmax(tags[place][:, columns]) for name, columns in _COLUMNS.items()}
            for name, rows in own.items():
                sight.tags[name][begin:stop] = rows
            told = softmax(kinds.reshape(len(labels.INCIDENTS), labels.COUNTS))
            more = told[:, 0] < sight.kinds[:, 0] if sight.kinds.any() else np.ones(len(told), bool)
            sight.kinds[more] = told[more]
            sight.joined += self._join(window, states, own["cue"], first_piece, int(begin))
            for first, _, _, _ in runs(own["party"], self._party_bias):
                sentence = tokens.sentence_of[int(begin) + first]
                if sentence not in pooled:
                    pooled[sentence] = _pool(tokens, sentence, first_piece, window, marked, attend)
            for first, last, kind, sure in runs(own["role"], self._role_bias):
                pieces_end = first_piece[begin + last] if begin + last < total else len(pieces)
                part = states[place[first] : max(pieces_end - window.first, place[first] + 1)]
                states_of_fillers.append(part.mean(axis=0))
                seen.append((int(begin) + first, int(begin) + last, kind, sure))
        self._fill(sight, states_of_fillers, seen, first_piece)
        if pooled:
            (quads,) = self._quad.run(["quad"], {"states": np.stack(list(pooled.values()))})
            sight.quads = dict(zip(pooled, softmax(quads), strict=True))
        return sight

    def _encode(self, pieces: Pieces) -> Iterator[tuple[Window, tuple[Floats, Floats, Floats, Floats]]]:
        """Every window with its states, tags and attention, the marks at its ends among them, and its kinds."""
        for batch, feed in feeds(pieces):
            states, tags, attend, kinds = self.encoder.run(["states", "tags", "attend", "kinds"], feed)
            for row, window in enumerate(batch):
                used = slice(0, window.last - window.first + 2)
                yield window, (states[row, used], tags[row, used], attend[row, used], kinds[row])

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


def _pool(
    tokens: Tokens, sentence: int, first_piece: npt.NDArray[np.int64], window: Window, marked: Floats, attend: Floats
) -> Floats:
    """The state of a sentence as the `quad` head wants it; a sentence alone in its text is seen with the marks around it."""
    begin, stop = tokens.sentences[sentence]
    first, last = 0, len(marked)
    if len(tokens.sentences) > 1:
        end = first_piece[stop] if stop < len(first_piece) else window.last
        first = max(int(first_piece[begin]) - window.first, 0) + 1
        last = max(min(int(end) - window.first + 1, len(marked) - 1), first + 1)
    weights = softmax(attend[first:last])
    return np.asarray(weights @ marked[first:last], dtype=np.float32)


def _nothing(total: int, width: int) -> Floats:
    """All O: what a token is that no piece stands for."""
    rows = np.zeros((total, width), np.float32)
    rows[:, 0] = 1
    return rows


def _first_pieces(tokens: Tokens, pieces: Pieces) -> npt.NDArray[np.int64]:
    """For each token its first piece; a token without one (marks that the encoder does not know) takes the next."""
    found = np.searchsorted(pieces.start, np.array(tokens.start))
    return np.minimum(found, len(pieces) - 1).astype(np.int64)
