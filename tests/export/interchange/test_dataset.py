"""The Parquet data set: what DuckDB and pandas read of it, the five questions of its page, and folders that are left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sayso import pipeline
from sayso.errors import UsageError
from sayso.export import records
from sayso.export.interchange import dataset
from sayso.export.interchange.dataset import arrow, described, write_dataset
from sayso.export.interchange.dataset.tables import TABLES, year_of
from sayso.ledger import SqlLedger, open_ledger
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.records import Correction
from tests.conftest import EXAMPLES, ROOT

PAGE = (ROOT / "docs" / "interchange" / "dataset.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ledger(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("dataset") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        link_and_weigh(opened)
        yield opened


@pytest.fixture(scope="module")
def folder(ledger: SqlLedger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("written") / "dataset"
    with ledger.engine.connect() as connection:
        write_dataset(connection, made)
    return made


def count(folder: Path, table: str) -> int:
    parquet = pytest.importorskip("pyarrow.parquet")
    return sum(parquet.read_metadata(f).num_rows for f in folder.glob(f"{table}/**/*.parquet"))


# -- the page -----------------------------------------------------------------------------------------------------


def told(value: Any) -> str:
    return "—" if value is None else f"{value:g}" if isinstance(value, float) else str(value).replace("|", "\\|")


def test_the_questions_of_the_page_have_its_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(folder.parent)
    views, *questions = re.findall(r"```sql\n(.*?)```\n(.*?)(?=\n#|\n```sql)", PAGE, re.DOTALL)
    assert len(questions) == 5
    with duckdb.connect() as database:
        for view in views[0].strip().split("\n"):
            database.execute(view)
        for query, answer in questions:
            found = database.execute(query)
            heads = [d[0] for d in found.description]
            wanted = [line.strip("| ").split(" | ") for line in answer.split("\n") if line.startswith("|")]
            assert [heads, *([told(v) for v in row] for row in found.fetchall())] == [wanted[0], *wanted[2:]], query


def test_the_page_describes_every_table() -> None:
    for name in TABLES:
        assert described(name) in PAGE


# -- what is in it ------------------------------------------------------------------------------------------------


def test_every_record_is_a_row(ledger: SqlLedger, folder: Path) -> None:
    counts = ledger.counts()
    with ledger.engine.connect() as connection:
        wanted = {
            name: len(list(records(name, connection)))
            for name in ("documents", "claims", "entities", "links", "origins")
        }
        events = list(records("events", connection))
    wanted |= {"events": len(events), "judgements": 0, "mentions": sum(len(r.mentions) for r in ledger.readings())}
    wanted["positions"] = sum(len(p["holders"]) + len(p["deniers"]) for e in events for p in e["positions"])
    assert {name: count(folder, name) for name in wanted} == wanted
    assert wanted["claims"] == counts["claims"]
    told = json.loads((folder / "schema.json").read_text("utf-8"))["tables"]
    assert {name: told[name]["rows"] for name in wanted} == wanted
    assert all(described(name) in (folder / "README.md").read_text("utf-8") for name in TABLES)


def test_pandas_reads_each_table_with_its_columns(folder: Path) -> None:
    pandas = pytest.importorskip("pandas")
    for name, table in TABLES.items():
        frame = pandas.read_parquet(folder / name)
        assert set(frame.columns) == {*table.columns, *([table.dated[1]] if table.dated else [])}
        assert len(frame) == count(folder, name)


def test_rows_lie_in_the_year_of_their_day(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    for name, table in TABLES.items():
        if table.dated:
            column, year = table.dated
            if column in table.columns:
                query = f"SELECT DISTINCT {year}, {column} FROM read_parquet('{folder}/{name}/**/*.parquet', hive_partitioning = true)"
                assert all(y == (year_of(day) or 0) for y, day in duckdb.sql(query).fetchall())


def test_lists_are_lists(ledger: SqlLedger, folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    query = f"SELECT document_id, s.start, s.\"end\" FROM (SELECT document_id, unnest(spans) AS s FROM read_parquet('{folder}/claims/**/*.parquet'))"
    found = sorted(duckdb.sql(query).fetchall())
    assert found == sorted(
        (r.document.id, s.start, s.end) for r in ledger.readings() for c in r.claims for s in c.spans
    )


def test_judgements_are_in_it(rules: Reader, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with open_ledger(tmp_path / "x.db") as opened:
        add_paths([EXAMPLES / "1-wire.txt"], opened, reader=rules)
        link_and_weigh(opened)
        (reading,) = opened.readings()
        ref = f"claim:{reading.document.id}/{reading.claims[0].id}"
        number = pipeline.judge(
            opened, "correct", ref, person="ada", correction=Correction(stance="doubts", spans=((0, 4),))
        )
        pipeline.undo(opened, number)
        with opened.engine.connect() as connection:
            write_dataset(connection, tmp_path / "d")
    (row,) = pandas.read_parquet(tmp_path / "d" / "judgements").to_dict("records")
    assert (row["claim"], row["person"], row["stance"], list(row["marks"])) == (
        reading.claims[0].id,
        "ada",
        "doubts",
        ["undone"],
    )
    assert list(row["spans"]) == [{"start": 0, "end": 4}]


def test_an_empty_ledger_is_empty_tables(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    with open_ledger(tmp_path / "x.db") as opened, opened.engine.connect() as connection:
        assert write_dataset(connection, tmp_path / "d").rows == 0
    for name, table in TABLES.items():
        assert set(table.columns) <= set(pandas.read_parquet(tmp_path / "d" / name).columns)


def test_rows_beyond_what_is_held_are_further_parts(
    ledger: SqlLedger, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "_ROWS", 40)
    with ledger.engine.connect() as connection:
        write_dataset(connection, tmp_path / "d")
    assert len(list((tmp_path / "d" / "claims").glob("**/part-*.parquet"))) > 2
    assert {n: count(tmp_path / "d", n) for n in TABLES} == {n: count(folder, n) for n in TABLES}


# -- where it is put ----------------------------------------------------------------------------------------------


def test_a_data_set_of_before_is_replaced_and_leaves_nothing(ledger: SqlLedger, tmp_path: Path) -> None:
    with ledger.engine.connect() as connection:
        write_dataset(connection, tmp_path / "d")
        (tmp_path / "d" / "claims" / "old.parquet").write_bytes(b"x")
        write_dataset(connection, tmp_path / "d")
    assert not (tmp_path / "d" / "claims" / "old.parquet").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["d"]


@pytest.mark.parametrize("mark", [None, "{", "[]", '{"schema": "other/1"}'])
def test_other_folders_are_left_alone(ledger: SqlLedger, tmp_path: Path, mark: str | None) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "thesis.txt").write_text("mine")
    if mark:
        (tmp_path / "d" / "schema.json").write_text(mark)
    with ledger.engine.connect() as connection, pytest.raises(UsageError, match="holds something else"):
        write_dataset(connection, tmp_path / "d")
    assert (tmp_path / "d" / "thesis.txt").read_text() == "mine"


def test_a_file_or_a_link_is_no_folder(ledger: SqlLedger, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with ledger.engine.connect() as connection:
        for name in ("file", "link"):
            with pytest.raises(UsageError, match="is no folder"):
                write_dataset(connection, tmp_path / name)
        with pytest.raises(UsageError, match="cannot be written"):
            write_dataset(connection, tmp_path / "file" / "d")


def test_a_failure_leaves_what_was_there(ledger: SqlLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ledger.engine.connect() as connection:
        write_dataset(connection, tmp_path / "d")
        before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
        monkeypatch.setattr(dataset, "_readme", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            write_dataset(connection, tmp_path / "d")
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before


def test_types_are_arrows() -> None:
    pa = pytest.importorskip("pyarrow")
    inner = pa.list_(pa.struct([("kind", pa.string()), ("weight", pa.float64())]))
    assert arrow("list<text>") == pa.list_(pa.string())
    assert arrow("list<field text, reasons list<kind text, weight double>>") == pa.list_(
        pa.struct([("field", pa.string()), ("reasons", inner)])
    )
