"""Incidents → event records: every field item with its exact words and the attribution that it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sayso.ontology import Ontology
from sayso.read.attributions import Draft
from sayso.read.casualties import Toll, find_tolls
from sayso.read.entities import Cluster
from sayso.read.incidents import find_incidents
from sayso.read.mentions import Found
from sayso.read.page import Page
from sayso.read.responsibility import Held, find_held
from sayso.read.roles import Incident, MentionIndex, Role, is_harmful
from sayso.records import Argument, Attribution, Casualty, Event, Place, Realis, Responsibility, Span, When, Where

_AUTHORITIES = frozenset(
    "police army military government ministry minister president governor mayor official officials officer prosecutor prosecutors "
    "spokesman spokeswoman colonel general service intelligence authorities authority command commander court judge ambassador "
    "administration department agency forces secretary senator state kremlin security investigators embassy".split()
)


@dataclass(slots=True)
class Cast:
    """What the assembly of events needs of the rest of the reading."""

    page: Page
    found: list[Found]
    index: MentionIndex
    places: dict[int, Place]
    drafts: list[Draft]
    attributions: list[Attribution]
    speaker_of: Callable[[str], int]
    """attribution id → number of the speaker's entity, or -1"""
    clusters: list[Cluster]


def build_events(cast: Cast, ontology: Ontology, skip: set[int]) -> list[Event]:
    """All events of the document, in the order of their first trigger."""
    page = cast.page
    incidents = find_incidents(page, cast.index, skip)
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
        return tolls, helds
    words = _SENTENCE_WORDS
    for sentence, (begin, stop) in enumerate(cast.page.tokens.sentences):
        if sentence in skip or not words.intersection(cast.page.tokens.lower[begin:stop]):
            continue
        for toll in find_tolls(cast.page, begin, stop):
            tolls.setdefault(_nearest(incidents, harmful, sentence, toll.token), []).append(toll)
        for held in find_held(cast.page, cast.index, begin, stop):
            helds.setdefault(_nearest(incidents, attacks, sentence, held.token), []).append(held)
    for draft, attribution in zip(cast.drafts, cast.attributions, strict=True):
        for held in _held_by_statement(cast, draft, attribution):
            helds.setdefault(_nearest(incidents, attacks, draft.sentence, held.token), []).append(held)
    return tolls, helds


def _held_by_statement(cast: Cast, draft: Draft, attribution: Attribution) -> list[Held]:
    """The speaker who claims responsibility; the one who is accused or blamed ("accused North Korea of plotting …")."""
    first, last = draft.content[0]
    if attribution.stance == "claims_responsibility" and draft.source:
        return [Held(n, first, attribution.negated, claimed=True) for n in _speakers(cast, draft)]
    if (
        attribution.stance == "denies"
        and draft.source
        and not attribution.negated
        and _NO_PART.search(" ".join(s.text for s in attribution.content))
    ):
        return [Held(n, first, True) for n in _speakers(cast, draft)]
    cue = draft.hit.cue.text if draft.hit else ""
    if cue in {"accuse", "blame"} and not attribution.negated:
        phrase = cast.page.phrase_at(first)
        mention = cast.index.at(phrase.last - 1) if phrase else -1
        linked = {"of", "for"} & set(cast.page.tokens.lower[first:last])
        return [Held(mention, first, False)] if mention >= 0 and linked else []
    return []


_NO_PART = re.compile(
    r"^(?:\w+ )?(?:any |all |its |their |having )*(?:part|role|responsib\w+|involvement|hand|connection|link|had a (?:hand|part|role))\b",
    re.IGNORECASE,
)


def _speakers(cast: Cast, draft: Draft) -> list[int]:
    """The organisations named in a speaker's words ("two groups, the Legion and the Corps, …"), else the speaker's head."""
    assert draft.source
    first, last = draft.source.first, draft.source.last
    sentence = cast.page.tokens.sentence_of[first]
    named = [
        n
        for n in cast.index.by_sentence.get(sentence, ())
        if cast.found[n].type == "Organisation"
        and cast.found[n].named
        and first <= cast.found[n].first
        and cast.found[n].last <= last
    ]
    outer = [
        n
        for n in named
        if not any(
            o != n and cast.found[o].first <= cast.found[n].first and cast.found[n].last <= cast.found[o].last
            for o in named
        )
    ]
    if outer:
        return outer
    phrase = cast.page.phrase_at(draft.source.core_first)
    heads = ([phrase.last - 1] if phrase else []) + [draft.source.core_last - 1]
    return [n for head in heads if (n := cast.index.at(head)) >= 0][:1]


_SENTENCE_WORDS = frozenset(
    "killed dead died die dies death deaths slain murdered massacred executed assassinated perished fatality fatalities casualty casualties "
    "lives injured wounded hurt injury injuries maimed wound wounds missing disappeared unaccounted arrested detained captured imprisoned custody prisoner "
    "displaced evacuated fled homeless unharmed unhurt uninjured safe responsible behind blame carried attributed perpetrated work committed "
    "staged claimed blamed taken launched organized led nothing part role involved involvement hand connection".split()
)


def _nearest(incidents: list[Incident], harmful: list[int], sentence: int, token: int) -> int:
    """The violent incident with the nearest trigger in the sentence; else the last one told before; else the first."""
    best, best_key = harmful[0], (3, 0)
    for number in harmful:
        for hit in incidents[number].hits:
            where = _sentence_of(incidents[number], sentence)
            distance = abs(hit.first - token)
            key = (0, distance) if where and distance < 60 else (1, distance) if hit.first < token else (2, distance)
            if key < best_key:
                best, best_key = number, key
    return best


def _sentence_of(incident: Incident, sentence: int) -> bool:
    return sentence in incident.sentences


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
    realis: list[Realis] = []
    for hit in incident.hits:
        attribution = attribution_at(cast, page.tokens.start[hit.first])
        stance = _stance(cast, attribution)
        value = (
            "denied"
            if stance == "denies" and hit.realis == "happened"
            else "threatened"
            if stance == "threatens" and hit.realis != "denied"
            else hit.realis
        )
        item = Realis(value, attribution)
        if item not in realis:
            realis.append(item)
    arguments = _arguments(cast, incident.roles)
    imagined = all(hit.realis == "hypothetical" for hit in incident.hits)
    responsibility = _responsibility(cast, incident, helds) if is_harmful(incident.family) and not imagined else []
    arguments = _with_organisations(arguments, responsibility, cast)
    attributed = {a for s in triggers if (a := attribution_at(cast, s.start))}
    return Event(
        id=identifier,
        type=kind.name,
        codes=kind.codes
        if arguments and any(r.value not in {"hypothetical", "denied"} for r in realis)
        else replace(kind.codes, muc4=None),
        triggers=tuple(triggers),
        realis=tuple(realis),
        arguments=tuple(arguments),
        when=tuple(_times(cast, incident)),
        where=tuple(_places(cast, incident)),
        casualties=tuple(_casualties(cast, tolls)),
        responsibility=tuple(responsibility),
        attributed_to=tuple(sorted(attributed, key=lambda a: int(a[1:]))),
        confidence=_confidence(incident, arguments),
    )


def _confidence(incident: Incident, arguments: list[Argument]) -> float:
    """How sure the rules are that this is an event of its kind: more tellings and more roles, more sure."""
    score = 0.4 + 0.1 * min(3, len(incident.hits)) + 0.08 * min(3, len(arguments))
    return round(min(0.9, score - (0.15 if all(h.weak for h in incident.hits) else 0)), 2)


def attribution_at(cast: Cast, offset: int) -> str | None:
    """The innermost attribution whose content holds the character."""
    best, size = None, 10**9
    for attribution in cast.attributions:
        for span in attribution.content:
            if span.start <= offset < span.end and span.end - span.start < size:
                best, size = attribution.id, span.end - span.start
    return best


def _stance(cast: Cast, attribution: str | None) -> str | None:
    return cast.attributions[int(attribution[1:]) - 1].stance if attribution else None


def _role_span(cast: Cast, role: Role) -> Span:
    """A person's name without title and office, which the mention keeps; anything else as its mention has it."""
    if role.mention >= 0 and (name := _bare_name(cast, cast.found[role.mention])):
        return name
    if (
        role.mention >= 0
        and cast.found[role.mention].last >= role.last
        and cast.found[role.mention].first <= role.first
    ):
        return cast.found[role.mention].span
    return cast.page.tokens.span(role.first, role.last)


def _bare_name(cast: Cast, mention: Found) -> Span | None:
    if mention.type != "Person" or not mention.named or not mention.name:
        return None
    at = mention.span.text.rfind(mention.name)
    start = mention.span.start + at
    return Span(start, start + len(mention.name), mention.name) if at >= 0 else None


def _arguments(cast: Cast, roles: list[Role]) -> list[Argument]:
    """One for each entity and role, with its fullest mention; anything without an entity by its words."""
    best: dict[tuple[str, str], Argument] = {}
    for role in roles:
        mention = cast.found[role.mention] if role.mention >= 0 else None
        if mention and mention.pronoun and mention.entity < 0:
            continue
        if mention and (mention.pronoun or (mention.entity >= 0 and not mention.named)):
            mention = _fullest(cast, mention)
        if mention is not None:
            number = cast.found.index(mention) if mention is not cast.found[role.mention] else role.mention
            other = mention is not cast.found[role.mention]
            span = (_bare_name(cast, mention) or mention.span) if other else _role_span(cast, role)
        else:
            number, span = role.mention, _role_span(cast, role)
        entity = f"e{mention.entity + 1}" if mention and mention.entity >= 0 else None
        named = bool(mention and mention.named)
        argument = Argument(
            role.name,
            span.start,
            span.end,
            span.text,
            f"m{number + 1}" if number >= 0 else None,
            entity,
            named,
            role.fate,
            attribution_at(cast, cast.page.tokens.start[role.first]),
        )
        key = (role.name, entity or span.text.lower())
        known = best.get(key)
        if (
            known is None
            or (named and not known.named)
            or (named == known.named and len(span.text) > len(known.text) and known.fate == role.fate)
        ):
            best[key] = argument
    return sorted(best.values(), key=lambda a: (a.start, a.end, a.role))


def _fullest(cast: Cast, mention: Found) -> Found:
    """The longest named mention of the same entity, else the longest described one."""
    same = [f for f in cast.found if f.entity == mention.entity and not f.pronoun]
    return max(same, key=lambda f: (f.named, len(f.span.text)), default=mention)


def _responsibility(cast: Cast, incident: Incident, helds: list[Held]) -> list[Responsibility]:
    result: dict[tuple[str, str], Responsibility] = {}
    for role in incident.roles:
        if role.name == "actor_organisation" and role.mention >= 0:
            where = cast.page.tokens.start[role.first]
            _add(
                result,
                cast,
                role.mention,
                where,
                denied=any(h.realis == "denied" for h in incident.hits),
                claimed=False,
            )
    for held in helds:
        _add(result, cast, held.mention, cast.page.tokens.start[held.token], held.denied, held.claimed)
    return sorted(result.values(), key=lambda r: (r.start, r.confidence))


def _add(
    result: dict[tuple[str, str], Responsibility], cast: Cast, number: int, offset: int, denied: bool, claimed: bool
) -> None:
    mention = cast.found[number]
    if mention.type == "Person" or mention.pronoun or mention.named is False:
        organisation = _organisation_for(cast, mention)
        if organisation is None:
            return
        mention = organisation
    attribution = attribution_at(cast, offset)
    holder = next(
        (
            a
            for a in cast.attributions
            if claimed and a.stance == "claims_responsibility" and any(s.start <= offset < s.end for s in a.content)
        ),
        None,
    )
    if holder:
        attribution = holder.id
    confidence = _known_how(cast, mention, attribution, denied, claimed)
    key = (f"e{mention.entity}" if mention.entity >= 0 else mention.span.text.lower(), confidence)
    span = mention.span
    entity = f"e{mention.entity + 1}" if mention.entity >= 0 else None
    result.setdefault(key, Responsibility(span.text, span.start, span.end, entity, confidence, attribution))


def _organisation_for(cast: Cast, mention: Found) -> Found | None:
    """The organisation that a description or pronoun stands for, or that is named inside it."""
    if mention.entity >= 0 and cast.clusters[mention.entity].type == "Organisation":
        return _fullest(cast, mention)
    inside = [f for f in cast.found if f.named and mention.first <= f.first and f.last <= mention.last]
    return next((f for kind in ("Organisation", "Nationality") for f in inside if f.type == kind), None)


def _known_how(cast: Cast, mention: Found, attribution: str | None, denied: bool, claimed: bool) -> str:
    if denied:
        return "denied"
    if claimed:
        return "claimed"
    if attribution is None:
        return "reported_as_fact"
    said = cast.attributions[int(attribution[1:]) - 1]
    speaker = cast.speaker_of(attribution)
    if said.stance == "claims_responsibility" or (
        speaker >= 0 and speaker == mention.entity and said.stance != "denies"
    ):
        return "claimed"
    if said.stance == "denies":
        return "denied"
    if said.stance in {"believes", "doubts", "predicts"}:
        return "possible"
    words = set((said.source.text if said.source else "").lower().replace(",", " ").split())
    if speaker >= 0:
        words |= cast.clusters[speaker].heads
        if cast.clusters[speaker].type == "Location":
            words.add("government")  # "Moscow accused …"
    if said.source is None and said.stance == "asserts":
        return "possible"
    return "accused_by_authorities" if words & _AUTHORITIES else "accused"


def _with_organisations(arguments: list[Argument], responsibility: list[Responsibility], cast: Cast) -> list[Argument]:
    """Every organisation with a responsibility, denied ones too, is also an actor_organisation."""
    present = {a.entity or a.text.lower() for a in arguments if a.role == "actor_organisation"}
    numbers = {(f.span.start, f.span.end): n for n, f in enumerate(cast.found)}
    for item in responsibility:
        if (item.entity or item.text.lower()) in present:
            continue
        present.add(item.entity or item.text.lower())
        number = numbers.get((item.start, item.end))
        named = number is not None and cast.found[number].named
        mention = f"m{number + 1}" if number is not None else None
        arguments.append(
            Argument(
                "actor_organisation",
                item.start,
                item.end,
                item.text,
                mention,
                item.entity,
                named,
                None,
                item.attribution,
            )
        )
    return sorted(arguments, key=lambda a: (a.start, a.end, a.role))


def _times(cast: Cast, incident: Incident) -> list[When]:
    result, seen = [], set()
    for sentence in incident.sentences[:4]:
        triggers = [h.first for h in incident.hits]
        numbers = cast.index.times.get(sentence, ())
        for number in sorted(numbers, key=lambda n: min(abs(cast.found[n].first - t) for t in triggers))[:2]:
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
