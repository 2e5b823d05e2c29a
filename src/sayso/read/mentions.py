"""Noun phrases → typed mentions: who and what is named or described, with times and quantities beside them.

Types follow re3d (Dstl): Person, Organisation, Location, Nationality, Temporal, Quantity, Money, Weapon,
MilitaryPlatform, Vehicle, DocumentReference, Event, Other.
"""

from __future__ import annotations

from sayso.read.kinds import DIRECTIONS, Found, Typer
from sayso.read.names import drop_false_parts, join_names, mark_listed_places
from sayso.read.page import Page
from sayso.read.phrases import Phrase
from sayso.read.quantities import Amount, find_quantities
from sayso.read.times import find_times
from sayso.read.words import PERSON_PRONOUNS
from sayso.records import Span

_PERSON_PRONOUNS = PERSON_PRONOUNS - {"we", "us", "our", "my", "me", "i"} | {"who", "i", "we", "they", "them", "their"}


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
        if page.tokens.lower[phrase.first] == "no":
            continue  # "no group" is nobody, not a group
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
    found = join_names(page, found)
    found = drop_false_parts(found, typer)
    mark_listed_places(page, found)
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
        if typer.is_demonym(lead):
            inner.append(Found(first, first + 1, tokens.span(first, first + 1), "Nationality", True, lead))
        if (first, last) == (phrase.first, phrase.last) or tokens.span(first, last).text == outer_name:
            continue
        text = tokens.span(first, last).text
        if typer.is_demonym(text) or text.lower() in typer.terms["titles"] or text.lower() in DIRECTIONS:
            continue
        kind = typer.type_name(text, tokens.words[first:last], "", set(), tokens.caps)
        if (
            kind == "Location"
            and outer == "Organisation"
            and len(typer.gazetteer.lookup(text)) > 0
            and typer.gazetteer.lookup(text)[0].kind == "city"
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
        if first in times or first >= len(tokens):
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
