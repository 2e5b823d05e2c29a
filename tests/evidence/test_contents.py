"""What a bag holds: everything that an event rests on, comparable with the ledger; records that were forged do not fit each other."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso import pipeline
from sayso.evidence import choose, payload, verify, write_bag
from sayso.evidence.verify import archive_of, intact
from sayso.ledger import SqliteLedger, schema, views
from sayso.ledger.archive.restoring import read_archive
from tests.conftest import EXAMPLES


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory, rules) -> Iterator[SqliteLedger]:
    path = tmp_path_factory.mktemp("evidence") / "ledger.db"
    with SqliteLedger(path) as made:
        pipeline.add_paths([EXAMPLES], made, reader=rules)
        pipeline.link_and_weigh(made)
        with made.engine.connect() as connection:
            first = connection.execute(schema.claims.select().limit(1)).one()
        pipeline.judge(made, "accept", f"claim:{first.document_id}/{first.id}", person="Ines")
    with SqliteLedger(path, readonly=True) as opened:
        yield opened


def files_of(ledger: SqliteLedger, *words: str) -> dict[str, bytes]:
    with ledger.snapshot() as connection:
        return {n: b"".join(p) for n, p in payload(ledger, connection, choose(ledger, connection, words))}


def event_id(ledger: SqliteLedger) -> str:
    with ledger.engine.connect() as connection:
        return max(views.events(connection, views.EventFilter(limit=None)), key=lambda e: e["documents"])["id"]


@pytest.fixture(scope="module")
def files(ledger: SqliteLedger) -> dict[str, bytes]:
    return files_of(ledger, event_id(ledger)[:8])


def bagged(files: dict[str, bytes], path: Path) -> Path:
    with path.open("w+b") as out:
        write_bag(out, "bag", ((n, [d]) for n, d in files.items()), ())
    return path


def lines(files: dict[str, bytes], name: str) -> list[dict]:
    return [json.loads(line) for line in files[name].splitlines()]


def test_it_holds_originals_records_readings_claims_and_judgements(
    ledger: SqliteLedger, files: dict[str, bytes]
) -> None:
    documents = lines(files, "documents.jsonl")
    assert len(documents) > 2
    for document in documents:
        assert files[document["original"]] == ledger.original(document["sha256"])
        assert files[document["reading"]] and document["copies"][0]["retrieved"].endswith("Z")
    held = {d["id"] for d in documents}
    assert {c["document_id"] for c in lines(files, "claims.jsonl")} == held
    (event,) = lines(files, "events.jsonl")
    assert event["positions"] and all(m["in_bag"] for m in event["members"])
    assert {r["left"]["document"] for r in lines(files, "links.jsonl")} <= held
    assert [j["person"] for j in lines(files, "judgements.jsonl")] == ["Ines"]
    assert b"<html" in files["report.html"] and any(n.startswith("briefs/") for n in files)


def test_the_archive_in_it_makes_the_same_documents(
    ledger: SqliteLedger, files: dict[str, bytes], tmp_path: Path
) -> None:
    path = bagged(files, tmp_path / "bag.zip")
    with SqliteLedger(tmp_path / "new.db") as new, archive_of(path) as stream:
        restored = read_archive(stream, new)
        assert restored.documents == len(lines(files, "documents.jsonl")) and restored.judgements == 1
        for row in list(new.documents()):
            assert new.reading(row["id"]) == ledger.reading(row["id"])


def test_a_document_brings_the_events_it_tells_of(ledger: SqliteLedger) -> None:
    found = files_of(ledger, "4-denial.txt")
    assert len(lines(found, "documents.jsonl")) == 1
    members = [m for e in lines(found, "events.jsonl") for m in e["members"]]
    assert {m["in_bag"] for m in members} == {True, False}


def test_an_untouched_bag_holds(files: dict[str, bytes], tmp_path: Path) -> None:
    told = verify(bagged(files, tmp_path / "bag.zip"))
    assert not [f for f in told if f.bad]
    text = "\n".join(f.text for f in told)
    for words in ("originals with the SHA-256", "claims that stand on their exact words", "ledger.zip is whole"):
        assert words in text


def _reworded(key: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        first, *rest = data.splitlines()
        record = json.loads(first) | {key: "otherwise"}
        return b"\n".join([json.dumps(record).encode(), *rest, b""])

    return change


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("originals/", lambda d: d + b"!", "the record of document"),
        ("claims.jsonl", _reworded("value"), "does not stand on the words"),
        ("claims.jsonl", _reworded("words"), "does not stand on the words"),
        ("claims.jsonl", lambda d: d.split(b"\n", 1)[1], "does not stand on the words"),
        ("claims.jsonl", _reworded("document_id"), "which is not in the bag"),
        ("documents.jsonl", _reworded("sha256"), "gives SHA-256 otherwise"),
        ("documents.jsonl", lambda d: d.split(b"\n", 1)[1], "belongs to no document"),
        ("documents.jsonl", lambda _: b"[]\n", "cannot be read as Sayso writes them"),
        ("documents.jsonl", lambda _: b"\xff{\n", "cannot be read as Sayso writes them"),
        ("readings/", lambda d: d.replace(b'"text":"', b'"text":"x', 1), "does not stand on the words"),
        ("ledger.zip", lambda d: d[:-30], "ledger.zip: it is damaged"),
    ],
)
def test_records_forged_with_fitting_hashes_do_not_fit_each_other(
    files: dict[str, bytes], tmp_path: Path, name: str, change: Callable[[bytes], bytes], words: str
) -> None:
    name = next(n for n in files if n.startswith(name))
    path = bagged(files | {name: change(files[name])}, tmp_path / "bag.zip")
    with path.open("rb") as file:
        assert not [f for f in intact(file) if f.bad]  # the hashes were made anew
    assert any(f.bad and words in f.text for f in verify(path)), [f.text for f in verify(path)]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_found(files: dict[str, bytes], data: st.DataObject) -> None:
    out = io.BytesIO()
    small = {n: d for n, d in files.items() if len(d) < 30_000}
    write_bag(out, "bag", ((n, [d]) for n, d in small.items()), ())
    whole = bytearray(out.getvalue())
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    assert any(f.bad for f in intact(io.BytesIO(whole)))


def test_names_of_originals_cannot_lead_out(ledger: SqliteLedger, tmp_path: Path, rules) -> None:
    from sayso.ingest import load_bytes

    with SqliteLedger(tmp_path / "hostile.db") as hostile:
        for number, name in enumerate(("../../etc/passwd", "a\\..\\b:c\x1b[2J", "...", "CON", "ж" * 300)):
            pipeline.add_documents(load_bytes(f"The army denied {number}.".encode(), f"{name}.txt"), hostile, rules)
        ids = [r["id"] for r in hostile.documents()]
        names = [n for n in files_of(hostile, *ids) if n.startswith("originals/")]
    assert len(names) == 5
    for name in names:
        assert name.count("/") == 1 and "\\" not in name and ":" not in name and "\x1b" not in name and len(name) < 110
    with zipfile.ZipFile(bagged(files_of(ledger, "4-denial.txt"), tmp_path / "b.zip")) as archive:
        assert archive.testzip() is None
