"""Corrected readings as brat standoff, for the annotation tools that read it: a zip archive with a `.txt` and an `.ann` a document.

After the manual (brat.nlplab.org/standoff.html). T: sources, cues, contents, mentions, triggers and the words of counts, with offsets
in code points; words that are apart, or on several lines, are fragments. E: an attribution is an event of its cue, a coded event
one of its first trigger. R: a content without a cue and its source, an attribution and the event it is about, the triggers of
one event. A: stance, polarity, realis. `annotation.conf` names what occurs, so that brat opens the folder as it is.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from sayso.errors import UsageError
from sayso.export import LossReport, Record
from sayso.records import Attribution, Event, Reading, Span

_TOGETHER = re.compile(r"[^\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
"""what one line of a file can hold"""
_SINCE = (1980, 1, 1, 0, 0, 0)
"""the same readings give the same bytes"""
_STANCES = "asserts|confirms|denies|accuses|claims_responsibility|doubts|retracts|threatens|promises|demands|predicts|believes|asks"


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """Raises UsageError for records that are no readings."""
    report = LossReport()
    used = _Used()
    bare = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows:
            try:
                reading = msgspec.convert(row, Reading)
            except msgspec.ValidationError as error:
                raise UsageError("brat’s format holds corrected readings: `sayso export corrections`") from error
            sheet = Sheet(reading)
            bare += sheet.bare
            used.note(sheet)
            name = reading.document.id
            _put(archive, f"{name}.txt", reading.document.text)
            _put(archive, f"{name}.ann", "".join(f"{line}\n" for line in sheet.lines))
            report.rows += 1
        _put(archive, "annotation.conf", used.conf())
    if report.rows:
        report.losses.append(
            "brat has no place for who is who, claims, codes and resolved dates and places; JSON Lines hold them"
        )
    if bare:
        report.losses.append(f"{bare} events without any words to stand on were left out")
    return report


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    archive.writestr(zipfile.ZipInfo(name, _SINCE), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)


def fragments(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Offsets of the spans, those of each line apart, in order."""
    found = [
        (span.start + m.start(), span.start + m.end())
        for span in spans
        for m in _TOGETHER.finditer(text[span.start : span.end])
    ]
    return sorted(set(found))


class Sheet:
    """The lines of one document's `.ann`. bare: events left out."""

    def __init__(self, reading: Reading) -> None:
        self.lines: list[str] = []
        self.bare = 0
        self.types: dict[str, set[str]] = {"entities": set(), "relations": set(), "events": set()}
        self.roles: dict[str, set[str]] = {}
        self._text = reading.document.text
        self._bound: dict[tuple[str, tuple[tuple[int, int], ...]], str] = {}
        self._numbers = dict.fromkeys("TERA", 0)
        for mention in reading.mentions:
            self._mark(mention.type, Span(mention.start, mention.end, mention.text))
        said = {a.id: self._attribution(a) for a in reading.attributions}
        self._nest(reading.attributions, said)
        mentions = {m.id: Span(m.start, m.end, m.text) for m in reading.mentions}
        for event in reading.events:
            self._event(event, mentions, said)

    # -- lines ------------------------------------------------------------------------------------------------

    def _line(self, letter: str, rest: str) -> str:
        self._numbers[letter] += 1
        id_ = f"{letter}{self._numbers[letter]}"
        self.lines.append(f"{id_}\t{rest}")
        return id_

    def _mark(self, type_: str, *spans: Span, group: str = "entities") -> str | None:
        """The text-bound annotation of these words, made once."""
        found = tuple(fragments(self._text, spans))
        if not found:
            return None
        if (type_, found) not in self._bound:
            places = ";".join(f"{start} {end}" for start, end in found)
            words = " ".join(self._text[start:end] for start, end in found)
            self._bound[type_, found] = self._line("T", f"{type_} {places}\t{words}")
            self.types[group].add(type_)
        return self._bound[type_, found]

    def _relation(self, type_: str, left: str, right: str) -> None:
        self._line("R", f"{type_} Arg1:{left} Arg2:{right}")
        self.types["relations"].add(type_)

    def _acts(self, type_: str, trigger: str, roles: Iterable[tuple[str, str | None]]) -> str:
        """An event line; a role that is filled again is numbered."""
        told, seen = [f"{type_}:{trigger}"], dict[str, int]()
        for role, filler in dict.fromkeys(roles):
            if filler is not None:
                seen[role] = seen.get(role, 0) + 1
                told.append(f"{role}{seen[role] if seen[role] > 1 else ''}:{filler}")
                self.roles.setdefault(type_, set()).add(role)
        return self._line("E", " ".join(told))

    # -- attributions and events ------------------------------------------------------------------------------

    def _attribution(self, said: Attribution) -> str | None:
        """What stands for it: the event of its cue, else its content."""
        source = self._mark("Source", Span(said.source.start, said.source.end, "")) if said.source else None
        content = self._mark("Content", *said.content)
        cue = self._mark("Cue", said.cue, group="events") if said.cue else None
        id_ = self._acts("Cue", cue, (("Source", source), ("Content", content))) if cue else content
        if id_ is None:
            return None
        if not cue and source:
            self._relation("Said_by", id_, source)
        self._line("A", f"Stance {id_} {said.stance}")
        self._line("A", f"Polarity {id_} {'negative' if said.negated else 'positive'}")
        return id_

    def _nest(self, attributions: Iterable[Attribution], said: dict[str, str | None]) -> None:
        for a in attributions:
            inner, outer = said[a.id], said.get(a.via or "")
            if inner and outer and inner != outer:
                self._relation("Via", inner, outer)

    def _event(self, event: Event, mentions: dict[str, Span], said: dict[str, str | None]) -> None:
        triggers = [t for span in event.shown if (t := self._mark(event.type, span, group="events"))]
        if not triggers:
            self.bare += 1
            return
        first, *rest = [
            self._acts(event.type, trigger, self._fillers(event, mentions) if n == 0 else ())
            for n, trigger in enumerate(dict.fromkeys(triggers))
        ]
        for other in rest:
            self._relation("Same_event", first, other)
        for realis in event.realis[:1]:
            self._line("A", f"Realis {first} {realis.value}")
        for id_ in dict.fromkeys(said.get(a) for a in event.attributed_to):
            if id_:
                self._relation("Tells_of", id_, first)

    def _fillers(self, event: Event, mentions: dict[str, Span]) -> Iterator[tuple[str, str | None]]:
        for a in event.arguments:
            yield a.role, self._mark("Argument", Span(a.start, a.end, a.text))
        for c in event.casualties:
            yield c.kind, self._mark("Casualties", Span(c.start, c.end, c.text))
        for r in event.responsibility:
            yield f"responsibility_{r.confidence}", self._mark("Argument", Span(r.start, r.end, r.text))
        for name, items in (("when", event.when), ("where", event.where)):
            for item in items:
                if span := mentions.get(item.mention):
                    yield name, self._mark("When" if name == "when" else "Where", span)


class _Used:
    """Types and roles over all documents, for brat's configuration."""

    def __init__(self) -> None:
        self.types: dict[str, set[str]] = {}
        self.roles: dict[str, set[str]] = {}

    def note(self, sheet: Sheet) -> None:
        for known, more in ((self.types, sheet.types), (self.roles, sheet.roles)):
            for name, some in more.items():
                known.setdefault(name, set()).update(some)

    def conf(self) -> str:
        relations = [f"{r}\tArg1:<ANY>, Arg2:<ANY>" for r in sorted(self.types.get("relations", ()))]
        events = [
            f"{e}\t{', '.join(f'{role}*:<ANY>' for role in sorted(self.roles.get(e, ())))}".rstrip()
            for e in sorted(self.types.get("events", ()))
        ]
        attributes = [
            f"Stance\tArg:<ANY>, Value:{_STANCES}",
            "Polarity\tArg:<ANY>, Value:positive|negative",
            "Realis\tArg:<EVENT>, Value:happened|attempted|planned|threatened|hypothetical|denied",
        ]
        parts = {
            "entities": sorted(self.types.get("entities", ())),
            "relations": relations,
            "events": events,
            "attributes": attributes,
        }
        return "\n".join(line for name, lines in parts.items() for line in (f"[{name}]", *lines, ""))
