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
from tests.link.ledgers import put, told


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
