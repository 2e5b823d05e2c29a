"""An archive holds all of a ledger: written, read into an empty one and linked, it is the same; damage is told and nothing written."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sayso import pipeline
from sayso.errors import DataError, LedgerError, LimitError, NotFoundError
from sayso.ingest import load_bytes
from sayso.ledger import SqliteLedger, SqlLedger, derived, schema
from sayso.ledger.archive.kept import KEPT, MANIFEST
from sayso.ledger.archive.restoring import read_archive
from sayso.ledger.archive.writing import write_archive
from sayso.names.registry import Entry
from sayso.records import Correction, Failure
from tests.conftest import EXAMPLES
from tests.link.ledgers import exported


def archive_of(ledger: SqlLedger, documents: list[str] | None = None) -> bytes:
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        write_archive(connection, out, documents)
    return out.getvalue()


def rows(ledger: SqlLedger, table: Any) -> list[tuple[Any, ...]]:
    with ledger.engine.connect() as connection:
        return [tuple(r) for r in connection.execute(select(table).order_by(*table.primary_key.columns))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rules) -> Path:
    """A ledger with all that one can hold: copies, judgements (undone, together, of pairs), a registry, a failure."""
    path = tmp_path_factory.mktemp("archive") / "ledger.db"
    with SqliteLedger(path) as ledger:
        pipeline.add_paths([EXAMPLES], ledger, reader=rules)
        pipeline.add_documents(load_bytes((EXAMPLES / "1-wire.txt").read_bytes(), "again.txt"), ledger, rules)
        ledger.fail(Failure("broken.pdf", "read", "it is encrypted; save a copy without a password"))
        ledger.add_registry([Entry("x-1", "group", "Kolnar Guard", ("KG",), ("XX",), None, "mine")])
        pipeline.link_and_weigh(ledger)
        with ledger.engine.connect() as connection:
            claims = [
                tuple(r) for r in connection.execute(select(schema.claims.c.document_id, schema.claims.c.id).limit(6))
            ]
            names = [r.id for r in connection.execute(select(derived.names.c.id).order_by(derived.names.c.id).limit(3))]
        refs: list[tuple[str, str | None]] = [(f"claim:{d}/{c}", None) for d, c in claims]
        pipeline.judge(ledger, "accept", *refs[0], person="Ines")
        pipeline.judge(ledger, "correct", *refs[1], person="Omar", correction=Correction(stance="denies"))
        pipeline.judge_all(ledger, "reject", refs[2:4], "both are one slip", "Ines")
        undone = pipeline.judge(ledger, "reject", *refs[4], person="Ines")
        pipeline.undo(ledger, undone)
        pipeline.judge(ledger, "different", f"name:{names[0]}", f"name:{names[1]}", person="Omar")
    return path


@pytest.fixture
def ledger(made: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(made, readonly=True) as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[SqliteLedger]:
    with SqliteLedger(tmp_path / "empty.db") as opened:
        yield opened


def test_every_table_is_derived_or_kept_whole() -> None:
    kept = {table.name for table, _ in KEPT.values()} | {"originals"}
    parts, others = {t.name for t in schema.PARTS}, {t.name for t in derived.DERIVED}
    assert kept | parts | others == set(schema.metadata.tables)
    store_only = {"documents": {"number"}, "copies": {"id"}, "failures": {"id"}}
    for name, (table, made) in KEPT.items():
        assert {c.name for c in table.columns} - set(made.__struct_fields__) == store_only.get(name, set()), name


def test_into_an_empty_ledger_and_linked_it_is_the_same(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    data = archive_of(ledger)
    restored = read_archive(io.BytesIO(data), empty)
    assert (restored.documents, restored.known, restored.judgements, restored.renumbered) == (9, 0, 6, {})
    assert archive_of(empty) == data
    for table in (*schema.PARTS, schema.readings, schema.judgements, derived.judgement_marks, derived.registry_entries):
        assert rows(empty, table) == rows(ledger, table), table.name
    pipeline.link_and_weigh(empty)
    assert exported(empty, "claims", "events", "links", "entities", "origins", "documents") == exported(
        ledger, "claims", "events", "links", "entities", "origins", "documents"
    )
    assert empty.verify() == []
    assert empty.search("gas pipeline") == ledger.search("gas pipeline")


def test_the_same_ledger_gives_the_same_bytes(ledger: SqliteLedger) -> None:
    assert archive_of(ledger) == archive_of(ledger)


def test_again_it_adds_nothing(made: Path, ledger: SqliteLedger, tmp_path: Path) -> None:
    shutil.copy(made, tmp_path / "copy.db")
    data = archive_of(ledger)
    with SqliteLedger(tmp_path / "copy.db") as copy:
        restored = read_archive(io.BytesIO(data), copy)
        assert (restored.documents, restored.known, restored.copies, restored.readings) == (0, 9, 0, 0)
        assert (restored.judgements, restored.failures, restored.registry_entries) == (0, 0, 0)
        assert archive_of(copy) == data


def test_a_stopped_import_goes_on(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    class Stop(Exception):
        pass

    def settle(*_: object) -> None:
        raise Stop

    data = archive_of(ledger)
    with pytest.raises(Stop):
        read_archive(io.BytesIO(data), empty, settle=settle)
    assert empty.counts()["documents"] == 9 and empty.judgements() == []
    read_archive(io.BytesIO(data), empty)
    assert archive_of(empty) == data


def test_judgements_keep_order_persons_and_times_under_other_numbers(
    ledger: SqliteLedger, empty: SqliteLedger, rules
) -> None:
    pipeline.add_documents(load_bytes(b"The mayor denied that the bridge was hit.", "own.txt"), empty, rules)
    pipeline.link_and_weigh(empty)
    told = json.loads(exported(empty, "claims")["claims"][0])
    pipeline.judge(empty, "accept", f"claim:{told['document_id']}/{told['id']}", person="Someone")
    settled: list[str] = []
    restored = read_archive(io.BytesIO(archive_of(ledger)), empty, settle=lambda _, refs: settled.extend(refs))
    before, after = ledger.judgements(), empty.judgements()[1:]
    plain = ("decision", "subject", "object", "note", "person", "at", "correction")
    assert [[r[n] for n in plain] for r in after] == [[r[n] for n in plain] for r in before]
    assert restored.renumbered == {r["id"]: r["id"] + 1 for r in before}
    assert [r["act"] for r in after] == [r["act"] and r["act"] + 1 for r in before] and any(r["act"] for r in after)
    assert set(settled) == {r for row in before for r in (row["subject"], row["object"]) if r}
    undone = {r[0] for r in rows(empty, derived.judgement_marks)}
    assert undone == {r[0] + 1 for r in rows(ledger, derived.judgement_marks)}


def test_some_documents_take_with_them_only_what_rests_on_them(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    judged = {
        r["subject"].split(":")[1].split("/")[0] for r in ledger.judgements() if r["subject"].startswith("claim:")
    }
    other = next(r["id"] for r in ledger.documents() if r["id"] not in judged)
    restored = read_archive(io.BytesIO(archive_of(ledger, [other])), empty)
    assert (restored.documents, restored.failures, restored.registry_entries) == (1, 0, 0)
    assert all(r["subject"].startswith("name:") for r in empty.judgements())
    restored = read_archive(io.BytesIO(archive_of(ledger, sorted(judged))), empty)
    assert restored.documents == len(judged)
    assert all(r["subject"].partition(":")[0] in {"claim", "name"} for r in empty.judgements())
    with pytest.raises(NotFoundError, match="no document 'nope'"):
        archive_of(ledger, ["nope"])


# -- damage -------------------------------------------------------------------------------------------------------


def altered(
    data: bytes, change: dict[str, bytes | None], add: dict[str, bytes] | None = None, honest: bool = True
) -> bytes:
    """The archive with members changed (null: left out); honest: the manifest says so, as somebody would who means harm."""
    import hashlib

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        manifest = json.loads(old.read(MANIFEST))
        for name in old.namelist():
            if name == MANIFEST or change.get(name, b"") is None:
                continue
            body = change[name] if name in change else old.read(name)
            assert body is not None
            if name in change and honest:
                manifest["members"][name] |= {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            new.writestr(name, body)
        for name, body in (add or {}).items():
            new.writestr(name, body)
        new.writestr(MANIFEST, json.dumps(manifest | json.loads(change.get("+", b"{}") or b"{}")))
    return out.getvalue()


def member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def test_damage_is_told_and_nothing_is_written(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    data = archive_of(ledger)
    readings = member(data, "readings.jsonl")
    documents = member(data, "documents.jsonl")
    original = next(n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.startswith("originals/"))
    cases = {
        "was altered": altered(data, {"documents.jsonl": documents.replace(b"2023", b"2024")}, honest=False),
        "other bytes than its name": altered(data, {original: b"other bytes"}),
        "is missing": altered(data, {"copies.jsonl": None}),
        "does not name": altered(data, {}, {"more.jsonl": b""}),
        "newer Sayso": altered(data, {"+": b'{"format": "sayso.archive/2"}'}),
        "no archive of a ledger": altered(data, {"+": b'{"format": "other/1"}'}),
        "its manifest.json is damaged": altered(data, {"+": b'{"members": 3}'}),
        "damaged or no zip": data[: len(data) // 2],
    }
    for message, damaged in cases.items():
        with pytest.raises(DataError, match=message):
            read_archive(io.BytesIO(damaged), empty)
    assert set(empty.counts().values()) == {0} and empty.runs() == []
    judgements = member(data, "judgements.jsonl")
    for message, damaged in {
        "is of another text": altered(data, {"readings.jsonl": readings.replace(b'"text":"', b'"text":"x', 1)}),
        "line 1 of its documents.jsonl": altered(data, {"documents.jsonl": documents.replace(b'"id"', b'"di"', 1)}),
        "cannot be": altered(data, {"judgements.jsonl": judgements.replace(b"accept", b"decree")}),
        "is no time of a ledger": altered(data, {"judgements.jsonl": judgements.replace(b'"at":"2', b'"at":"z', 1)}),
        "which is to come": altered(data, {"judgements.jsonl": judgements.replace(b'"at":"2', b'"at":"9', 1)}),
    }.items():
        with pytest.raises(DataError, match=message):
            read_archive(io.BytesIO(damaged), empty)


def test_claims_that_do_not_stand_on_the_text_are_refused(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    data = archive_of(ledger)
    lines = [json.loads(line) for line in member(data, "readings.jsonl").splitlines()]
    lines[0]["json"]["claims"][0]["spans"][0]["text"] += " and more"
    forged = altered(data, {"readings.jsonl": b"".join(json.dumps(r).encode() + b"\n" for r in lines)})
    with pytest.raises(DataError, match="does not stand on the words"):
        read_archive(io.BytesIO(forged), empty)


def test_another_text_under_a_known_id_is_refused(ledger: SqliteLedger, empty: SqliteLedger, rules) -> None:
    pipeline.add_documents(load_bytes(b"The army denied it.", "a.txt"), empty, rules)
    data = archive_of(empty)
    (line,) = member(data, "documents.jsonl").splitlines()
    told = json.loads(line) | {"text": "The army admitted it.", "current_run": None}
    forged = altered(data, {"documents.jsonl": json.dumps(told).encode() + b"\n", "readings.jsonl": b""})
    with pytest.raises(LedgerError, match="another text in this ledger"):
        read_archive(io.BytesIO(forged), empty)


def test_a_bomb_is_refused(ledger: SqliteLedger, empty: SqliteLedger) -> None:
    data = archive_of(ledger)
    bomb = altered(data, {"failures.jsonl": b"\0" * 210_000_000})
    with pytest.raises(LimitError, match="bomb"):
        read_archive(io.BytesIO(bomb), empty)


def test_large_blank_originals_come_back(empty: SqliteLedger, rules, tmp_path: Path) -> None:
    blank = b"The army denied it.\n" + b" " * 3_000_000
    pipeline.add_documents(load_bytes(blank, "blank.txt"), empty, rules)
    data = archive_of(empty)
    with SqliteLedger(tmp_path / "other.db") as other:
        read_archive(io.BytesIO(data), other)
        (row,) = other.documents()
        assert other.original(row["sha256"]) == blank
