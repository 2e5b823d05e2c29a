"""What is said of one event in plain sentences that an editor could read aloud: who holds what, who denies it, how many.

Assessments (`ledger.views.assessed`) → sentences made of pieces; a piece that says something of somebody rests on holders, so
that a page can link it and a brief can set a footnote. The sentences say who said it, never that it is so, and they stand in
the past tense: names carry no sign of number that a verb of the present could agree with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sayso.export.phrases import count_words, day_words, event_words, number_word, quoted, short, with_article
from sayso.export.sentences import (
    NAMED,
    Informant,
    Piece,
    Sentence,
    alike,
    in_a_row,
    people,
    reprints,
    sentence,
    several,
    who,
)
from sayso.names.sides import sides, stands_for
from sayso.records import Assessment, Holder, Position
from sayso.records.terms import field_name

__all__ = ["Piece", "Sentence", "quarrel", "subject"]

_ORDER = ("realis", "responsibility", "casualties", "", "type", "when", "where", "actor", "target", "victim", "instrument")  # fmt: skip
"""what is told first; the empty one is the sentence on what is corroborated"""
_REALIS = {
    "happened": "held that it happened",
    "attempted": "held that it was attempted",
    "planned": "held that it was planned",
    "threatened": "held that it was threatened",
    "hypothetical": "spoke of it as a possibility",
}
_CLAUSES = 6


@dataclass(frozen=True, slots=True)
class _Phrases:
    """How a field is spoken of: before and after its values, before a further value when the verb is not said again,
    what is denied of a value, and the field as a noun."""

    before: str
    after: str
    further: str
    denied: str
    noun: str


_FIELDS = {
    "type": _Phrases("spoke of ", "", "of ", "that it was {}", "the kind of event"),
    "where": _Phrases("placed it in ", "", "in ", "that it was in {}", "the place"),
    "when": _Phrases("dated it to ", "", "to ", "that it was on {}", "the day"),
    "actor": _Phrases("named ", " among those who acted", "", "that {} took part", "who took part"),
    "target": _Phrases("named ", " as what was hit or aimed at", "", "harm to {}", "what was hit or aimed at"),
    "victim": _Phrases("named ", " among those harmed or aimed at", "", "harm to {}", "who was harmed or aimed at"),
    "instrument": _Phrases("named ", " as the means", "", "the use of {}", "the means"),
}
_PLACED = frozenset({"type", "where", "when", "target", "victim", "instrument"})
"""fields whose held values a denial of the event does not contest"""
Bits = list[Piece]


def quarrel(assessments: Sequence[Assessment], limit: int | None = None) -> tuple[Sentence, ...]:
    """The sentences on one event, at most `limit` of them, the most telling first."""
    found: dict[str, list[Sentence]] = {}
    denied = {a.field for a in assessments for p in a.positions if p.deniers}
    contested = bool(denied & {"realis", "responsibility", "actor"})
    for assessment in assessments:
        kind = assessment.field.partition(".")[0]
        told = _TELLERS.get(kind, _valued)(assessment)
        found.setdefault(kind, []).extend(sentence(assessment.field, bits) for bits in told)
        if kind == "realis" and not contested and any(p.holders for p in assessment.positions):
            found[kind].append(sentence("realis", [Piece("nobody of whom we read denies it")]))
    found.setdefault("", []).extend(sentence("", bits) for bits in _corroborated(assessments))
    order = [k for k in _ORDER if k in found] + [k for k in found if k not in _ORDER]
    return tuple(s for kind in order for s in found[kind])[:limit]


def _denials(deniers: Iterable[Holder], what: Bits) -> Iterator[Bits]:
    """ "X denied it", and "Y retracted it" of those who had said it."""
    found = list(deniers)
    for verb in ("denied", "retracted"):
        if some := [h for h in found if (h.stance == "retracts") == (verb == "retracted")]:
            yield [*who(some), Piece(f" {verb} "), *what]


# -- did it happen ------------------------------------------------------------------------------------------------


def _happened(found: Assessment) -> Iterator[Bits]:
    holding = [p for p in found.positions if p.holders]
    alone = found.status == "single-source" and len(holding) == 1 and len(people(holding[0].holders)) == 1
    for position in holding:
        said = _REALIS.get(position.value, f"called it {quoted(position.value)}")
        everybody = people(position.holders)
        if position.informants > 1 and len(everybody) > 1:
            among = ", among them " if len(everybody) > NAMED else ": "
            yield [several(position), Piece(f" {said}{among}"), *who(_first(everybody))]
        else:
            yield [
                Piece("so far only " if alone else ""),
                *who(position.holders),
                Piece(f" {said}"),
                *reprints(position),
            ]
    deniers = [h for p in found.positions for h in p.deniers]
    told = {h.informant for p in holding for h in p.holders}
    partly = [h for h in deniers if h.informant in told and h.stance != "retracts"]
    outright = [h for h in deniers if h not in partly]
    yield from _denials((h for h in outright if h.stance != "retracts"), [Piece("it, or a part in it")])
    yield from _denials((h for h in outright if h.stance == "retracts"), [Piece("it, or a part of it")])
    for one in people(partly):
        words = list(dict.fromkeys(quoted(h.span.text) for h in one.holders))[:NAMED]
        bits = in_a_row([[Piece(w)] for w in words])
        yield [*who(one.holders), Piece(" held so as well, but denied part of what is told: "), *bits]


def _first(everybody: list[Informant]) -> list[Holder]:
    """All that the first few say."""
    return [h for one in everybody[:NAMED] for h in one.holders]


# -- who did it ---------------------------------------------------------------------------------------------------


def _responsible(found: Assessment) -> Iterator[Bits]:
    holding = [p for p in found.positions if p.holders]
    for position in holding[:_CLAUSES]:
        yield _blamed(position)
    if rest := holding[_CLAUSES:]:
        yield [Piece("others named "), *_some(rest, _named), Piece(" as responsible")]
    own: dict[str, Holder] = {}
    others: dict[str, list[Holder]] = {}
    for position in found.positions:
        for denier in position.deniers:
            if stands_for(sides(position.value), sides(denier.speaker or "")) and denier.stance != "retracts":
                own.setdefault(denier.claim, denier)
            else:
                named = _named(position) if position.holders else quoted(denier.span.text)
                others.setdefault(named, []).append(denier)
    yield from _denials(own.values(), [Piece("any part in it")])
    for name, deniers in others.items():
        yield from _denials(deniers, [Piece(f"that {name} had a part in it")])


def _blamed(position: Position) -> Bits:
    name = _named(position)
    groups: dict[str, list[Holder]] = {"claims_responsibility": [], "accuses": [], "": []}
    for holder in position.holders:
        groups[holder.stance if holder.stance in groups else ""].append(holder)
    ordered = [(stance, said) for stance, said in groups.items() if said]
    everybody = people(position.holders)
    if position.informants < 2 or len(everybody) < 2:
        stance = ordered[0][0] if len(everybody) == 1 else ""
        own = _same(name, everybody[0].name)
        verbs = {
            "claims_responsibility": "claimed responsibility" + ("" if own else f", naming {name}"),
            "accuses": f"accused {name}",
            "": f"named {name} as responsible",
        }
        return [*who(position.holders), Piece(f" {verbs[stance]}"), *reprints(position)]
    verbs = {"claims_responsibility": "claimed responsibility", "accuses": "made the accusation", "": "said so"}
    bits = [several(position), Piece(f" named {name} as responsible: ")]
    for number, (stance, said) in enumerate(ordered):
        bits += [Piece("; " if number else ""), *who(said), Piece(f" {verbs[stance]}")]
    return bits


def _named(position: Position) -> str:
    return with_article(short(position.value)) or "…"


def _same(one: str, other: str) -> bool:
    return one.casefold().removeprefix("the ") == other.casefold().removeprefix("the ")


def _some(positions: Sequence[Position], words: Callable[[Position], str]) -> Bits:
    """Values of the first few, and how many more there are."""
    items = [[Piece(words(p), p.holders)] for p in positions[:NAMED]]
    if rest := positions[NAMED:]:
        items.append([Piece(f"{len(rest)} more", tuple(h for p in rest for h in p.holders))])
    return in_a_row(items)


# -- how many -----------------------------------------------------------------------------------------------------


def _counted(found: Assessment) -> Iterator[Bits]:
    kind = short(field_name(found.field)) or "harmed"
    later = [_later(p, found.positions) for p in found.positions]
    revised = [p.superseded or bool(after) for p, after in zip(found.positions, later, strict=True)]
    standing = [p for p, old in zip(found.positions, revised, strict=True) if not old]
    yield from _counts(found, alike(standing), kind)
    for position, old, after in zip(found.positions, revised, later, strict=True):
        if old and position.holders:
            yield _revised(position, after, kind)
    if any(r.kind == "conflict" for r in found.reasons) and sum(bool(p.holders) for p in standing) > 1:
        yield [Piece("not all of these counts can hold")]
    groups: dict[tuple[str, ...], list[Position]] = {}
    for position in found.positions:
        if position.deniers:
            groups.setdefault(tuple(sorted({h.informant for h in position.deniers})), []).append(position)
    for some in groups.values():
        counts = in_a_row([[Piece(count_words(p.value), p.deniers)] for p in some])
        noun = "counts" if len(some) > 1 else "count"
        yield from _denials(
            (h for p in some for h in p.deniers), [Piece(f"the {noun} of "), *counts, Piece(f" {kind}")]
        )


def _counts(found: Assessment, groups: list[list[Position]], kind: str) -> Iterator[Bits]:
    if not groups:
        return
    alone = found.status == "single-source" and len(groups) == len(found.positions) == 1
    single = alone and len(people(groups[0][0].holders)) == 1
    items: list[Bits] = []
    for group in groups[:_CLAUSES]:
        spoke, of_kind = (" of ", "") if items else (" spoke of ", f" {kind}")
        counts = in_a_row([[Piece(count_words(p.value), p.holders)] for p in group])
        again = reprints(group[0]) if len(group) == 1 else []
        items.append([*_all(group), *again, Piece(spoke), *counts, Piece(of_kind)])
    rest = [p for group in groups[_CLAUSES:] for p in group]
    more = [Piece("; others gave "), *_some(rest, lambda p: count_words(p.value))] if rest else []
    yield [Piece("so far only " if single else ""), *in_a_row(items), *more]


def _all(group: list[Position]) -> Bits:
    """Those who hold these positions: by name where they are few, else by number."""
    holders = [h for p in group for h in p.holders]
    if len(people(holders)) > NAMED and group[0].informants > 1:
        return [Piece(f"{number_word(group[0].informants)} independent informants", tuple(holders))]
    return who(holders)


def _later(position: Position, positions: Sequence[Position]) -> list[Position]:
    """Counts that every holder of this one gave for the first time on a later day."""
    informants = {h.informant for h in position.holders}
    ours = _first_days(position)
    return [
        p
        for p in positions
        if ours and (days := _first_days(p)) and all(ours.get(i, "9") < days.get(i, "") for i in informants)
    ]


def _first_days(position: Position) -> dict[str, str]:
    """Informant → the first day on which he is printed with it."""
    days: dict[str, str] = {}
    for holder in position.holders:
        if holder.published:
            days[holder.informant] = min(days.get(holder.informant, "9"), holder.published[:10])
    return days


def _revised(position: Position, later: list[Position], kind: str) -> Bits:
    bits = [
        *who(position.holders),
        Piece(" first gave "),
        Piece(f"{count_words(position.value)} {kind}", position.holders),
    ]
    bits += reprints(position)
    if not later:
        return [*bits, Piece(" and later gave another count")]
    informants = {h.informant for h in position.holders}
    items = [[Piece(count_words(p.value), tuple(h for h in p.holders if h.informant in informants))] for p in later]
    return [*bits, Piece(" and later gave "), *in_a_row(items)]


# -- all other fields ---------------------------------------------------------------------------------------------


def _valued(found: Assessment) -> Iterator[Bits]:
    label = short(field_name(found.field)) or "it"
    phrases = _FIELDS.get(found.field) or _Phrases("gave ", f" for {label}", "", "{}", label)
    groups = alike(found.positions)
    bits: Bits = []
    for number, group in enumerate(groups[:_CLAUSES]):
        bits += [Piece("; " if number else ""), *_clause(found.field, phrases, group, number > 0)]
    if rest := [p for group in groups[_CLAUSES:] for p in group]:
        bits += [Piece("; others gave "), *_some(rest, lambda p: _value(found.field, p.value))]
    if groups:
        yield bits
    for position in found.positions:
        if position.deniers and not (found.field in _PLACED and position.holders):
            what = phrases.denied.replace("{}", _value(found.field, position.value))
            yield from _denials(position.deniers, [Piece(what)])


def _clause(name: str, phrases: _Phrases, group: list[Position], elliptic: bool) -> Bits:
    first = group[0]
    values = in_a_row([[Piece(_value(name, p.value), p.holders)] for p in group])
    if len(people(first.holders)) >= NAMED and first.informants > 1:
        some = Piece(f"{number_word(first.informants)} informants", first.holders) if elliptic else several(first)
        said = [some]
    else:
        said = [*who(h for p in group for h in p.holders), *(reprints(first) if len(group) == 1 else [])]
    if elliptic:
        return [*said, Piece(f" {phrases.further}"), *values]
    return [*said, Piece(f" {phrases.before}"), *values, Piece(phrases.after)]


def _value(name: str, value: str) -> str:
    if name == "type":
        return event_words(value)
    if name == "when":
        return day_words(value)
    return short(value) or "…" if name == "where" else quoted(value)


def _corroborated(assessments: Sequence[Assessment]) -> Iterator[Bits]:
    items = []
    for found in assessments:
        leading = next((p for p in found.positions if p.holders and not p.superseded), None)
        if found.status == "corroborated" and leading is not None:
            items.append(_point(found.field, leading))
    if items:
        yield [Piece("independent informants corroborate "), *in_a_row(items)]


def _point(name: str, leading: Position) -> Bits:
    if name == "realis" and leading.value == "happened":
        return [Piece("that it happened", leading.holders)]
    count = name.startswith("casualties.")
    value = count_words(leading.value) if count else _value(name, leading.value)
    return [Piece(f"{subject(name)} ("), Piece(value, leading.holders), Piece(")")]


def subject(name: str) -> str:
    """A field as what people agree or quarrel on: whether it happened, the place, the number of injured."""
    if name.startswith("casualties."):
        return f"the number of {short(field_name(name))}"
    nouns = {"realis": "whether it happened", "responsibility": "who did it", "actor_organisation": "who did it"}
    return _FIELDS[name].noun if name in _FIELDS else nouns.get(name) or short(field_name(name)) or "it"


_TELLERS: dict[str, Callable[[Assessment], Iterator[Bits]]] = {
    "realis": _happened,
    "responsibility": _responsible,
    "casualties": _counted,
}
"""how a kind of field is told; all others by `_valued`"""
