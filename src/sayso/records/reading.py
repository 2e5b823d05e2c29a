"""What a reader understood of one document. The JSON of these records is a contract with other programs.

Every `start` and `end` is an offset in Unicode code points into `document.text`, end exclusive, and
`text[start:end]` equals the `text` beside them. Vocabulary: PARC3/PolNeAR for attributions, TIMEX3 for
times, MUC-4 for responsibility, PLOVER/ACLED/UCDP for event codes. Lists may be empty; no key is ever absent.
"""

from __future__ import annotations

from dataclasses import dataclass

SCHEMA = "sayso.reading/1"


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    id: str
    path: str | None
    url: str | None
    title: str | None
    author: str | None
    outlet: str | None
    origin: str | None
    language: str | None
    published: str | None
    sha256: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Timex:
    """A TIMEX3 type (DATE, TIME, DURATION, SET) and ISO 8601 value; null value when it cannot be resolved."""

    type: str
    value: str | None


@dataclass(frozen=True, slots=True)
class PlaceAlternative:
    name: str
    lat: float
    lon: float
    country: str
    admin1: str | None
    geonameid: int | None
    precision: str


@dataclass(frozen=True, slots=True)
class Place:
    """The likeliest place of a name; `precision` is exact, city, district, province or country."""

    name: str
    lat: float
    lon: float
    country: str
    admin1: str | None
    geonameid: int | None
    precision: str
    alternatives: tuple[PlaceAlternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A count as a range: "at least 12" is low 12, high null, hedge "at least"."""

    kind: str
    low: float | None
    high: float | None
    unit: str | None
    hedge: str | None


@dataclass(frozen=True, slots=True)
class Mention:
    id: str
    start: int
    end: int
    text: str
    type: str
    named: bool
    entity: str | None = None
    timex: Timex | None = None
    place: Place | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    id: str
    type: str
    name: str
    aliases: tuple[str, ...]
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The words that name the speaker here, and the entity that they stand for."""

    start: int
    end: int
    text: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue and content (PARC3). `source` null: unexpressed; `cue` null: a quotation with no verb."""

    id: str
    source: Source | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str
    stance: str
    negated: bool
    via: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Codes:
    plover: str | None
    plover_mode: str | None
    acled: str | None
    acled_sub: str | None
    ucdp: str | None
    muc4: str | None


@dataclass(frozen=True, slots=True)
class Realis:
    value: str
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Argument:
    role: str
    start: int
    end: int
    text: str
    mention: str | None
    entity: str | None
    named: bool
    fate: str | None
    attribution: str | None


@dataclass(frozen=True, slots=True)
class When:
    """`start` and `end` are ISO 8601 dates or times (not offsets); `mention` leads to the words."""

    start: str | None
    end: str | None
    precision: str
    mention: str
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Where:
    name: str
    lat: float
    lon: float
    precision: str
    mention: str
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Casualty:
    kind: str
    low: float | None
    high: float | None
    hedge: str | None
    start: int
    end: int
    text: str
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """An organisation's link to the event and how it is known (MUC-4's PERP: ORGANIZATION CONFIDENCE)."""

    text: str
    start: int
    end: int
    entity: str | None
    confidence: str
    attribution: str | None


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    type: str
    codes: Codes
    triggers: tuple[Span, ...]
    realis: tuple[Realis, ...]
    arguments: tuple[Argument, ...]
    when: tuple[When, ...]
    where: tuple[Where, ...]
    casualties: tuple[Casualty, ...]
    responsibility: tuple[Responsibility, ...]
    attributed_to: tuple[str, ...]
    confidence: float

    @property
    def shown(self) -> tuple[Span, ...]:
        """The words that show it: its triggers; without any, those that fill its roles."""
        return self.triggers or tuple(Span(a.start, a.end, a.text) for a in self.arguments)


@dataclass(frozen=True, slots=True)
class Claim:
    """One field of one event, or one free content, as one source holds it (or denies it: `holds` false)."""

    id: str
    attribution: str | None
    event: str | None
    field: str
    value: str
    holds: bool
    stance: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Warning:
    kind: str
    start: int
    end: int
    text: str
    detail: str
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class Run:
    reader: str
    version: str
    weights_sha256: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    schema: str
    document: DocumentInfo
    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]
    attributions: tuple[Attribution, ...]
    events: tuple[Event, ...]
    claims: tuple[Claim, ...]
    warnings: tuple[Warning, ...]
    run: Run
