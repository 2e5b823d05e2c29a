"""How it is known that an organisation is responsible (MUC-4's PERP: ORGANIZATION CONFIDENCE), for each one by itself."""

from __future__ import annotations

import re

from sayso.read.attributions import Draft
from sayso.read.blame import Held
from sayso.read.incidents import Incident
from sayso.read.kinds import Found
from sayso.read.scene import Cast, attribution_at, fullest, stance_of_id
from sayso.records import Argument, Attribution, Responsibility

_AUTHORITIES = frozenset(
    "police army military government ministry minister president governor mayor official officials officer prosecutor prosecutors "
    "spokesman spokeswoman colonel general service intelligence authorities authority command commander court judge ambassador "
    "administration department agency forces secretary senator state kremlin security investigators embassy".split()
)


def held_by_statement(cast: Cast, draft: Draft, attribution: Attribution) -> list[Held]:
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
    if cue in {"accuse", "blame", "hold responsible"} and not attribution.negated:
        phrase = cast.page.phrase_at(first)
        mention = cast.index.at(phrase.last - 1) if phrase else -1
        linked = cue == "hold responsible" or {"of", "for"} & set(cast.page.tokens.lower[first:last])
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


def find_responsibility(cast: Cast, incident: Incident, helds: list[Held]) -> list[Responsibility]:
    result: dict[tuple[str, str], Responsibility] = {}
    for part in incident.parts:
        if part.known:
            _add_known(result, cast, part.first, part.last, part.known)
    for role in incident.roles if not incident.coded else ():
        if role.name == "actor_organisation" and role.mention >= 0:
            where = cast.page.tokens.start[role.first]
            if attribution_at(cast, where) is None:
                where = cast.page.tokens.start[role.trigger]
            denied = any(h.realis == "denied" for h in incident.hits if h.first == role.trigger)
            _add(result, cast, role.mention, where, denied=denied, claimed=False)
    seen = {key for key, _ in result}
    for held in helds:
        mention = cast.found[held.mention]
        weighed = _key(mention.entity, mention.span.text) in seen or cast.page.tokens.caps
        if incident.coded and weighed and not (held.denied or held.claimed):
            continue  # the trained reader weighed the whole text; in capitals the rules see names badly
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
    if claimed:
        own = (
            a
            for start, end, a in cast.contents(offset)
            if start <= offset < end and stance_of_id(cast, a) == "claims_responsibility"
        )
        attribution = next(own, attribution)
    confidence = _known_how(cast, mention, attribution, denied, claimed)
    key = (_key(mention.entity, mention.span.text), confidence)
    span = mention.span
    entity = f"e{mention.entity + 1}" if mention.entity >= 0 else None
    result.setdefault(key, Responsibility(span.text, span.start, span.end, entity, confidence, attribution))


def _key(entity: int, text: str) -> str:
    """What stands for an organisation: its entity, else its words."""
    return f"e{entity}" if entity >= 0 else text.lower()


def _add_known(result: dict[tuple[str, str], Responsibility], cast: Cast, first: int, last: int, known: str) -> None:
    """How a trained reader takes it to be known, on the words where it saw it."""
    span = cast.page.tokens.span(first, last)
    number = cast.index.at(last - 1)
    entity = cast.found[number].entity if number >= 0 else -1
    key = (_key(entity, span.text), known)
    attribution = attribution_at(cast, span.start)
    if attribution is None and known == "claimed":  # who claims it stands in the source, not in the content
        own = (
            a.id
            for a in cast.attributions
            if a.stance == "claims_responsibility" and a.source and a.source.start <= span.start < a.source.end
        )
        attribution = next(own, None)
    identifier = f"e{entity + 1}" if entity >= 0 else None
    result.setdefault(key, Responsibility(span.text, span.start, span.end, identifier, known, attribution))


def _organisation_for(cast: Cast, mention: Found) -> Found | None:
    """The organisation that a description or pronoun stands for, or that is named inside it."""
    if mention.entity >= 0 and cast.clusters[mention.entity].type == "Organisation":
        best = fullest(cast, mention)
        if best.named or cast.page.tokens.lower[best.last - 1] not in cast.page.ontology.terms["person_nouns"]:
            return best  # "armed men" are people, whatever their mention's type
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
    if said.stance in {"believes", "doubts", "predicts", "asks"}:
        return "possible"
    words = set((said.source.text if said.source else "").lower().replace(",", " ").split())
    if speaker >= 0:
        words |= cast.clusters[speaker].heads
        if cast.clusters[speaker].type == "Location":
            words.add("government")  # "Moscow accused …"
    if said.source is None and said.stance == "asserts":
        return "possible"
    return "accused_by_authorities" if words & _AUTHORITIES else "accused"


def with_organisations(arguments: list[Argument], responsibility: list[Responsibility], cast: Cast) -> list[Argument]:
    """Every organisation with a responsibility, denied ones too, is also an actor_organisation."""
    present = {a.entity or a.text.lower() for a in arguments if a.role == "actor_organisation"}
    for item in responsibility:
        if (item.entity or item.text.lower()) in present:
            continue
        present.add(item.entity or item.text.lower())
        number = cast.by_span.get((item.start, item.end))
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
