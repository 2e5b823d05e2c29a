"""A claim with the words in which it is made, and what the rules ask of two of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from sayso.ledger.holders import Held
from sayso.link.accounts import family_of
from sayso.link.polarity import denial, negates, subject
from sayso.link.relations.doers import Doer, doers
from sayso.link.relations.spots import spots
from sayso.link.similarity import DEEDS, same_name
from sayso.names.scripts import fold
from sayso.names.sides import sides
from sayso.names.wording import sentences, stem, telling
from sayso.records import ClaimEnd, Link, Reason, Span

BLAME = ("responsibility", "actor_organisation", "actor")

NOT_HELD = frozenset({"denies", "retracts", "doubts", "asks", "demands", "promises", "threatens", "predicts"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A claim with the words in which it is made. span: the speaker's content, or the sentence in the outlet's voice."""

    held: Held
    span: Span
    sentence: Span
    denies: str | None
    """what its words deny: `event` (it did not happen), `part` (the speaker had no part in it), or nothing"""
    sides: frozenset[str]
    speaks_for: frozenset[str]
    doers: tuple[Doer, ...]
    """who is said there to have done it"""
    negates: bool
    """whether its words say no to something, which is a denial where those for whom the speaker stands are blamed"""
    voice: str
    """the words for who says it: the speaker, or the subject of a sentence such as "The ministry raised the toll to 12" """

    @property
    def informant(self) -> str:
        return self.held.informant

    @property
    def spots(self) -> frozenset[str]:
        """Names of the towns and smaller places in which its sentence puts it."""
        return spots(self.sentence.text, self.held.source, self.held.speaker)

    @property
    def deed(self) -> bool:
        """Whether it tells something that somebody is blamed for: a use of force, an accusation, a count of the dead."""
        h = self.held
        blamed = h.stance == "accuses" or h.field == "responsibility" or h.field.startswith("casualties.")
        return blamed or family_of(h.event_type or "") in DEEDS

    @property
    def in_dateline(self) -> bool:
        """Whether its words stand in the dateline: "BELGOROD, May 22, 2023 (Reuters) -"."""
        dateline = _DATELINE.match(self.sentence.text)
        return dateline is not None and self.held.start - self.sentence.start < dateline.end()

    def whole(self) -> Clause:
        """The same with all words of its sentence, for what the speaker's part of it does not show."""
        return replace(self, span=self.sentence)

    @property
    def end(self) -> ClaimEnd:
        h = self.held
        return ClaimEnd(h.document, h.path, self.span.start, self.span.end, self.span.text, h.claim)


def make_clause(h: Held, texts: dict[str, str], contents: dict[tuple[str, str], tuple[Span, ...]]) -> Clause:
    text = texts[h.document]
    around = next(
        (s for s in _sentences(text) if s.start <= h.start < s.end), Span(h.start, h.end, text[h.start : h.end])
    )
    span = around
    if h.attribution:
        own = contents.get((h.document, h.attribution), ())
        span = _hull([s for s in own if s.end > around.start and s.start < around.end] or list(own[:1]), around, text)
    said, content = f"{h.cue or ''} {span.text}", span
    denies = denial(span.text, h.cue, h.stance, h.negated, around.text)
    if h.field.startswith("casualties."):
        span = Span(h.start, h.end, text[h.start : h.end])  # the count's own words: a clause may hold several
        denies = denies if h.stance == "denies" else None
    voice = " ".join(dict.fromkeys(filter(None, (h.speaker, h.source)))) or subject(around.text) or h.outlet or ""
    who = doers(_DATELINE.sub("", content.text), h.stance == "accuses") or doers(_told(h, around))
    return Clause(h, span, around, denies, sides(said), sides(voice), who, negates(content.text), voice)


def _told(h: Held, sentence: Span) -> str:
    """A sentence without the words for its speaker: more than the content, which a reader may have cut short."""
    text = _DATELINE.sub("", sentence.text)
    for words in filter(None, (h.source, h.speaker)):
        text = text.replace(words, "")
    return _SAYS.sub("", text)


_DATELINE = re.compile(r"^[A-Z\d][^.!?]{2,70}? (?:\([^)]{2,30}\) )?[-–—]{1,2} (?=[A-Z])")


_SAYS = re.compile(
    r"^\W*(?:(?:was|were|has|have|had|also|later|then|\w+day|on) )*(?:said|says|say|told [\w ]{2,30}?|reported|added|claimed|announced)(?: on \w+day)?(?: that)? "
)


def _hull(spans: list[Span], around: Span, text: str) -> Span:
    """From the first to the last word that the speaker says in this sentence."""
    if not spans:
        return around
    start, end = max(spans[0].start, around.start), min(max(s.end for s in spans), around.end)
    return Span(start, end, text[start:end]) if end > start else spans[0]


@lru_cache(maxsize=500)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))


def link(relation: str, left: Clause, right: Clause, field: str, score: float, *reasons: Reason) -> Link:
    return Link(relation, left.end, right.end, field, round(min(1.0, score), 3), reasons)


def said(clause: Clause) -> str:
    return clause.held.speaker or clause.held.source or clause.held.outlet or "the report"


def firsts(clauses: Iterable[Clause], key: Callable[[Clause], Hashable]) -> list[Clause]:
    """The first clause of each key, in order."""
    found: dict[Hashable, Clause] = {}
    for clause in clauses:
        found.setdefault(key(clause), clause)
    return list(found.values())


def same_informant(left: Clause, right: Clause) -> bool:
    """One speaker, by identity or because the words for an unnamed one agree ("the health ministry")."""
    if left.informant == right.informant and left.held.attribution:
        return True
    if left.held.speaker and right.held.speaker:
        type_ = {"person": "Person", "place": "Location"}.get(left.held.speaker_type or "", "Organisation")
        if same_name((type_, left.held.speaker), (type_, right.held.speaker)):
            return True
    return alike(left.voice, right.voice)


def alike(a: str, b: str) -> bool:
    """Words for one speaker in two reports: "the provincial governor" and "The governor of the province"."""
    ours, theirs = ({stem(w) for w in fold(x).split() if w not in _LITTLE} for x in (a, b))
    if not ours or not theirs:
        return False
    return len(ours & theirs) / min(len(ours), len(theirs)) >= 0.66 and len(ours & theirs) >= min(
        2, len(ours), len(theirs)
    )


_LITTLE = frozenset(
    "a an the of in on for at to and s its his her their spokesman spokeswoman spokesperson official officials statement".split()
)


@lru_cache(maxsize=20_000)
def proper(text: str) -> frozenset[str]:
    """Stems of the capitalised words of a text, days and months left out."""
    return frozenset(stem(fold(w)) for w in _CAPITALISED.findall(text) if fold(w) not in _CALENDAR)


_CAPITALISED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w-]+")
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split()
)


@lru_cache(maxsize=50_000)
def overlap(a: str, b: str) -> float:
    """The share of the telling words, by their rarity, that stand in both, of those of the one that has fewer."""
    ours, theirs = dict(telling(a)), dict(telling(b))
    if not ours or not theirs:
        return 0.0
    common = sum((ours[w] + theirs[w]) / 2 for w in ours.keys() & theirs.keys())
    return common / min(sum(ours.values()), sum(theirs.values()))


def short(text: str, most: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
