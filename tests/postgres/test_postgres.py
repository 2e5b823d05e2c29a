"""What is PostgreSQL's own: opening and refusing, views, orders, backup, damage, a server that goes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Integer, String, create_engine, insert, inspect, select

from sayso.errors import LedgerError
from sayso.ledger import ClaimFilter, SqliteLedger, SqlLedger, open_ledger, schema, shown, title
from sayso.ledger.engines.postgres import PostgresLedger
from sayso.pipeline import add_paths
from tests.conftest import EXAMPLES
from tests.postgres.server import Server, programs


@pytest.fixture
def raid(address: str, rules) -> str:
    with open_ledger(address) as ledger:
        add_paths([EXAMPLES], ledger, reader=rules)
    return address


def _run(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def _alike(_: Any, __: Any, ___: Any, found: Any, wanted: Any) -> bool | None:
    """The store takes texts of any length and numbers of 64 bits for what the schema asks for."""
    return False if any(isinstance(found, t) and isinstance(wanted, t) for t in (String, Integer)) else None


def test_the_migrations_make_the_schema(address: str) -> None:
    PostgresLedger(address).close()
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        options = {
            "include_name": lambda name, _, __: name != "document_words",
            "compare_type": _alike,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), schema.metadata)
        assert [d for d in differences if not str(d[0]).endswith("_index")] == []
        found = inspect(connection)
        for table in schema.metadata.sorted_tables:  # apart, since theirs have nulls first
            unique = {c["name"] for c in found.get_unique_constraints(table.name)}
            there = {(i["name"], *i["column_names"]) for i in found.get_indexes(table.name) if i["name"] not in unique}
            assert there == {(i.name, *(c.name for c in i.columns)) for i in table.indexes}


def test_opening_again_changes_nothing(raid: str) -> None:
    with open_ledger(raid) as ledger:
        assert ledger.counts()["documents"] == 9 and ledger.verify() == []


def test_what_cannot_be_opened_is_told_without_the_password(server: Server, address: str) -> None:
    closed = "postgresql://sayso:grey-heron@127.0.0.1:1/raid"
    for wrong, told in (
        (server.address("nowhere"), "createdb"),
        (server.address("postgres", "grey-heron"), "PGPASSWORD"),
        (closed, "whether the server runs"),
        ("postgresql://sayso:grey-heron@127.0.0.1:port/raid", "malformed"),
        ("postgresql://sayso:grey-heron@[::1/raid", "malformed"),
        (f"{address}?grey=heron", "grey"),
    ):
        with pytest.raises(LedgerError, match=told) as caught:
            open_ledger(wrong, readonly=True)
        text = str(caught.value)
        assert server.password not in text and "grey-heron" not in text


def test_a_shown_address_has_no_password() -> None:
    address = "postgresql://ada:s3cret@db.example:5433/raid%20one?password=s3cret&sslmode=require"
    assert shown(address) == "postgresql://ada@db.example:5433/raid%20one" and title(address) == "raid one"


def test_a_view_makes_no_ledger_and_writes_nothing(address: str, rules) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        open_ledger(address, readonly=True)
    open_ledger(address).close()
    with open_ledger(address, readonly=True) as view, pytest.raises(LedgerError, match="cannot write"):
        view.judge("same", "a", "b", None, "x")


def test_another_programs_database_is_left_alone(address: str) -> None:
    _run(address, "CREATE TABLE mine (x integer)")
    with pytest.raises(LedgerError, match="another program"):
        open_ledger(address)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)


def test_a_database_of_another_encoding_is_refused(server: Server) -> None:
    with pytest.raises(LedgerError, match="LATIN1"):
        open_ledger(server.database("LATIN1"))


def test_a_ledger_of_another_version_says_what_to_do(raid: str) -> None:
    _run(raid, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer Sayso"):
        open_ledger(raid)
    _run(raid, "UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(LedgerError, match="sayso ledger upgrade"):
        open_ledger(raid)


def test_an_older_ledger_is_upgraded(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that stopped at an earlier migration goes on from there."""
    from alembic import command

    whole = command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _: whole(config, "0004"))
        older.setattr(schema, "VERSION", "0004")
        older.setattr("sayso.ledger.engines.postgres.make_tables", lambda c: _mark(c))
        PostgresLedger(address).close()
    with pytest.raises(LedgerError, match="sayso ledger upgrade"):
        PostgresLedger(address)
    PostgresLedger(address, upgrade=True).close()
    with open_ledger(address) as ledger:
        assert ledger.verify() == [] and ledger.judge("same", "name:a", "name:b", None, "ada") == 1


def _mark(connection: Any) -> None:
    from sayso.ledger.engines.tables import MARK

    connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{MARK}'")


def test_two_ledgers_in_one_database_by_their_schemas(address: str, rules) -> None:
    _run(address, "CREATE SCHEMA second")
    other = f"{address}?options=-csearch_path%3Dsecond"
    with open_ledger(address) as one, open_ledger(other) as two:
        one.judge("same", "name:a", "name:b", None, "ada")
        assert len(one.judgements()) == 1 and two.judgements() == []


def _orders(ledger: SqlLedger) -> list[Any]:
    """What is sorted, compared and matched, of values on which engines differ."""
    j = schema.judgements.c
    odd = [None, "", "a", "B", "b", "Z", "é", "z", "_x", "%", "Ω", "😀", "﹏"]
    with ledger.writing() as connection:
        for n, note in enumerate(odd):
            connection.execute(
                insert(schema.judgements).values(decision="unsure", subject=f"s{n}", note=note, person="ada", at="2024")
            )
    asked = [
        select(j.note).order_by(j.note, j.id),
        select(j.note).order_by(j.note.desc(), j.id),
        select(j.note).where(j.note > "b").order_by(j.id),
        select(j.note).where(j.note.startswith("B")).order_by(j.id),
        select(j.note).where(j.note.icontains("É")).order_by(j.id),
        select(j.note).where(j.note.contains("%", autoescape=True)).order_by(j.id),
    ]
    with ledger.engine.connect() as connection:
        return [list(connection.scalars(query)) for query in asked]


def test_both_stores_sort_and_match_alike(address: str, tmp_path: Path) -> None:
    with open_ledger(address) as here, SqliteLedger(tmp_path / "x.db") as there:
        assert _orders(here) == _orders(there)


def test_a_nul_in_a_question_finds_nothing(raid: str) -> None:
    with open_ledger(raid, readonly=True) as ledger:
        assert list(ledger.claims(ClaimFilter(who="a\0b"))) == [] and list(ledger.search("gas\0pipeline")) != []
        with pytest.raises(LedgerError, match="no document"):
            ledger.find_document("\0")


def test_verify_finds_altered_originals_words_and_index(raid: str) -> None:
    _run(raid, "UPDATE originals SET data = '\\x789c030000000001' WHERE sha256 = (SELECT min(sha256) FROM originals)")
    _run(raid, "UPDATE documents SET text = 'other words' WHERE number = 2")
    _run(raid, "DELETE FROM document_words WHERE document = 3")
    with open_ledger(raid, readonly=True) as ledger:
        faults = "\n".join(ledger.verify())
    assert "its bytes were altered" in faults and "its words are not in the text" in faults and "index" in faults


def test_a_page_sees_one_state_while_others_write(raid: str) -> None:
    count = select(schema.judgements.c.id)
    with open_ledger(raid) as ledger, open_ledger(raid, readonly=True) as view, view.snapshot() as connection:
        before = connection.execute(count).all()
        ledger.judge("same", "name:a", "name:b", None, "ada")
        assert connection.execute(count).all() == before and len(view.judgements()) == len(before) + 1


def test_readers_do_not_wait_for_the_writer(raid: str) -> None:
    with open_ledger(raid) as ledger, ledger.writing(), open_ledger(raid, readonly=True) as view:
        assert view.counts()["documents"] == 9


def test_removed_words_leave_the_tables(server: Server, address: str, rules, tmp_path: Path) -> None:
    from sayso.pipeline import remove

    (tmp_path / "a.txt").write_text("The army denied that zanzibarquux burned.")
    with open_ledger(address) as ledger:
        add_paths([tmp_path / "a.txt"], ledger, reader=rules)
        assert ledger.search("zanzibarquux")
        remove(ledger, next(ledger.documents())["id"])
        assert not ledger.search("zanzibarquux") and sum(ledger.counts().values()) == 0
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    assert not server.holding(address, b"zanzibarquux")


def test_a_server_that_goes_away_is_told_and_come_back_to(rules) -> None:
    found = programs()
    assert found is not None
    with Server.own(found) as server:
        address = server.database()
        with open_ledger(address) as ledger, open_ledger(address, readonly=True) as view:
            ledger.judge("same", "name:a", "name:b", None, "ada")
            with pytest.raises(LedgerError, match="lost"), ledger.writing() as connection:
                server.stop("immediate")
                connection.exec_driver_sql("SELECT 1")
            with pytest.raises(LedgerError, match="whether the server runs"):
                view.judgements()
            server.start()
            assert len(view.judgements()) == 1 and ledger.judge("same", "name:a", "name:c", None, "ada") > 1
