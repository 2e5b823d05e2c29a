"""Names and descriptions: the network says where they are and of what type, the rules bring times, amounts and places."""

from __future__ import annotations

from sayso.read.compact import labels
from sayso.read.compact.sight import Sight, runs
from sayso.read.kinds import Found, Typer
from sayso.read.page import Page
from sayso.read.phrases import Phrase

_COUNTED = frozenset({"Temporal", "Quantity", "Money"})
"""types whose spans and values the rules know exactly"""


def merge_mentions(page: Page, sight: Sight, written: list[Found], typer: Typer, bias: float) -> list[Found]:
    """The network's mentions with the rules' nested in them; the rules' own only where nothing speaks against them."""
    seen = {
        (first, last): labels.MENTIONS[kind]
        for first, last, kind, _ in runs(sight.tags["mention"], bias)
        if any(page.tokens.words[k][0].isalnum() for k in range(first, last))
    }
    exact = {(f.first, f.last) for f in written if f.type in _COUNTED}
    kept: list[Found] = []
    taken: dict[tuple[int, int], str] = {}
    covering = _covering(seen)
    for mention in written:
        place = (mention.first, mention.last)
        if mention.type in _COUNTED or mention.pronoun:
            kept.append(mention)
            continue
        if place in seen:
            if seen[place] not in _COUNTED:
                mention.type = seen[place]
            taken[place] = mention.type
            kept.append(mention)
            continue
        holders = {covering[k] for k in range(*place) if k in covering}
        nested = any(a <= place[0] and place[1] <= b for a, b in holders)
        if nested or (not holders and _free(sight, mention)):
            kept.append(mention)
    for (first, last), kind in seen.items():
        if (first, last) in taken or (kind in _COUNTED and any(a < last and first < b for a, b in exact)):
            continue
        _, named, name = typer.type_phrase(page, Phrase(first, last), set())
        kept.append(Found(first, last, page.tokens.span(first, last), kind, named, name))
    unique: dict[tuple[int, int], Found] = {}
    for f in kept:
        unique.setdefault((f.span.start, f.span.end), f)
    return sorted(unique.values(), key=lambda f: (f.span.start, -f.span.end))


def _covering(seen: dict[tuple[int, int], str]) -> dict[int, tuple[int, int]]:
    return {k: place for place in seen for k in range(*place)}


def _free(sight: Sight, mention: Found) -> bool:
    """A name that the rules found where the network saw nothing: kept when the network is not sure of that."""
    return bool(mention.named and float(sight.tags["mention"][mention.last - 1, 0]) < 0.9)
