"""The ledger contract: every store passes it unchanged. A store is one row in STORES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.errors import LedgerError
from sayso.ingest import load, load_bytes
from sayso.ledger import ClaimFilter, SqliteLedger, SqlLedger, open_ledger
from sayso.ledger.rows import prepare
from sayso.pipeline import add_documents, add_paths
from sayso.records import Document, Failure
from tests.conftest import EXAMPLES, FIXTURES
from tests.postgres.server import running


def _on_postgres(_: Path) -> SqlLedger:
    return open_ledger(running().database())


STORES: dict[str, Callable[[Path], SqlLedger]] = {
    "sqlite": lambda folder: SqliteLedger(folder / "ledger.db"),
    "postgresql": _on_postgres,
}


@pytest.fixture(params=sorted(STORES))
def ledger(request: pytest.FixtureRequest, tmp_path: Path):
    with STORES[request.param](tmp_path) as store:
        yield store


@pytest.fixture
def filled(ledger: SqlLedger, rules) -> SqlLedger:
    add_paths([EXAMPLES], ledger, reader=rules)
    return ledger


def _claims(ledger: SqlLedger, **wanted: object) -> list[dict[str, object]]:
    return [dict(row) for row in ledger.claims(ClaimFilter(**wanted))]  # type: ignore[arg-type]


def test_adding_twice_adds_nothing(filled: SqlLedger, rules) -> None:
    before, claims = filled.counts(), _claims(filled)
    tally = add_paths([EXAMPLES], filled, reader=rules)
    assert (tally.documents, tally.copies, tally.known) == (0, 0, 9)
    assert filled.counts() == before and _claims(filled) == claims


def test_the_same_bytes_by_another_way_are_a_copy(ledger: SqlLedger, rules) -> None:
    data = b"The army denied it."
    for name in ("one.txt", "two.txt", "one.txt"):
        add_documents(load_bytes(data, name), ledger, rules)
    counts = ledger.counts()
    assert (counts["documents"], counts["copies"], counts["originals"]) == (1, 2, 1)


def test_original_bytes_come_back(ledger: SqlLedger, rules) -> None:
    add_paths([FIXTURES / "report.pdf"], ledger, reader=rules)
    (row,) = ledger.documents()
    assert ledger.original(row["sha256"]) == (FIXTURES / "report.pdf").read_bytes()


def test_the_reading_comes_back_as_it_was(ledger: SqlLedger, rules) -> None:
    (document,) = load([EXAMPLES / "1-wire.txt"])
    assert isinstance(document, Document)
    add_documents([document], ledger, rules)
    assert ledger.reading(document.id) == rules.read(document)


@pytest.mark.parametrize(
    ("wanted", "check"),
    [
        ({"who": "Gladkov"}, lambda r: "Gladkov" in r["speaker_name"]),
        ({"stance": "denies"}, lambda r: r["stance"] == "denies" and not r["holds"]),
        ({"field": "casualties"}, lambda r: r["field"].startswith("casualties.")),
        ({"event_type": "attack"}, lambda r: r["event_type"] == "attack"),
        ({"since": "2023-05-24"}, lambda r: r["published"] >= "2023-05-24"),
        ({"until": "2023-05-22"}, lambda r: r["published"] <= "2023-05-22"),
        ({"attributed": True}, lambda r: r["attribution"]),
        ({"limit": 3}, lambda r: True),
    ],
)
def test_filters(filled: SqlLedger, wanted: dict[str, object], check) -> None:
    rows = _claims(filled, **wanted)
    assert rows and all(check(row) for row in rows)
    assert len(rows) < filled.counts()["claims"]


def test_a_speaker_is_found_by_an_alias(filled: SqlLedger) -> None:
    assert _claims(filled, who="FSB") and {r["speaker_name"] for r in _claims(filled, who="FSB")} == {
        "Federal Security Service"
    }


def test_wildcards_in_a_question_are_only_characters(filled: SqlLedger) -> None:
    assert _claims(filled, who="%") == [] and _claims(filled, about="_____%") == []


def test_every_claim_leads_to_its_words(filled: SqlLedger) -> None:
    texts = {row["id"]: filled.find_document(row["id"])["text"] for row in filled.documents()}
    for row in _claims(filled):
        if " … " not in row["words"]:
            assert texts[row["document_id"]][row["start"] : row["end"]] == row["words"]


def test_search_finds_words_phrases_and_no_syntax_errors(filled: SqlLedger) -> None:
    assert [r["path"].rsplit("/", 1)[-1] for r in filled.search("gas pipeline")] == ["7-revision.txt"]
    assert filled.search('"machine guns"') and not filled.search('"guns machine"')
    for odd in ('"', "*", "AND OR NOT", "a:b", "(", "NEAR(x", "'; DROP TABLE documents; --", ""):
        filled.search(odd)
    assert filled.counts()["documents"] == 9


def test_a_document_is_found_by_id_path_and_name(filled: SqlLedger) -> None:
    row = filled.find_document("7-revision.txt")
    assert filled.find_document(row["id"][:10])["id"] == row["id"] == filled.find_document(row["path"])["id"]
    with pytest.raises(LedgerError, match="no document 'nothing'"):
        filled.find_document("nothing")


def test_a_failure_is_kept_once_and_goes_when_it_is_mended(ledger: SqlLedger, rules, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("")
    for _ in range(2):
        add_paths([path], ledger, reader=rules)
    assert [(f["stage"], "empty" in f["reason"]) for f in ledger.failures()] == [("ingest", True)]
    path.write_text("The army denied it.")
    add_paths([path], ledger, reader=rules)
    assert ledger.failures() == []


def test_a_changed_page_is_a_new_version(ledger: SqlLedger, rules) -> None:
    for toll, hour in ((8, 1), (13, 2)):
        line = f'{{"text": "The mayor said {toll} people were hurt.", "url": "https://x.example/a"}}\n'.encode()
        (document,) = load_bytes(line, f"crawl-{hour}.jsonl")
        assert isinstance(document, Document)
        add_documents([document], ledger, rules)
    versions = ledger.versions("https://x.example/a")
    assert ["8 people" in v["text"] for v in versions] == [True, False]


def test_reading_again_with_other_options_moves_the_documents_facts(ledger: SqlLedger, rules, tmp_path: Path) -> None:
    from sayso.read import load_reader
    from sayso.settings import Settings

    (tmp_path / "a.txt").write_text("The army denied on Monday that it had fired.")
    dated = Settings(date="2023-05-24", outlet="Gazette")
    add_paths([tmp_path / "a.txt"], ledger, reader=rules)
    add_paths([tmp_path / "a.txt"], ledger, dated, load_reader("rules", dated))
    assert [(d["published"], d["outlet"]) for d in ledger.documents()] == [("2023-05-24", "Gazette")]
    assert _claims(ledger, since="2023-05-01")
    add_paths([tmp_path / "a.txt"], ledger, reader=rules)
    assert [(d["published"], d["outlet"]) for d in ledger.documents()] == [(None, None)]
    assert ledger.counts()["documents"] == 1


def test_judgements_are_only_appended(ledger: SqlLedger) -> None:
    first = ledger.judge("same", "e:1", "e:2", None, "reviewer")
    second = ledger.judge("different", "e:1", "e:2", "on second thought", "reviewer")
    assert [j["id"] for j in ledger.judgements()] == [first, second]


def test_claims_and_judgements_cannot_be_changed(filled: SqlLedger) -> None:
    from sqlalchemy import delete, update

    from sayso.ledger import schema

    filled.judge("accept", "c:1", None, None, "reviewer")
    for statement in (
        update(schema.claims).values(value="x"),
        update(schema.judgements).values(note="x"),
        delete(schema.judgements),
    ):
        with pytest.raises(LedgerError, match=r"immutable|append-only"), filled.writing() as connection:
            connection.execute(statement)


def test_a_reading_that_fails_leaves_nothing_by_half(ledger: SqlLedger, rules, monkeypatch: pytest.MonkeyPatch) -> None:
    (document,) = load([EXAMPLES / "1-wire.txt"])
    assert isinstance(document, Document)

    def cut(*_: object) -> None:
        raise RuntimeError("cut")  # by then most of its rows are written

    monkeypatch.setattr(ledger, "index_texts", cut)
    with pytest.raises(RuntimeError):
        add_documents([document], ledger, rules)
    assert sum(ledger.counts().values()) == 0


def test_a_reader_that_fails_is_a_failure_of_its_document(ledger: SqlLedger, rules) -> None:
    class Broken:
        name, version, weights_sha256 = "broken", "1", None

        def read(self, document: Document) -> None:
            raise ValueError("odd")

    tally = add_documents(load_bytes(b"The army denied it.", "a.txt"), ledger, Broken())  # type: ignore[arg-type]
    assert tally.failures == 1 and ledger.failures()[0]["stage"] == "read"
    assert isinstance(tally.failed[0], Failure)


def test_a_title_that_another_reading_gives_is_found_and_the_old_one_not(ledger: SqlLedger, rules) -> None:
    (document,) = load([EXAMPLES / "1-wire.txt"])
    assert isinstance(document, Document)
    first = rules.read(replace(document, title="Quietude"))
    ledger.add(document, first, ledger.run_id("rules", "1", None))
    assert [d["id"] for d in ledger.search("quietude")] == [document.id]
    ledger.add(
        document, replace(first, document=replace(first.document, title="Otters")), ledger.run_id("rules", "2", None)
    )
    assert not ledger.search("quietude")
    assert [d["id"] for d in ledger.search("otters")] == [document.id]
    assert not ledger.verify()


def test_one_batch_may_hold_a_document_many_times(ledger: SqlLedger, rules) -> None:
    (document,) = load([EXAMPLES / "1-wire.txt"])
    assert isinstance(document, Document)
    reading = prepare(rules.read(document))
    elsewhere = replace(document, path="elsewhere.txt")
    batch = [(document, None), (elsewhere, reading), (document, reading), (elsewhere, None)]
    added = ledger.add_many(batch, ledger.run_id("rules", "1", None))
    assert [a.outcome for a in added] == ["new", "copy", "known", "known"]
    assert [c["way"] for c in ledger.copies(document.id)] == [document.path, "elsewhere.txt"]
    assert ledger.counts()["claims"] == reading.claims > 0
    assert ledger.find_document(document.id)["title"] == reading.facts["title"]
    assert not ledger.verify()


def test_a_backup_is_a_file_of_the_same_ledger_and_never_overwrites(filled: SqlLedger, tmp_path: Path) -> None:
    filled.backup(tmp_path / "copy.db")
    with pytest.raises(LedgerError, match="exists already"):
        filled.backup(tmp_path / "copy.db")
    with open_ledger(tmp_path / "copy.db", readonly=True) as copy:
        assert _claims(copy) == _claims(filled) and copy.verify() == []


def test_a_document_is_found_by_the_file_that_holds_it(filled: SqlLedger) -> None:
    alone = filled.find_document("5-claim.json")
    assert "/5-claim.json#" in str(alone["path"])
    with pytest.raises(LedgerError):
        filled.find_document("claim.json")
