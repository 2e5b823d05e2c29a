"""What is found across documents: links between claims, and what the weighing says of an event's fields.

Everything here is derived: it can be thrown away and made again from readings and judgements. A `Reason` is data with
words of its own, so that the command line, the pages and the exports explain a result in the same sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from sayso.records.reading import Span

RELATIONS = ("repeats", "confirms", "denies", "contradicts", "retracts", "supersedes")


@dataclass(frozen=True, slots=True)
class Reason:
    """kind: a stable name for programs; text: the sentence for people; weight: how much it counted (0 where it only explains)."""

    kind: str
    text: str
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class ClaimEnd:
    """One end of a link: a claim by its document and exact words; `claim` is its id there, null for a statement without one."""

    document: str
    path: str | None
    start: int
    end: int
    text: str
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`left` does it to `right`: repeats, confirms, denies, contradicts, retracts or supersedes it."""

    relation: str
    left: ClaimEnd
    right: ClaimEnd
    field: str
    score: float
    reasons: tuple[Reason, ...]
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """One who holds (or denies) a position, where, and on which words.

    speaker: the name the ledger knows; null for the outlet's own voice. informant: who is counted once, however many
    outlets print it. origin: the document or wire where the text comes from. interested: a party to the event.
    """

    document: str
    path: str | None
    outlet: str | None
    published: str | None
    speaker: str | None
    informant: str
    origin: str
    stance: str
    holds: bool
    interested: bool
    span: Span
    claim: str


@dataclass(frozen=True, slots=True)
class Position:
    """One value of one field of one event, with all who hold it and all who deny it."""

    value: str
    holders: tuple[Holder, ...]
    deniers: tuple[Holder, ...]
    informants: int
    origins: int
    documents: int
    outlets: int
    first_said: str | None
    last_said: str | None
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """A field of an event weighed. status: corroborated, disputed, single-source, denied or superseded.

    credibility: proposed, 1 (confirmed by other sources) to 6 (cannot be judged), after NATO's AJP-2.1; people settle it.
    """

    event: str
    field: str
    status: str
    credibility: int
    positions: tuple[Position, ...]
    reasons: tuple[Reason, ...]
