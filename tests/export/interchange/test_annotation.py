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

_IRI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^ ]+$"}
_PURPOSES = ["describing", "tagging", "identifying", "classifying", "commenting", "linking"]
MODEL: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "additionalProperties": False,
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "id": _IRI,
        "type": {"const": "AnnotationCollection"},
        "label": {"type": "string"},
        "total": {"type": "integer", "minimum": 0},
        "first": {
            "type": "object",
            "required": ["id", "type", "items"],
            "additionalProperties": False,
            "properties": {
                "id": _IRI, "type": {"const": "AnnotationPage"}, "partOf": _IRI, "startIndex": {"type": "integer", "minimum": 0},
                "items": {"type": "array", "items": {"$ref": "#/$defs/annotation"}},
            },
        },
    },
    "$defs": {
        "annotation": {
            "type": "object",
            "required": ["id", "type", "target"],
            "additionalProperties": False,
            "properties": {
                "id": _IRI,
                "type": {"const": "Annotation"},
                "motivation": {"enum": _PURPOSES},
                "generator": {
                    "type": "object", "required": ["id", "type"], "additionalProperties": False,
                    "properties": {"id": _IRI, "type": {"const": "Software"}, "name": {"type": "string"}},
                },
                "body": {"type": "array", "items": {"oneOf": [{"$ref": "#/$defs/words"}, {"$ref": "#/$defs/part"}]}},
                "target": {"oneOf": [{"$ref": "#/$defs/part"}, {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/part"}}]},
            },
        },
        "words": {
            "type": "object", "required": ["type", "value"], "additionalProperties": False,
            "properties": {
                "type": {"const": "TextualBody"}, "value": {"type": "string"}, "format": {"const": "text/plain"}, "purpose": {"enum": _PURPOSES},
            },
        },
        "part": {
            "type": "object", "required": ["type", "source", "selector"], "additionalProperties": False,
            "properties": {
                "type": {"const": "SpecificResource"},
                "purpose": {"enum": _PURPOSES},
                "source": {
                    "type": "object", "required": ["id", "type"], "additionalProperties": False,
                    "properties": {
                        "id": _IRI, "type": {"const": "Text"}, "format": {"const": "text/plain"}, "language": {"type": "string"}, "via": _IRI,
                    },
                },
                "selector": {
                    "type": "array",
                    "prefixItems": [
                        {
                            "type": "object", "required": ["type", "exact", "prefix", "suffix"], "additionalProperties": False,
                            "properties": {"type": {"const": "TextQuoteSelector"}, **{k: {"type": "string"} for k in ("exact", "prefix", "suffix")}},
                        },
                        {
                            "type": "object", "required": ["type", "start", "end"], "additionalProperties": False,
                            "properties": {"type": {"const": "TextPositionSelector"}, **{k: {"type": "integer", "minimum": 0} for k in ("start", "end")}},
                        },
                    ],
                    "minItems": 2, "maxItems": 2,
                },
            },
        },
    },
}  # fmt: skip


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
    jsonschema.Draft202012Validator(MODEL).validate(found)
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
