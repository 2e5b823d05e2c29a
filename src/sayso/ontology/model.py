"""The loaded ontology: frozen, with the lookup tables that the reader needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.records import Codes


@dataclass(frozen=True, slots=True)
class Stance:
    name: str
    holds: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Cue:
    """kind: verb, noun, preposition, adverb or passive; factuality by FactBank; takes: see cues.tsv."""

    text: str
    kind: str
    stance: str
    factuality: str
    takes: frozenset[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class CueForm:
    """One inflected form of a cue: the words after the first, and which form it is."""

    cue: Cue
    rest: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class EventType:
    """object: harm, recipient, target, victim or theme; family: within which types one incident may be told."""

    name: str
    codes: Codes
    family: str
    object: str
    example: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """One inflected form of a trigger. `gap` words may stand between a verb and its particle."""

    type: EventType
    rest: tuple[str, ...]
    form: str
    gap: int
    weak: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A name that the user, or Sayso's own list, knows: type is Person or Organisation."""

    name: str
    type: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """cue_forms and triggers are keyed by their lower-cased first word, longest first; terms by list name."""

    stances: Mapping[str, Stance]
    cues: tuple[Cue, ...]
    cue_forms: Mapping[str, tuple[CueForm, ...]]
    event_types: Mapping[str, EventType]
    triggers: Mapping[str, tuple[Trigger, ...]]
    terms: Mapping[str, frozenset[str]]
    verb_tags: Mapping[str, str]
    """lower-cased verb form → base, third, past, participle or ing"""
    nominal_verbs: frozenset[str]
    """verb forms that are nouns as well: report, reports, claim …"""
    actors: tuple[Actor, ...] = ()
    places: tuple[tuple[str, float, float, str, str], ...] = ()
    """the user's own: name, lat, lon, country, kind"""
