"""The blocks of a name: two names are compared only when they share one of these keys."""

from __future__ import annotations

from sayso.names.organisations import UNITS, acronyms, inner_acronyms, parse_organisation
from sayso.names.people import known_persons, parse_person, sinitic_key
from sayso.names.places import gazetteer_keys, listed_rows, parse_place
from sayso.names.registry import registry
from sayso.names.scripts import HEAD, even, fold, plain, skeletons

_MOST = 40


def block_keys(name: str, type: str) -> frozenset[str]:
    """Keys of a name; a pair without a common key is never compared. Bounded, so that a hostile name costs little.

    person: skeletons of its last and longest words; place: of all its words; organisation: registry entries, acronyms,
    skeletons of its own words, a unit's number, and what it means where it has no words of its own ("Ministry of
    Defence"), as a whole and each part with the country. Each also has what the tables of other names know, its letters without gaps, and keys that outlive a slip.
    """
    name = name[:HEAD]
    if (bare := plain(name)) != name:
        return _keys(bare, type, _MOST // 2) | _keys(name, type, _MOST // 2)
    return _keys(name, type, _MOST)


def _keys(name: str, type: str, most: int) -> frozenset[str]:
    finder = {"person": _person, "place": _place}.get(type, _organisation)
    sure, words = finder(name)
    joined = fold(name).replace(" ", "")
    sure.add(f"{type[0]}={joined}")
    loose = sorted(f"{type[0]}:{key}" for word in words for key in (*skeletons(word), *_slips(word)))
    return frozenset((sorted(sure) + loose)[:most])


def _person(name: str) -> tuple[set[str], set[str]]:
    words = parse_person(name).words
    sure = {f"p#{row}" for row in known_persons(name)}
    if chinese := sinitic_key(name):
        sure.add(f"p%{chinese}")
    return sure, {words[-1], max(words, key=len)} if words else set()


def _place(name: str) -> tuple[set[str], set[str]]:
    place = parse_place(name)
    sure = {f"l#{row}" for row in listed_rows(name)} | {f"l@{key}" for key in gazetteer_keys(name)}
    if not place.words:
        sure |= {f"l+{c}" for c in place.countries}
    return sure, set(place.words) | {"".join(place.words)} - {""}


def _organisation(name: str) -> tuple[set[str], set[str]]:
    organisation = parse_organisation(name)
    sure = {f"o={i}" for i in registry().find(name)} | {
        f"o.{a}" for a in acronyms(name) | inner_acronyms(name) if len(a) > 1
    }
    if organisation.acronym:
        sure.add(f"o.{organisation.acronym}")
    concepts = {c.name for c in organisation.concepts}
    sure |= {f"o+{unit}+{number}" for unit in concepts & UNITS for number in organisation.numbers}
    if not organisation.words:
        sure |= {f"o+{'+'.join(sorted(concepts))}+{c}" for c in organisation.countries or {""}}
        sure |= {f"o+{concept}+{c}" for concept in concepts for c in organisation.countries}
    return sure, {w for w in organisation.words if len(w) > 1}


def _slips(word: str) -> tuple[str, ...]:
    """Keys that a slip in the middle or a transposition leaves alone: how the word begins, which consonants it has."""
    if len(word) < 5:
        return ()
    return (f"~{even(word)[:4]}", f"^{''.join(sorted(set(word) - set('aeiouy')))}")
