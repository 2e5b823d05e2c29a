"""Odd documents, and what the trained reader must not care about."""

from __future__ import annotations

import pytest

from sayso.ingest import load_text
from sayso.read import Reader, load_reader
from tests.spans import assert_exact, assert_references

REPORT = (
    "The army said on Monday that rebels had attacked a police station in Kidal and killed four officers. "
    "A spokesman for the Azawad Front denied that its fighters were involved. “We were not there,” he said.\n\n"
)


@pytest.fixture(scope="module")
def compact() -> Reader:
    return load_reader("compact")


def _speakers(reader: Reader, text: str) -> list[str]:
    return [a.source.text.lower() if a.source else "" for a in reader.read(load_text(text)).attributions]


def test_letter_case_does_not_matter_to_who_speaks(compact: Reader) -> None:
    assert _speakers(compact, REPORT.upper())[:2] == _speakers(compact, REPORT)[:2]


@pytest.mark.parametrize(
    "text",
    [
        REPORT * 400,
        "word and " * 25_000,
        "a, b; " * 5_000 + "said.",
        "| day | killed | injured |\n|---|---|---|\n" + "| Monday | 12 | 30 |\n" * 300,
        "[BEGIN RECORDING] RUIZ: They came at dawn. GARCIA: Who? RUIZ: Men with rifles. [END RECORDING]",
        "“One.” “Two,” he said. “Three.”\n" * 200,
        "Army denies raid\nPolice: no arrests\nTwelve dead, says mayor\n",
        "\u200b\u2060\ufeff \x00 \u202e said",
        "Die Armee sagte am Montag, Rebellen hätten eine Polizeiwache angegriffen. " * 5,
    ],
    ids=["long", "one sentence", "commas", "table", "transcript", "quotations", "headlines", "marks", "German"],
)
def test_odd_documents_are_read(compact: Reader, text: str) -> None:
    reading = compact.read(load_text(text))
    assert reading.document.text == text.replace("\0", "\ufffd")
    assert_exact(reading)
    assert_references(reading)


def test_another_language_is_said_so(compact: Reader) -> None:
    text = "Die Armee sagte am Montag, dass Rebellen eine Polizeiwache angegriffen und vier Beamte getötet hätten. " * 3
    assert "other_language" in {w.kind for w in compact.read(load_text(text)).warnings}
