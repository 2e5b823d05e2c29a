"""Fillers → incidents, on hand-made sights: what is one thing, what is one incident, who goes to which."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.read.compact import labels
from sayso.read.compact.calibration import Calibration, log_odds
from sayso.read.compact.incidents import Gathering, gather
from sayso.read.compact.sight import Filler, Sight, runs
from sayso.read.tokens import Tokens, tokenize

LIMITS = Gathering(
    filler=dict.fromkeys(labels.ROLES, 0.5),
    same_filler=0.5,
    together=0.5,
    shared=0.6,
    told=0.3,
    bare=0.8,
    single=0.0,
)
TEXT = "guerrillas bombed a bank and the guerrillas kidnapped a mayor"


def _one_hot(size: int, at: int) -> np.ndarray:
    row = np.full(size, 0.01, np.float32)
    row[at] = 1 - 0.01 * (size - 1)
    return row


def _filler(tokens: Tokens, words: str, role: str, kind: str, occurrence: int = 0, probability: float = 0.9) -> Filler:
    first = [k for k, w in enumerate(tokens.lower) if w == words][occurrence]
    return Filler(
        first,
        first + 1,
        role,
        probability,
        _one_hot(len(labels.INCIDENTS), labels.INCIDENTS.index(kind)),
        _one_hot(len(labels.RESPONSIBILITY), 0),
        _one_hot(len(labels.FATES), 0),
        _one_hot(len(labels.STAGES), 0),
    )


def _sight(fillers: list[Filler], pairs: dict[tuple[int, int], int], told: float = 0.9) -> Sight:
    """`pairs`: 0 different, 1 same incident, 2 same filler."""
    size = len(fillers)
    table = np.zeros((size, size, 3), np.float32)
    table[..., 0] = 1
    for (i, j), label in pairs.items():
        table[i, j] = table[j, i] = _one_hot(3, label)
    kinds = np.zeros((len(labels.INCIDENTS), labels.COUNTS), np.float32)
    kinds[:, 0] = 1 - told
    kinds[:, 1] = told
    return Sight({}, fillers=fillers, pairs=table, kinds=kinds)


@pytest.fixture
def tokens() -> Tokens:
    return tokenize(TEXT)


def test_two_incidents_stay_two_and_share_their_doer(tokens: Tokens) -> None:
    fillers = [
        _filler(tokens, "guerrillas", "PerpInd", "bombing"),
        _filler(tokens, "bank", "Target", "bombing"),
        _filler(tokens, "guerrillas", "PerpInd", "kidnapping", 1),
        _filler(tokens, "mayor", "VictimDescribed", "kidnapping"),
    ]
    sight = _sight(fillers, {(0, 1): 1, (2, 3): 1, (0, 2): 2, (0, 3): 1, (1, 2): 1})
    told = gather(tokens, sight, LIMITS)
    assert [(t.kind, [x.role for x in t.things]) for t in told] == [
        ("bombing", ["PerpInd", "Target"]),
        ("kidnapping", ["PerpInd", "VictimDescribed"]),
    ]
    assert told[0].things[0].mentions == [0, 2]


def test_what_belongs_together_is_one_incident(tokens: Tokens) -> None:
    fillers = [_filler(tokens, "bank", "Target", "bombing"), _filler(tokens, "mayor", "VictimDescribed", "bombing")]
    assert len(gather(tokens, _sight(fillers, {(0, 1): 1}), LIMITS)) == 1
    assert len(gather(tokens, _sight(fillers, {}), LIMITS)) == 2


def test_a_text_that_tells_of_none_has_none(tokens: Tokens) -> None:
    fillers = [_filler(tokens, "bank", "Target", "bombing")]
    assert gather(tokens, _sight(fillers, {}, told=0.1), LIMITS) == []
    assert gather(tokens, _sight([], {}, told=0.1), LIMITS) == []
    assert [t.things for t in gather(tokens, _sight([], {}, told=0.9), LIMITS)] == [[]]


def test_what_is_not_sure_enough_fills_nothing(tokens: Tokens) -> None:
    fillers = [_filler(tokens, "bank", "Target", "bombing", probability=0.3)]
    assert gather(tokens, _sight(fillers, {}, told=0.5), LIMITS) == []


def test_runs_of_tags_end_where_another_begins() -> None:
    tags = np.zeros((5, 5), np.float32)
    for at, tag in enumerate((1, 2, 3, 4, 0)):  # B-a I-a B-b I-b O
        tags[at, tag] = 1
    assert runs(tags) == [(0, 2, 0, 1.0), (2, 4, 1, 1.0)]


def test_a_calibrated_confidence_is_a_probability() -> None:
    calibration = Calibration((1.0, 0.5), -0.2)
    values = [calibration.apply([log_odds(p), log_odds(p)]) for p in (0.0, 0.2, 0.5, 0.9, 1.0)]
    assert values == sorted(values)
    assert all(0 <= v <= 1 for v in values)
