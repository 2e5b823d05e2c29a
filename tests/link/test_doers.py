"""Who is said to have done it, by the words."""

from __future__ import annotations

import pytest

from sayso.link.relations.doers import INSURGENT, IRREGULAR, STATE, doer_of, doers


@pytest.mark.parametrize(
    ("sentence", "text", "force"),
    [
        ("The driver was shot near Shopian on Monday by gunmen of Jaish-e-Mohammed", "gunmen of Jaish-e-Mohammed", INSURGENT),
        ("The sinking of the ferry was the work of Hutu rebels", "Hutu rebels", INSURGENT),
        ("It was right-wing paramilitaries who took the mayor", "right-wing paramilitaries", IRREGULAR),
        ("French jets were to blame for the explosion under the lorry", "French jets", STATE),
        ("An armed group raided the mill on Tuesday", "An armed group", INSURGENT),
        ("Residents held a police unit accountable for the fire", "a police unit", STATE),
        ("The farmers died at the hands of government soldiers", "government soldiers", STATE),
        ("Residents blamed the Rapid Support Forces for the fire", "the Rapid Support Forces", INSURGENT),
        ("The bus had been wrecked by a mine, and army engineers laid it", "army engineers", STATE),
    ],
)  # fmt: skip
def test_the_doer_is_found(sentence: str, text: str, force: str) -> None:
    (found,) = doers(sentence)
    assert (found.text, found.force) == (text, force)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sixteen inmates were killed in the riot",
        "The explosion wrecked a bus",
        "The minister said the talks had failed",
        "He was told by telephone",
        "Shops in Monrovia reopened on Sunday",
        "Some 20 villagers died when the roof fell",
    ],
)
def test_nobody_is_blamed(sentence: str) -> None:
    assert doers(sentence) == ()


def test_what_somebody_is_accused_of_begins_with_him() -> None:
    assert [d.text for d in doers("Al-Shabaab of a car bombing that killed six", accuses=True)] == ["Al-Shabaab"]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Russian forces", "Ukrainian saboteurs", True),
        ("rebels", "the army", True),
        ("gunmen", "the army", False),
        ("a Turkish drone", "Turkey's armed forces", False),
        ("FARC guerrillas", "paramilitaries", True),
        ("militants", "the Taliban", False),
    ],
)
def test_who_excludes_whom(one: str, other: str, apart: bool) -> None:
    left, right = doer_of(one), doer_of(other)
    assert bool(left and right and left.excludes(right)) is apart
    assert bool(left and right and right.excludes(left)) is apart
