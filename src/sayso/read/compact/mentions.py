"""Names and descriptions: the network says where they are and of what type, the rules bring times, amounts and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.read.compact import labels
from sayso.read.compact.sight import Sight, runs
from sayso.read.kinds import Found, Typer
from sayso.read.page import Page
from sayso.read.phrases import Phrase

_LIKELY = 0.5
_SURELY_NOTHING = 0.9


@dataclass(frozen=True, slots=True)
class Naming:
    """Thresholds chosen on dev."""

    mention_bias: float
    toponym: float
    """least probability that a name is a place's, for it to become one that the rules did not see"""
    nowhere: float
    """below this probability a name is no place's, whatever the gazetteer has"""

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Naming:
        return cls(float(values["mention_bias"]), float(values["toponym"]), float(values["nowhere"]))


def merge_mentions(page: Page, sight: Sight, written: list[Found], typer: Typer, limits: Naming) -> list[Found]:
    """The network's mentions with the rules' nested in them; the rules' own only where nothing speaks against them."""
    seen = {
        _without_loose_marks(page, first, last): labels.MENTIONS[kind]
        for first, last, kind, _ in runs(sight.tags["mention"], limits.mention_bias)
        if any(page.tokens.words[k][0].isalnum() for k in range(first, last))
    }
    seen = _whole_names(page, seen, written)
    times = {k for f in written if f.type == "Temporal" for k in range(f.first, f.last)}
    amounts = {k: f.quantity for f in written if f.type in {"Quantity", "Money"} for k in range(f.first, f.last)}
    holder = {k: place for place in seen for k in range(*place)}
    kept: list[Found] = []
    taken: set[tuple[int, int]] = set()
    for mention in written:
        place = (mention.first, mention.last)
        holders = {holder[k] for k in range(*place) if k in holder}
        nested = any(a <= place[0] and place[1] <= b for a, b in holders)
        if mention.type == "Temporal":
            good = True
        elif mention.pronoun:
            good = place in seen or _plays(sight, mention.first)
        elif mention.type in {"Quantity", "Money"}:
            good = nested and seen[next(iter(holders))] not in {"Quantity", "Money"}
        else:
            good = nested or (not holders and _free(sight, mention))
        if good:
            kept.append(mention)
            if place in seen and mention.type != "Temporal":
                mention.type = mention.type if seen[place] == "Temporal" else seen[place]
                taken.add(place)
    for (first, last), kind in seen.items():
        if (first, last) in taken or (kind == "Temporal" and not times.isdisjoint(range(first, last))):
            continue
        bracket = next((k for k in range(first + 1, last) if page.tokens.tags[k] == "("), last)
        _, named, name = typer.type_phrase(page, Phrase(first, bracket), set())  # "the Volunteer Corps (RDK)"
        found = Found(first, last, page.tokens.span(first, last), kind, named, name)
        if kind in {"Quantity", "Money"}:
            found.quantity = next((amounts[k] for k in range(first, last) if k in amounts), None)
        kept.append(found)
    _mark_places(page, sight, kept, typer, limits)
    unique: dict[tuple[int, int], Found] = {}
    for f in kept:
        unique.setdefault((f.span.start, f.span.end), f)
    return sorted(unique.values(), key=lambda f: (f.span.start, -f.span.end))


def _without_loose_marks(page: Page, first: int, last: int) -> tuple[int, int]:
    """Without a bracket at either end whose other half is outside, and without a comma: "Corps (", "RDK)"."""
    tags = page.tokens.tags
    while last - first > 1:
        inside = tags[first:last]
        if inside[-1] in "(," or (inside[-1] == ")" and "(" not in inside):
            last -= 1
        elif inside[0] in ")," or (inside[0] == "(" and ")" not in inside):
            first += 1
        else:
            break
    return first, last


def _whole_names(page: Page, seen: dict[tuple[int, int], str], written: list[Found]) -> dict[tuple[int, int], str]:
    """No mention begins or ends within a name: "Korea" in "North Korea" is the whole name, with the type that was seen."""
    runs_of_names: dict[int, Found] = {}
    for mention in written:
        if mention.named and mention.name and not mention.pronoun:
            for k in range(mention.first, mention.last):
                runs_of_names.setdefault(k, mention)
    tags = page.tokens.tags
    whole: dict[tuple[int, int], str] = {}
    for (first, last), kind in seen.items():
        left, right = runs_of_names.get(first), runs_of_names.get(last - 1)
        while left and first > left.first and tags[first - 1] == "Z" and tags[first] == "Z":
            first -= 1
        while right and last < right.last and tags[last] == "Z" and tags[last - 1] == "Z":
            last += 1
        if right and right.type == kind == "Organisation" and right.last == last and " of " in (right.name or ""):
            first = min(first, right.first)  # "Russia Legion" in "the Freedom of Russia Legion"
        whole.setdefault((first, last), kind)
    begins = {place[0]: place for place in whole}
    for mention in {id(m): m for m in runs_of_names.values()}.values():
        starts = (begins[k] for k in range(mention.first, mention.last) if k in begins)
        parts = [p for p in starts if p in whole and p[1] <= mention.last]
        if len(parts) > 1 and len({whole[p] for p in parts}) == 1 and _fills(parts, mention):
            kind = whole[parts[0]]
            for part in parts:
                del whole[part]
            whole[mention.first, mention.last] = kind
    return whole


def _fills(parts: list[tuple[int, int]], mention: Found) -> bool:
    """Whether the parts make up the mention without a gap: "the Freedom of" and "Russia Legion"."""
    parts = sorted(parts)
    ends = [mention.first, *(last for _, last in parts)]
    return all(first == end for (first, _), end in zip(parts, ends, strict=False)) and ends[-1] == mention.last


def _mark_places(page: Page, sight: Sight, found: list[Found], typer: Typer, limits: Naming) -> None:
    """Adds names of places that the rules did not see, and marks names that are no place's here."""
    tags = sight.tags["toponym"]
    known: set[int] = set()
    for mention in found:
        if mention.type in {"Location", "Nationality"} and mention.name:
            known.update(range(mention.first, mention.last))
            if float(1 - tags[mention.first : mention.last, 0].min()) < limits.nowhere:
                mention.toponym = False
    exact = {(f.first, f.last): f for f in found if f.named and f.name}
    for first, last, _, sure in runs(tags):
        if sure < limits.toponym or any(k in known for k in range(first, last)):
            continue
        if (first, last) in exact:  # a country that acts: an organisation, and a place all the same
            exact[first, last].toponym = True
            continue
        span = page.tokens.span(first, last)
        kind = "Nationality" if typer.is_demonym(span.text) else "Location"
        found.append(Found(first, last, span, kind, True, span.text))


def _plays(sight: Sight, token: int) -> bool:
    """A pronoun counts where it speaks, acts or suffers."""
    heads = (sight.tags[name][token] for name in ("source", "party", "role"))
    return any(float(row[0]) < _LIKELY for row in heads)


def _free(sight: Sight, mention: Found) -> bool:
    """A name that the rules found where the network saw nothing: kept when the network is not sure of that."""
    return bool(mention.named and float(sight.tags["mention"][mention.last - 1, 0]) < _SURELY_NOTHING)
