"""Names of several parts: "Legion of Freedom for Russia", "the ‘Freedom for Russia’ Legion", lists of villages."""

from __future__ import annotations

from sayso.read.kinds import Found, Typer
from sayso.read.page import Page


def join_names(page: Page, found: list[Found]) -> list[Found]:
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


def drop_false_parts(found: list[Found], typer: Typer) -> list[Found]:
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
            places = typer.gazetteer.lookup(f.name or "")
            if not places or places[0].kind != "country":
                continue
        kept.append(f)
    return kept


def mark_listed_places(page: Page, found: list[Found]) -> None:
    """ "Lyubimovka, Bezlyudovka and Churovichi": an unknown name in a list with a place is a place."""
    named = sorted((f for f in found if f.named and f.type in {"Other", "Location"}), key=lambda f: f.first)
    for _ in range(2):
        for left, right in zip(named, named[1:], strict=False):
            between = page.tokens.text[left.span.end : right.span.start].strip()
            if between in {",", "and", ", and"} and {left.type, right.type} == {"Other", "Location"}:
                left.type = right.type = "Location"
