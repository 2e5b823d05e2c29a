"""Claims as files: complete, exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sayso.errors import UsageError
from sayso.export import records, write
from sayso.export.claims import COLUMNS, record
from sayso.ingest import load_bytes
from sayso.ledger import ClaimFilter, open_ledger, refs
from sayso.pipeline import add_documents, add_paths, judge, link_and_weigh, undo
from tests.conftest import EXAMPLES


@pytest.fixture
def ledger(tmp_path: Path, rules):
    with open_ledger(tmp_path / "a.db") as store:
        add_paths([EXAMPLES], store, reader=rules)
        yield store


def _written(ledger, form: str) -> tuple[bytes, object]:
    out = io.BytesIO()
    return out, write(map(record, ledger.claims(ClaimFilter())), out, form)  # type: ignore[return-value]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_every_claim_is_written(ledger, form: str) -> None:
    out, report = _written(ledger, form)
    assert report.rows == ledger.counts()["claims"] and out.getvalue()


def test_json_lines_hold_exact_words_and_offsets(ledger) -> None:
    out, _ = _written(ledger, "jsonl")
    for line in out.getvalue().decode().splitlines():
        row = json.loads(line)
        assert tuple(row) == COLUMNS
        text = ledger.find_document(row["document_id"])["text"]
        assert " … ".join(text[a:b] for a, b in row["spans"]) == row["words"]


def test_csv_opens_with_its_columns(ledger) -> None:
    out, _ = _written(ledger, "csv")
    text = out.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS and len(rows) == ledger.counts()["claims"]


def test_a_cell_is_never_a_formula(tmp_path: Path, rules) -> None:
    with open_ledger(tmp_path / "b.db") as store:
        add_documents(
            load_bytes(
                b"The army said that =HYPERLINK(1) was over.\n=cmd|' /C calc'!A0 said the army left.", "=evil.txt"
            ),
            store,
            rules,
        )
        out = io.BytesIO()
        write(map(record, store.claims(ClaimFilter())), out, "csv")
    for row in csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_an_unknown_format_is_named(ledger) -> None:
    with pytest.raises(UsageError, match="csv, jsonl"):
        write([], io.BytesIO(), "docx")


def test_a_record_has_what_people_decided(ledger) -> None:
    with ledger.engine.connect() as connection:
        first, second, third, *_ = [refs.claim_ref(connection, row["id"]) for row in ledger.claims(ClaimFilter())]
    judge(ledger, "accept", first, person="ada")
    judge(ledger, "reject", second, person="ada")
    taken_back = judge(ledger, "reject", third, person="ada")
    undo(ledger, taken_back)
    with ledger.engine.connect() as connection:
        found = {f"claim:{r['document_id']}/{r['id']}": r["decision"] for r in records("claims", connection)}
    assert {ref: said for ref, said in found.items() if said} == {first: "accept", second: "reject"}


@pytest.mark.parametrize("form", ["ftm", "stix", "claimreview"])
def test_a_rejected_claim_is_left_out_of_other_tools_formats_and_counted(ledger, form: str) -> None:
    pytest.importorskip({"ftm": "followthemoney", "stix": "stix2"}.get(form, "json"))
    link_and_weigh(ledger)
    wanted = next(row for row in ledger.claims(ClaimFilter(stance="asserts")) if row["value"])
    with ledger.engine.connect() as connection:
        judge(ledger, "reject", refs.claim_ref(connection, wanted["id"]), person="ada")
    subject = "claims" if form == "claimreview" else "ledger"
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        report = write(records(subject, connection), out, form)
    assert wanted["id"] not in out.getvalue().decode()
    assert any("claims that people rejected" in line for line in report.told())
