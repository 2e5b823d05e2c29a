"""Word pieces and windows: whatever the text, offsets are inside it and every piece is owned by one window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.read.compact.pieces import INITIAL, LOWER, UPPER, WINDOW, cut, load_tokenizer, windows
from sayso.read.compact.weights import FOLDER

TOKENIZER = load_tokenizer(FOLDER / "tokenizer.json")


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_offsets_lie_in_the_text_and_in_order(text: str) -> None:
    pieces = cut(text, TOKENIZER)
    assert np.all(pieces.start <= pieces.end)
    assert np.all(np.diff(pieces.start) >= 0)
    assert not len(pieces) or (pieces.start[0] >= 0 and pieces.end[-1] <= len(text))


@given(st.integers(0, 20_000))
def test_every_piece_is_owned_once_and_seen_by_its_owner(length: int) -> None:
    plan = windows(length)
    owned = [k for w in plan for k in range(w.own_first, w.own_last)]
    assert owned == list(range(length))
    for window in plan:
        assert 0 <= window.first <= window.own_first <= window.own_last <= window.last <= length
        assert window.last - window.first <= WINDOW


@given(st.integers(WINDOW + 1, 5_000))
def test_inner_pieces_see_some_text_on_both_sides(length: int) -> None:
    for window in windows(length):
        assert window.own_first == 0 or window.own_first - window.first >= 32
        assert window.own_last == length or window.last - window.own_last >= 32


def test_letter_case_is_told_and_capitals_alone_are_not() -> None:
    assert cut("the Army said NATO", TOKENIZER).case.tolist() == [LOWER, INITIAL, LOWER, UPPER]
    assert not cut("THE ARMY SAID", TOKENIZER).case.any()


@pytest.mark.parametrize("length", [199_999, 200_001, 450_000])
def test_long_texts_are_cut_without_loss(length: int) -> None:
    text = ("word " * (length // 5 + 1))[:length]
    pieces = cut(text, TOKENIZER)
    assert [text[a:b] for a, b in zip(pieces.start[:-1], pieces.end[:-1], strict=True)] == ["word"] * (len(pieces) - 1)
