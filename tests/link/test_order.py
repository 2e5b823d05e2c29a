"""What is found across documents does not depend on the order or the batches in which they came."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from sqlalchemy import select

from sayso.errors import NotFoundError
from sayso.ingest import load
from sayso.ledger import SqlLedger, derived, open_ledger, views
from sayso.link.entities import name_id
from sayso.pipeline import add_documents, link_and_weigh, remove
from sayso.read import Reader
from sayso.records import Document
from tests.conftest import EXAMPLES
from tests.link.ledgers import exported, put, report, told


def documents() -> list[Document]:
    raid = [d for d in load([EXAMPLES]) if isinstance(d, Document)]
    assert len(raid) == 9
    wire, denial = (next(d for d in raid if d.path and d.path.endswith(n)) for n in ("1-wire.txt", "4-denial.txt"))
    credited = report("credited", f"{wire.text}\n\nSource: Reuters\n", "2023-05-23", "Mountain Post", "Reuters")
    trimmed = report("trimmed", "\n\n".join(wire.text.split("\n\n")[:3]), "2023-05-24", "Coast Daily")
    undated = replace(report("undated", f"{denial.text}\n\nMore soon.", "2023-05-25"), published=None, date_from=None)
    return [*raid, credited, trimmed, undated]


def built(path: Path, reader: Reader, batches: list[list[Document]]) -> dict[str, list[str]]:
    with open_ledger(path) as ledger:
        for batch in batches:
            put(ledger, reader, *batch)
        return exported(ledger)


def cut(items: list[Document], random_: random.Random, pieces: int) -> list[list[Document]]:
    marks = sorted(random_.sample(range(1, len(items)), pieces - 1))
    return [items[a:b] for a, b in zip([0, *marks], [*marks, len(items)], strict=True)]


@pytest.fixture(scope="module")
def sorted_(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> dict[str, list[str]]:
    """What a ledger says that got all documents at once, in order."""
    found = built(tmp_path_factory.mktemp("order") / "all.db", rules, [documents()])
    assert all(found.values()) and len(found["origins"]) == 12
    return found


def test_the_address_of_an_event_leads_on_when_it_is_named_anew(tmp_path: Path, rules: Reader) -> None:
    """An event is named after its first member, which may come last."""
    together = sorted(
        (report(f"r{n}", f"A drone strike on Izmail on 3 May 2023 killed {n} people, the mayor said.", "2023-05-04", f"Post {n}") for n in range(3, 9)),
        key=lambda d: d.id,
    )  # fmt: skip
    seen = []
    with open_ledger(tmp_path / "one.db") as ledger:
        for document in reversed(together):
            put(ledger, rules, document)
            seen += [e["id"] for e in told(ledger, "events") if e["id"] not in seen]
        (last,) = told(ledger, "events")
        assert len(seen) > 2 and last["documents"] == 6
        for again in (False, True):
            if again:
                ledger.forget_derived()
                link_and_weigh(ledger)
            with ledger.engine.connect() as connection:
                assert {views.event(connection, id_)["id"] for id_ in seen} == {last["id"]}
                assert views.event(connection, seen[0][:12])["id"] == last["id"]
        for document in together:
            remove(ledger, document.id)
        with ledger.engine.connect() as connection, pytest.raises(NotFoundError):
            views.event(connection, seen[0])


@pytest.mark.parametrize(("seed", "pieces"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 6), (7, 12), (8, 3), (6, 12)])
def test_orders_and_batches_do_not_matter(
    tmp_path: Path, rules: Reader, sorted_: dict[str, list[str]], seed: int, pieces: int
) -> None:
    chance = random.Random(seed)
    shuffled = documents()
    chance.shuffle(shuffled)
    found = built(tmp_path / "shuffled.db", rules, cut(shuffled, chance, pieces))
    for subject, rows in sorted_.items():
        assert found[subject] == rows, subject


def test_the_last_first_one_by_one(tmp_path: Path, rules: Reader, sorted_: dict[str, list[str]]) -> None:
    found = built(tmp_path / "backwards.db", rules, [[d] for d in reversed(documents())])
    for subject, rows in sorted_.items():
        assert found[subject] == rows, subject


def test_adding_everything_again_changes_nothing(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "again.db") as ledger:
        put(ledger, rules, *documents())
        before = exported(ledger, "events", "links", "entities", "origins", "claims", "documents")
        tally = add_documents(documents(), ledger, rules)
        assert (tally.documents, tally.copies, tally.known, tally.claims) == (0, 0, 12, 0)
        assert link_and_weigh(ledger) == (0, 0)
        assert exported(ledger, *before) == before


def test_linking_from_scratch_gives_the_same(tmp_path: Path, rules: Reader, sorted_: dict[str, list[str]]) -> None:
    chance = random.Random(9)
    shuffled = documents()
    chance.shuffle(shuffled)
    with open_ledger(tmp_path / "scratch.db") as ledger:
        for batch in cut(shuffled, chance, 5):
            put(ledger, rules, *batch)
        ledger.forget_derived()
        assert told(ledger, "events") == [] and told(ledger, "origins") == []
        link_and_weigh(ledger)
        found = exported(ledger)
    for subject, rows in sorted_.items():
        assert found[subject] == rows, subject


def test_linking_that_was_stopped_goes_on(tmp_path: Path, rules: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut between two transactions at every place; the next run ends where an undisturbed one does."""
    monkeypatch.setattr("sayso.link.linker._BATCH", 3)
    with open_ledger(tmp_path / "whole.db") as ledger:
        put(ledger, rules, *documents())
        whole = exported(ledger)

    class Stop(Exception):
        pass

    def stopping(done: int, _: int) -> None:
        if done >= stop:
            raise Stop

    for stop in (3, 6, 9, 12):
        with open_ledger(tmp_path / f"{stop}.db") as ledger:
            add_documents(documents(), ledger, rules)
            with pytest.raises(Stop):
                link_and_weigh(ledger, stopping)
            link_and_weigh(ledger)
            assert exported(ledger) == whole


SPELLINGS = ("Oleksandr Hordiienko", "Alexander Hordienko", "Oleksandr Hordienko", "Aleksandr Gordienko")
"""one name, as four desks write it"""


def _speaking(name: str) -> Document:
    return report(
        "spoken",
        f"KHERSON, March 5, 2024 - Colonel {name} said that Russian troops had shelled Beryslav on Monday.",
        "2024-03-05",
        "Steppe News",
    )


def _elsewhere(name: str) -> Document:
    return report(
        "elsewhere",
        f"LVIV, June 9, 2024 - Colonel {name} opened a school in Stryi on Saturday, said the mayor Oleh Kanivets.",
        "2024-06-09",
        "Hill Courier",
    )


def _spelled(smaller_second: bool) -> tuple[str, str]:
    """Two spellings of which the second's id is the smaller (or the greater), so that it changes (or keeps) the identity."""
    for one, other in combinations(SPELLINGS, 2):
        if (name_id("person", other) < name_id("person", one)) == smaller_second:
            return one, other
    raise AssertionError("ids of all spellings are in one order")


@pytest.mark.parametrize("smaller_second", [True, False])
def test_a_name_that_joins_another_later_does_so_in_the_events_told_before(
    tmp_path: Path, rules: Reader, smaller_second: bool
) -> None:
    one, other = _spelled(smaller_second)
    with open_ledger(tmp_path / "later.db") as ledger:
        put(ledger, rules, _speaking(one))
        put(ledger, rules, _elsewhere(other))
        assert [{one, other} <= {n["name"] for n in e["names"]} for e in told(ledger, "entities")].count(True) == 1
        later = exported(ledger)
        ledger.forget_derived()
        link_and_weigh(ledger)
        assert exported(ledger) == later


def test_nothing_derived_is_left_of_an_older_linking(tmp_path: Path, rules: Reader) -> None:
    """No rows without their document or their event, in any order of arrival."""
    with open_ledger(tmp_path / "rows.db") as ledger:
        for document in reversed(documents()):
            put(ledger, rules, document)
        _sound(ledger)


def _sound(ledger: SqlLedger) -> None:
    d = derived
    with ledger.engine.connect() as connection:
        events = set(connection.scalars(select(d.linked_events.c.id)))
        numbers = set(connection.scalars(select(d.profiles.c.number)))
        assert set(connection.scalars(select(d.profiles.c.event))) == events
        for table, column in ((d.claim_links, "event"), (d.assessments, "event")):
            assert set(connection.scalars(select(table.c[column]))) <= events
        for table, column in ((d.event_links, "left"), (d.event_links, "right"), (d.event_blocks, "profile")):
            assert set(connection.scalars(select(table.c[column]))) <= numbers
        assert all(json.loads(r) for r in connection.scalars(select(d.claim_links.c.reasons)))
        assert not connection.scalars(select(d.linked_events.c.id).where(d.linked_events.c.weighed.is_(False))).all()


def test_days_at_the_ends_of_time_are_linked(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "ends.db") as ledger:
        put(
            ledger,
            rules,
            report("first", "A drone strike on Izmail killed 3 people, the mayor said.", "0001-01-01", "Post"),
            report(
                "last", "A drone strike on Izmail on 31 December 9999 killed 4 people, the mayor said.", "2023-12-31"
            ),
        )
        assert told(ledger, "events")
