"""What kind of thing a noun phrase stands for, by its name, its head noun and what lists and gazetteer know."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.gazetteer import Gazetteer
from sayso.read.page import Page
from sayso.read.phrases import Phrase
from sayso.read.timex import MONTHS
from sayso.records import Quantity, Span, Timex

_POPULATION = {1: 15_000, 2: 5_000, 3: -1}
"""people that a town must have for its name to mean it, by the words of the name: one word is often a surname"""


DIRECTIONS = frozenset("western eastern northern southern central west east north south".split())


@dataclass(slots=True)
class Found:
    """A mention in the making. `name`: the proper name within it, without title and description."""

    first: int
    last: int
    span: Span
    type: str
    named: bool
    name: str | None = None
    timex: Timex | None = None
    quantity: Quantity | None = None
    pronoun: bool = False
    entity: int = -1
    toponym: bool | None = None
    """whether it names a place here, where a trained reader knows; None: as its type says"""


class Typer:
    """Decides what kind of thing a noun phrase stands for. Made once a reader."""

    def __init__(self, terms: dict[str, frozenset[str]], gazetteer: Gazetteer, actors: dict[str, str]) -> None:
        self.terms = terms
        self.gazetteer = gazetteer
        self._actors = actors
        self._known = frozenset(terms["known_organisations"])
        self._known_places = terms["known_locations"]
        self._known_places_lower = frozenset(w.lower() for w in self._known_places)
        self._known_lower = frozenset(w.lower() for w in self._known)
        self._nouns = [
            (terms["person_nouns"], "Person"),
            (terms["organisation_nouns"], "Organisation"),
            (terms["weapon_nouns"], "Weapon"),
            (terms["platform_nouns"], "MilitaryPlatform"),
            (terms["vehicle_nouns"], "Vehicle"),
            (terms["document_nouns"], "DocumentReference"),
            (terms["place_nouns"] | terms["facility_nouns"], "Location"),
        ]
        self._demonyms: dict[str, bool] = {}

    def type_phrase(self, page: Page, phrase: Phrase, persons: set[str]) -> tuple[str, bool, str | None]:
        """(type or "", named, the name in it)."""
        tokens = page.tokens
        tags = tokens.tags[phrase.first : phrase.last]
        head = tokens.lower[phrase.head]
        name = self._name_part(page, phrase)
        if name is None:
            return self._by_noun(tokens.lower, phrase, head), False, None
        first, last = name
        words = tokens.words[first:last]
        text = tokens.span(first, last).text
        before = tokens.lower[first - 1] if first > phrase.first else ""
        tail = [
            w for w, t in zip(tokens.lower[last : phrase.last], tags[last - phrase.first :], strict=True) if t in "WJ"
        ]
        if tail:  # "Ukrainian spokesman", "RDK fighters", "Kremlin dictatorship"
            kind = self._by_noun(tokens.lower, phrase, head)
            if (
                kind in {"Organisation", "Location"}
                and head not in self.terms["facility_nouns"]
                and not self.is_demonym(text)
                and text.lower() not in DIRECTIONS
            ):
                return kind, True, tokens.span(first, phrase.last).text
            return kind, False, None
        return self.type_name(text, words, before, persons, tokens.caps), True, text

    def _name_part(self, page: Page, phrase: Phrase) -> tuple[int, int] | None:
        """The last run of capitalised words that is not only a title."""
        tags = page.tokens.tags
        last = phrase.last
        while last > phrase.first and tags[last - 1] not in "Z":
            last -= 1
        first = last
        while (
            first > phrase.first
            and tags[first - 1] in "ZM"
            and not (tags[first - 1] == "M" and first - 1 == phrase.first)
        ):
            first -= 1
        if first == last:
            return None
        lower = page.tokens.lower
        titles = self.terms["titles"]
        while first < last - 1 and (
            lower[first] in titles or lower[first] == "former" or self._is_demonym_before(page, first, last)
        ):
            first += 1
        return first, last

    def _is_demonym_before(self, page: Page, first: int, last: int) -> bool:
        """ "Ukrainian President Volodymyr Zelensky": a nationality in front of a title."""
        return (
            last - first > 2
            and page.tokens.lower[first + 1] in self.terms["titles"]
            and self.is_demonym(page.tokens.words[first])
        )

    def _by_noun(self, lower: list[str], phrase: Phrase, head: str) -> str:
        pair = f"{lower[phrase.last - 2]} {head}" if phrase.last - phrase.first > 1 else ""
        for words, kind in self._nouns:
            if pair in words:
                return kind
        for words, kind in self._nouns:
            if head in words:
                return kind
        if head in self.terms["target_nouns"]:
            return "Other"
        return "Location" if head in self.terms["location_words"] else ""

    def type_name(self, text: str, words: list[str], before: str, persons: set[str], caps: bool) -> str:
        lower = [w.lower().rstrip(".") for w in words]
        if known := self._actors.get(text.lower()):
            return known
        if text in self._known or (caps and text.lower() in self._known_lower):
            return "Organisation"
        if text in self._known_places or (caps and text.lower() in self._known_places_lower):
            return "Location"
        if before.rstrip(".") in self.terms["titles"] and before not in {"chief", "agent"}:
            return "Person"
        if len(words) == 1 and lower[0] in MONTHS:
            return ""
        if lower[-1] == "department" and self.gazetteer.lookup(" ".join(words[:-1])):
            return "Location"
        if lower[-1] in self.terms["organisation_words"] and (len(words) > 1 or before == ""):
            return "Organisation"
        country = self._country(words[-1])
        if not country and (lower[-1] in persons or text.lower() in persons):
            return "Person"
        if lower[-1] in self.terms["location_words"] and len(words) > 1:
            return "Location"
        if len(words) == 1 and self.is_demonym(text):
            return "Nationality"
        places = self.gazetteer.lookup(text)
        if places and (
            places[0].kind in {"country", "province"} or places[0].population > _POPULATION[min(len(words), 3)]
        ):
            return "Location"
        if len(words) == 1 and words[0].isupper() and 2 <= len(words[0]) <= 7 and not caps:
            return "Organisation"
        if any(w in self.terms["organisation_words"] for w in lower):
            return "Organisation"
        if country:
            return "Location"
        if len(words) >= 2:
            return "Person"
        return "Location" if places and places[0].population > 2_000 else "Other"

    def _country(self, word: str) -> bool:
        places = self.gazetteer.lookup(word)
        return bool(places) and places[0].kind == "country" and not self.is_demonym(word)

    def is_demonym(self, text: str) -> bool:
        found = self._demonyms.get(text)
        if found is None:
            places = self.gazetteer.lookup(text)
            country = next((p for p in places if p.kind == "country"), None)
            endings = (
                "an",
                "ian",
                "ese",
                "ish",
                "i",
                "ch",
                "sh",
                "ans",
                "ians",
                "is",
                "ic",
                "ek",
                "eks",
                "iot",
                "chs",
                "ss",
                "tch",
            )
            found = country is not None and text.lower() != country.name.lower() and text.lower().endswith(endings)
            found = found or (
                text.lower().endswith("s")
                and len(text) > 5
                and text.lower().endswith(("ians", "ans", "is"))
                and self.is_demonym(text[:-1])
            )
            self._demonyms[text] = found
        return found
