"""Linking gives way: short transactions, with the same end, and what a large decision leaves to do is not lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from sayso import pipeline
from sayso.ledger import SqlLedger, derived, open_ledger
from sayso.link import settle
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import Reader
from tests.link.ledgers import exported, put
from tests.link.test_judgements import FIRST, LATER, pair, state


def waiting(ledger: SqlLedger) -> int:
    """Events that are still to be written anew."""
    with ledger.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(derived.unsettled)) or 0


def test_one_event_in_a_transaction_ends_alike(tmp_path: Path, rules: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_ledger(tmp_path / "calm.db") as ledger:
        put(ledger, rules, *FIRST, LATER)
        calm = exported(ledger)
    for name, value in (("_SECONDS", 0.0), ("_BATCH", 1), ("_ROUND", 2)):
        monkeypatch.setattr(f"sayso.link.linker.{name}", value)
    with open_ledger(tmp_path / "turns.db") as ledger:
        put(ledger, rules, *FIRST, LATER)
        assert exported(ledger) == calm
        assert waiting(ledger) == 0


def test_others_write_between_two_batches(tmp_path: Path, rules: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sayso.link.linker._BATCH", 1)
    monkeypatch.setattr("sayso.ledger.engines.sqlite._BUSY_MS", 0)  # who finds the ledger taken does not wait
    path = tmp_path / "shared.db"
    with open_ledger(path) as ledger, open_ledger(path) as other:
        add_documents(FIRST, ledger, rules)
        written = []

        def meanwhile(done: int, _: int) -> None:
            written.append(other.judge("unsure", f"claim:x/{done}", None, None, "ada"))

        link_and_weigh(ledger, meanwhile)
        assert written == [1, 2, 3, 4]


def test_what_a_decision_leaves_is_done_by_the_next_linking(
    tmp_path: Path, rules: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[bool] = []
    with open_ledger(tmp_path / "whole.db") as ledger:
        put(ledger, rules, *FIRST, LATER)
        pipeline.judge(ledger, "same", *pair(ledger, "Serhiy Lysak", "Petro Havryliuk"))
        whole = state(ledger)
    monkeypatch.setattr("sayso.link.linker._MOMENT", -1.0)
    with open_ledger(tmp_path / "later.db") as ledger:
        put(ledger, rules, *FIRST, LATER)
        names = pair(ledger, "Serhiy Lysak", "Petro Havryliuk")
        number = pipeline.judge(ledger, "same", *names, later=lambda: left.append(True))
        assert [r["id"] for r in ledger.judgements()] == [number]
        assert left == [True] and waiting(ledger)
        link_and_weigh(ledger)
        assert state(ledger) == whole
        assert waiting(ledger) == 0 and not list(settle(ledger))
