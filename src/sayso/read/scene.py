"""What the assembly of events needs of the rest of a reading, and the two questions that all of it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sayso.read.attributions import Draft
from sayso.read.entities import Cluster
from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.read.roles import MentionIndex
from sayso.records import Attribution, Place, Span


@dataclass(slots=True)
class Cast:
    """What the assembly of events needs of the rest of the reading."""

    page: Page
    found: list[Found]
    index: MentionIndex
    places: dict[int, Place]
    drafts: list[Draft]
    attributions: list[Attribution]
    speaker_of: Callable[[str], int]
    """attribution id → number of the speaker's entity, or -1"""
    clusters: list[Cluster]
    _contents: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    best: dict[int, Found] = field(default_factory=dict)
    by_span: dict[tuple[int, int], int] = field(default_factory=dict)
    """(start, end) in characters → number of the mention there"""
    _numbers: dict[int, int] = field(default_factory=dict)
    _members: dict[int, list[Found]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Index contents by sentence and mentions by entity: both are asked for at every field of every event."""
        for attribution in self.attributions:
            for span in attribution.content:
                inside = self.page.tokens.inside(span.start, span.end)
                for sentence in {self.page.tokens.sentence_of[k] for k in inside}:
                    self._contents.setdefault(sentence, []).append((span.start, span.end, attribution.id))
        self.by_span = {(f.span.start, f.span.end): n for n, f in enumerate(self.found)}
        self._numbers = {id(mention): number for number, mention in enumerate(self.found)}
        for mention in self.found:
            if mention.entity >= 0 and not mention.pronoun:
                self._members.setdefault(mention.entity, []).append(mention)

    def contents(self, offset: int) -> list[tuple[int, int, str]]:
        token = min(self.page.tokens.at(offset), len(self.page.tokens) - 1)
        return self._contents.get(self.page.tokens.sentence_of[token], [])

    def number_of(self, mention: Found) -> int:
        return self._numbers[id(mention)]

    def members(self, entity: int) -> list[Found]:
        return self._members.get(entity, [])


def attribution_at(cast: Cast, offset: int, trigger: int | None = None) -> str | None:
    """The innermost attribution whose content holds the character; else that of the trigger (a token).

    "Israel denied bombing the church": the doer stands before the cue, and yet is the denial's.
    """
    best, size = None, 10**9
    for start, end, identifier in cast.contents(offset):
        if start <= offset < end and end - start < size:
            best, size = identifier, end - start
    if best is None and trigger is not None:
        return attribution_at(cast, cast.page.tokens.start[trigger])
    return best


def stance_of_id(cast: Cast, attribution: str | None) -> str | None:
    return cast.attributions[int(attribution[1:]) - 1].stance if attribution else None


def bare_name(cast: Cast, mention: Found) -> Span | None:
    if mention.type != "Person" or not mention.named or not mention.name:
        return None
    at = mention.span.text.rfind(mention.name)
    start = mention.span.start + at
    return Span(start, start + len(mention.name), mention.name) if at >= 0 else None


def fullest(cast: Cast, mention: Found) -> Found:
    """The longest named mention of the same entity, else the longest described one."""
    known = cast.best.get(mention.entity)
    if known is None:
        members = cast.members(mention.entity)
        known = cast.best[mention.entity] = max(members, key=lambda f: (f.named, len(f.span.text)), default=mention)
    return known
