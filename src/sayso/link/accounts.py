"""A reading → what it contributes across documents: its events as profiles, and what is stated of them.

A profile is all that is compared of an event: kind, days, places, those who acted and those acted upon, counts, wording.
A statement without a coded event ("had nothing to do with it", "the report is untrue") gets a profile of its own from
its sentence, so that a general denial finds what it denies.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from sayso.link.polarity import about, denial, disclaims, negates, retraction, subject
from sayso.names.scripts import fold
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
RADIUS = {"exact": 3.0, "city": 15.0, "district": 40.0, "province": 130.0, "country": 600.0}
"""kilometres within which a place of that precision may lie"""
_GENERIC = frozenset(
    {
        "people",
        "civilians",
        "soldiers",
        "troops",
        "men",
        "residents",
        "women",
        "police",
        "army",
        "government",
        "armed men",
        "gunmen",
        "fighters",
        "attackers",
        "terrorists",
        "guerrillas",
        "rebels",
        "houses",
    }
)


@dataclass(frozen=True, slots=True)
class PlaceOf:
    name: str
    lat: float
    lon: float
    precision: str
    country: str | None = None


@dataclass(frozen=True)
class Profile:
    """What is compared of one event of one document. Days are ISO dates; words are stems with their rarity; names are as the document's entities have them.

    ref: the event's id there, or the attribution's for a statement without an event. start: of its first sentence. dated: the days come from the text.
    """

    document: str
    ref: str
    start: int
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
    by_words: tuple[tuple[str, float], ...] = ()
    on_words: tuple[tuple[str, float], ...] = ()
    sides: tuple[str, ...] = ()
    """countries and bodies that its sentences speak of"""
    denied_by: tuple[str, ...] = ()
    """for whom those speak who deny it there, and of whom they deny it; empty where nobody does or somebody tells it"""
    confidence: float = 1.0

    @cached_property
    def word_table(self) -> dict[str, float]:
        return dict(self.words)

    @cached_property
    def by_table(self) -> dict[str, float]:
        return dict(self.by_words)

    @cached_property
    def on_table(self) -> dict[str, float]:
        return dict(self.on_words)

    @cached_property
    def finest(self) -> tuple[PlaceOf, ...]:
        """The places of the finest precision that are there."""
        order = list(RADIUS)
        best = min((order.index(p.precision) for p in self.places if p.precision in order), default=None)
        return tuple(p for p in self.places if best is not None and p.precision == order[best])

    @cached_property
    def named_by(self) -> tuple[tuple[str, str], ...]:
        """Those who acted, without words that name nobody ("the army")."""
        return tuple(n for n in self.by if fold(n[1]) not in _GENERIC)

    @cached_property
    def named_on(self) -> tuple[tuple[str, str], ...]:
        return tuple(n for n in self.on if fold(n[1]) not in _GENERIC)

    @cached_property
    def ordinals(self) -> tuple[tuple[int, int], ...]:
        """Its days as numbers (`date.toordinal`)."""
        return tuple((_ordinal(a), _ordinal(b)) for a, b in self.days)

    @cached_property
    def published_day(self) -> int | None:
        return _ordinal(self.published) if self.published else None


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


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

        self._starts = [s.start for s in cuts]
        self._contents: dict[int, list[Attribution]] = {}
        self._sources: dict[int, list[Span]] = {}
        for a in reading.attributions:
            for start in dict.fromkeys(s.start for span in a.content for s in self._cut_by(span)):
                self._contents.setdefault(start, []).append(a)
            if a.source:
                source = Span(a.source.start, a.source.end, a.source.text)
                for sentence in self._cut_by(source):
                    self._sources.setdefault(sentence.start, []).append(source)

    def sentence_of(self, at: int) -> Span | None:
        n = bisect_right(self._starts, at) - 1
        return self.cuts[n] if n >= 0 and at < self.cuts[n].end else None

    def _cut_by(self, span: Span) -> list[Span]:
        """The sentences in which a span stands."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        return [s for s in self.cuts[first : bisect_left(self._starts, span.end)] if s.end > span.start]

    def of_event(self, event: Event) -> Profile:
        spots = {s.start: s for t in event.shown if (s := self.sentence_of(t.start))}
        told = [s for _, s in sorted(spots.items())]
        denied_by, denied = self._denied(told)
        where = [
            (m, PlaceOf(w.name, w.lat, w.lon, w.precision, m.place.country if m.place else None))
            for w in event.where
            if (m := self.mentions.get(w.mention))
        ] + self._hit(event)
        profile = self._profile(
            event.id,
            told[0].start if told else 0,
            event.type,
            told,
            _days([(w.start, w.end) for w in event.when]),
            [place for m, place in where if not denied or _inside(m, denied)],
        )
        by = [a for a in event.arguments if a.role in _BY]
        on = [a for a in event.arguments if a.role in _ON]
        return replace(
            profile,
            denied_by=denied_by,
            by=self._names([a.entity for a in by] + [r.entity for r in event.responsibility]),
            on=self._names([a.entity for a in on]),
            by_words=telling(" ".join([a.text for a in by] + [r.text for r in event.responsibility]), 12),
            on_words=telling(" ".join(a.text for a in on), 16),
            counts=tuple(sorted({(c.kind, c.low, c.high) for c in event.casualties}, key=str)),
            confidence=event.confidence,
        )

    def _hit(self, event: Event) -> list[tuple[Mention, PlaceOf]]:
        """Towns that were themselves the target ("troops shelled Nikopol"): where it was, though nobody says "in"."""
        found = [m for a in event.arguments if a.role in _ON and (m := self.mentions.get(a.mention or ""))]
        return [
            (m, PlaceOf(m.place.name, m.place.lat, m.place.lon, m.place.precision, m.place.country))
            for m in found
            if m.place and m.place.precision in {"city", "district"}
        ]

    def of_statement(self, said: Attribution) -> Profile:
        sentence = self.sentence_of(said.content[0].start)
        start = min([said.content[0].start, sentence.start if sentence else said.content[0].start])
        end = max([said.content[-1].end, sentence.end if sentence else said.content[-1].end])
        inside = [m for m in self.reading.mentions if start <= m.start < end]
        days = _days(
            [(m.timex.value, m.timex.value) for m in inside if m.timex and m.timex.value and m.timex.type == "DATE"]
        )
        denied_by, denied = self._denied([sentence] if sentence else [])
        places = [
            PlaceOf(m.place.name, m.place.lat, m.place.lon, m.place.precision, m.place.country)
            for m in inside
            if m.place and m.type == "Location" and (not denied or _inside(m, denied))
        ]
        words = Span(start, end, self.reading.document.text[start:end])
        profile = self._profile(said.id, start, "statement", [words], days, places)
        speaker = said.source.entity if said.source else None
        named = [m.entity for m in inside if m.named and m.type in {"Person", "Organisation"} and m.entity != speaker]
        return replace(profile, denied_by=denied_by, by=self._names([*named, speaker]), confidence=said.confidence)

    def _told(self, sentence: Span) -> str:
        """A sentence without the words for its speakers: the same governor speaks of many events."""
        text = list(sentence.text)
        for source in (x for cut in self._cut_by(sentence) for x in self._sources.get(cut.start, ())):
            start, end = max(source.start, sentence.start), min(source.end, sentence.end)
            if start < end:
                text[start - sentence.start : end - sentence.start] = " " * (end - start)
        return "".join(text)

    def _denied(self, told: list[Span]) -> tuple[tuple[str, ...], list[Span]]:
        """Who denies it in these sentences and of whom, and the words of the denials; nothing where one of them tells it."""
        who: set[str] = set()
        words: list[Span] = []
        for sentence in told:
            said = self._contents.get(sentence.start, [])
            denying = [a for a in said if self._denies(a, sentence)]
            for a in denying:
                content = _clips(a.content, sentence)
                who |= self._speaks_for(a) | sides(about(" ".join(s.text for s in content)))
                words += content
            if not denying and (disclaims(sentence.text) or retraction(sentence.text, "asserts")):
                who |= sides(subject(sentence.text) or sentence.text)
                words.append(sentence)
            elif not denying:
                return (), []
        return (tuple(sorted(who)) or ("?",), words) if words else ((), [])

    def _denies(self, said: Attribution, sentence: Span) -> bool:
        content = " ".join(s.text for s in _clips(said.content, sentence))
        cue = said.cue.text if said.cue else None
        if denial(content, cue, said.stance, said.negated, sentence.text):
            return True
        who = self._speaks_for(said) | sides(about(content))
        return said.stance == "asserts" and negates(content) and any(not s.startswith("~") for s in who)

    def _speaks_for(self, said: Attribution) -> frozenset[str]:
        if not said.source:
            return frozenset()
        return sides(f"{said.source.text} {self.names.get(said.source.entity or '', ('', ''))[1]}")

    def _profile(
        self, ref: str, start: int, type: str, told: list[Span], days: list[tuple[str, str]], places: list[PlaceOf]
    ) -> Profile:
        dated = bool(days)
        if not dated and self.published:
            end = date.fromisoformat(self.published).toordinal()
            days = [(date.fromordinal(max(1, end - _REPORT_LAG)).isoformat(), self.published)]
        unique = {(p.name, p.precision): p for p in places}
        return Profile(
            document=self.reading.document.id,
            ref=ref,
            start=start,
            type=type,
            family=family_of(type),
            days=tuple(days),
            dated=dated,
            published=self.published,
            places=tuple(unique.values())[:_MOST_NAMES],
            by=(),
            on=(),
            counts=(),
            words=telling(" ".join(self._told(s) for s in told)),
            sides=tuple(
                sorted(
                    {s for s in sides(" ".join(s.text for s in told)) if s[:1] != "~"}
                    | {p.country for p in places if p.country}
                )
            ),
        )

    def _names(self, entities: list[str | None]) -> tuple[tuple[str, str], ...]:
        found = dict.fromkeys(self.names[e] for e in entities if e in self.names)
        return tuple(found)[:_MOST_NAMES]


def _clips(content: tuple[Span, ...], sentence: Span) -> list[Span]:
    """What of a content stands in a sentence."""
    found = []
    for span in content:
        start, end = max(span.start, sentence.start), min(span.end, sentence.end)
        if start < end:
            found.append(Span(start, end, sentence.text[start - sentence.start : end - sentence.start]))
    return found


def _inside(mention: Mention, spans: list[Span]) -> bool:
    return any(s.start <= mention.start < s.end for s in spans)


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
