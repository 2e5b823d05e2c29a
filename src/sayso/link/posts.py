"""Who is said to hold which post, and what is part of what: close patterns between two names that stand beside each other.

"X, commander of Y", "Y's leader X", "Y, led by X", "X, a spokesman for Y", "X, the armed wing of Y". English, and made to be right
rather than to find all: a former post, a suspected one, and what somebody denies, demands or doubts count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sayso.names.scripts import fold
from sayso.names.wording import sentences
from sayso.records import Mention, Reading, Span

HEADS = ("commander-in-chief", "commander", "commanding officer", "leader", "head", "chief", "boss")
WHOLE = ("supreme", "overall", "military", "political", "current")
"""words before a head that leave him at the head of all of it"""
BELOW = (
    "senior",
    "top",
    "leading",
    "deputy",
    "vice",
    "field",
    "local",
    "regional",
    "battalion",
    "company",
    "unit",
    "press",
)
"""words before a head (or a member) that make him one among others"""
MEMBERS = (
    "spokesman", "spokeswoman", "spokesperson", "member", "fighter", "officer", "soldier", "militant", "serviceman", "operative",
)  # fmt: skip
RANKS = (
    "general", "gen", "colonel", "col", "lieutenant", "lt", "major", "maj", "captain", "capt", "brigadier", "brig", "sergeant", "sgt",
    "admiral", "adm", "marshal", "commander", "sheikh", "mullah", "maulvi", "abu", "mr", "mrs", "ms", "dr",
)  # fmt: skip
UNITS = (
    "unit", "battalion", "battalions", "brigade", "brigades", "wing", "arm", "branch", "faction", "division", "regiment", "directorate",
    "department", "detachment", "squadron", "company",
)  # fmt: skip
OF_UNITS = ("armed", "military", "political", "elite", "special", "paramilitary", "youth")
FORMER = (
    "former", "ex", "late", "then", "ousted", "slain", "deceased", "fallen", "one-time", "onetime", "erstwhile", "outgoing", "deposed",
    "alleged", "suspected", "purported", "so-called", "self-proclaimed", "self-styled", "would-be", "fake", "incoming", "future",
)  # fmt: skip
"""words before a name or a post by which somebody does not, or not surely, hold it now"""
AFTERWARDS = (
    "in", "on", "at", "and", "who", "which", "that", "said", "says", "told", "was", "were", "is", "are", "has", "have", "had", "to", "for", "from",
    "with", "as", "by", "when", "while", "after", "during", "near", "since", "took", "fled", "gave", "wrote", "made", "met", "also", "will", "would",
)  # fmt: skip
"""words that may follow an organisation's name where it is meant as a whole; others begin a part of it ("the FSB border guards")"""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What stands between two names. left, right: the types of the names; turned: the right one does it to the left one;
    verb: it says so in a clause of its own, which a "whether" or "never" before it takes back; unit: the right name must end as
    those of units do; before: what must stand before the left name."""

    left: str
    right: str
    relation: str
    between: re.Pattern[str]
    turned: bool = False
    verb: bool = False
    unit: bool = False
    before: re.Pattern[str] | None = None


def _any(words: Sequence[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


_HEAD = f"(?:{_any(WHOLE)} )*{_any(HEADS)}"
_ONE = f"(?:(?:{_any(WHOLE)}|{_any(BELOW)}) )*(?:{_any(HEADS)}|{_any(MEMBERS)})"
_RANK = rf"(?:{_any(RANKS)}\.? )*"
_OF = "(?:of|for|with|in|from) (?:the )?"


def _between(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


PERSON, BODY = "Person", "Organisation"
PATTERNS = (
    Pattern(PERSON, BODY, "commands", _between(rf", (?:the )?{_HEAD} of (?:the )?")),
    Pattern(PERSON, BODY, "commands", _between(rf"(?:, who)? is (?:now )?(?:the )?{_HEAD} of (?:the )?"), verb=True),
    Pattern(PERSON, BODY, "commands", _between(r"(?:, who)?(?: now)? (?:leads|heads|commands) (?:the )?"), verb=True),
    Pattern(PERSON, BODY, "belongs_to", _between(rf", (?:(?:an?|the|one) )?{_ONE} {_OF}")),
    Pattern(BODY, PERSON, "commands", _between(rf"['’]s? {_HEAD},? {_RANK}"), turned=True),
    Pattern(BODY, PERSON, "commands", _between(rf" {_HEAD},? {_RANK}"), turned=True),
    Pattern(BODY, PERSON, "belongs_to", _between(rf"(?:['’]s?)? {_ONE},? {_RANK}"), turned=True),
    Pattern(BODY, PERSON, "commands", _between(rf",? (?:which is |who are )?(?:led|headed|commanded) by {_RANK}"), turned=True),
    Pattern(BODY, PERSON, "commands", _between(rf", whose {_HEAD}(?:,| is)? {_RANK}"), turned=True),
    Pattern(BODY, PERSON, "commands", _between(rf",? {_RANK}"), turned=True, before=re.compile(rf"(?:^|\bthe |\W ){_HEAD} of (?:the )?$", re.IGNORECASE)),
    Pattern(BODY, PERSON, "belongs_to", _between(rf", {_RANK}"), turned=True, before=re.compile(rf"\b(?:an?|the) {_ONE} {_OF}$", re.IGNORECASE)),
    Pattern(BODY, BODY, "belongs_to", _between(r", (?:which is )?(?:a )?part of (?:the )?")),
    Pattern(BODY, BODY, "belongs_to", _between(rf", (?:which is )?(?:an?|the) (?:{_any(OF_UNITS)} )?{_any(UNITS)} of (?:the )?")),
    Pattern(BODY, BODY, "belongs_to", _between(rf"['’]s? {_any(OF_UNITS)} {_any(UNITS)},? (?:the )?"), turned=True),
    Pattern(BODY, BODY, "belongs_to", _between(r"['’]s? "), turned=True, unit=True),
)  # fmt: skip
"""in order; the first that fits two names counts"""

_FORMER = re.compile(rf"\b{_any(FORMER)}[\s-]+(?:[\w’'.]+[\s-]+){{0,3}}$", re.IGNORECASE)
_ONE_OF_THEM = re.compile(rf"\b(?:an?|one|another|some|{_any(BELOW)}) (?:[\w-]+ )?$", re.IGNORECASE)
"""before a body's name: "a Wagner commander, X", "senior Hamas leader X" """
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|(?:reject|dismiss|refut|disput)\w* (?:\w+ ){0,3}(?:that|claims?|reports?|allegations?|suggestions?)"
    r"|not true|untrue|false|falsely|rumou?rs?|hoax|lie)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:not|never|no longer|whether|if|unless|could|might|may|n['’]t|alleg\w+)\b", re.IGNORECASE)
_PART_OF_IT = re.compile(rf"['’-]| (?!(?:{'|'.join(AFTERWARDS)})\b)(?!\w+ed\b)[a-z]")
_OVER = re.compile(r",? (?:until|at the time|at that time|before|between|from \d|in (?:19|20)\d\d)\b")
_GOES_ON = re.compile(r",? (?:and|or|&) ")
_NOT_WORDS = ' ,;:.—–-"“(\n'
_LONGEST = 80
"""characters between two names of a pattern"""
_DISCLAIMED = frozenset({"denies", "retracts", "doubts"})
_UNSETTLED = frozenset({"asks", "demands", "promises", "threatens", "predicts"})


def told(reading: Reading, entities: set[str]) -> Iterator[tuple[str, str, str, Span]]:
    """(relation, entity, other entity, words that hold both names) of a text, in its order."""
    text = reading.document.text
    names = _names(reading, entities)
    shut: list[tuple[int, int, bool]] | None = None
    taken = -1
    for left, right in zip(names, names[1:], strict=False):
        found = _pattern(text, left, right)
        if found is None or left.entity == right.entity:
            continue
        pattern, start = found
        if pattern.before and taken == left.start:
            continue  # "X, leader of Y, Z said": the post is X's
        around = next((s for s in _sentences(text) if s.start <= left.start < s.end), Span(0, 0, ""))
        shut = _not_held(reading) if shut is None else shut
        before = text[around.start : start]
        if right.end > around.end or _DENIED.search(before) or (pattern.verb and _OPEN.search(before)):
            continue
        if any(s < right.end and start < e if any_ else s <= start and right.end <= e for s, e, any_ in shut):
            continue
        taken = right.start
        one, other = (right, left) if pattern.turned else (left, right)
        relation = pattern.relation
        if relation == "commands" and pattern.turned and not pattern.before and _ONE_OF_THEM.search(before):
            relation = "belongs_to"
        yield relation, one.entity, other.entity, Span(start, right.end, text[start : right.end])


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the text, without the titles and posts that its mention may hold."""

    start: int
    end: int
    type: str
    entity: str
    width: int


def _names(reading: Reading, entities: set[str]) -> list[_Name]:
    """Those of people and bodies, in the text's order; of names within names the outer ones."""
    by_id = {e.id: e for e in reading.entities}
    found: dict[tuple[int, int], _Name] = {}
    for mention in reading.mentions:
        entity = by_id.get(mention.entity or "")
        if entity is None or not mention.named or entity.id not in entities or entity.type not in {PERSON, BODY}:
            continue
        start, end = _name_in(mention, (entity.name, *entity.aliases))
        if start >= end or fold(reading.document.text[start:end]) in RANKS:
            continue
        name = _Name(start, end, entity.type, entity.id, mention.end - mention.start)
        other = found.get((start, end))
        if other is None or name.width < other.width:  # the tightest mention knows best what the name is
            found[(start, end)] = name
    outer: list[_Name] = []
    for name in sorted(found.values(), key=lambda n: (n.start, -n.end)):
        if not outer or name.start >= outer[-1].end:
            outer.append(name)
    return outer


_ARTICLE = re.compile(r"(?:the|a|an) ", re.IGNORECASE)
_LAST_NAME = re.compile(r"[^\W\d_a-z][\w'’-]*(?: [^\W\d_a-z][\w'’-]*)*$")


def _name_in(mention: Mention, names: Iterable[str]) -> tuple[int, int]:
    for name in sorted(names, key=lambda n: (-len(n), n)):
        at = mention.text.rfind(name)
        if at >= 0:
            return mention.start + at, mention.start + at + len(name)
    if mention.type == BODY:
        article = _ARTICLE.match(mention.text)
        return mention.start + (article.end() if article else 0), mention.end
    last = _LAST_NAME.search(mention.text)
    return mention.start + (last.start() if last else len(mention.text)), mention.end


def _pattern(text: str, left: _Name, right: _Name) -> tuple[Pattern, int] | None:
    """The pattern that two names fit, and where its words begin."""
    between = text[left.end : right.start]
    if len(between) > _LONGEST or "\n\n" in between:
        return None
    flat = re.sub(r"\s+", " ", between)
    before, after = text[max(0, left.start - 80) : left.start], text[right.end : right.end + 20]
    for pattern in PATTERNS:
        if (pattern.left, pattern.right) != (left.type, right.type) or not pattern.between.fullmatch(flat):
            continue
        front = pattern.before.search(before) if pattern.before else None
        if pattern.before and front is None:
            continue
        start = left.start - (len(before[front.start() :].lstrip(_NOT_WORDS)) if front else 0)
        fits = _plain(pattern, text[max(0, start - 80) : start], after, text[right.start : right.end])
        return (pattern, start) if fits else None
    return None


def _plain(pattern: Pattern, before: str, after: str, name: str) -> bool:
    """Whether nothing around the names says that it is over, or that only a part of the body is meant."""
    if _FORMER.search(before) or _OVER.match(after):
        return False
    if pattern.right == PERSON:
        return pattern.before is None or not _GOES_ON.match(after)
    if pattern.unit:
        return fold(name).rpartition(" ")[2] in UNITS
    return pattern.turned or not _PART_OF_IT.match(after)


def _not_held(reading: Reading) -> list[tuple[int, int, bool]]:
    """Contents of denials and the like, as (start, end, whether touching them is enough to count for nothing)."""
    found = []
    for said in reading.attributions:
        if said.stance in _DISCLAIMED or said.negated:
            found += [(s.start, s.end, True) for s in said.content]
        elif said.stance in _UNSETTLED:
            found += [(s.start, s.end, False) for s in said.content]
    return found


@lru_cache(maxsize=2)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))
