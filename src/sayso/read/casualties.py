"""Counts of the killed, injured, missing, detained, displaced and unharmed, as ranges with their hedge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.read.page import Page
from sayso.read.quantities import find_quantities
from sayso.records import Span

_KINDS = (
    (
        "killed",
        r"killed|killing|kills|kill|dead|died|die|dies|death|deaths|slain|murdered|massacred|executed|assassinated|perished|fatalit(?:y|ies)|casualt(?:y|ies)|lives|slaughtered|bodies|beheaded|lost(?= (?:at least |about |some |another )?[\w-]+ (?:men|soldiers|troops|fighters|officers|policemen|members)\b)",
    ),
    ("injured", r"injured|wounded|injuring|wounding|wounds|hurt|injur(?:y|ies)|maimed|wounds?"),
    ("missing", r"missing|disappeared|unaccounted"),
    ("detained", r"arrested|detained|captured|imprisoned|taken prisoner|in(?:to)? custody|picked up|rounded up"),
    ("displaced", r"displaced|evacuated|fled|homeless"),
    ("unharmed", r"unharmed|unhurt|uninjured|safe"),
)
_KIND = re.compile("|".join(rf"\b(?P<{kind}>{words})\b" for kind, words in _KINDS), re.IGNORECASE)
_NOBODY = re.compile(
    r"\b(?:(?:no|without) (?:one|casualties|injuries|deaths|victims|fatalities|loss of life)|nobody|none of [\w ]{1,20}?)(?: (?:was|were|has been|had been|have been|is|are))?"
    r"(?: (?:killed|injured|hurt|wounded|dead|reported))*",
    re.IGNORECASE,
)
_PEOPLE = r"(?:[“\"‘]?[\w'’-]+[”\"’]?\s+){0,4}?"
_BEFORE = re.compile(
    rf"^\s*(?P<who>{_PEOPLE})(?:[\w'’-]+,\s*(?:including|among them|most of them|mostly|rather than|instead of|not|up from|down from)\s[^,;.]{{3,60}},\s*)?(?:(?:who|that)\s+)?"
    r"(?:(?:was|were|had been|have been|has been|are|is|reported(?:ly)?|left|feared|later|also|had|have|has|been|now|known to|believed to|said to|in the end)\s+)*$",
    re.IGNORECASE,
)
_TOLL = re.compile(
    r"\b(?:(?:death |casualty )?tolls?|(?:figure|number|count)s? (?:of|for) [^.;]{0,60}?\b(?:killings|deaths)|(?:number|count|tally|total|list|figure)s? (?:of )?(?:[\w'’-]+ ){0,3}?(?P<harm>killed|dead|deaths?|injured|wounded|hurt|missing|detained|arrested|casualties)"
    r"|(?P<counted>killed|dead|injured|wounded|hurt|missing|detained|arrested)(?=[^.;]{0,60}? numbered))\b"
    r"[^.;]{0,100}?\b(?:at|to|of|as|is|was|reached|stands? at|stood at|numbered|now)\s+(?:at least |about |nearly |more than |over |fewer than )?$",
    re.IGNORECASE,
)
_AS_NUMBER = re.compile(
    r"^ as the (?:number|count|figure|toll)\b[^.;]{0,30}?\b(?P<harm>killed|dead|deaths?|injured|wounded|missing|detained|arrested)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s*(?:(?:at least|about|some|another|other|more than|of|the|up to|as many as|around|an|estimated)\s+)*$",
    re.IGNORECASE,
)
_NOT_PEOPLE = frozenset(
    "percent km kilometers miles years days hours months weeks buildings houses vehicles tanks times cars dollars meters times am pm "
    "planes aircraft trucks drones missiles shells attempts bombs explosions tons".split()
)
_TRANSITIVE = frozenset(
    "killed injured wounded murdered massacred executed assassinated captured arrested detained evacuated kill kills".split()
)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|are|is|be|left|reported|reportedly|feared|others?|who)\b", re.IGNORECASE
)
_NO_OBJECT = re.compile(
    r"\s*(?:$|[.,;:)”\"–—-]|(?:in|by|when|during|on|at(?! least| most)|after|near|and|or|as|while|from|including|since|this|last|yesterday|today|so far|there|"
    r"here|overnight|with|along|across|inside|outside|before|early|late)\b)",
    re.IGNORECASE,
)
_REACH = 75


@dataclass(frozen=True, slots=True)
class Toll:
    """One count with its words; `token` is where it stands."""

    kind: str
    low: float | None
    high: float | None
    hedge: str | None
    span: Span
    token: int


def find_tolls(page: Page, begin: int, stop: int) -> Iterator[Toll]:
    """Every count of people harmed in the sentence [begin, stop)."""
    tokens = page.tokens
    offset = tokens.start[begin]
    text = tokens.text[offset : tokens.end[stop - 1]]
    kinds = [(m.start(), m.end(), m.lastgroup or "") for m in _KIND.finditer(text)]
    if not kinds and "toll" not in text.lower():
        return
    for match in _NOBODY.finditer(text):
        kind = next((k for s, _, k in kinds if match.start() <= s < match.end() + 12), None)
        if kind:
            yield Toll(
                kind,
                0,
                0,
                None,
                _span(page, offset + match.start(), offset + match.end()),
                tokens.at(offset + match.start()),
            )
    previous_end = 0
    for amount in find_quantities(text):
        found = _kind_for(text, amount.start, amount.end, kinds, previous_end)
        if found is None and (toll := _TOLL.search(text[: amount.start])):
            found = (_harm(toll["harm"] or toll["counted"]), toll.start(), amount.end)  # "put the toll at 34"
        if found is None and (counted := _AS_NUMBER.match(text[amount.end :])):
            found = (_harm(counted["harm"]), amount.start, amount.end + counted.end())  # "gave 34 as the number killed"
        if found is None or amount.quantity.kind != "count" or _is_other(text, amount.start, amount.end):
            continue
        kind, start, end = found
        previous_end = end
        quantity = amount.quantity
        yield Toll(
            kind,
            quantity.low,
            quantity.high,
            quantity.hedge,
            _span(page, offset + start, offset + end),
            tokens.at(offset + amount.start),
        )


def _harm(word: str | None) -> str:
    """The kind of harm of a count's word; a bare toll is of the dead."""
    match = _KIND.match(word or "")
    return (match.lastgroup or "killed") if match else "killed"


def _kind_for(
    text: str, start: int, end: int, kinds: list[tuple[int, int, str]], previous: int
) -> tuple[str, int, int] | None:
    """The word of harm that goes with a number: right after its people ("two men were killed") or right before it."""
    for first, last, kind in kinds:
        if last <= start and start - last < 32 and last >= previous - 40 and _AFTER.match(text[last:start]):
            word = text[first:last].lower()
            if word in {"dead", "death", "deaths", "missing", "safe", "died", "unharmed", "unhurt"}:
                continue
            people = re.match(
                r"\s*(?:[\w'’-]+\s?){0,3}?(?=[,.;]|\s(?:and|in|on|at|by|when|while|during|after|near|from|including)\b|$)",
                text[end : end + 60],
            )
            return kind, first, end + (len(people.group().rstrip()) if people else 0)
    for first, last, kind in kinds:
        if first >= end and first - end < _REACH:
            between = text[end:first]
            if _BEFORE.match(between) or (
                re.match(r"^\s*(?:[\w'’-]+\s+){0,3}(?:\w+\s+)?$", between) and "," not in between
            ):
                return None if _does_it(text, between, first, last) else (kind, start, last)
            break
    return None


def _does_it(text: str, between: str, first: int, last: int) -> bool:
    """ "Two gunmen killed at least 12 civilians": the number counts those who did it."""
    if text[first:last].lower() not in _TRANSITIVE or _PASSIVE.search(between):
        return False
    return _NO_OBJECT.match(text[last:]) is None


def _is_other(text: str, start: int, end: int) -> bool:
    following = re.match(r"\s*([\w-]+)", text[end:])
    word = following.group(1).lower() if following else ""
    year = re.fullmatch(r"(?:1[5-9]|20)\d\d", text[start:end])
    return (
        word in _NOT_PEOPLE
        or bool(year)
        or word.endswith(("year-old", "-year-old"))
        or text[start - 1 : start] in {"$", "-", ":"}
    )


def _span(page: Page, start: int, end: int) -> Span:
    text = page.tokens.text
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return Span(start, end, text[start:end])
