"""Readings as brat standoff, for the annotation tools that read it: a zip archive with a `.txt` and an `.ann` a document.

After the manual (brat.nlplab.org/standoff.html). T: sources, cues, contents, mentions, triggers and the words of counts, with offsets
in code points; words that are apart, or on several lines, are fragments. E: an attribution is an event of its cue, a coded event
one of its first trigger. R: a content without a cue and its source, an attribution and the event it is about, the triggers of
one event. A: stance, polarity, realis. #: the claims that an annotation stands for, by their ids. `annotation.conf` names what
occurs, so that brat opens the folder as it is; `.exported` is the `.ann` as it was, by which `sayso.export.returned` knows what
people changed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from sayso.export import LossReport, Record
from sayso.export.interchange.standoff import Clause
from sayso.export.mending_parts import Parts
from sayso.export.readings import readings_in
from sayso.records import Attribution, Claim, Event, Reading, Span, When, Where

_TOGETHER = re.compile(r"[^\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
"""what one line of a file can hold"""
_SINCE = (1980, 1, 1, 0, 0, 0)
"""the same readings give the same bytes"""
_Slot = tuple[str, int]
"""an event's list, and the number of an item there"""
_SPELT = frozenset({"when", "where", "fate"})
"""fields whose value is not their words"""
_STANCES = "asserts|confirms|denies|accuses|claims_responsibility|doubts|retracts|threatens|promises|demands|predicts|believes|asks"


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """Raises UsageError for records that are no readings."""
    report = LossReport()
    used = _Used()
    bare = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for reading in readings_in(rows, "brat’s format"):
            sheet = Sheet(reading)
            bare += sheet.bare
            used.note(sheet)
            name = reading.document.id
            _put(archive, f"{name}.txt", reading.document.text)
            lines = "".join(f"{line}\n" for line in sheet.lines)
            for ending in ("ann", "exported"):
                _put(archive, f"{name}.{ending}", lines)
            for claim in sheet.placeless:
                report.lose("claims that no annotation stands for", f"{name}/{claim}")
            report.rows += 1
        _put(archive, "annotation.conf", used.conf())
    if report.rows:
        report.losses.append(
            "brat has no place for who is who, codes, coordinates, confidences and warnings; JSON Lines hold them"
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


@dataclass(frozen=True, slots=True)
class _Coded:
    """What stands for an event. first: the annotation with its roles; acts: trigger → annotation; fillers: item → (role, words);
    realis: of the first who tells of it, which the annotation has as its attribute."""

    type: str
    first: str
    acts: dict[str, str]
    fillers: dict[_Slot, tuple[str, str]]
    realis: str | None


class Sheet:
    """The lines of one document's `.ann`. bare: events left out; placeless: ids of claims that no line stands for."""

    def __init__(self, reading: Reading) -> None:
        self.lines: list[str] = []
        self.bare = 0
        self.placeless: list[str] = []
        self.types: dict[str, set[str]] = {"entities": set(), "relations": set(), "events": set()}
        self.roles: dict[str, set[str]] = {}
        self._text = reading.document.text
        self._bound: dict[tuple[str, tuple[tuple[int, int], ...]], str] = {}
        self._numbers = dict.fromkeys("TERA#", 0)
        self._coded: dict[str, _Coded] = {}
        self._realised: set[str | None] = set()
        for mention in reading.mentions:
            self._mark(mention.type, Span(mention.start, mention.end, mention.text))
        said = {a.id: self._attribution(a) for a in reading.attributions}
        self._nest(reading.attributions, said)
        mentions = {m.id: Span(m.start, m.end, m.text) for m in reading.mentions}
        for event in reading.events:
            self._event(event, mentions, said)
        self._note(reading, said)

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
        fillers = {slot: (role, filler) for slot, role, filler in self._fillers(event, mentions) if filler}
        acts = {
            trigger: self._acts(event.type, trigger, fillers.values() if n == 0 else ())
            for n, trigger in enumerate(dict.fromkeys(triggers))
        }
        first, *rest = acts.values()
        self._coded[event.id] = _Coded(
            event.type, first, acts, fillers, event.realis[0].value if event.realis else None
        )
        for other in rest:
            self._relation("Same_event", first, other)
        for realis in event.realis[:1]:
            self._line("A", f"Realis {first} {realis.value}")
        for id_ in dict.fromkeys(said.get(a) for a in event.attributed_to):
            if id_:
                self._relation("Tells_of", id_, first)

    def _fillers(self, event: Event, mentions: dict[str, Span]) -> Iterator[tuple[_Slot, str, str | None]]:
        for n, a in enumerate(event.arguments):
            yield ("arguments", n), a.role, self._mark("Argument", Span(a.start, a.end, a.text))
        for n, c in enumerate(event.casualties):
            yield ("casualties", n), c.kind, self._mark("Casualties", Span(c.start, c.end, c.text))
        for n, r in enumerate(event.responsibility):
            filler = self._mark("Argument", Span(r.start, r.end, r.text))
            yield ("responsibility", n), f"responsibility_{r.confidence}", filler
        placed: dict[str, Sequence[When | Where]] = {"when": event.when, "where": event.where}
        for name, items in placed.items():
            for n, item in enumerate(items):
                if span := mentions.get(item.mention):
                    yield (name, n), name, self._mark(name.capitalize(), span)

    # -- claims -----------------------------------------------------------------------------------------------

    def _note(self, reading: Reading, said: dict[str, str | None]) -> None:
        """One note an annotation, with all claims that it stands for."""
        parts = Parts(reading)
        told: dict[str, list[str]] = {}
        for claim in reading.claims:
            by = said.get(claim.attribution or "")
            found = None if claim.attribution and by is None else self._clause(claim, parts, by)
            if found is None:
                self.placeless.append(claim.id)
            else:
                told.setdefault(found[0], []).append(found[1].told())
        for anchor, clauses in told.items():
            self._line("#", f"AnnotatorNotes {anchor}\t{'; '.join(clauses)}")

    def _clause(self, claim: Claim, parts: Parts, by: str | None) -> tuple[str, Clause] | None:
        """The annotation that stands for the claim, and what the note says of it."""
        plain = Clause(claim.id, claim.field, by=by)
        pieces = tuple(fragments(self._text, claim.spans))
        coded = self._coded.get(claim.event or "")
        if coded is None:
            content = None if claim.event else self._bound.get(("Content", pieces))
            return (content, plain) if content else None
        slots = [(name, n) for _, name, n in parts.places_of(claim)]
        if claim.field == "responsibility" and not slots:  # corrected to a denial, which its value does not say
            words = self._bound.get(("Argument", pieces))
            slots = [slot for slot, (_, filler) in coded.fillers.items() if slot[0] == claim.field and filler == words]
        if claim.field == "realis":
            anchor = coded.acts.get(self._bound.get((coded.type, pieces), ""), coded.first)
            first = ("realis", 0) in slots and anchor == coded.first and claim.event not in self._realised
            self._realised |= {claim.event} if first else set()
            return anchor, replace(plain, value=coded.realis if first else None)
        for slot in slots:
            if slot in coded.fillers:
                role, filler = coded.fillers[slot]
                value = claim.value if claim.field in _SPELT or slot[0] == "casualties" else None
                return filler, replace(plain, role=role, event=coded.first, value=value)
        return None


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
            "Accepted\tArg:<ANY>",
            "Realis\tArg:<EVENT>, Value:happened|attempted|planned|threatened|hypothetical|denied",
        ]
        parts = {
            "entities": sorted(self.types.get("entities", ())),
            "relations": relations,
            "events": events,
            "attributes": attributes,
        }
        return "\n".join(line for name, lines in parts.items() for line in (f"[{name}]", *lines, ""))
