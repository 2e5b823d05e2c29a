"""What the assembly of events needs of the rest of a reading, and the two questions that all of it asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


def attribution_at(cast: Cast, offset: int) -> str | None:
    """The innermost attribution whose content holds the character."""
    best, size = None, 10**9
    for attribution in cast.attributions:
        for span in attribution.content:
            if span.start <= offset < span.end and span.end - span.start < size:
                best, size = attribution.id, span.end - span.start
    return best


def bare_name(cast: Cast, mention: Found) -> Span | None:
    if mention.type != "Person" or not mention.named or not mention.name:
        return None
    at = mention.span.text.rfind(mention.name)
    start = mention.span.start + at
    return Span(start, start + len(mention.name), mention.name) if at >= 0 else None


def fullest(cast: Cast, mention: Found) -> Found:
    """The longest named mention of the same entity, else the longest described one."""
    same = [f for f in cast.found if f.entity == mention.entity and not f.pronoun]
    return max(same, key=lambda f: (f.named, len(f.span.text)), default=mention)
