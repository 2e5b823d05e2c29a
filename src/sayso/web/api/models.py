"""The shapes of the API's answers that several resources share. Spans are offsets in code points, end exclusive."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from sayso.records import ClaimEnd, Reason


class Model(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Mistake(Model):
    code: str
    message: str
    remedy: str | None = None


class Problem(Model):
    """The one shape of every error."""

    error: Mistake


class Event(Model):
    """A linked event as lists show it."""

    id: str
    type: str
    title: str
    status: str
    disputed: bool
    first_day: str | None
    last_day: str | None
    place: str | None
    country: str | None
    lat: float | None
    lon: float | None
    precision: str | None
    documents: int
    origins: int
    informants: int
    first_said: str | None
    last_said: str | None


class Events(Model):
    items: list[Event]
    next: str | None


class Ruling(Model):
    """What holds of a claim after all that people decided of it; correction: the parts that were read wrongly, as they should be."""

    decision: str
    correction: dict[str, Any] | None
    adjudicated: bool


class Claim(Model):
    """One field of one event, or one free content, as one source in one document holds it (`holds`) or denies it.
    The claim is as it was read: what people decided of it is its `ruling`. before, after: what stands around its words."""

    id: str
    document_id: str
    path: str | None
    url: str | None
    title: str | None
    outlet: str | None
    origin: str | None
    published: str | None
    speaker_name: str | None
    speaker: str | None
    cue: str | None
    stance: str
    holds: bool
    event: str | None
    event_type: str | None
    field: str
    value: str
    words: str
    start: int
    end: int
    spans: list[tuple[int, int]]
    before: str
    after: str
    ruling: Ruling | None


class Claims(Model):
    """walked: false where the search stopped before all documents were looked at; `next` goes on."""

    items: list[Claim]
    next: str | None
    walked: bool


class Link(Model):
    """`left` does it to `right`: repeats, confirms, denies, contradicts, retracts or supersedes it."""

    relation: str
    left: ClaimEnd
    right: ClaimEnd
    left_speaker: str | None
    right_speaker: str | None
    said: str | None
    field: str
    score: float
    reasons: list[Reason]
    event: str | None
