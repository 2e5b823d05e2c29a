"""Agreement among people: alpha against Krippendorff's own worked examples, and what of judgements is counted."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sayso.ledger import SqlLedger, judging, open_ledger
from sayso.ledger.agreement import agreement, alpha, disagreements, paired
from sayso.records import Correction

TWO_VALUES = ("0100000010", "1110010000")
"""his data A: two observers, two values; alpha 0.095"""
NOMINAL = ("aabbdcccedda", "babbbccceddd")
"""his data B: two observers, five values; alpha 0.692"""
MISSING = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""his data C: four observers, missing values; alpha 0.743"""


def units(observers: Iterable[str]) -> list[list[str]]:
    rows = list(observers)
    assert len({len(r) for r in rows}) == 1
    return [[v for v in column if v not in ". "] for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(("data", "published"), [(TWO_VALUES, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_that_of_the_published_examples(data: tuple[str, ...], published: float) -> None:
    found, why = alpha(units(data))
    assert found is not None and round(found, 3) == published and why is None


def test_perfect_agreement_is_one_and_systematic_disagreement_below_nothing() -> None:
    assert alpha([["a", "a"], ["b", "b"]]) == (1.0, None)
    found, _ = alpha([["a", "b"], ["b", "a"]])
    assert found is not None and found < 0


def test_alpha_says_when_it_is_undefined() -> None:
    for data, why in (
        ([], "by two people"),
        ([["a"], ["b"]], "by two people"),
        ([["a", "a"]] * 3, "without variation"),
    ):
        found, told = alpha(data)
        assert found is None and told is not None and why in told


def test_pairs_are_counted_within_units() -> None:
    assert paired([["a", "a", "b"], ["a"], ["b", "b"]]) == (2, 4)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "agreed.db") as opened:
        yield opened


def figures(ledger: SqlLedger) -> dict[str, tuple[int, int, int, float | None]]:
    with ledger.engine.connect() as connection:
        return {a.kind: (a.units, a.pairs, a.unsure, a.percent) for a in agreement(connection)}


def test_items_of_each_kind_and_of_all_are_counted(ledger: SqlLedger) -> None:
    for person, decision in (("ada", "same"), ("ben", "different")):
        ledger.judge(decision, "name:1", "name:2", None, person)
    ledger.judge("same", "name:3", "name:4", None, "ada")
    ledger.judge("same", "name:4", "name:3", None, "ben")
    for person in ("ada", "ben", "cyd"):
        ledger.judge("accept", "claim:d/1", None, None, person)
    ledger.judge("reject", "claim:d/2", None, None, "ada")
    assert figures(ledger) == {"name": (2, 2, 0, 50.0), "claim": (1, 3, 0, 100.0), "all": (3, 5, 0, 80.0)}


def test_corrections_agree_only_where_they_say_the_same(ledger: SqlLedger) -> None:
    for person, value in (("ada", "8"), ("ben", "8"), ("cyd", "9")):
        ledger.judge("correct", "claim:d/1", None, "because", person, correction=Correction(value))
    assert figures(ledger)["claim"] == (1, 3, 0, pytest.approx(100 / 3))


def test_the_last_standing_decision_of_each_person_counts(ledger: SqlLedger) -> None:
    ledger.judge("accept", "claim:d/1", None, None, "ada")
    ledger.judge("reject", "claim:d/1", None, None, "ben")
    last = ledger.judge("accept", "claim:d/1", None, None, "ben")
    assert figures(ledger)["claim"] == (1, 1, 0, 100.0)
    with ledger.writing() as connection:
        judging.mark(connection, last, judging.UNDONE)
    assert figures(ledger)["claim"] == (1, 1, 0, 0.0)


def test_unsure_is_no_value_and_an_adjudication_no_opinion(ledger: SqlLedger) -> None:
    ledger.judge("accept", "claim:d/1", None, None, "ada")
    ledger.judge("unsure", "claim:d/1", None, None, "ben")
    ledger.judge("reject", "claim:d/1", None, None, "cyd", adjudicates=True)
    assert figures(ledger)["claim"] == (0, 0, 1, None)


def test_disagreements_wait_until_somebody_adjudicates(ledger: SqlLedger) -> None:
    for claim in ("1", "2", "3"):
        ledger.judge("accept", f"claim:d/{claim}", None, None, "ada")
        ledger.judge("accept" if claim == "3" else "reject", f"claim:d/{claim}", None, None, "ben")
    ruled = ledger.judge("reject", "claim:d/1", None, None, "cyd", adjudicates=True)
    with ledger.engine.connect() as connection:
        found = disagreements(connection)
    assert [d.item for d in found] == [("claim:d/2", None), ("claim:d/1", None)]
    assert found[0].ruling is None and found[1].ruling is not None and found[1].ruling.id == ruled
    assert {(r.person, r.decision) for r in found[0].decisions} == {("ada", "accept"), ("ben", "reject")}


def test_nothing_judged_is_told_as_that(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        (whole,) = agreement(connection)
        assert whole.alpha is None and whole.percent is None and whole.why
        assert disagreements(connection) == []
