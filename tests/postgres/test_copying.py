"""`sayso ledger copy`: into PostgreSQL and back, the same ledger, byte for byte; or nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from sayso.errors import LedgerError
from sayso.ledger import ClaimFilter, open_ledger
from sayso.ledger.copying import copy
from sayso.pipeline import add_paths, judge, link_and_weigh, undo
from tests.conftest import EXAMPLES
from tests.postgres.exports import exported


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, rules) -> Path:
    """With all that a ledger can hold: copies, a failure, decisions of which one is undone, an actor of the user's."""
    folder = tmp_path_factory.mktemp("full")
    (folder / "again.txt").write_bytes((EXAMPLES / "1-wire.txt").read_bytes())
    (folder / "empty.txt").write_text("")
    with open_ledger(folder / "full.db") as ledger:
        add_paths([EXAMPLES, folder / "again.txt", folder / "empty.txt"], ledger, reader=rules)
        link_and_weigh(ledger)
        first, second = (f"claim:{r['document_id']}/{r['id']}" for r in ledger.claims(ClaimFilter(limit=2)))
        judge(ledger, "reject", first, None, "not so", "ada")
        undo(ledger, judge(ledger, "accept", second, None, None, "ada"))
    return folder / "full.db"


def test_there_and_back_it_is_the_same(full: Path, address: str, tmp_path: Path, rules) -> None:
    with (
        open_ledger(full, readonly=True) as source,
        open_ledger(address) as middle,
        open_ledger(tmp_path / "b.db") as back,
    ):
        wanted = exported(source)
        counts = copy(source, middle)
        assert exported(middle) == wanted and middle.verify() == []
        assert copy(middle, back) == counts and counts["judgements"] == 2 and counts["failures"] == 1
        assert exported(back) == wanted and back.verify() == []
        assert [r["path"] for r in back.search("gas pipeline")] == [r["path"] for r in middle.search("gas pipeline")]


def test_a_copy_is_worked_on(full: Path, address: str, tmp_path: Path, rules) -> None:
    """Numbers go on after the greatest that came."""
    (tmp_path / "new.txt").write_text("The army denied on May 23, 2023 that it had shelled Grayvoron.")
    with open_ledger(full, readonly=True) as source, open_ledger(address) as target:
        copy(source, target)
        add_paths([tmp_path / "new.txt"], target, reader=rules)
        link_and_weigh(target)
        assert target.counts()["documents"] == 10 and target.judge("unsure", "name:a", "name:b", None, "ada") == 3
        assert target.verify() == []


def test_only_into_an_empty_ledger(full: Path, address: str) -> None:
    with open_ledger(full, readonly=True) as source, open_ledger(address) as target:
        target.judge("same", "name:a", "name:b", None, "ada")
        with pytest.raises(LedgerError, match="not empty"):
            copy(source, target)
        assert target.counts()["documents"] == 0


def test_a_copy_that_differs_is_given_up(full: Path, address: str) -> None:
    with open_ledger(full, readonly=True) as source, open_ledger(address) as target:
        with psycopg.connect(address, autocommit=True) as connection:  # a server that alters what it is given
            connection.execute(
                "CREATE FUNCTION alter_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.words := 'x'; RETURN NEW; END $$"
            )
            connection.execute("CREATE TRIGGER t BEFORE INSERT ON claims FOR EACH ROW EXECUTE FUNCTION alter_it()")
        with pytest.raises(LedgerError, match="differs in claims"):
            copy(source, target)
        assert sum(target.counts().values()) == 0
