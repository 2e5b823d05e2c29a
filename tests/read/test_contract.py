"""What every reader promises, for every reader there is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sayso.ingest import load, load_text
from sayso.read import READERS, Reader, load_reader
from sayso.records import Failure
from sayso.records.json import decode_reading, encode_reading, reading_schema
from tests.conftest import EXAMPLES
from tests.spans import assert_exact, assert_references

WORDS = st.sampled_from(
    "The army police spokesman said that denied killed two people in Kyiv on Monday “ ” \" ' ( ) , . : ; — … ?! \n\n He they who "
    "accused RDK (RDK) of attack bomb according to reportedly claimed responsibility for May 22, 2023 12,000 Gov. U.S. ’s 𝔘 é ᄀ \u202e \x00 "
    "not never had been will to also known as Source: [TEXT] -- GARCIA 1990s last week".split(" ")
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(WORDS, max_size=80).map(" ".join), st.lists(WORDS, max_size=60).map("".join)
).filter(lambda t: t.strip())


@pytest.fixture(params=sorted(READERS))
def reader(request: pytest.FixtureRequest) -> Reader:
    return load_reader(request.param)


@pytest.fixture(scope="session", params=sorted(READERS))
def session_reader(request: pytest.FixtureRequest) -> Reader:
    return load_reader(request.param)


@given(text=TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_span_is_exact_whatever_the_text(session_reader: Reader, text: str) -> None:
    reading = session_reader.read(load_text(text))
    assert reading.document.text == text.replace("\0", "\ufffd")
    assert_exact(reading)
    assert_references(reading)


@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_the_same_text_gives_the_same_bytes_and_they_come_back(session_reader: Reader, text: str) -> None:
    document = load_text(text)
    once = encode_reading(session_reader.read(document))
    assert once == encode_reading(session_reader.read(document))
    assert encode_reading(decode_reading(once)) == once


def test_the_examples_keep_the_schema(reader: Reader) -> None:
    validator = Draft202012Validator(reading_schema())
    documents = list(load([EXAMPLES]))
    assert len(documents) >= 8
    for document in documents:
        assert not isinstance(document, Failure)
        reading = reader.read(document)
        validator.validate(json.loads(encode_reading(reading)))
        assert_exact(reading)
        assert reading.run.reader == reader.name


def test_ids_are_hashes_of_content(reader: Reader) -> None:
    first, second = load_text("The army denied it."), load_text("The army denied it.")
    assert first.id == second.id != load_text("The army denied it!").id
    claims = [c.id for c in reader.read(first).claims]
    assert claims and claims == [c.id for c in reader.read(second).claims]
    assert len(set(claims)) == len(claims)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 50_000,
        "The army said " + "that it knew, and " * 5_000 + "left.",
        "“" * 5_000,
        "(" * 20_000 + "x",
        "A. " * 20_000,
        "\n" * 1000 + "x",
        "He said: " * 3_000,
    ],
    ids=["one sentence", "clauses", "quotes", "brackets", "initials", "lines", "cues"],
)
def test_long_and_odd_texts_are_read_exactly(reader: Reader, text: str) -> None:
    assert_exact(reader.read(load_text(text)))
