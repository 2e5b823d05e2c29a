"""Search on PostgreSQL finds what it finds in a file: the same documents for the same words and phrases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.ingest import load_bytes
from sayso.ledger import SqliteLedger, SqlLedger, open_ledger
from sayso.ledger.engines.words import folded, snippet, terms, vectors
from sayso.records import Document

_TEXTS = (
    "Drones hit the gas pipeline. Machine guns fired; the machine’s guns did not.",
    "El ejército negó el ataque en Córdoba; l’armée a nié l’attaque à Orléans.",
    "Войска отрицали удар по Ёлкино и Майкопу. Нікополь обстріляли.",
    "القوات نفت الهجوم على المدينة، وقالت إن ٣ أشخاص قتلوا.",
    "Don't say e-mail or snake_case, it's O'Neill's re-entry at 7:30 (U.S.).",
    "Ça a e\u0301te\u0301 nié: ÅNGSTRÖM, İstanbul, STRASSE, Straße, Ǻ, ệ, ﬁre.",
    "军方否认袭击。 the the the the guns guns machine",
)
_ASKED = (
    "gas pipeline", '"machine guns"', '"guns machine"', "machine guns", "ejercito cordoba", "EJÉRCITO", '"l’attaque a orleans"',
    "елкино", "Ёлкино", "майкоп", "маикоп", "нікополь", "الهجوم", "٣", "don't", "e-mail", "snake_case", "snake", "o'neill's", "7:30",
    "u.s.", "ete nie", "angstrom", "istanbul", "strasse", "straße", "fire", "ﬁre", "军方", "否认", '"the the the"', "pipe", '"gas pipe"', '"gas"',
    "_", "*", "AND OR", "a:b", "nie", "Ǻ", "e", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def both(server, tmp_path_factory: pytest.TempPathFactory):
    here, there = open_ledger(server.database()), SqliteLedger(tmp_path_factory.mktemp("words") / "w.db")
    for ledger in (here, there):
        run = ledger.run_id("none", "1", None)
        for number, text in enumerate(_TEXTS):
            _put(ledger, text, f"{number}.txt", run)
    with here, there:
        yield here, there


def _put(ledger: SqlLedger, text: str, name: str, run: int) -> None:
    (document,) = load_bytes(text.encode(), name)
    assert isinstance(document, Document)
    ledger.add(document, None, run)


def _found(ledger: SqlLedger, words: str) -> set[str]:
    return {row["path"] for row in ledger.search(words)}


@pytest.mark.parametrize("words", _ASKED)
def test_the_same_documents_as_in_a_file(both: tuple[SqlLedger, SqlLedger], words: str) -> None:
    assert _found(both[0], words) == _found(both[1], words)


_PIECES = [w for t in _TEXTS for w in t.split()]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*_PIECES, '"', "-", "'"]), max_size=4), st.text(max_size=3))
def test_whatever_is_typed(both: tuple[SqlLedger, SqlLedger], words: list[str], odd: str) -> None:
    asked = " ".join(words)
    assert _found(both[0], asked) == _found(both[1], asked)
    both[0].search(asked + odd.encode(errors="ignore").decode())


def test_long_texts_keep_every_place(server, tmp_path: Path) -> None:
    """More words, and more of one, than the engine keeps the places of; one word longer than it takes; a phrase across parts."""
    words = [f"w{n}" for n in range(9000)]
    with open_ledger(server.database()) as ledger:
        run = ledger.run_id("none", "1", None)
        _put(ledger, " ".join(words), "long.txt", run)
        _put(ledger, "alpha " * 900 + "omega " + "x" * 5000, "same.txt", run)
        for at in (0, 4000, 4090, 4094, 4096, 8100, 8990):
            assert _found(ledger, '"' + " ".join(words[at : at + 10]) + '"') == {"long.txt"}
        assert _found(ledger, '"' + " ".join(words[4000:4200]) + '"') == {"long.txt"}
        assert not _found(ledger, '"w4096 w4095"')
        assert _found(ledger, '"alpha omega"') == {"same.txt"} == _found(ledger, "x" * 5000)
        assert _found(ledger, "w1 w8999") == {"long.txt"} and not _found(ledger, "w1 omega")
        assert ledger.verify() == []


@given(st.text(max_size=300))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    for start, end, word in folded(text):
        assert 0 <= start < end <= len(text) and word and word == word.lower()
        assert list(vectors(text, "D"))


@given(st.text(max_size=400), st.lists(st.sampled_from(["a", "army", "é"]), min_size=1, max_size=2))
def test_a_snippet_is_of_the_text(text: str, words: list[str]) -> None:
    clean = text.replace("\x02", "").replace("\x03", "")
    shown = snippet(clean, terms(" ".join(words)))
    assert shown.count("\x02") == shown.count("\x03")
    assert shown.replace("\x02", "").replace("\x03", "").removeprefix(" … ").removesuffix(" … ") in clean


def test_a_snippet_shows_what_was_found() -> None:
    text = " ".join(f"word{n}" for n in range(500)) + " the Army denied it " + "more " * 200
    shown = snippet(text, terms('"army denied"'))
    assert "\x02Army denied\x03" in shown and shown.startswith(" … ") and shown.endswith(" … ") and len(shown) < 300


def test_a_title_weighs_more_than_the_text(server) -> None:
    page = "<html><head><title>{}</title></head><body><p>{}</p></body></html>"
    with open_ledger(server.database()) as ledger:
        run = ledger.run_id("none", "1", None)
        text = "The council met on Monday in the town hall and spoke of water, roads and the bridge. " * 3
        _put(ledger, page.format("Council meets", text + "A drone was seen."), "text.html", run)
        _put(ledger, page.format("Drone over the town", text), "title.html", run)
        assert [r["path"] for r in ledger.search("drone")] == ["title.html", "text.html"]
