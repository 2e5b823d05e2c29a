"""The parts of a reading while decisions are applied to it (see `mending`): items of events by their places, attributions, mentions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sayso.gazetteer import default_gazetteer
from sayso.ledger.holders import count_of
from sayso.records import (
    Argument,
    Attribution,
    Casualty,
    Claim,
    Event,
    Mention,
    Place,
    Reading,
    Realis,
    Responsibility,
    Source,
    Span,
    Timex,
    When,
    Where,
)

Slot = tuple[str, str, int]
"""(event, its list, number there) of an item"""
Item = Realis | Argument | When | Where | Casualty | Responsibility
_LISTS = ("realis", "arguments", "when", "where", "casualties", "responsibility")


def hull(text: str, spans: tuple[Span, ...]) -> Span:
    """From the first to the last word: items of events have one span."""
    start, end = spans[0].start, spans[-1].end
    return Span(start, end, text[start:end])


class Parts:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.text = reading.document.text
        self.mentions: dict[str, Mention] = {m.id: m for m in reading.mentions}
        self.attributions: dict[str, Attribution] = {a.id: a for a in reading.attributions}
        self._events: dict[str, Event] = {e.id: e for e in reading.events}
        self._items: dict[tuple[str, str], list[Any]] = {
            (e.id, name): list(getattr(e, name)) for e in reading.events for name in _LISTS
        }

    # -- items ------------------------------------------------------------------------------------------------

    def places_of(self, claim: Claim) -> list[Slot]:
        """The items that the claim was made from."""
        return [
            (event, name, n)
            for (event, name), items in self._items.items()
            if event == claim.event
            for n, item in enumerate(items)
            if item.attribution == claim.attribution and self._makes(event, item, claim)
        ]

    def _makes(self, event: str, item: Item, claim: Claim) -> bool:
        if isinstance(item, Realis):
            told = "happened" if item.value == "denied" else item.value
            return claim.field == "realis" and claim.value == f"{self._events[event].type}: {told}"
        if isinstance(item, When | Where):
            field = "when" if isinstance(item, When) else "where"
            mention = self.mentions.get(item.mention)
            same = isinstance(item, When) or item.name == claim.value
            return field == claim.field and same and mention is not None and _at(mention, claim)
        if isinstance(item, Casualty):
            return claim.field == f"casualties.{item.kind}" and _at(item, claim)
        if isinstance(item, Responsibility):
            return (
                claim.field == "responsibility"
                and claim.value == f"{item.text}: {item.confidence}"
                and _at(item, claim)
            )
        fate = claim.field == "fate" and item.fate is not None and claim.value == f"{item.text}: {item.fate}"
        return (fate or claim.field == item.role) and _at(item, claim)

    def at(self, place: Slot) -> Any:
        return self._items[place[:2]][place[2]]

    def put(self, place: Slot, item: Item | None) -> None:
        self._items[place[:2]][place[2]] = item

    def move_trigger(self, event: str, old: Span, new: Span) -> None:
        e = self._events[event]
        triggers = {new if t == old else t for t in e.triggers} | {new}
        self._events[event] = replace(e, triggers=tuple(sorted(triggers, key=lambda t: (t.start, t.end))))

    # -- attributions -----------------------------------------------------------------------------------------

    def set_content(self, attribution: str | None, spans: tuple[Span, ...]) -> None:
        if attribution in self.attributions:
            self.attributions[attribution] = replace(self.attributions[attribution], content=spans)

    def drop_content(self, attribution: str | None) -> None:
        """With the attribution, unless an event stands on it as well."""
        said = self.attributions.get(attribution or "")
        if said is None:
            return
        used = {i.attribution for items in self._items.values() for i in items if i is not None}
        if said.id in used | {a for e in self._events.values() for a in e.attributed_to}:
            self.attributions[said.id] = replace(said, content=())
            return
        del self.attributions[said.id]
        for other in list(self.attributions.values()):
            if other.via == said.id:
                self.attributions[other.id] = replace(other, via=said.via)

    def names_somebody(self, source: Source) -> bool:
        """Whether the words of the source hold a name: then another speaker stands elsewhere, else it is who they stand for."""
        return any(m.named and source.start <= m.start and m.end <= source.end for m in self.mentions.values())

    def speaker(self, name: str, near: int, kept: Source | None) -> Source | None:
        """The words for a speaker of that name: those kept ("he"), else the name's nearest in the text; None when it is not there."""
        entity = self.entity(name)
        if kept is not None:
            return replace(kept, entity=entity)
        named = [m for m in self.mentions.values() if m.entity == entity and m.named] if entity else []
        if named:
            best = min(named, key=lambda m: (abs(m.start - near), m.start))
            return Source(best.start, best.end, best.text, entity)
        found = self.nearest(name, near)
        return Source(found.start, found.end, found.text, entity) if found else None

    # -- words ------------------------------------------------------------------------------------------------

    def entity(self, name: str) -> str | None:
        wanted = name.casefold()
        for e in self._reading.entities:
            if wanted in {n.casefold() for n in (e.name, *e.aliases)}:
                return e.id
        return None

    def nearest(self, words: str, near: int) -> Span | None:
        """These words where they stand nearest to a place of the text."""
        best: int | None = None
        start = self.text.find(words)
        while start >= 0:
            if best is None or abs(start - near) < abs(best - near):
                best = start
            start = self.text.find(words, start + 1)
        return None if best is None else Span(best, best + len(words), words)

    def mention_at(self, span: Span) -> Mention | None:
        return next((m for m in self.mentions.values() if (m.start, m.end) == (span.start, span.end)), None)

    def mention_for(self, span: Span, type_: str) -> Mention:
        """The mention of that span; made when there is none."""
        found = self.mention_at(span)
        if found is None:
            found = Mention(
                self.free_id("m", self.mentions), span.start, span.end, span.text, type_, type_ == "Location"
            )
            self.mentions[found.id] = found
        return found

    def free_id(self, letter: str, taken: Mapping[str, Any] | Iterable[str]) -> str:
        numbers = [int(k[1:]) for k in taken if k[:1] == letter and k[1:].isdigit()]
        return f"{letter}{max(numbers, default=0) + 1}"

    # -- the whole --------------------------------------------------------------------------------------------

    def reading(self, claims: tuple[Claim, ...]) -> Reading:
        return replace(
            self._reading,
            mentions=tuple(self.mentions.values()),
            attributions=tuple(self.attributions.values()),
            events=tuple(self._event(e) for e in self._events.values()),
            claims=claims,
        )

    def _event(self, event: Event) -> Event:
        lists: dict[str, Any] = {
            name: tuple(i for i in self._items[event.id, name] if i is not None) for name in _LISTS
        }
        had, has = (
            {i.attribution for name in _LISTS for i in some[name]}
            for some in ({name: getattr(event, name) for name in _LISTS}, lists)
        )
        stays = [a for a in event.attributed_to if a in self.attributions and (a in has or a not in had)]
        fresh = sorted(a for a in has - had if a is not None)
        return replace(event, **lists, attributed_to=tuple(dict.fromkeys((*stays, *fresh))))


def _at(item: Any, claim: Claim) -> bool:
    return (item.start, item.end) == (claim.spans[0].start, claim.spans[-1].end)


def mended_item(parts: Parts, item: Any, was: Claim, right: Claim) -> Any:
    """The item as the corrected claim has it; None when it cannot be said of the text (a place that nobody knows)."""
    span = hull(parts.text, right.spans)
    changed = right.value != was.value
    told = right.value.rpartition(": ")[2]
    if isinstance(item, Realis):
        return replace(item, value=told if right.holds else "denied")
    if isinstance(item, When):
        return _when(parts, item, span, right.value if changed else None)
    if isinstance(item, Where):
        return _where(parts, item, span, right.value if changed else None)
    words: dict[str, Any] = {"start": span.start, "end": span.end, "text": span.text}
    if isinstance(item, Casualty):
        low, high = count_of(right.value)
        return replace(item, **words, low=low, high=high, hedge=None if changed else item.hedge)
    mention = parts.mention_at(span)
    moved = (span.start, span.end) != (item.start, item.end)
    if moved or changed:
        name = right.value.rpartition(": ")[0] if right.field in {"responsibility", "fate"} else right.value
        known = mention.entity if moved and mention else parts.entity(name)
        words["entity"] = known or (None if moved or name != item.text else item.entity)
    if isinstance(item, Responsibility):
        confidence = told if right.holds or told == "denied" else "denied"
        return replace(item, **words, confidence=confidence)
    if moved:
        words |= {"mention": mention.id if mention else None, "named": bool(mention and mention.named)}
    return replace(item, **words, fate=told if right.field == "fate" else item.fate)


def _when(parts: Parts, item: When, span: Span, value: str | None) -> When:
    mention = parts.mention_for(span, "Temporal")
    if value is None:
        return replace(item, mention=mention.id)
    first, _, last = value.partition("/")
    kind = "TIME" if "T" in first else "DATE"
    parts.mentions[mention.id] = replace(mention, timex=Timex(kind, first))
    precision = (
        "time" if kind == "TIME" else "day" if not last else item.precision if item.precision != "day" else "week"
    )
    return replace(item, start=first, end=last or first, precision=precision, mention=mention.id)


def _where(parts: Parts, item: Where, span: Span, value: str | None) -> Where | None:
    mention = parts.mention_for(span, "Location")
    if value is None:
        return replace(item, mention=mention.id)
    found = default_gazetteer().lookup(value)
    if not found:
        return None
    p = found[0]
    place = Place(p.name, p.lat, p.lon, p.country, p.admin1, p.geonameid, p.kind)
    parts.mentions[mention.id] = replace(mention, place=place)
    return replace(item, name=value, lat=p.lat, lon=p.lon, precision=p.kind, mention=mention.id)
