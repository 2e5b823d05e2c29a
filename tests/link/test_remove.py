"""A removed document leaves nothing: no record that differs, no word in any file, and judgements only as marked rows."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest

from sayso import pipeline
from sayso.errors import LedgerError
from sayso.ingest import load
from sayso.ledger import SqlLedger, judging, open_ledger, refs
from sayso.pipeline import add_documents
from sayso.read import Reader
from sayso.records import Document
from tests.conftest import EXAMPLES
from tests.link.ledgers import event_of, exported, positions, put, report, told

ODD, PERSON, PLACE = "zwibbelfritzenheimer", "Grobian Quastenflosser", "Quastenflosser"
KEPT = report(
    "kept",
    "ZAPORIZHZHIA, March 5, 2024 - Governor Ivan Fedorov said that Russian troops had shelled Orikhiv on Monday and that 4 people "
    "were wounded in the shelling of Orikhiv.",
    "2024-03-05",
    "Steppe News",
)
GONE = report(
    "gone",
    f"Shells fell on Orikhiv on Monday. {PERSON} told a reporter that 7 people were wounded in the shelling of Orikhiv, and that "
    f"the {ODD} bakery had burned down. The army denied that it had shelled Orikhiv on Monday.",
    "2024-03-06",
    "River Gazette",
)
COPY = report("copy", f"{KEPT.text}\n\nPrinted again by the Lake Courier.\n", "2024-03-07", "Lake Courier")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "remove.db") as opened:
        yield opened


def raid() -> list[Document]:
    return [d for d in load([EXAMPLES]) if isinstance(d, Document)]


def everything(ledger: SqlLedger) -> dict[str, list[str]]:
    return exported(ledger, "events", "links", "entities", "origins", "claims")


@pytest.mark.parametrize("number", range(9))
def test_it_is_as_if_it_had_never_been_added(tmp_path: Path, rules: Reader, number: int) -> None:
    documents = raid()
    with open_ledger(tmp_path / "without.db") as ledger:
        put(ledger, rules, *documents[:number], *documents[number + 1 :])
        without = everything(ledger)
    with open_ledger(tmp_path / "with.db") as ledger:
        put(ledger, rules, *documents)
        assert everything(ledger) != without
        pipeline.remove(ledger, documents[number].id)
        found = everything(ledger)
        faults = ledger.verify()
    for subject, rows in without.items():
        assert found[subject] == rows, subject
    assert faults == []


def test_it_can_be_added_again(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT, GONE, COPY)
    before = everything(ledger)
    for document in (GONE, KEPT, COPY):
        pipeline.remove(ledger, document.id)
    assert all(v == 0 for k, v in ledger.counts().items())
    assert all(rows == [] for rows in everything(ledger).values())
    put(ledger, rules, COPY, KEPT, GONE)
    assert everything(ledger) == before


def test_a_source_that_is_removed_leaves_its_reprint_on_its_own(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT, COPY)
    pipeline.remove(ledger, KEPT.id)
    (origin,) = told(ledger, "origins")
    assert (origin["document"], origin["parent"], origin["root"]) == (COPY.id, None, COPY.id)
    assert event_of(ledger, "copy")["documents"] == 1


def test_the_spelling_of_a_name_that_others_use_too_goes_with_it(ledger: SqlLedger, rules: Reader) -> None:
    accented, bare = (
        report(n, f"{day} - Colonel {name} said that the army had shelled {town} on Monday.", "2024-03-05")
        for n, day, name, town in (
            ("accented", "March 5, 2024", "José Núñez", "Orikhiv"),
            ("bare", "March 5, 2024", "Jose Nunez", "Beryslav"),
        )
    )
    put(ledger, rules, accented)
    before = everything(ledger)
    put(ledger, rules, bare)
    pipeline.remove(ledger, bare.id)
    assert everything(ledger) == before


# -- words --------------------------------------------------------------------------------------------------------


def _files(path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in path.parent.iterdir() if p.name.startswith(path.name)}


def _holding(data: bytes, word: str) -> bool:
    spellings = {form.encode(code) for form in (word, word.lower(), word.upper()) for code in ("utf-8", "utf-16-le")}
    return any(s in data for s in spellings)


def _cells(path: Path) -> Iterable[tuple[str, bytes]]:
    """Every value of every table, shadow tables of the full-text index too, packed ones unpacked."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as raw:
        for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in raw.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    data = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
                    yield table, data
                    try:
                        yield table, zlib.decompress(data)
                    except zlib.error:
                        continue


@pytest.mark.parametrize("others", [True, False], ids=["among others", "alone"])
def test_its_words_are_in_no_file_of_the_ledger(tmp_path: Path, rules: Reader, others: bool) -> None:
    path = tmp_path / "words.db"
    with open_ledger(path) as ledger:
        put(ledger, rules, *([KEPT, COPY, *raid()] if others else []), GONE)
        assert any(_holding(data, ODD) for data in _files(path).values())
        assert {t for t, data in _cells(path) if _holding(data, ODD)} >= {"documents", "originals", "readings"}
        assert ledger.search(ODD) and [e for e in told(ledger, "entities") if PERSON in e["name"]]
        pipeline.remove(ledger, GONE.id)
        for word in (ODD, ODD[:12], PLACE, GONE.id, GONE.original.sha256, "gone.txt", "River Gazette"):
            assert [name for name, data in _files(path).items() if _holding(data, word)] == [], word
            assert sorted({t for t, data in _cells(path) if _holding(data, word)}) == [], word
        assert ledger.search(ODD) == [] and ledger.search(PLACE) == []
        with sqlite3.connect(path) as raw:
            found = raw.execute("SELECT count(*) FROM documents_fts WHERE documents_fts MATCH ?", (ODD,)).fetchone()
            assert found == (0,)
            raw.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'documents_fts', 'row')")
            terms = {row[0] for row in raw.execute("SELECT term FROM terms")}
        assert ODD not in terms and "quastenflosser" not in terms and ("orikhiv" in terms) == others
    for name, data in _files(path).items():
        assert not _holding(data, ODD), name


def test_a_copy_by_another_way_goes_too(tmp_path: Path, rules: Reader) -> None:
    from dataclasses import replace

    path = tmp_path / "ways.db"
    with open_ledger(path) as ledger:
        put(ledger, rules, KEPT, GONE)
        add_documents([replace(GONE, path=f"{ODD}/elsewhere.txt")], ledger, rules)
        pipeline.remove(ledger, GONE.id)
        assert not any(_holding(data, ODD) for data in _files(path).values())


def test_removing_what_is_not_there_says_so(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT)
    before = everything(ledger)
    with pytest.raises(LedgerError):
        pipeline.remove(ledger, "f" * 32)
    assert everything(ledger) == before


# -- judgements ---------------------------------------------------------------------------------------------------


def _told(ledger: SqlLedger) -> str:
    with ledger.engine.connect() as connection:
        return "\n".join(
            refs.told(connection, r) for j in ledger.judgements() for r in (j["subject"], j["object"]) if r
        )


def _marks(ledger: SqlLedger) -> dict[int, list[str]]:
    with ledger.engine.connect() as connection:
        return judging.marks(connection)


def test_judgements_that_rested_on_it_stay_marked_and_without_its_words(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT, GONE)
    event = event_of(ledger, "kept", "gone")
    claim = next(c for c in told(ledger, "claims") if c["document_id"] == GONE.id and PERSON in (c["speaker"] or ""))
    kept_claim = next(c for c in told(ledger, "claims") if c["document_id"] == KEPT.id)
    with ledger.engine.connect() as connection:
        names = refs.pair_refs(connection, PERSON, "Ivan Fedorov", "person")[0]
        members = refs.pair_refs(connection, event["id"], "gone.txt", None)[0]
        one, other = (refs.claim_ref(connection, c["id"]) for c in (claim, kept_claim))
    numbers = [
        pipeline.judge(ledger, "different", *names, person="reviewer"),
        pipeline.judge(ledger, "different", *members, person="reviewer"),
        pipeline.judge(ledger, "accept", one, person="reviewer"),
    ]
    untouched = pipeline.judge(ledger, "accept", other, person="reviewer")
    assert PERSON in _told(ledger) and _marks(ledger) == {}
    before = [dict(j) for j in ledger.judgements()]
    pipeline.remove(ledger, GONE.id)
    assert [dict(j) for j in ledger.judgements()] == before
    assert _marks(ledger) == {n: [judging.REMOVED] for n in numbers} and untouched not in _marks(ledger)
    assert PERSON not in _told(ledger) and claim["words"] not in _told(ledger)
    assert _told(ledger).count("removed") == 3
    assert "Ivan Fedorov" in _told(ledger)


def test_a_judgement_whose_document_is_gone_can_still_be_taken_back(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT, GONE)
    event = event_of(ledger, "kept", "gone")
    with ledger.engine.connect() as connection:
        members = refs.pair_refs(connection, event["id"], "gone.txt", None)[0]
        claim = refs.claim_ref(connection, next(c["id"] for c in told(ledger, "claims") if c["document_id"] == GONE.id))
    numbers = [pipeline.judge(ledger, "different", *members), pipeline.judge(ledger, "reject", claim)]
    pipeline.remove(ledger, GONE.id)
    before = exported(ledger, "events", "links", "origins", "claims")
    assert [pipeline.undo(ledger, n) for n in numbers] == [True, True]
    assert exported(ledger, "events", "links", "origins", "claims") == before
    put(ledger, rules, GONE)
    assert event_of(ledger, "kept", "gone")["id"] == event["id"]
    assert len(ledger.judgements()) == 2


def test_a_merge_that_rested_on_a_removed_name_falls_apart(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KEPT, GONE)
    with ledger.engine.connect() as connection:
        names = refs.pair_refs(connection, PERSON, "Ivan Fedorov", "person")[0]
    pipeline.judge(ledger, "same", *names)
    speaking = [h for h in positions(event_of(ledger, "kept", "gone"), "realis")["happened"]["holders"] if h["speaker"]]
    assert {h["document"] for h in speaking} == {KEPT.id, GONE.id} and len({h["informant"] for h in speaking}) == 1
    pipeline.remove(ledger, GONE.id)
    (entity,) = [e for e in told(ledger, "entities") if e["type"] == "person"]
    assert [n["name"] for n in entity["names"]] == ["Ivan Fedorov"]
    holders = positions(event_of(ledger, "kept"), "realis")["happened"]["holders"]
    assert {h["informant"] for h in holders if h["speaker"]} == {f"name:{entity['id']}"}
