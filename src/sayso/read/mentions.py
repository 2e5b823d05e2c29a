"""Noun phrases → typed mentions: who and what is named or described, with times and quantities beside them.

Types follow re3d (Dstl): Person, Organisation, Location, Nationality, Temporal, Quantity, Money, Weapon,
MilitaryPlatform, Vehicle, DocumentReference, Event, Other.
"""

from __future__ import annotations

from dataclasses import dataclass

from sayso.gazetteer import Gazetteer
from sayso.read.page import Page
from sayso.read.phrases import Phrase
from sayso.read.quantities import Amount, find_quantities
from sayso.read.times import MONTHS, find_times
from sayso.read.words import PERSON_PRONOUNS
from sayso.records import Quantity, Span, Timex

_POPULATION = {1: 15_000, 2: 5_000, 3: -1}
"""people that a town must have for its name to mean it, by the words of the name: one word is often a surname"""
_DIRECTIONS = frozenset("western eastern northern southern central west east north south".split())
_PERSON_PRONOUNS = PERSON_PRONOUNS - {"we", "us", "our", "my", "me", "i"} | {"who", "i", "we", "they", "them", "their"}


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


class Typer:
    """Decides what kind of thing a noun phrase stands for. Made once a reader."""

    def __init__(self, terms: dict[str, frozenset[str]], gazetteer: Gazetteer, actors: dict[str, str]) -> None:
        self._terms = terms
        self._gazetteer = gazetteer
        self._actors = actors
        self._known = frozenset(terms["known_organisations"])
        self._known_lower = frozenset(w.lower() for w in self._known)
        self._nouns = [
            (terms["person_nouns"], "Person"),
            (terms["organisation_nouns"], "Organisation"),
            (terms["weapon_nouns"], "Weapon"),
            (terms["platform_nouns"], "MilitaryPlatform"),
            (terms["vehicle_nouns"], "Vehicle"),
            (terms["document_nouns"], "DocumentReference"),
            (terms["place_nouns"], "Location"),
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
            if kind in {"Organisation", "Location"} and not self._is_demonym(text) and text.lower() not in _DIRECTIONS:
                return kind, True, tokens.span(first, phrase.last).text
            return kind, False, None
        return self._by_name(text, words, before, persons, tokens.caps), True, text

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
        titles = self._terms["titles"]
        while first < last - 1 and (
            lower[first] in titles or lower[first] == "former" or self._is_demonym_before(page, first, last)
        ):
            first += 1
        return first, last

    def _is_demonym_before(self, page: Page, first: int, last: int) -> bool:
        """ "Ukrainian President Volodymyr Zelensky": a nationality in front of a title."""
        return (
            last - first > 2
            and page.tokens.lower[first + 1] in self._terms["titles"]
            and self._is_demonym(page.tokens.words[first])
        )

    def _by_noun(self, lower: list[str], phrase: Phrase, head: str) -> str:
        pair = f"{lower[phrase.last - 2]} {head}" if phrase.last - phrase.first > 1 else ""
        for words, kind in self._nouns:
            if pair in words:
                return kind
        for words, kind in self._nouns:
            if head in words:
                return kind
        if head in self._terms["target_nouns"]:
            return "Other"
        return "Location" if head in self._terms["location_words"] else ""

    def _by_name(self, text: str, words: list[str], before: str, persons: set[str], caps: bool) -> str:
        lower = [w.lower().rstrip(".") for w in words]
        if known := self._actors.get(text.lower()):
            return known
        if text in self._known or (caps and text.lower() in self._known_lower):
            return "Organisation"
        if before.rstrip(".") in self._terms["titles"] and before not in {"chief", "agent"}:
            return "Person"
        if len(words) == 1 and lower[0] in MONTHS:
            return ""
        if lower[-1] == "department" and self._gazetteer.lookup(" ".join(words[:-1])):
            return "Location"
        if lower[-1] in self._terms["organisation_words"] and (len(words) > 1 or before == ""):
            return "Organisation"
        country = self._country(words[-1])
        if not country and (lower[-1] in persons or text.lower() in persons):
            return "Person"
        if lower[-1] in self._terms["location_words"] and len(words) > 1:
            return "Location"
        if len(words) == 1 and self._is_demonym(text):
            return "Nationality"
        places = self._gazetteer.lookup(text)
        if places and (
            places[0].kind in {"country", "province"} or places[0].population > _POPULATION[min(len(words), 3)]
        ):
            return "Location"
        if len(words) == 1 and words[0].isupper() and 2 <= len(words[0]) <= 7 and not caps:
            return "Organisation"
        if any(w in self._terms["organisation_words"] for w in lower):
            return "Organisation"
        if country:
            return "Location"
        if len(words) >= 2:
            return "Person"
        return "Location" if places and places[0].population > 2_000 else "Other"

    def _country(self, word: str) -> bool:
        places = self._gazetteer.lookup(word)
        return bool(places) and places[0].kind == "country" and not self._is_demonym(word)

    def _is_demonym(self, text: str) -> bool:
        found = self._demonyms.get(text)
        if found is None:
            places = self._gazetteer.lookup(text)
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
                and self._is_demonym(text[:-1])
            )
            self._demonyms[text] = found
        return found


def find_mentions(page: Page, typer: Typer, published: str | None) -> list[Found]:
    """Every mention of the page in text order, outer before inner."""
    tokens = page.tokens
    found: list[Found] = [
        Found(
            tokens.at(t.start),
            tokens.at(t.end - 1) + 1,
            Span(t.start, t.end, tokens.text[t.start : t.end]),
            "Temporal",
            False,
            timex=t.timex,
        )
        for t in find_times(tokens.text, published)
    ]
    times = {k for f in found for k in range(f.first, f.last)}
    persons: set[str] = set()
    amounts = {tokens.at(a.start): a for a in find_quantities(tokens.text)}
    typed: list[tuple[Phrase, str, bool, str | None]] = []
    for phrase in page.phrases:
        while phrase.first in times and phrase.first < phrase.head:
            phrase = Phrase(phrase.first + 1, phrase.last)
        if phrase.head in times or all(k in times for k in range(phrase.first, phrase.last)):
            continue
        kind, named, name = typer.type_phrase(page, phrase, persons)
        if kind == "Person" and name:
            persons.add(name.split()[-1].lower())
        typed.append((phrase, kind, named, name))
    for phrase, kind, named, name in typed:
        if kind == "Location" and name and name.lower() in persons:
            kind = "Person"
        if kind:
            found.append(_mention(page, phrase, kind, named, name, amounts))
        found.extend(_inner_names(page, phrase, typer, kind, name))
    found.extend(_amounts(page, amounts, times))
    found.extend(_pronouns(page))
    found = _joined_names(page, found)
    found = _without_false_parts(found, typer)
    _listed_places(page, found)
    unique: dict[tuple[int, int], Found] = {}
    for f in found:
        unique.setdefault((f.span.start, f.span.end), f)
    return sorted(unique.values(), key=lambda f: (f.span.start, -f.span.end))


def _mention(page: Page, phrase: Phrase, kind: str, named: bool, name: str | None, amounts: dict[int, Amount]) -> Found:
    first = phrase.first
    quantity = None
    for k in range(max(0, first - 3), phrase.last):
        amount = amounts.get(k)
        if (
            amount is not None
            and page.tokens.at(amount.end - 1) < phrase.last
            and page.tokens.at(amount.end - 1) >= first
        ):
            quantity = amount.quantity
            break
    return Found(first, phrase.last, page.tokens.span(first, phrase.last), kind, named, name, quantity=quantity)


def _inner_names(page: Page, phrase: Phrase, typer: Typer, outer: str, outer_name: str | None) -> list[Found]:
    """Names nested in a phrase: "Russia’s Federal Security Service", "Ukrainian President", "RDK fighters"."""
    tokens, inner = page.tokens, []
    runs: list[tuple[int, int]] = []
    k = phrase.first
    while k < phrase.last:
        if tokens.tags[k] == "Z":
            end = k
            while end < phrase.last and tokens.tags[end] == "Z":
                end += 1
            runs.append((k, end))
            k = end
        k += 1
    for first, last in runs:
        lead = tokens.words[first]
        if typer._is_demonym(lead):
            inner.append(Found(first, first + 1, tokens.span(first, first + 1), "Nationality", True, lead))
        if (first, last) == (phrase.first, phrase.last) or tokens.span(first, last).text == outer_name:
            continue
        text = tokens.span(first, last).text
        if typer._is_demonym(text) or text.lower() in typer._terms["titles"] or text.lower() in _DIRECTIONS:
            continue
        kind = typer._by_name(text, tokens.words[first:last], "", set(), tokens.caps)
        if (
            kind == "Location"
            and outer == "Organisation"
            and len(typer._gazetteer.lookup(text)) > 0
            and typer._gazetteer.lookup(text)[0].kind == "city"
            and outer_name
            and text not in outer_name
        ):
            continue
        if kind not in {"Other", "Person"} or (kind == "Person" and last < phrase.last and tokens.tags[last] == "O"):
            inner.append(Found(first, last, tokens.span(first, last), kind, True, text))
    return inner


def _amounts(page: Page, amounts: dict[int, Amount], times: set[int]) -> list[Found]:
    tokens, result = page.tokens, []
    for first, amount in amounts.items():
        last = tokens.at(amount.end - 1) + 1
        if first in times or first >= len(tokens) or amount.quantity.kind == "count":
            continue
        span = Span(amount.start, amount.end, tokens.text[amount.start : amount.end])
        kind = "Money" if amount.quantity.kind == "money" else "Quantity"
        result.append(Found(first, last, span, kind, False, quantity=amount.quantity))
    return result


def _pronouns(page: Page) -> list[Found]:
    tokens = page.tokens
    return [
        Found(k, k + 1, tokens.span(k, k + 1), "Person", False, pronoun=True)
        for k, word in enumerate(tokens.lower)
        if word in _PERSON_PRONOUNS and tokens.tags[k] in "RDS"
    ] + [
        Found(k, k + 1, tokens.span(k, k + 1), "Organisation", False, pronoun=True)
        for k, word in enumerate(tokens.lower[:-1])
        if word == "it" and _speaks(page, k + 1)
    ]


def _speaks(page: Page, k: int) -> bool:
    """Whether a cue follows: "it added that …" has a speaker, "it rained" has none."""
    tokens = page.tokens
    while k < len(tokens) - 1 and tokens.tags[k] in "XA":
        k += 1
    return tokens.tags[k] == "V" and tokens.lower[k] in page.ontology.cue_forms


def _joined_names(page: Page, found: list[Found]) -> list[Found]:
    """ "the Legion" + "of" + "Freedom" + "for" + "Russia": one name when it begins with a word for an organisation."""
    tokens = page.tokens
    words = page.ontology.terms["organisation_words"]
    for mention in found:
        if (
            not mention.named
            or mention.type not in {"Organisation", "Other", "Person", "Location"}
            or mention.last >= len(tokens)
        ):
            continue
        opens = tokens.lower[mention.last - 1] in words or (
            mention.name and tokens.lower[mention.last - 1] == "university"
        )
        last = mention.last
        if opens:
            while last + 1 < len(tokens) and tokens.lower[last] in {"of", "for"} and tokens.tags[last + 1] in "ZD":
                following = page.phrase_at(last + 1)
                if (
                    following is None
                    or "Z" not in tokens.tags[following.first : following.last]
                    or tokens.tags[following.head] != "Z"
                ):
                    break
                last = following.last
        if last > mention.last:
            mention.last, mention.type = last, "Organisation"
            mention.span = tokens.span(mention.first, last)
            start = mention.first + (tokens.tags[mention.first] == "D")
            mention.name = tokens.span(start, last).text
        _quoted_front(page, mention, words)
        _named_front(page, mention, words)
    return found


def _named_front(page: Page, mention: Found, words: frozenset[str]) -> None:
    """ "the Freedom of Russia Legion": a capitalised word and "of" before a name that ends in a word for an organisation."""
    tokens = page.tokens
    at = mention.first - 1
    if (
        at < 1
        or tokens.lower[at] not in {"of", "for"}
        or tokens.lower[mention.last - 1] not in words
        or tokens.tags[at - 1] != "Z"
    ):
        return
    front = page.phrase_at(at - 1)
    if (
        front is None
        or tokens.tags[front.first : front.last].strip("D").strip("Z")
        or tokens.lower[at - 1] in words | page.ontology.terms["titles"]
    ):
        return
    mention.first = front.first
    mention.span = tokens.span(mention.first, mention.last)
    mention.type = "Organisation"
    mention.name = tokens.span(front.first + (tokens.tags[front.first] == "D"), mention.last).text


def _quoted_front(page: Page, mention: Found, words: frozenset[str]) -> None:
    """ "the ‘Freedom for Russia’ Legion": the quoted words before a word for an organisation belong to its name."""
    tokens = page.tokens
    at = mention.first - 1
    if tokens.lower[mention.last - 1] not in words or at < 2 or tokens.words[at] not in "’'\"”":
        return
    opener = {"’": "‘", "'": "'", '"': '"', "”": "“"}[tokens.words[at]]
    opened = next((k for k in range(at - 1, max(-1, at - 8), -1) if tokens.words[k] == opener), -1)
    quoted = tokens.tags[opened + 1 : at]
    if opened < 0 or not quoted or any(t not in "ZP" for t in quoted):
        return
    mention.first = opened - 1 if opened and tokens.tags[opened - 1] == "D" else opened
    mention.span = tokens.span(mention.first, mention.last)
    mention.type = "Organisation"
    mention.name = tokens.span(opened + 1, at).text + " " + tokens.span(at + 1, mention.last).text


def _without_false_parts(found: list[Found], typer: Typer) -> list[Found]:
    """ "Freedom" in "Legion of Freedom for Russia" is no town: parts of a name stay only when they are countries."""
    whole = [f for f in found if f.type == "Organisation" and f.named and f.last - f.first > 2]
    covered = {k: f for f in whole for k in range(f.first, f.last)}
    kept = []
    for f in found:
        outer = covered.get(f.first)
        if (
            outer
            and outer is not f
            and f.last <= outer.last
            and f.named
            and f.type not in {"Nationality", "Organisation"}
        ):
            places = typer._gazetteer.lookup(f.name or "")
            if not places or places[0].kind != "country":
                continue
        kept.append(f)
    return kept


def _listed_places(page: Page, found: list[Found]) -> None:
    """ "Lyubimovka, Bezlyudovka and Churovichi": an unknown name in a list with a place is a place."""
    named = sorted((f for f in found if f.named and f.type in {"Other", "Location"}), key=lambda f: f.first)
    for _ in range(2):
        for left, right in zip(named, named[1:], strict=False):
            between = page.tokens.text[left.span.end : right.span.start].strip()
            if between in {",", "and", ", and"} and {left.type, right.type} == {"Other", "Location"}:
                left.type = right.type = "Location"
