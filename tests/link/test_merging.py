"""Whichever two events of the examples are merged, they are one, whole: reports that follow another's account stay with it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from sayso import pipeline
from sayso.ingest import load
from sayso.ledger import SqlLedger, open_ledger, refs
from sayso.read import Reader
from sayso.records import Document
from tests.conftest import EXAMPLES
from tests.link.ledgers import put, report, told


def _events(ledger: SqlLedger) -> dict[str, set[str]]:
    """event → its members in their documents"""
    return {e["id"]: {f"{m['document']}/{m['event']}" for m in e["members"]} for e in told(ledger, "events")}


def test_any_two_events_become_one_and_come_apart(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "merged.db") as ledger:
        put(ledger, rules, *(d for d in load([EXAMPLES]) if isinstance(d, Document)))
        before = _events(ledger)
        for left, right in combinations(sorted(before), 2):
            with ledger.engine.connect() as connection:
                pairs = refs.pair_refs(connection, left, right, None)
            (number,) = pipeline.judge_all(ledger, "same", pairs)
            after = _events(ledger)
            assert before[left] | before[right] in after.values(), (left, right)
            assert len(after) == len(before) - 1
            pipeline.undo(ledger, number)
            assert _events(ledger) == before


_BURNING = "Police said that gunmen had burned down the mill of Lanark on Monday and that {} people were hurt in it. The mayor blamed the Red Band for it."


def test_what_people_parted_stays_parted_however_many_joined_it(tmp_path: Path, rules: Reader) -> None:
    """The reprint is to be one event with the theft, and that with the flood, which somebody parted from the reprinted burning."""
    documents = [
        report("burning", _BURNING.format("four"), "2024-03-05"),
        report("reprint", _BURNING.format("four") + " More follows.", "2024-03-06"),
        report("theft", "Police said that rebels had looted a bank in Goma on Monday.", "2024-03-05"),
        report("flood", "Soldiers said that rebels had shelled Sumy on Monday.", "2024-03-05"),
    ]
    with open_ledger(tmp_path / "parted.db") as ledger:
        put(ledger, rules, *documents)
        (both,) = [m for m in _events(ledger).values() if len(m) > 1]
        burning, reprint, theft, flood = (
            next(f"event:{m}" for members in _events(ledger).values() for m in members if m.startswith(d.id))
            for d in documents
        )
        assert both == {burning.partition(":")[2], reprint.partition(":")[2]}
        pipeline.judge(ledger, "same", reprint, theft)
        assert len(_events(ledger)) == 2
        pipeline.judge(ledger, "same", flood, theft)
        assert len(_events(ledger)) == 1
        pipeline.judge(ledger, "different", burning, flood)
        parted = {frozenset(f"event:{m}" for m in members) for members in _events(ledger).values()}
        assert parted == {frozenset({burning}), frozenset({reprint, theft, flood})}
