"""brat's `.ann` files read back: what became of each claim that `sayso.export.brat` noted beside an annotation.

After the manual (brat.nlplab.org/standoff.html). A claim stands on an annotation: its words are that annotation's, its speaker and
stance those of the cue's event, its role one of the coded event's. brat keeps ids when something is edited, so that what was
exported and what came back are compared id by id; normalisations, equivalences and modifications are passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sayso.errors import DataError
from sayso.export.interchange.told import Namer, Pieces, Sheet, Told
from sayso.ontology import load_ontology

_CLAUSE = re.compile(
    r"claim:(?P<claim>[0-9a-f]{1,24}) (?P<field>[\w.]+)(?: as (?P<role>\w+) of (?P<event>E\d+))?(?: by (?P<by>[TE]\d+))?"
    r'(?: (?P<value>"(?:[^"\\]|\\.)*"))?;?'
)
_NUMBER = re.compile(r"\d+$")
_BREAKS = re.compile(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
"""what the words of one annotation cannot hold, so that they are in pieces around it"""
_PASSED_OVER = ("N", "M", "*")
_MOST_PIECES = 50


@dataclass(frozen=True, slots=True)
class Clause:
    """What a note says of a claim: `claim:ID FIELD as ROLE of E7 by E3 "VALUE"`; all but the first two may be missing.

    event: the coded event in which the annotation fills the role; by: what stands for the attribution; value: as claims write it,
    where the annotation's own words are not the value.
    """

    claim: str
    field: str
    role: str | None = None
    event: str | None = None
    by: str | None = None
    value: str | None = None

    def told(self) -> str:
        place = f" as {self.role} of {self.event}" if self.role else ""
        by = f" by {self.by}" if self.by else ""
        value = f" {json.dumps(' '.join(self.value.split()), ensure_ascii=False)}" if self.value is not None else ""
        return f"claim:{self.claim} {self.field}{place}{by}{value}"


def clauses(note: str) -> Iterator[Clause]:
    for m in _CLAUSE.finditer(note):
        try:
            value = json.loads(m["value"]) if m["value"] else None
        except ValueError:
            value = None
        yield Clause(m["claim"], m["field"], m["role"], m["event"], m["by"], value)


@dataclass(slots=True)
class Standoff:
    """words: T → (type, pieces); events: E → (trigger, [(role, T or E)]); attributes: annotation → name → value ("" for a mark)."""

    words: dict[str, tuple[str, Pieces]] = field(default_factory=dict)
    events: dict[str, tuple[str, list[tuple[str, str]]]] = field(default_factory=dict)
    relations: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def pieces(self, anchor: str) -> Pieces:
        return self.words[self.events[anchor][0] if anchor in self.events else anchor][1]

    def has(self, anchor: str) -> bool:
        return anchor in self.words or anchor in self.events

    def fillers(self, event: str, role: str) -> list[str]:
        return [filler for r, filler in self.events[event][1] if r == role] if event in self.events else []


def parsed(lines: str, text: str, name: str) -> Standoff:
    """The lines of a file of that name over the document's text. Raises DataError with file, line and what is wrong there."""
    found = Standoff()
    for number, line in enumerate(lines.split("\n"), 1):
        if not line.strip() or line.startswith(_PASSED_OVER):
            continue
        try:
            _line(found, line.rstrip("\r"), text)
        except (ValueError, IndexError) as error:
            told = str(error) if isinstance(error, _Mismatch) else "it is no line of brat’s standoff format"
            raise DataError(f"{name}, line {number}: {told}; export again and correct that copy") from error
    for id_, (trigger, roles) in found.events.items():
        for filler in (trigger, *(f for _, f in roles)):
            if not found.has(filler) or trigger not in found.words:
                raise DataError(f"{name}: {id_} names {filler}, which is not there; delete it in brat, or put it back")
    return found


class _Mismatch(ValueError):
    """The offsets are not those of the words."""


def _line(found: Standoff, line: str, text: str) -> None:
    id_, told, *words = line.split("\t")
    type_, *rest = told.split(" ")
    if id_.startswith("T"):
        places = told[len(type_) + 1 :].split(";")[: _MOST_PIECES * 4]
        pieces = tuple((int(start), int(end)) for start, end in (p.split(" ") for p in places))
        spelt = " ".join(text[start:end] for start, end in pieces)
        if any(not 0 <= start < end <= len(text) for start, end in pieces) or (words and words[0] != spelt):
            raise _Mismatch(f"the words of {id_} do not stand at its offsets (code points of the .txt)")
        found.words[id_] = (type_, _joined(pieces, text))
    elif id_.startswith("E"):
        type_, _, trigger = type_.partition(":")
        if not trigger:
            raise ValueError(id_)
        roles = [part.split(":") for part in rest if part]
        found.events[id_] = (trigger, [(_NUMBER.sub("", role), filler) for role, filler in roles])
    elif id_.startswith("R"):
        left, right = (part.partition(":")[2] for part in rest[:2])
        found.relations[id_] = (type_, left, right)
    elif id_.startswith("A"):
        found.attributes.setdefault(rest[0], {})[type_] = " ".join(rest[1:])
    elif id_.startswith("#"):
        found.notes[rest[0]] = f"{found.notes.get(rest[0], '')} {words[0]}".strip()
    else:
        raise ValueError(id_)


def _joined(pieces: Iterable[tuple[int, int]], text: str) -> Pieces:
    """Pieces between which there are only line ends and tabs are one span."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(set(pieces)):
        if found and (found[-1][1] >= start or _BREAKS.fullmatch(text[found[-1][1] : start])):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


# -- what became of the claims ------------------------------------------------------------------------------------


def compared(document: str, exported: Standoff, now: Standoff, text: str, namer: Namer) -> Sheet:
    """Each claim of the document as it was exported and as it came back."""
    sheet = Sheet(document)
    for anchor, note in exported.notes.items():
        told = {c.claim: c for c in clauses(now.notes.get(anchor, ""))}
        for clause in clauses(note):
            before = _told(exported, anchor, clause, namer)
            if before is not None:
                after = _after(exported, now, anchor, clause, told.get(clause.claim, clause), text, namer)
                sheet.claims[clause.claim] = (before, after)
    fresh = sum(len(set(n) - set(e)) for n, e in ((now.words, exported.words), (now.events, exported.events)))
    if fresh:
        sheet.missed.append(f"{fresh} new annotations: a judgement is on a claim that is there already")
    typed = [i for i, (type_, _) in now.words.items() if i in exported.words and exported.words[i][0] != type_]
    if typed:
        sheet.missed.append(f"other types of {', '.join(typed[:5])}: a claim’s type cannot be corrected")
    return sheet


def _told(sheet: Standoff, anchor: str, clause: Clause, namer: Namer) -> Told | None:
    """The claim as the sheet has it; None when what stands for it is gone."""
    if not sheet.has(anchor):
        return None
    if clause.role and clause.event and anchor not in sheet.fillers(clause.event, clause.role):
        return None
    stance, speaker = _voice(sheet, clause, namer)
    value = clause.value
    if clause.field == "realis" and value is not None:
        value = sheet.attributes.get(anchor, {}).get("Realis", value)
    return Told(sheet.pieces(anchor), value, stance, None, speaker, "Accepted" in sheet.attributes.get(anchor, {}))


def _voice(sheet: Standoff, clause: Clause, namer: Namer) -> tuple[str | None, str | None]:
    """(stance, speaker); the outlet's own voice when the attribution is gone."""
    if clause.by is None:
        return None, None
    if not sheet.has(clause.by):
        return None, ""
    said_by = [right for type_, left, right in sheet.relations.values() if (type_, left) == ("Said_by", clause.by)]
    sources = [s for s in (*sheet.fillers(clause.by, "Source"), *said_by) if sheet.has(s)]
    return sheet.attributes.get(clause.by, {}).get("Stance"), namer(sheet.pieces(sources[0])) if sources else None


def _after(
    exported: Standoff, now: Standoff, anchor: str, clause: Clause, told: Clause, text: str, namer: Namer
) -> Told | None:
    """The claim as it came back: on its annotation, or where its role was given to other words."""
    found = _told(now, anchor, replace(clause, value=told.value), namer)
    if found is None and clause.role and clause.event in now.events:
        found = _refilled(exported, now, anchor, clause, text, namer)
    if found is None:
        return None
    if clause.field == "realis":
        found = _denied(found, clause.value)
    found = replace(found, note=_words_beside(now.notes.get(anchor, "")))
    return _negated(exported, now, clause, found)


def _refilled(exported: Standoff, now: Standoff, anchor: str, clause: Clause, text: str, namer: Namer) -> Told | None:
    """The same role given to other words, or the same words with another responsibility."""
    assert clause.event and clause.role
    bare = replace(clause, role=None)
    was, has = exported.fillers(clause.event, clause.role), now.fillers(clause.event, clause.role)
    lost, gained = [f for f in was if f not in has], [f for f in has if f not in was]
    if len(lost) == len(gained) == 1:
        return _told(now, gained[0], bare, namer)
    if clause.field == "responsibility" and now.has(anchor):
        for role, filler in now.events[clause.event][1]:
            if filler == anchor and role.startswith("responsibility_"):
                words = " … ".join(text[start:end] for start, end in now.pieces(anchor))
                return replace(_told(now, anchor, bare, namer) or Told(()), value=f"{words}: {role.partition('_')[2]}")
    return None


def _denied(found: Told, was: str | None) -> Told:
    """Whether it happened: brat's "denied" is a claim that is not held."""
    if found.value == was or was is None:
        return found
    if found.value == "denied":
        return replace(found, value=None, holds=False)
    return replace(found, value=found.value, holds=True if was == "denied" else None)


def _negated(exported: Standoff, now: Standoff, clause: Clause, found: Told) -> Told:
    """Another polarity of the cue is another answer to whether the speaker holds it."""
    if clause.by is None or not now.has(clause.by):
        return found
    was, is_ = (s.attributes.get(clause.by, {}).get("Polarity", "positive") for s in (exported, now))
    stances = load_ontology().stances
    if was == is_ or found.stance is None or found.stance not in stances:
        return found
    return replace(found, holds=stances[found.stance].holds is (is_ == "positive"))


def _words_beside(note: str) -> str | None:
    """What people wrote beside the claims."""
    return _CLAUSE.sub("", note).strip(" ;") or None
