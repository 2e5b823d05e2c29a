"""The quarrel in plain sentences: what they say, what they rest on, and that they never fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.export.phrases import count_words, day_words, event_words, number_word, with_article
from sayso.export.quarrel import Sentence, quarrel
from sayso.ledger import SqlLedger, open_ledger, views
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.records import Assessment, Holder, Position, Reason, Span
from sayso.settings import Settings
from tests.conftest import EXAMPLES
from tests.link import test_relations as reports
from tests.link.ledgers import put


@pytest.fixture(scope="module")
def raid(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("quarrel") / "raid.db") as ledger:
        add_paths([EXAMPLES], ledger, Settings(), rules)
        link_and_weigh(ledger)
        yield ledger


@pytest.fixture(scope="module")
def assessed(raid: SqlLedger) -> list[Assessment]:
    with raid.engine.connect() as connection:
        (row,) = [r for r in views.events(connection, views.EventFilter()) if r["documents"] == 9]
        return views.assessed(connection, row["id"])


def _texts(sentences: tuple[Sentence, ...]) -> list[str]:
    return [s.text for s in sentences]


def test_it_says_who_holds_denies_counts_and_revises(assessed: list[Assessment]) -> None:
    told = "\n".join(_texts(quarrel(assessed)))
    for sentence in (
        "Eleven independent informants, in 9 documents of 6 origins, held that it happened, among them Vyacheslav Gladkov",
        "Kyiv (a party to the event), Ukraine's military intelligence (a party to the event)",
        "Moscow (a party to the event) accused North Korea.",
        "Vyacheslav Gladkov named a Ukrainian sabotage group as responsible (printed in 3 documents).",
        "Mykhailo Podolyak denied that “Ukraine” had a part in it.",
        "Vyacheslav Gladkov first gave at least 8 injured (printed in 3 documents) and later gave 13.",
        "a doctor of 5",
        "Not all of these counts can hold.",
        "the Defence Ministry (a party to the event) of at least 70.",
        "the day (22 May 2023)",
    ):
        assert sentence in told
    assert "nobody of whom we read" not in told.lower()


def test_nothing_is_said_in_our_own_voice(assessed: list[Assessment]) -> None:
    """Each sentence rests on somebody, but the one that compares counts."""
    for sentence in quarrel(assessed):
        assert any(p.holders for p in sentence.pieces) or sentence.text == "Not all of these counts can hold."


def test_a_retraction_is_no_denial(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "retracted.db") as ledger, ledger.engine.connect() as connection:
        put(ledger, rules, *reports.ALL)
        row = max(views.events(connection, views.EventFilter()), key=lambda r: r["documents"])
        told = _texts(quarrel(views.assessed(connection, row["id"])))
    assert "Serhiy Lysak retracted it, or a part of it." in told
    assert "Serhiy Lysak first gave 8 injured (printed in 2 documents) and later gave 13." in told


def test_nobody_denies_it_only_where_nobody_does(raid: SqlLedger) -> None:
    with raid.engine.connect() as connection:
        for row in views.events(connection, views.EventFilter(limit=None)):
            found = views.assessed(connection, row["id"])
            denied = any(
                p.deniers for a in found for p in a.positions if a.field in {"realis", "responsibility", "actor"}
            )
            assert ("Nobody of whom we read denies it." in _texts(quarrel(found))) is not denied


def test_every_number_rests_on_holders_or_counts(assessed: list[Assessment]) -> None:
    for sentence in quarrel(assessed):
        for piece in sentence.pieces:
            for digits in re.findall(r"\d[\d,]*", piece.text):
                assert piece.holders, f"{digits} in {sentence.text!r} rests on nobody"
                assert int(digits.replace(",", "")) in _known(assessed, piece.holders), sentence.text


def _known(assessed: list[Assessment], holders: tuple[Holder, ...]) -> set[int]:
    """Numbers that these holders or the positions they stand in give."""
    claims = {h.claim for h in holders}
    found = {len({h.informant for h in holders}), len({h.document for h in holders})}
    for position in (p for a in assessed for p in a.positions):
        if claims & {h.claim for h in (*position.holders, *position.deniers)}:
            found |= {position.informants, position.origins, position.documents}
            found |= {int(d) for d in re.findall(r"\d+", position.value)}
    return found


def test_the_limit_keeps_the_most_telling(assessed: list[Assessment]) -> None:
    assert quarrel(assessed, limit=3) == quarrel(assessed)[:3]
    assert quarrel(assessed, limit=3)[0].field == "realis"


def test_a_superseded_count_is_told_as_given_before() -> None:
    told = _texts(
        quarrel([_assessment("casualties.killed", [replace(_position("3", [_holder("Mayor")]), superseded=True)])])
    )
    assert told == ["The mayor first gave 3 killed and later gave another count."]


def test_own_voices_are_counted_and_outlets_named() -> None:
    voices = [_holder(None, informant=f"report:{n}", document=f"d{n}") for n in range(2)]
    named = _holder(None, informant="report:x", document="dx", outlet="Valley Courier")
    (first, *_) = _texts(quarrel([_assessment("where", [_position("Izmail", [*voices, named])])]))
    assert first == "Two reports in their own voice and Valley Courier in its own voice placed it in Izmail."


def test_a_hostile_name_turns_nothing() -> None:
    (sentence, *_) = quarrel([_assessment("where", [_position("X\u202eY\x1b[31m", [_holder("\u202eevil\n<b>")])])])
    assert sentence.text == "�evil <b> placed it in X�Y�[31m."


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (count_words("8"), "8"),
        (count_words("8–"), "at least 8"),
        (count_words("–20"), "up to 20"),
        (count_words("8–12"), "8 to 12"),
        (count_words("12000"), "12,000"),
        (count_words("at least 70"), "at least 70"),
        (count_words("0"), "nobody"),
        (count_words("–"), "an unknown number"),
        (day_words("2023-05-22"), "22 May 2023"),
        (day_words("2023-05-22/2023-06-01"), "22 May 2023 to 1 June 2023"),
        (day_words("2023-05"), "May 2023"),
        (day_words("Monday"), "“Monday”"),
        (event_words("air_strike"), "an air strike"),
        (event_words("shelling"), "shelling"),
        (with_article("Defence Ministry"), "the Defence Ministry"),
        (with_article("Freedom of Russia Legion"), "the Freedom of Russia Legion"),
        (with_article("Ukraine's military intelligence"), "Ukraine's military intelligence"),
        (with_article("A doctor"), "a doctor"),
        (with_article("A. Petrov"), "A. Petrov"),
        (with_article("governor"), "the governor"),
        (with_article("Vyacheslav Gladkov"), "Vyacheslav Gladkov"),
        (number_word(11), "eleven"),
        (number_word(40), "40"),
    ],
)
def test_values_in_words(made: str, expected: str) -> None:
    assert made == expected


# -- arbitrary assessments ----------------------------------------------------------------------------------------


def _holder(speaker: str | None, informant: str = "name:1", document: str = "d1", outlet: str | None = None) -> Holder:
    span = Span(0, 3, "abc")
    return Holder(
        document, "a.txt", outlet, "2024-01-01", speaker, informant, document, "asserts", True, False, span, informant
    )


def _position(value: str, holders: list[Holder]) -> Position:
    return Position(value, tuple(holders), (), len({h.informant for h in holders}), 1, 1, 0, None, None)


def _assessment(field: str, positions: list[Position]) -> Assessment:
    return Assessment("e", field, "single-source", 3, tuple(positions), ())


_WORDS = st.text(max_size=12)
_FIELDS = st.sampled_from(
    [
        "realis",
        "type",
        "responsibility",
        "actor",
        "where",
        "when",
        "casualties.killed",
        "casualties.",
        "target",
        "victim",
        "instrument",
    ]
)
_HOLDERS = st.builds(
    Holder,
    document=st.sampled_from(["d1", "d2"]),
    path=st.none() | _WORDS,
    outlet=st.none() | _WORDS,
    published=st.none() | st.sampled_from(["2024-01-01", "2024-01-02T10:00:00", "?"]),
    speaker=st.none() | _WORDS | st.sampled_from(["A doctor", "governor", "Defence Ministry", "Kyiv"]),
    informant=st.sampled_from(["name:1", "words:he:d1", "report:d1", "unnamed:d2", ""]),
    origin=_WORDS,
    stance=st.sampled_from(["asserts", "denies", "retracts", "accuses", "claims_responsibility", "odd"]),
    holds=st.booleans(),
    interested=st.booleans(),
    span=st.builds(Span, st.just(0), st.just(1), _WORDS),
    claim=st.sampled_from(["c1", "c2", "c3"]),
)
_POSITIONS = st.builds(
    Position,
    value=_WORDS | st.sampled_from(["8–", "8–12", "–", "happened", "2024-13-40", "2024-01-01/"]),
    holders=st.lists(_HOLDERS, max_size=7).map(tuple),
    deniers=st.lists(_HOLDERS, max_size=3).map(tuple),
    informants=st.integers(-1, 15),
    origins=st.integers(-1, 15),
    documents=st.integers(-1, 15),
    outlets=st.integers(-1, 15),
    first_said=st.none(),
    last_said=st.none(),
    superseded=st.booleans(),
)
_ASSESSMENTS = st.builds(
    Assessment,
    event=_WORDS,
    field=_FIELDS | _WORDS,
    status=st.sampled_from(["corroborated", "disputed", "single-source", "denied", "superseded", ""]),
    credibility=st.integers(-1, 9),
    positions=st.lists(_POSITIONS, max_size=9).map(tuple),
    reasons=st.lists(st.builds(Reason, st.sampled_from(["conflict", "denied"]), _WORDS), max_size=2).map(tuple),
)


@given(st.lists(_ASSESSMENTS, max_size=4), st.none() | st.integers(0, 5))
def test_it_never_fails_and_never_says_nothing(assessments: list[Assessment], limit: int | None) -> None:
    given_ = {h for a in assessments for p in a.positions for h in (*p.holders, *p.deniers)}
    for sentence in quarrel(assessments, limit):
        assert len(sentence.text.strip(" .")) > 5
        assert sentence.text.endswith(".")
        assert "  " not in sentence.text
        assert "\n" not in sentence.text
        assert all(p.text for p in sentence.pieces)
        assert {h for p in sentence.pieces for h in p.holders} <= given_
