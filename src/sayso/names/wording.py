"""Sentences and the words in them that tell one incident from another."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from sayso.names.scripts import fold
from sayso.records import Span

_BREAK = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9])|\n\s*\n")
_SHORT = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Capt|Sgt|Gov|Sen|Rep|St|No|U\.S|U\.N|a\.m|p\.m|[A-Z])\.$")
_STOP = frozenset(
    """a an the and or but nor of in on at to from by with for about into onto over under after before between against during through
    is are was were be been being has have had having do does did doing will would shall should can could may might must it its he she
    they them their his her him we us our you your i my this that these those there here who whom whose which what when where why how as
    than then so if not no none any all some each every both few more most other such only own same too very just also again further once
    said says say told according reported reportedly statement spokesman spokesperson official officials authorities monday tuesday wednesday
    thursday friday saturday sunday day days week year yesterday today overnight morning evening night people person persons least about
    one two three four five six seven eight nine ten dozen killed injured wounded dead died attack attacks attacked report reports news
    january february march april june july august september october november december late early around near later added while still""".split()
)


def sentences(text: str) -> list[Span]:
    """Spans of the text's sentences; abbreviations and initials do not end one."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        if "\n" not in match[0] and _SHORT.search(text[max(0, match.start() - 6) : match.start()]):
            continue
        _keep(text, start, match.start() + len(match[0]) - len(match[0].lstrip("\"”’')]")), spans)
        start = match.end()
    _keep(text, start, len(text), spans)
    return spans


def _keep(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append(Span(start, end, text[start:end]))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A folded word without its commonest English endings; enough to match "shelling" with "shelled"."""
    for ending in ("ings", "ing", "edly", "ies", "ied", "ers", "ed", "es", "er", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=1)
def _frequencies() -> tuple[dict[str, int], int]:
    """English words → how often they are used, from pyspellchecker's list (MIT)."""
    from spellchecker import SpellChecker

    known = SpellChecker(language="en").word_frequency
    return known.dictionary, known.total_words


@lru_cache(maxsize=100_000)
def rarity(word: str) -> float:
    """How telling a word is, 0.05 to 1: "government" says little, "jesuit" much, a word that no list has most."""
    counts, total = _frequencies()
    return round(min(1.0, max(0.05, (math.log(total / (counts.get(word, 0) + 20)) - 9) / 9)), 3)


@lru_cache(maxsize=20_000)
def telling(text: str, most: int = 40) -> tuple[tuple[str, float], ...]:
    """The stems of a text's telling words with their rarity, the rarest first; no stop words, no numbers."""
    found: dict[str, float] = {}
    for word in fold(text).split():
        if len(word) > 2 and word not in _STOP and not word.isdigit():
            key = stem(word)
            found[key] = max(found.get(key, 0.0), rarity(word))
    return tuple(sorted(found.items(), key=lambda f: (-f[1], f[0]))[:most])
