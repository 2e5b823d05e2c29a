"""Words of documents for search, where the engine has no index that ignores accents: the same words, phrases and marks as
SQLite's `unicode61 remove_diacritics 2` tells apart.

A text is cut into parts, each small enough for PostgreSQL to keep the position of every word of it (at most 256 positions a
word, 16,383 a vector, 1 MB; manual, "Text Search Limitations"); parts overlap, so that a phrase is found across their borders.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

OPEN, CLOSE, CUT = "\x02", "\x03", " … "
"""marks around what was found, and where a snippet was cut"""
_SNIPPET = 24
"""words of a snippet"""
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_LONGEST = 500
"""characters of a word that count; the engine takes 2 KB of one"""
_MOST_WORDS, _MOST_OF_ONE, _MOST_BYTES = 4096, 200, 400_000
_OVERLAP = 32
"""words that a part has in common with the one before"""


@dataclass(frozen=True, slots=True)
class Term:
    """What a document must hold: words in this order; where `begins`, the last of them may go on."""

    words: tuple[str, ...]
    begins: bool

    @property
    def queries(self) -> list[str]:
        """`tsquery`s that parts of the document must answer, each by itself: a phrase longer than parts overlap by is asked for
        piece by piece."""
        pieces = [self.words[k : k + _OVERLAP] for k in range(0, max(1, len(self.words) - _OVERLAP + 1))]
        asked = [" <-> ".join(f"'{w}'" for w in piece) for piece in pieces]
        return [*asked[:-1], asked[-1] + (":*" if self.begins else "")]

    def at(self, words: Sequence[str], place: int) -> bool:
        """Whether it stands in `words` from this place on."""
        found = words[place : place + len(self.words)]
        if len(found) < len(self.words) or tuple(found[:-1]) != self.words[:-1]:
            return False
        return found[-1].startswith(self.words[-1]) if self.begins else found[-1] == self.words[-1]


def asked(words: str) -> list[str]:
    """What a person typed as words and "phrases", with all that could be syntax taken out."""
    found = re.findall(r'"([^"]+)"|(\S+)', words.replace("\0", " "))
    cleaned = [re.sub(r"[^\w\s'-]", " ", phrase or word).strip() for phrase, word in found]
    return [term for term in cleaned if re.search(r"\w", term)]


def terms(words: str) -> list[Term]:
    """What a person typed as what documents must hold."""
    found = [Term(tuple(w for _, _, w in folded(term)), " " not in term) for term in asked(words)]
    return [term for term in found if term.words]


def folded(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, word without case and accents) of every word."""
    for match in _WORD.finditer(text):
        word = match.group()
        plain = word.lower() if word.isascii() else "".join(map(_fold, word))
        if plain:
            yield match.start(), match.end(), plain[:_LONGEST]


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    if "\u0300" <= character <= "\u036f":
        return ""
    lower = character.lower()
    base = unicodedata.normalize("NFD", lower)[0]
    return base if base.isascii() and base.isalpha() else lower[0]


def vectors(text: str, weight: str) -> Iterator[str]:
    """The text's words with their positions, as `tsvector` literals of one part each. weight: A or D."""
    part: list[str] = []
    counts: Counter[str] = Counter()
    size = fresh = 0
    for _, _, word in folded(text):
        if fresh and (len(part) == _MOST_WORDS or counts[word] == _MOST_OF_ONE or size > _MOST_BYTES):
            yield _vector(part, weight)
            part, fresh = part[-_OVERLAP:], 0
            counts = Counter(part)
            size = sum(len(w) * 4 for w in part)
        part.append(word)
        counts[word] += 1
        size += len(word) * 4
        fresh += 1
    if fresh:
        yield _vector(part, weight)


def _vector(words: list[str], weight: str) -> str:
    places: dict[str, list[str]] = defaultdict(list)
    for number, word in enumerate(words, 1):
        places[word].append(f"{number}{weight}")
    return " ".join(f"'{word}':{','.join(at)}" for word, at in places.items())


def snippet(text: str, wanted: Sequence[Term]) -> str:
    """The words around what was found, between marks; the beginning of the text where nothing of it was."""
    tokens = list(folded(text))
    words = [w for _, _, w in tokens]
    hits = {
        place: (kind, len(term.words))
        for place in range(len(words))
        for kind, term in enumerate(wanted)
        if term.at(words, place)
    }
    first = _best(hits, len(words))
    last = min(len(words), first + _SNIPPET)
    if not tokens:
        return text[:200]
    begin = tokens[first][0] if first else 0
    end = tokens[last - 1][1] if last < len(words) else len(text)
    shown, done, place = [CUT if first else ""], begin, first
    while place < last:
        if place in hits:
            until = min(place + hits[place][1], len(words)) - 1
            shown += [text[done : tokens[place][0]], OPEN, text[tokens[place][0] : tokens[until][1]], CLOSE]
            done, place = tokens[until][1], until
        place += 1
    return "".join([*shown, text[done : max(done, end)], CUT if last < len(words) else ""])


def _best(hits: dict[int, tuple[int, int]], count: int) -> int:
    """Where a snippet begins that shows most of what was asked for; what is found stands in its middle."""
    places = sorted(hits)
    best, shown, right = 0, (0, 0), 0
    for left, place in enumerate(places):
        while right < len(places) and places[right] < place + _SNIPPET:
            right += 1
        kinds = len({hits[p][0] for p in places[left : min(right, left + _SNIPPET)]})
        if (kinds, right - left) > shown:
            spare = _SNIPPET - (places[right - 1] - place + 1)
            best, shown = place - spare // 2, (kinds, right - left)
    return max(0, min(best, count - _SNIPPET))
