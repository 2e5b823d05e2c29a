"""Times, quantities, places, names: small inputs, exact outputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.read.quantities import find_quantities, number_value
from sayso.read.times import find_times
from sayso.read.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "date", "words", "value"),
    [
        ("It fell on May 22, 2023.", None, "May 22, 2023", "2023-05-22"),
        ("It fell on 22 May.", "2023-05-24", "22 May", "2023-05-22"),
        ("It fell on 22 May.", None, "22 May", "XXXX-05-22"),
        ("It fell on Monday.", "2023-05-24", "Monday", "2023-05-22"),
        ("It fell on Monday.", None, "Monday", "XXXX-WXX-1"),
        ("It fell last night.", "2023-05-24", "last night", "2023-05-23TNI"),
        ("It fell yesterday.", "2023-03-01", "yesterday", "2023-02-28"),
        ("It fell yesterday.", None, "yesterday", None),
        ("It lasted three days.", None, "three days", "P3D"),
        ("It fell two weeks ago.", "2023-05-24", "two weeks ago", "2023-W19"),
        ("It was founded in August 2022.", None, "August 2022", "2022-08"),
        ("In 1942 it fell.", None, "1942", "1942"),
        ("It was built in the 1990s.", None, "the 1990s", "199"),
        ("GUATEMALA CITY, 4 FEB 90", None, "4 FEB 90", "1990-02-04"),
        ("They came last month.", "2023-01-15", "last month", "2022-12"),
        ("They come every day.", None, "every day", "P1D"),
    ],
)
def test_a_time_expression_and_its_value(text: str, date: str | None, words: str, value: str | None) -> None:
    found = [(text[t.start : t.end], t.timex.value) for t in find_times(text, date)]
    assert (words, value) in found


@pytest.mark.parametrize(
    "text", ["It may rain.", "Troops march on.", "The fall of the city.", "2023 soldiers died.", "He has 1,942 men."]
)
def test_what_is_no_time(text: str) -> None:
    assert list(find_times(text, "2023-05-24")) == []


@pytest.mark.parametrize(
    ("text", "low", "high", "hedge"),
    [
        ("12 people", 12, 12, None), ("at least 12 people", 12, None, "at least"), ("up to 30 people", None, 30, "up to"),
        ("two to three people", 2, 3, None), ("about 4,000 men", 4000, 4000, "about"), ("twenty-two men", 22, 22, None),
        ("two hundred and six men", 206, 206, None), ("dozens of men", 24, None, "dozens"), ("hundreds of thousands of men", 200_000, None, "hundreds of thousands"),
        ("1.5 million men", 1_500_000, 1_500_000, None),
    ],
)  # fmt: skip
def test_a_quantity_is_a_range_with_its_hedge(
    text: str, low: float | None, high: float | None, hedge: str | None
) -> None:
    found = next(find_quantities(text)).quantity
    assert (found.low, found.high, found.hedge) == (low, high, hedge)


@given(st.integers(min_value=0, max_value=10**9))
def test_digits_with_or_without_commas_are_their_number(number: int) -> None:
    assert number_value(f"{number:,}") == number == number_value(str(number))


def test_tokens_cover_every_letter_once() -> None:
    text = "Gov. Ivan O’Brien’s “cross-border” U.S. raid: 1,200 men—no, 30%… ok?"
    tokens = tokenize(text)
    covered = {k for a, b in zip(tokens.start, tokens.end, strict=True) for k in range(a, b)}
    assert covered == {k for k, c in enumerate(text) if not c.isspace()}
    assert len(tokens.sentence_of) == len(tokens)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He left. She stayed.", 2), ("Gen. Smith left. He was late.", 2), ("J. Smith left.", 1), ("“Stop.” He ran.", 2), ("It cost 3.5 million. Fine.", 2),
        ("“Stop!” he said. “Now.”", 2), ("One\nTwo", 2), ("In the U.S. The army left.", 2), ("No end", 1),
    ],
)  # fmt: skip
def test_sentences(text: str, sentences: int) -> None:
    from sayso.ontology import load_ontology

    assert len(tokenize(text, load_ontology().terms["kinship_abbreviations"]).sentences) == sentences


@pytest.mark.parametrize(
    ("text", "words", "name", "country", "precision"),
    [
        (
            "Shells fell in the Grajvoronsky district of the Belgorod region.",
            "Grajvoronsky district",
            "Grayvoron",
            "RU",
            "city",
        ),
        ("Shells fell in the Belgorod region.", "the Belgorod region", "Belgorod", "RU", "province"),
        ("He arrived in Kiev.", "Kiev", "Kyiv", "UA", "city"),
        ("A fire in Alexandria, La., was put out. Louisiana police came.", "Alexandria", "Alexandria", "US", "city"),
        ("The Russian army left.", "Russian", "Russia", "RU", "country"),
        ("Troops left Colombia.", "Colombia", "Colombia", "CO", "country"),
    ],
)
def test_a_place_and_how_precisely_it_is_known(
    text: str, words: str, name: str, country: str, precision: str, read
) -> None:
    places = [(m.text, m.place.name, m.place.country, m.place.precision) for m in read(text).mentions if m.place]
    assert any(words in t and (n, c, p) == (name, country, precision) for t, n, c, p in places), places


def test_a_place_keeps_its_namesakes(read) -> None:
    place = next(m.place for m in read("Nobody was hurt in Springfield.").mentions if m.place)
    assert len(place.alternatives) >= 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Russian Volunteer Corps (RDK) left. The RDK came back.", {"Russian Volunteer Corps", "RDK"}),
        ("Governor Ivan Petrov spoke. Petrov left.", {"Ivan Petrov", "Petrov"}),
        ("The Legion of Freedom for Russia and its allies. The ‘Freedom for Russia’ Legion left.", {"Legion of Freedom for Russia", "Freedom for Russia Legion"}),
    ],
)  # fmt: skip
def test_names_of_one_thing_are_one_entity(text: str, names: set[str], read) -> None:
    assert any(names <= {e.name, *e.aliases} for e in read(text).entities)


def test_a_namesake_with_another_first_name_stays_apart(read) -> None:
    entities = [e for e in read("Ivan Petrov spoke. Maria Petrov left.").entities if e.type == "Person"]
    assert len(entities) == 2
