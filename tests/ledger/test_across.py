"""The store beneath what is found across documents: names that meet, derived tables that go and come, the user's registry."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sayso.errors import LedgerError
from sayso.ledger import SqlLedger, derived, judging, open_ledger, refs, views
from sayso.names import block_keys, compare
from sayso.names.registry import Entry
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from tests.conftest import EXAMPLES


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "across.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        link_and_weigh(opened)
        yield opened


def rows(ledger: SqlLedger) -> dict[str, int]:
    with ledger.engine.connect() as connection:
        return {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in derived.DERIVED}


def test_what_is_derived_goes_and_comes_and_nothing_else_does(ledger: SqlLedger) -> None:
    number = ledger.judge("accept", "claim:x/y", None, "a note", "reviewer")
    entry = Entry("csv:nutmeg", "armed_group", "Nutmeg Brigade", ("Muskatnuss",), ("XK", "AL"), None, "mine.csv")
    ledger.add_registry([entry])
    before, counts = rows(ledger), ledger.counts()
    assert all(n for table, n in before.items() if table not in {"unclustered", "unsettled"})  # empty once all is done
    ledger.forget_derived()
    assert not any(rows(ledger).values())
    assert ledger.counts() == counts and ledger.registry() == [entry]
    assert [j["id"] for j in ledger.judgements()] == [number]
    link_and_weigh(ledger)
    assert rows(ledger) == before


def test_of_one_id_the_last_entry_of_a_list_counts(ledger: SqlLedger) -> None:
    first, second = (Entry("csv:a", "organisation", name, (), (), None, "mine.csv") for name in ("Old", "New"))
    assert [ledger.add_registry([first]), ledger.add_registry([second, second])] == [1, 1]
    assert ledger.registry() == [second]


def test_an_event_is_found_by_the_beginning_of_its_id_only(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        found = views.events(connection, views.EventFilter(limit=None))
        assert len(found) > 1
        for row in found:
            assert views.event(connection, row["id"])["id"] == row["id"]
        for odd in ("%", "_", "zzzz"):
            with pytest.raises(LedgerError, match="no event"):
                views.event(connection, odd)
        with pytest.raises(LedgerError, match="several events"):
            views.event(connection, "")


def test_a_mark_is_set_once(ledger: SqlLedger) -> None:
    number = ledger.judge("accept", "claim:x/y", None, None, "reviewer")
    with ledger.writing() as connection:
        assert [judging.mark(connection, number, judging.UNDONE) for _ in range(2)] == [True, False]
        assert judging.marks(connection) == {number: [judging.UNDONE]}


def test_a_ref_of_what_is_not_there_shows_no_words(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        for ref in ("name:x", "event:x/e1", "claim:x/y"):
            assert "removed" in refs.told(connection, ref)
        assert refs.told(connection, None) == ""


def test_names_of_the_ledger_that_compare_as_one_share_a_block(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        n = derived.names.c
        known = connection.execute(select(n.name, n.type).order_by(n.id)).tuples().all()
    for k, (one, type_) in enumerate(known):
        for other, other_type in known[k + 1 :]:
            if type_ == other_type and compare(one, other, type_).verdict == "same":
                assert block_keys(one, type_) & block_keys(other, type_), (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oleksandr Hordiienko", "Aleksandr Gordienko"),
        ("José Núñez", "Jose Nunez"),
        ("Viktor Žáček", "Viktor Zacek"),
    ],
)
def test_spellings_that_compare_as_one_share_a_block(one: str, other: str) -> None:
    assert compare(one, other, "person").verdict == "same"
    assert block_keys(one, "person") & block_keys(other, "person")
