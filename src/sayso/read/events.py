"""Incidents → event records: every field item with its exact words and the attribution that it stands in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from sayso.ontology import Ontology
from sayso.read.blame import Held, find_held
from sayso.read.casualties import Toll, find_tolls
from sayso.read.incidents import Incident, Part
from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.responsibility import find_responsibility, held_by_statement, with_organisations
from sayso.read.roles import Role, is_harmful
from sayso.read.scene import Cast, attribution_at, bare_name, fullest, stance_of_id
from sayso.records import Argument, Casualty, Codes, Event, Realis, Span, When, Where


def build_events(cast: Cast, ontology: Ontology, incidents: list[Incident], skip: set[int]) -> list[Event]:
    """The incidents of the document as event records, in their order."""
    tolls, helds = _by_incident(cast, incidents, skip)
    events: list[Event] = []
    for number, incident in enumerate(incidents):
        events.append(
            _build(cast, ontology, incident, f"v{len(events) + 1}", tolls.get(number, []), helds.get(number, []))
        )
    return events


def _by_incident(
    cast: Cast, incidents: list[Incident], skip: set[int]
) -> tuple[dict[int, list[Toll]], dict[int, list[Held]]]:
    """Counts and statements of responsibility go to the violent event of their sentence, else to the one told last."""
    harmful = [n for n, i in enumerate(incidents) if is_harmful(i.family)]
    attacks = [n for n in harmful if incidents[n].family not in {"battle", "territory"}] or harmful
    tolls: dict[int, list[Toll]] = {}
    helds: dict[int, list[Held]] = {}
    if not harmful:
        return _without_triggers(cast, incidents, skip), helds
    all_triggers, attack_triggers = _Triggers(cast.page, incidents, harmful), _Triggers(cast.page, incidents, attacks)
    for sentence, (begin, stop) in enumerate(cast.page.tokens.sentences):
        if sentence in skip or not _SENTENCE_WORDS.intersection(cast.page.tokens.lower[begin:stop]):
            continue
        for toll in find_tolls(cast.page, begin, stop):
            tolls.setdefault(all_triggers.nearest(sentence, toll.token), []).append(toll)
        for held in find_held(cast.page, cast.index, begin, stop):
            helds.setdefault(attack_triggers.nearest(sentence, held.token), []).append(held)
    for draft, attribution in zip(cast.drafts, cast.attributions, strict=True):
        for held in held_by_statement(cast, draft, attribution):
            helds.setdefault(attack_triggers.nearest(draft.sentence, held.token), []).append(held)
    return tolls, helds


def _without_triggers(cast: Cast, incidents: list[Incident], skip: set[int]) -> dict[int, list[Toll]]:
    """Where no trigger tells of harm ("Sixty people died in the church", "the riot left nine dead"): counts go to the incident of
    their sentence, first to one in which a network saw force being used."""
    tolls: dict[int, list[Toll]] = {}
    by_force = sorted(enumerate(incidents), key=lambda p: (p[1].family == "material_conflict", -p[0]))
    told = {s: n for n, i in by_force for s in i.sentences}
    for sentence, (begin, stop) in enumerate(cast.page.tokens.sentences):
        if sentence in told and sentence not in skip:
            for toll in find_tolls(cast.page, begin, stop):
                tolls.setdefault(told[sentence], []).append(toll)
    return tolls


_AROUND = 12
"""triggers looked at on either side"""
_REACH = 60
"""tokens within which a trigger of the same sentence is taken"""
_SENTENCE_WORDS = frozenset(
    "toll slaughtered bodies beheaded lost killing kills kill injuring wounding wounds killed dead died die dies death deaths slain murdered massacred executed assassinated perished fatality fatalities casualty casualties "
    "lives injured wounded hurt injury injuries maimed wound wounds missing disappeared unaccounted arrested detained captured imprisoned custody prisoner "
    "displaced evacuated fled homeless unharmed unhurt uninjured safe responsible behind blame carried attributed perpetrated work committed "
    "staged claimed blamed taken launched organized led nothing part role involved involvement hand connection".split()
)


class _Triggers:
    """The triggers of some incidents in text order, to find the one that a count or an accusation belongs to."""

    def __init__(self, page: Page, incidents: list[Incident], numbers: list[int]) -> None:
        pairs = sorted((token, number) for number in numbers for token in incidents[number].anchors)
        self._tokens = [token for token, _ in pairs]
        self._numbers = [number for _, number in pairs]
        self._sentence_of = page.tokens.sentence_of

    def nearest(self, sentence: int, token: int) -> int:
        """The incident with the nearest trigger in the sentence; else the one told last before; else the next."""
        at = bisect_left(self._tokens, token)
        around = range(max(0, at - _AROUND), min(len(self._tokens), at + _AROUND))
        same = [
            k
            for k in around
            if self._sentence_of[self._tokens[k]] == sentence and abs(self._tokens[k] - token) < _REACH
        ]
        if same:
            return self._numbers[min(same, key=lambda k: (abs(self._tokens[k] - token), k))]
        return self._numbers[at - 1 if at else 0]


def _build(
    cast: Cast, ontology: Ontology, incident: Incident, identifier: str, tolls: list[Toll], helds: list[Held]
) -> Event:
    page = cast.page
    kind = ontology.event_types[incident.type_name]
    triggers, seen = [], set()
    for hit in incident.hits:
        span = page.tokens.span(hit.first, hit.last)
        if (span.start, span.end) not in seen:
            seen.add((span.start, span.end))
            triggers.append(span)
    realis: dict[tuple[str, str | None], Realis] = {}
    for hit in incident.hits:
        attribution = attribution_at(cast, page.tokens.start[hit.first])
        stance = stance_of_id(cast, attribution)
        value = (
            "denied"
            if stance == "denies" and hit.realis == "happened"
            else "threatened"
            if stance == "threatens" and hit.realis != "denied"
            else hit.realis
        )
        realis[value, attribution] = Realis(value, attribution)
    coded = incident.coded
    if incident.parts and not incident.hits:
        where = attribution_at(cast, page.tokens.start[incident.parts[0].first])
        value = coded.realis if coded else "happened"
        realis[value, where] = Realis(value, where)
    if coded:
        arguments = _seen_arguments(cast, incident.parts)
    else:
        arguments = sorted(
            [*_seen_arguments(cast, incident.parts), *_arguments(cast, incident.roles)],
            key=lambda a: (a.start, a.end, a.role),
        )
    imagined = bool(incident.hits) and all(hit.realis == "hypothetical" for hit in incident.hits)
    responsibility = find_responsibility(cast, incident, helds) if is_harmful(incident.family) and not imagined else []
    arguments = with_organisations(arguments, responsibility, cast)
    spans = triggers or [Span(a.start, a.end, a.text) for a in arguments]
    attributed = {a for s in spans if (a := attribution_at(cast, s.start))}
    return Event(
        id=identifier,
        type=kind.name,
        codes=_codes(kind.codes, incident, arguments, realis.values()),
        triggers=tuple(triggers),
        realis=tuple(realis.values()),
        arguments=tuple(arguments),
        when=tuple(_times(cast, incident)),
        where=tuple(_places(cast, incident)),
        casualties=tuple(_casualties(cast, tolls)),
        responsibility=tuple(responsibility),
        attributed_to=tuple(sorted(attributed, key=lambda a: int(a[1:]))),
        confidence=_confidence(incident, arguments) if incident.confidence is None else incident.confidence,
    )


def _codes(codes: Codes, incident: Incident, arguments: list[Argument], realis: Iterable[Realis]) -> Codes:
    """An incident in MUC-4's sense is what a trained reader takes for one; else what has doers or sufferers and is real."""
    if incident.coded:
        return replace(codes, muc4=incident.coded.muc4)
    relevant = incident.relevant
    if relevant is None:
        relevant = bool(arguments) and any(r.value not in {"hypothetical", "denied"} for r in realis)
    return codes if relevant else replace(codes, muc4=None)


def _confidence(incident: Incident, arguments: list[Argument]) -> float:
    """How sure the rules are that this is an event of its kind: more tellings and more roles, more sure."""
    score = 0.4 + 0.1 * min(3, len(incident.hits)) + 0.08 * min(3, len(arguments))
    return round(min(0.9, score - (0.15 if all(h.weak for h in incident.hits) else 0)), 2)


def _role_span(cast: Cast, role: Role) -> Span:
    """A person's name without title and office, which the mention keeps; anything else as its mention has it."""
    if role.mention >= 0 and (name := bare_name(cast, cast.found[role.mention])):
        return name
    if (
        role.mention >= 0
        and cast.found[role.mention].last >= role.last
        and cast.found[role.mention].first <= role.first
    ):
        return cast.found[role.mention].span
    return cast.page.tokens.span(role.first, role.last)


def _arguments(cast: Cast, roles: list[Role]) -> list[Argument]:
    """One for each entity and role, with its fullest mention; anything without an entity by its words."""
    best: dict[tuple[str, str], Argument] = {}
    for role in roles:
        mention = cast.found[role.mention] if role.mention >= 0 else None
        if mention and mention.pronoun and mention.entity < 0:
            continue
        if mention and (mention.pronoun or (mention.entity >= 0 and not mention.named)):
            mention = fullest(cast, mention)
        if mention is not None:
            number = cast.number_of(mention)
            other = mention is not cast.found[role.mention]
            span = (bare_name(cast, mention) or mention.span) if other else _role_span(cast, role)
        else:
            number, span = role.mention, _role_span(cast, role)
        named = bool(mention and mention.named)
        where = attribution_at(cast, cast.page.tokens.start[role.first], role.trigger)
        argument = _argument(cast, role.name, span, number, named, role.fate, where)
        key = (role.name, argument.entity or span.text.lower())
        known = best.get(key)
        if (
            known is None
            or (named and not known.named)
            or (named == known.named and len(span.text) > len(known.text) and known.fate == role.fate)
        ):
            best[key] = argument
    return sorted(best.values(), key=lambda a: (a.start, a.end, a.role))


def _argument(
    cast: Cast, role: str, span: Span, number: int, named: bool, fate: str | None, attribution: str | None
) -> Argument:
    """The record of a role on some words; `number` is that of the mention there, or -1."""
    entity = cast.found[number].entity if number >= 0 else -1
    return Argument(
        role,
        span.start,
        span.end,
        span.text,
        f"m{number + 1}" if number >= 0 else None,
        f"e{entity + 1}" if entity >= 0 else None,
        named,
        fate,
        attribution,
    )


def _seen_arguments(cast: Cast, parts: list[Part]) -> list[Argument]:
    """One for each part, by its own words; of parts that are one entity in one role, the fullest."""
    best: dict[tuple[str, str], Argument] = {}
    for part in parts:
        span = cast.page.tokens.span(part.first, part.last)
        number = cast.index.at(part.last - 1)
        named = part.named if part.named is not None else number >= 0 and cast.found[number].named
        argument = _argument(cast, part.role, span, number, named, part.fate, attribution_at(cast, span.start))
        key = (part.role, argument.entity or span.text.lower())
        known = best.get(key)
        if known is None or (named, len(span.text)) > (known.named, len(known.text)):
            best[key] = argument
    return sorted(best.values(), key=lambda a: (a.start, a.end, a.role))


def _times(cast: Cast, incident: Incident) -> list[When]:
    result, seen = [], set()
    for sentence in incident.sentences[:4]:
        anchors = incident.anchors
        numbers = cast.index.times.get(sentence, ())
        for number in sorted(numbers, key=lambda n: min(abs(cast.found[n].first - t) for t in anchors))[:2]:
            mention = cast.found[number]
            value = mention.timex.value if mention.timex else None
            if (
                mention.timex is None
                or mention.timex.type not in {"DATE", "TIME"}
                or value in {"PRESENT_REF", "PAST_REF", "FUTURE_REF"}
            ):
                continue
            if value in seen:
                continue
            seen.add(value)
            start, end, precision = interval(value)
            result.append(When(start, end, precision, f"m{number + 1}", attribution_at(cast, mention.span.start)))
    return result


def interval(value: str | None) -> tuple[str | None, str | None, str]:
    """(first, last, precision) of a TIMEX3 date: "2023-03" → 2023-03-01 to 2023-03-31, month."""
    from calendar import monthrange
    from datetime import date, timedelta

    if not value or not value[:4].isdigit():
        return None, None, "unresolved"
    if "T" in value:
        return value, value, "time"
    parts = value.split("-")
    try:
        if len(value) == 10:
            return value, value, "day"
        if len(parts) >= 2 and parts[1].startswith("W") and parts[1][1:].isdigit():
            monday = date.fromisocalendar(int(parts[0]), int(parts[1][1:]), 1)
            return monday.isoformat(), (monday + timedelta(days=6)).isoformat(), "week"
        if len(value) == 7 and parts[1].isdigit():
            return f"{value}-01", f"{value}-{monthrange(int(parts[0]), int(parts[1]))[1]:02}", "month"
        if len(value) == 7 or len(parts) > 1:
            return f"{parts[0]}-01-01", f"{parts[0]}-12-31", "season"
        if len(value) == 4:
            return f"{value}-01-01", f"{value}-12-31", "year"
    except ValueError:
        return None, None, "unresolved"
    return None, None, "unresolved"


def _places(cast: Cast, incident: Incident) -> list[Where]:
    result, seen = [], set()
    lower = cast.page.tokens.lower
    for sentence in incident.sentences[:4]:
        for number in cast.index.by_sentence.get(sentence, ()):
            mention = cast.found[number]
            place = cast.places.get(number)
            if place is None or mention.type != "Location":
                continue
            before = set(lower[max(0, mention.first - 4) : mention.first])
            if not before & {
                "in",
                "at",
                "near",
                "of",
                "on",
                "from",
                "into",
                "to",
                "outside",
                "around",
                "across",
                "inside",
                ",",
            } and not _listed(cast, mention):
                continue
            if place.name in seen:
                continue
            seen.add(place.name)
            result.append(
                Where(
                    place.name,
                    place.lat,
                    place.lon,
                    place.precision,
                    f"m{number + 1}",
                    attribution_at(cast, mention.span.start),
                )
            )
    return result[:8]


def _listed(cast: Cast, mention: Found) -> bool:
    return cast.page.tokens.tags[mention.first - 1 : mention.first] in {",", "C"}


def _casualties(cast: Cast, tolls: list[Toll]) -> list[Casualty]:
    result, seen = [], set()
    for toll in tolls:
        attribution = attribution_at(cast, toll.span.start)
        key = (toll.kind, toll.low, toll.high, attribution)
        if key not in seen:
            seen.add(key)
            result.append(
                Casualty(
                    toll.kind,
                    toll.low,
                    toll.high,
                    toll.hedge,
                    toll.span.start,
                    toll.span.end,
                    toll.span.text,
                    attribution,
                )
            )
    return result
