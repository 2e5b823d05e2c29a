"""Web Annotations: the shape that the W3C's model asks for, and selectors that find the exact words again."""

from __future__ import annotations

import hashlib
import io
import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import UsageError
from sayso.export import LossReport, records, write
from sayso.export.interchange.annotation import selectors
from sayso.ledger import SqlLedger, open_ledger
from sayso.pipeline import add_paths
from sayso.read import Reader
from sayso.records import Reading, Span
from tests.conftest import EXAMPLES
from tests.export.interchange import valid


@pytest.fixture(scope="module")
def ledger(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("annotation") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        yield opened


def exported(ledger: SqlLedger) -> tuple[Any, LossReport]:
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        report = write(records("readings", connection), out, "annotation")
    return json.loads(out.getvalue()), report


def resolved(text: str, quote: dict[str, Any]) -> list[int]:
    """Every place at which a quotation with its surroundings stands."""
    whole = quote["prefix"] + quote["exact"] + quote["suffix"]
    places = [n for n in range(len(text)) if text.startswith(whole, n)]
    return [n + len(quote["prefix"]) for n in places]


def test_the_file_keeps_the_model(ledger: SqlLedger) -> None:
    found, report = exported(ledger)
    jsonschema.Draft202012Validator(valid.ANNOTATIONS).validate(found)
    claims = [f"urn:sayso:claim:{r.document.id}/{c.id}" for r in ledger.readings() for c in r.claims]
    assert [a["id"] for a in found["first"]["items"]] == claims and found["total"] == len(claims)
    assert report.rows == 9 and report.losses


def test_selectors_find_the_exact_words(ledger: SqlLedger) -> None:
    found, _ = exported(ledger)
    readings = {r.document.id: r for r in ledger.readings()}
    claims = {c.id: c for r in readings.values() for c in r.claims}
    for annotation in found["first"]["items"]:
        document, _, claim = annotation["id"].rpartition(":")[2].partition("/")
        text = readings[document].document.text
        targets = annotation["target"] if isinstance(annotation["target"], list) else [annotation["target"]]
        assert [
            text[p["start"] : p["end"]] for t in targets for p in t["selector"] if p["type"] == "TextPositionSelector"
        ] == [s.text for s in claims[claim].spans]
        for part in (*targets, *(b for b in annotation["body"] if b["type"] == "SpecificResource")):
            name, _, digest = part["source"]["id"].partition(";")
            assert name == "ni:///sha-256" and urlsafe_b64decode(f"{digest}=") == hashlib.sha256(text.encode()).digest()
            quote, position = part["selector"]
            assert resolved(text, quote) == [position["start"]]
            assert quote["exact"] == text[position["start"] : position["end"]]


@given(st.text(alphabet="ab \U0001f600", max_size=300), st.data())
def test_a_quotation_finds_one_place_or_that_it_does_not_is_told(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start == end:
        return
    report = LossReport()
    quote, position = selectors(text, Span(start, end, text[start:end]), "x", report)
    assert text[position["start"] : position["end"]] == quote["exact"]
    assert start in resolved(text, quote)
    assert resolved(text, quote) == [start] or report.lost


def test_who_says_it_comes_first(read: Callable[..., Reading]) -> None:
    reading = read("The army denied that it had shelled Kharkiv.", "2024-03-05")
    out = io.BytesIO()
    write([msgspec.to_builtins(reading)], out, "annotation")
    for annotation in json.loads(out.getvalue())["first"]["items"]:
        told = {b["purpose"]: b for b in annotation["body"]}
        claim = next(c for c in reading.claims if annotation["id"].endswith(c.id))
        assert told["describing"]["value"].startswith(
            "The army denies: " if claim.attribution else "the report itself asserts: "
        )
        assert ("identifying" in told) is bool(claim.attribution)


def test_it_refuses_what_is_no_reading(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="sayso export readings"):
        write([{"id": "x"}], io.BytesIO(), "annotation")
