"""Text → tokens, paragraphs, sentences and quotations: the ground that every later step stands on.

Offsets are code points into the unchanged text. One regular expression finds the tokens; one pass each finds
paragraphs, quotations and sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from sayso.records import Span

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s|m|km|mm|%)?(?![^\W_])"
    r"|['’][sS](?![^\W_])"
    r"|[^\W_]+(?:[-‐‑.@](?=[^\W_])[^\W_]+)*(?:['’](?![sS](?![^\W_]))[^\W_]+)*"
    r"|''|``|--+|\.{2,}|_+|[^\w\s]"
)
_BLANK_LINE = re.compile(r"\n[ \t\r\u00a0]*\n\s*")
_NEWLINE = re.compile(r"\n\s*")
_ENDERS = frozenset(".?!…")
_CLOSERS = frozenset("”’\"')]»") | {"''"}
_LOWER_ABBREVIATIONS = frozenset({"e.g", "i.e", "vs", "etc", "approx", "cf", "no", "nos", "p", "pp", "al"})
LONGEST_SENTENCE = 400
"""tokens; longer runs without an end (tables, lists) are cut, so that no step is quadratic in a sentence"""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Token indices of the marks; `first` and `last` are the marks themselves. `open` quotations have no end mark."""

    first: int
    last: int
    open: bool = False


@dataclass(slots=True)
class Tokens:
    """Parallel lists, one item a token. `tags` is filled by `sayso.read.phrases`."""

    text: str
    start: list[int]
    end: list[int]
    words: list[str]
    lower: list[str]
    caps: bool
    paragraphs: list[int] = field(default_factory=list)
    """index of each paragraph's first token"""
    sentences: list[tuple[int, int]] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)
    """for each token the index of its outermost quotation, or -1"""
    tags: str = ""

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """The characters from token `first` to token `last`, the latter excluded."""
        start, end = self.start[first], self.end[last - 1]
        return Span(start, end, self.text[start:end])

    def at(self, offset: int) -> int:
        """The token that holds or follows the character."""
        return bisect_right(self.end, offset)

    def inside(self, start: int, end: int) -> range:
        """Tokens that begin within the characters."""
        return range(bisect_left(self.start, start), bisect_left(self.start, end))


def tokenize(text: str, abbreviations: frozenset[str] = frozenset(), breaks: Iterable[int] = ()) -> Tokens:
    """`breaks`: offsets at which a paragraph begins whatever the layout says, such as the end of a dateline."""
    start, end, words = [], [], []
    for match in _TOKEN.finditer(text):
        first, last = match.span()
        start.append(first)
        end.append(last)
        words.append(match.group())
    letters = sum(1 for w in words if w.isalpha())
    upper = sum(1 for w in words if w.isupper() and len(w) > 1)
    tokens = Tokens(text, start, end, words, [w.lower() for w in words], caps=letters > 5 and upper > 0.55 * letters)
    tokens.paragraphs = _paragraphs(tokens, breaks)
    _find_quotations(tokens)
    _find_sentences(tokens, abbreviations)
    return tokens


def _hard_wrapped(text: str) -> bool:
    """Old wires break lines at 60 to 90 columns; there a single newline means nothing."""
    lines = [line.rstrip() for line in text[:20_000].split("\n") if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 110:
        return False
    flowing = sum(1 for line in lines if line[-1] not in '.?!”":' and len(line) > 45)
    return flowing > 0.4 * len(lines)


def _paragraphs(tokens: Tokens, breaks: Iterable[int]) -> list[int]:
    pattern = _BLANK_LINE if _hard_wrapped(tokens.text) else _NEWLINE
    starts = {0} if tokens.words else set()
    for offset in (*(match.end() for match in pattern.finditer(tokens.text)), *breaks):
        index = bisect_left(tokens.start, offset)
        if index < len(tokens):
            starts.add(index)
    return sorted(starts)


def _find_quotations(tokens: Tokens) -> None:
    """Pair the marks paragraph by paragraph; only the outermost marks count, nested ones stay inside."""
    tokens.quoted = [-1] * len(tokens)
    for begin, stop in _ranges(tokens.paragraphs, len(tokens)):
        opened, closer = -1, ""
        for i in range(begin, stop):
            word = tokens.words[i]
            if opened < 0:
                closer = _closing_mark(tokens, i, word)
                if closer:
                    opened = i
            elif word == closer and (len(word) > 1 or word not in "\"'’" or _may_close(tokens, i, word)):
                _add_quotation(tokens, Quotation(opened, i))
                opened = -1
            elif word in "“„«" and i - opened > 1 and (closer in "’'" or word == tokens.words[opened]):
                opened, closer = i, _closing_mark(tokens, i, word)  # the end mark before this one was lost: begin anew
        if opened >= 0 and closer not in "’'" and stop - opened > 3:
            _add_quotation(tokens, Quotation(opened, stop - 1, open=True))


def _closing_mark(tokens: Tokens, i: int, word: str) -> str:
    """The mark that ends a quotation begun by this token, or "" when it begins none."""
    if word in "“„«":
        return {"“": "”", "„": "“", "«": "»"}[word]
    if word in {'"', "''", "``"}:
        return {"``": "''"}.get(word, word) if _glued_right(tokens, i) else ""
    if word in "‘'" and _glued_right(tokens, i) and not _glued_left(tokens, i):
        return "’" if word == "‘" else "'"
    return ""


def _may_close(tokens: Tokens, i: int, word: str) -> bool:
    return word == '"' or not _glued_right(tokens, i) or not tokens.words[i + 1][0].isalnum()


def _glued_right(tokens: Tokens, i: int) -> bool:
    return i + 1 < len(tokens) and tokens.start[i + 1] == tokens.end[i]


def _glued_left(tokens: Tokens, i: int) -> bool:
    return i > 0 and tokens.end[i - 1] == tokens.start[i] and tokens.words[i - 1] not in "([-—–"


def _add_quotation(tokens: Tokens, quotation: Quotation) -> None:
    number = len(tokens.quotations)
    tokens.quotations.append(quotation)
    for i in range(quotation.first, quotation.last + 1):
        tokens.quoted[i] = number


def _ranges(starts: list[int], length: int) -> Iterable[tuple[int, int]]:
    return zip(starts, [*starts[1:], length], strict=True)


def _find_sentences(tokens: Tokens, abbreviations: frozenset[str]) -> None:
    for begin, stop in _ranges(tokens.paragraphs, len(tokens)):
        first, i = begin, begin
        while i < stop:
            word = tokens.words[i]
            if word in _ENDERS or word.startswith("..") or i - first > LONGEST_SENTENCE:
                after = i + 1
                while after < stop and tokens.words[after] in _CLOSERS and tokens.start[after] == tokens.end[after - 1]:
                    after += 1
                if after < stop and (i - first > LONGEST_SENTENCE or _ends_sentence(tokens, i, after, abbreviations)):
                    tokens.sentences.append((first, after))
                    first = after
                i = after
            else:
                if "." in word and i + 1 < stop and _acronym_ends(tokens, i):
                    tokens.sentences.append((first, i + 1))
                    first = i + 1
                i += 1
        if first < stop:
            tokens.sentences.append((first, stop))
    for number, (begin, stop) in enumerate(tokens.sentences):
        tokens.sentence_of.extend([number] * (stop - begin))


def _ends_sentence(tokens: Tokens, i: int, after: int, abbreviations: frozenset[str]) -> bool:
    word, following = tokens.words[i], tokens.words[after]
    if tokens.start[after] == tokens.end[after - 1] and word == ".":
        return False
    if following[0].islower():
        return False
    if word == "." and i and tokens.end[i - 1] == tokens.start[i]:
        before = tokens.words[i - 1]
        if len(before) == 1 and before.isupper() and before != "I":
            return False
        if before.lower() in abbreviations:
            return not tokens.caps and before[0].islower() and before not in _LOWER_ABBREVIATIONS
    return following[0].isalnum() or following[0] in "“\"‘'„«([—–-•*"


def _acronym_ends(tokens: Tokens, i: int) -> bool:
    """ "… in the U.S. The army …": a dotted acronym that also ends its sentence."""
    word, following = tokens.words[i], tokens.words[i + 1]
    return (
        word.endswith(".")
        and not tokens.caps
        and following[0].isupper()
        and tokens.lower[i + 1] in {"the", "he", "she", "it", "in", "a", "they", "but", "and", "this", "we", "on"}
    )
