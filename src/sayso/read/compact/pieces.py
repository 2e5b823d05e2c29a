"""Text → word pieces with offsets and letter case, and the windows in which the encoder sees them.

Training and reading share this module, so that both see a text alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

WINDOW = 510
"""pieces in one window, without the two marks at its ends; the encoder has 512 positions"""
OVERLAP = 128
"""pieces that neighbouring windows share at least"""
START, END, MASK = 101, 102, 103
LOWER, INITIAL, UPPER = 0, 1, 2
"""letter case of a piece; a text without lower-case letters is read as if it had no capitals"""
_FEW_LOWER = 0.3
_STRETCH = 200_000
"""characters tokenized at once, which bounds the memory that one text takes"""

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pieces:
    """N word pieces: `ids`, `case`, and `start`, `end` in code points of the text; each of shape (N,)."""

    ids: Ints
    case: npt.NDArray[np.int8]
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def inside(self, start: int, end: int) -> tuple[int, int]:
        """The range of pieces that begin within the characters [start, end)."""
        first, last = np.searchsorted(self.start, (start, end))
        return int(first), int(last)


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces [first, last) seen together; of these [own_first, own_last) are read from this window."""

    first: int
    last: int
    own_first: int
    own_last: int


def load_tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def cut(text: str, tokenizer: Tokenizer) -> Pieces:
    """The pieces of a text, however long; long texts are cut at white space before they are tokenized."""
    ids: list[int] = []
    offsets: list[tuple[int, int]] = []
    for begin, stop in _stretches(text):
        encoding = tokenizer.encode(text[begin:stop], add_special_tokens=False)
        ids.extend(encoding.ids)
        offsets.extend((a + begin, b + begin) for a, b in encoding.offsets)
    span = np.array(offsets, dtype=np.int32).reshape(-1, 2)
    return Pieces(np.array(ids, dtype=np.int32), _case(text, offsets), span[:, 0], span[:, 1])


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    while len(text) - begin > _STRETCH:
        stop = text.rfind(" ", begin + 1, begin + _STRETCH)
        stop = stop if stop > begin else begin + _STRETCH
        yield begin, stop
        begin = stop
    yield begin, len(text)


def _case(text: str, offsets: list[tuple[int, int]]) -> npt.NDArray[np.int8]:
    lower = sum(map(str.islower, text))
    upper = sum(map(str.isupper, text))
    if lower < _FEW_LOWER * (lower + upper):
        return np.zeros(len(offsets), dtype=np.int8)
    cases = []
    for start, end in offsets:
        piece = text[start:end]
        cases.append(LOWER if not piece[:1].isupper() else UPPER if len(piece) > 1 and piece.isupper() else INITIAL)
    return np.array(cases, dtype=np.int8)


def windows(length: int) -> list[Window]:
    """Windows that cover `length` pieces evenly; every piece is owned by the one in whose middle it lies most."""
    if length <= WINDOW:
        return [Window(0, length, 0, length)] if length else []
    count = -(-(length - OVERLAP) // (WINDOW - OVERLAP))
    starts = [round(k * (length - WINDOW) / (count - 1)) for k in range(count)]
    edges = [0, *((a + WINDOW + b) // 2 for a, b in zip(starts, starts[1:], strict=False)), length]
    return [Window(s, s + WINDOW, a, b) for s, a, b in zip(starts, edges, edges[1:], strict=False)]
