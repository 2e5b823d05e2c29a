"""Claims as files: complete, exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sayso.errors import UsageError
from sayso.export import write
from sayso.export.claims import COLUMNS, record
from sayso.ingest import load_bytes
from sayso.ledger import ClaimFilter, open_ledger
from sayso.pipeline import add_documents, add_paths
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
