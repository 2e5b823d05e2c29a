"""A reading → what it contributes across documents: its events as profiles, and what is stated of them.

A profile is all that is compared of an event: kind, days, places, those who acted and those acted upon, counts, wording.
A statement without a coded event ("had nothing to do with it", "the report is untrue") gets a profile of its own from
its sentence, so that a general denial finds what it denies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sayso.link.polarity import denial
from sayso.names.sides import sides
from sayso.names.wording import sentences, telling
from sayso.ontology import load_ontology
from sayso.records import Attribution, Event, Mention, Reading, Span

_BY = ("actor", "actor_organisation")
_ON = ("victim", "target", "recipient")
SPOKEN = frozenset({"statement", "accusation", "rejection", "demand", "verbal_conflict", "verbal_cooperation"})
"""types under which reports tell that somebody spoke of an event; they have no family of their own"""
_REPORT_LAG = 4
"""days before publication in which an event without a date is thought to lie"""
_MOST_NAMES = 12
_MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class PlaceOf:
    name: str
    lat: float
    lon: float
    precision: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of one event of one document. Days are ISO dates; words are stems with their rarity; names are as the document's entities have them.

    ref: the event's id there, or the attribution's for a statement without an event. dated: the days come from the text.
    """

    document: str
    ref: str
    type: str
    family: str
    days: tuple[tuple[str, str], ...]
    dated: bool
    published: str | None
    places: tuple[PlaceOf, ...]
    by: tuple[tuple[str, str], ...]
    on: tuple[tuple[str, str], ...]
    counts: tuple[tuple[str, float | None, float | None], ...]
    words: tuple[tuple[str, float], ...]
    sentences: tuple[tuple[tuple[str, float], ...], ...] = ()
    """the telling words of each of the first sentences that tell it"""
    by_words: tuple[tuple[str, float], ...] = ()
    on_words: tuple[tuple[str, float], ...] = ()
    sides: tuple[str, ...] = ()
    """countries and bodies that its sentences speak of"""
    denied_by: tuple[str, ...] = ()
    """for whom those speak who deny it there; empty where nobody does"""
    confidence: float = 1.0
    root: str | None = None
    """the document that this one was copied from, when it was"""


def profiles(reading: Reading) -> list[Profile]:
    """One for each event, then one for each attributed content that carries none."""
    cuts = sentences(reading.document.text)
    frame = _Frame(reading, cuts)
    found = [frame.of_event(e) for e in reading.events]
    carried = {a for e in reading.events for a in _attributions(e)}
    found += [frame.of_statement(a) for a in reading.attributions if a.id not in carried and a.content]
    return found


def family_of(type: str) -> str:
    """The ontology's family of an event type, within which reports may tell one incident; empty for a bare statement."""
    known = load_ontology().event_types.get(type)
    return known.family if known and type not in SPOKEN else ""


def _attributions(event: Event) -> set[str]:
    groups = (event.realis, event.arguments, event.when, event.where, event.casualties, event.responsibility)
    return {i.attribution for items in groups for i in items if i.attribution} | set(event.attributed_to)


class _Frame:
    """A reading with the look-ups that its profiles need."""

    def __init__(self, reading: Reading, cuts: list[Span]) -> None:
        self.reading = reading
        self.cuts = cuts
        self.names = {e.id: (e.type, e.name) for e in reading.entities}
        self.said = {a.id: a for a in reading.attributions}
        self.mentions: dict[str, Mention] = {m.id: m for m in reading.mentions}
        published = (reading.document.published or "")[:10]
        self.published = published if re.fullmatch(r"\d{4}-\d{2}-\d{2}", published) else None

    def sentence_of(self, at: int) -> Span | None:
        return next((s for s in self.cuts if s.start <= at < s.end), None)

    def of_event(self, event: Event) -> Profile:
        spots = {s.start: s for t in event.shown if (s := self.sentence_of(t.start))}
        text = " ".join(s.text for _, s in sorted(spots.items()))
        days = _days([(w.start, w.end) for w in event.when])
        places = [
            PlaceOf(
                w.name,
                w.lat,
                w.lon,
                w.precision,
                m.place.country if (m := self.mentions.get(w.mention)) and m.place else None,
            )
            for w in event.where
        ]
        profile = self._profile(event.id, event.type, text, days, places)
        denials = [self.said[a] for a in sorted(_attributions(event)) if a in self.said and self._denies(self.said[a])]
        told = [r for r in event.realis if r.value != "denied"]
        return replace(
            profile,
            denied_by=self._sides_of(denials) if denials and not any(r.attribution is None for r in told) else (),
            sentences=tuple(telling(s.text, 16) for _, s in sorted(spots.items()))[:_MOST_SENTENCES],
            by=self._names(
                [a.entity for a in event.arguments if a.role in _BY] + [r.entity for r in event.responsibility]
            ),
            on=self._names([a.entity for a in event.arguments if a.role in _ON]),
            by_words=telling(
                " ".join([a.text for a in event.arguments if a.role in _BY] + [r.text for r in event.responsibility]),
                12,
            ),
            on_words=telling(" ".join(a.text for a in event.arguments if a.role in _ON), 16),
            counts=tuple(sorted({(c.kind, c.low, c.high) for c in event.casualties}, key=str)),
            confidence=event.confidence,
        )

    def of_statement(self, said: Attribution) -> Profile:
        sentence = self.sentence_of(said.content[0].start)
        start = min([said.content[0].start, sentence.start if sentence else said.content[0].start])
        end = max([said.content[-1].end, sentence.end if sentence else said.content[-1].end])
        inside = [m for m in self.reading.mentions if start <= m.start < end]
        days = _days(
            [(m.timex.value, m.timex.value) for m in inside if m.timex and m.timex.value and m.timex.type == "DATE"]
        )
        places = [
            PlaceOf(m.place.name, m.place.lat, m.place.lon, m.place.precision, m.place.country)
            for m in inside
            if m.place and m.type == "Location"
        ]
        profile = self._profile(said.id, "statement", self.reading.document.text[start:end], days, places)
        speaker = said.source.entity if said.source else None
        named = [m.entity for m in inside if m.named and m.type in {"Person", "Organisation"} and m.entity != speaker]
        denied_by = self._sides_of([said]) if self._denies(said) else ()
        return replace(
            profile,
            sentences=(profile.words[:16],),
            denied_by=denied_by,
            by=self._names([*named, speaker]),
            confidence=said.confidence,
        )

    def _denies(self, said: Attribution) -> bool:
        sentence = self.sentence_of(said.content[0].start) if said.content else None
        content = " ".join(s.text for s in said.content)
        return (
            denial(
                content,
                said.cue.text if said.cue else None,
                said.stance,
                said.negated,
                sentence.text if sentence else content,
            )
            is not None
        )

    def _sides_of(self, speaking: list[Attribution]) -> tuple[str, ...]:
        """For whom they speak; a mark that it is denied where nobody can tell."""
        words = " ".join(
            f"{a.source.text} {self.names.get(a.source.entity or '', ('', ''))[1]}" for a in speaking if a.source
        )
        return tuple(sorted(sides(words))) or ("?",)

    def _profile(self, ref: str, type: str, text: str, days: list[tuple[str, str]], places: list[PlaceOf]) -> Profile:
        dated = bool(days)
        if not dated and self.published:
            end = date.fromisoformat(self.published)
            days = [((end - timedelta(days=_REPORT_LAG)).isoformat(), self.published)]
        unique = {(p.name, p.precision): p for p in places}
        return Profile(
            document=self.reading.document.id,
            ref=ref,
            type=type,
            family=family_of(type),
            days=tuple(days),
            dated=dated,
            published=self.published,
            places=tuple(unique.values())[:_MOST_NAMES],
            by=(),
            on=(),
            counts=(),
            words=telling(text),
            sides=tuple(sorted({s for s in sides(text) if s[:1] != "~"} | {p.country for p in places if p.country})),
        )

    def _names(self, entities: list[str | None]) -> tuple[tuple[str, str], ...]:
        found = dict.fromkeys(self.names[e] for e in entities if e in self.names)
        return tuple(found)[:_MOST_NAMES]


def _days(values: list[tuple[str | None, str | None]]) -> list[tuple[str, str]]:
    """Whole days from ISO values; months and years become ranges, others are left out."""
    found: dict[tuple[str, str], None] = {}
    for start, end in values:
        first, last = _day(start, False), _day(end or start, True)
        if first and last and first <= last:
            found[(first, last)] = None
    return list(found)


def _day(value: str | None, last: bool) -> str | None:
    match = re.match(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!-W|-[A-Z])", value or "")
    if not match:
        return None
    year, month, day = match[1], match[2], match[3]
    if day:
        return f"{year}-{month}-{day}" if _real(f"{year}-{month}-{day}") else None
    if month:
        if not _real(f"{year}-{month}-01"):
            return None
        if not last:
            return f"{year}-{month}-01"
        following = date(int(year) + (month == "12"), int(month) % 12 + 1, 1)
        return (following - timedelta(days=1)).isoformat()
    return f"{year}-12-31" if last else f"{year}-01-01"


def _real(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
