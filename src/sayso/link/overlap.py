"""What two texts share: passages word for word, names and numbers in order, credits.

Candidates come from sampled shingles (Broder 1997: hashes of four words, kept when divisible by a power of two, so that
containment and not only likeness is found, and fewer of a longer text, so that short ones are found too) and from triples of
neighbouring names and numbers, which a translation keeps. Each candidate is then aligned exactly. A pair's result depends on
the two texts, their dates and their credits alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from sayso.link.hashing import key_hash
from sayso.names.scripts import fold
from sayso.names.wording import rarity
from sayso.ontology import load_ontology
from sayso.records import Reason

_SHINGLE = 4
_PRINTS = 60
"""the most fingerprints of shingles, and the most of triples of anchors, that a text of common length keeps"""
_SPARSEST = 8
_COPIED = 0.35
_CREDITED = 0.2
"""shares of a text's own words that stand in the other: enough by itself, and enough where one credits the other"""
_BRIEF, _RUN, _BRIEF_COPIED = 60, 12, 0.75
"""words of a text that set phrases fill by themselves: without a run of that many words it is a copy from that share only"""
_TRANSLATED = 0.55
_LEAST_ANCHORS = 5
_MOST_ANCHORS = 2000
"""the first of a text, since aligning them takes memory by the square"""
_LEAST_OWN = 0.25
_MOST_REPLACED = 5
"""words of names, and one, between two names that agree"""
_QUOTED = 15
"""words in a row that are a quotation"""
_PASSAGE = 5
_RARE = 0.45
"""rarity of a word that is a name in a text that is all in capitals"""
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_DATELINE = re.compile(r"\s*(?:[(\[]?[A-Z\d]\S*\s+){1,12}?[-–—]{1,2}\s+(?:\[[^\]]{1,60}\]\s*)*")
_QUOTATION = re.compile(
    r"[“«„](?:[^“”«»„\n]|\n(?!\s*\n)){20,2000}[”»]|(?<![^\s(])\"(?=\S)(?:[^\"\n]|\n(?!\s*\n)){20,2000}(?<=\S)\""
)
_POSSESSIVE = re.compile(r"['’]s$")
_WITHIN_NAME = re.compile(r"\s+(?:(?:of|for|the|de|del|di|du)\s+)*")
"""what may stand between the words of one name; "Freedom of Russia Legion" weighs no more than "Reuters" """
_SPEECH, _APART = 1, 2
_HEAD = 600
"""characters that tell whether a text is all in capitals"""


@dataclass(frozen=True, slots=True)
class Text:
    """A document as origins see it.

    tokens: folded words; spans: their places; own: which of them stand outside quotation marks; anchors: names and numbers
    in order, as they sound.
    """

    id: str
    number: int
    published: str | None
    credit: str | None
    outlet: str | None
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    own: tuple[bool, ...]
    anchors: tuple[str, ...]
    weights: tuple[float, ...]
    named: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share. share: of the left's words that stand in the right; the passages are offsets in both."""

    left: str
    right: str
    relation: str
    share: float
    other_share: float
    passages: tuple[tuple[int, int, int, int], ...]
    reasons: tuple[Reason, ...]

    def turned(self) -> Overlap:
        """The same seen from the right."""
        passages = tuple(sorted((c, d, a, b) for a, b, c, d in self.passages))
        return Overlap(self.right, self.left, self.relation, self.other_share, self.share, passages, self.reasons)


def _shingles(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[k:] for k in range(_SHINGLE)), strict=False))


def text_of(id: str, number: int, published: str | None, credit: str | None, outlet: str | None, text: str) -> Text:
    """From the facts of a document and its text."""
    tokens, spans, own = [], [], []
    anchors: list[str] = []
    named: list[tuple[int, int]] = []
    names: list[list[int]] = []  # places in `anchors` of the words of one name
    ended = -1
    kinds = _kinds(text)
    capitals = sum(map(str.isupper, text[:_HEAD])) > sum(map(str.islower, text[:_HEAD]))
    for match in _WORD.finditer(text):
        span = start, _ = match.span()
        word = _folded(match[0])
        if not word or kinds[start] == _APART:
            continue
        tokens.append(word)
        spans.append(span)
        own.append(kinds[start] != _SPEECH)
        first = match[0][0]
        if not own[-1] or not (first.isdigit() or first.isupper()):
            continue
        if first.isdigit():
            sound = re.sub(r"\D", "", match[0])
        elif _is_name(word, not capitals and not _sentence_start(text, start)):
            sound = _sound(_folded(_POSSESSIVE.sub("", match[0])))
        else:
            continue
        if len(sound) > 1:
            if ended >= 0 and not capitals and not first.isdigit() and _WITHIN_NAME.fullmatch(text, ended, start):
                names[-1].append(len(anchors))
            else:
                names.append([len(anchors)])
            anchors.append(sound)
            named.append(span)
            ended = span[1]
    weights = [1 / len(name) for name in names for _ in name]
    return Text(
        id, number, published, credit, outlet,
        tuple(tokens), tuple(spans), tuple(own), tuple(anchors), tuple(weights), tuple(named),
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(word).replace(" ", "")


def _kinds(text: str) -> bytearray:
    """For each character whether it stands in a quotation, apart from the report (in its dateline or a notice), or neither."""
    kinds = bytearray(len(text))
    notices = list(_notice().finditer(text))
    opening = next((m.end() for m in notices if not text[: m.start()].strip()), 0)
    dateline = _DATELINE.match(text, opening)
    found = [*((m, _SPEECH) for m in _QUOTATION.finditer(text)), *((m, _APART) for m in notices)]
    for match, kind in [*found, (dateline, _APART)] if dateline else found:
        kinds[match.start() : match.end()] = bytes([kind]) * len(match[0])
    return kinds


@lru_cache(maxsize=1)
def _notice() -> re.Pattern[str]:
    """Lines that are not the report's text ("Editor’s note: …"): many documents share them without sharing an origin."""
    openings = "|".join(sorted(map(re.escape, load_ontology().terms["notices"]), key=len, reverse=True))
    return re.compile(rf"^\s*(?:{openings})\s*:[^\n]*$", re.MULTILINE | re.IGNORECASE)


def _is_name(word: str, marked: bool) -> bool:
    """marked: its capital says so; where every word has one, only a rare word is taken for a name."""
    return len(word) > 2 and (marked or rarity(word) >= _RARE)


def _sentence_start(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at].rstrip(" \"“‘'(«")
    return not before or before[-1] in ".!?\n"


@lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    """A folded word's consonants in classes so broad that every romanisation of a name has the same: an order of names is
    compared, so that one that sounds like another by chance does no harm ("Zelensky", "Selenskyj": "xlnx")."""
    word = re.sub("ph", "f", word)
    word = re.sub("(?<=[a-z])h$|(?<=[kgcsztdp])h|[aeiouyjwv]|t(?=[szc])|d(?=[zj])", "", word)
    return re.sub(r"(.)\1+", r"\1", re.sub("[kgqhcxszj]", "x", word))


def prints(text: Text) -> set[int]:
    """Sampled hashes of shingles and of unordered triples of neighbouring anchors."""
    shingles = {key_hash("s " + " ".join(s)) for s in set(_shingles(text.tokens))}
    triples = {tuple(sorted(t)) for t in zip(text.anchors, text.anchors[1:], text.anchors[2:], strict=False)}
    return _sampled(shingles) | _sampled({key_hash("a " + " ".join(t)) for t in triples if len(set(t)) == 3})


def _sampled(hashes: set[int]) -> set[int]:
    """Those divisible by a power of two: what a longer text keeps, a shorter one that has it keeps as well."""
    step = 1
    while step < _SPARSEST and len(hashes) > _PRINTS * step:
        step *= 2
    return {h for h in hashes if h % step == 0}


def align(a: Text, b: Text) -> Overlap | None:
    """What a shares with b, or None when they are independent; `align(b, a)` is the same, turned."""
    if a.id > b.id:
        turned = align(b, a)
        return turned and turned.turned()
    share, other_share = _shares(a.tokens, b.tokens)
    largest = max(share, other_share) if all(a.own) and all(b.own) else max(_shares(*_own_words(a, b)))
    runs = _runs(a.tokens, b.tokens) if share else []
    longest = max((length for _, _, length in runs), default=0)
    credited = _credits(a, b)
    told = [
        Reason(
            "text",
            f"{share:.0%} and {other_share:.0%} of their words stand in the other, the longest run has {longest} words",
            round(max(share, other_share), 3),
        )
    ]
    named = names(a, b) or names(b, a)
    brief = min(len(a.tokens), len(b.tokens)) < _BRIEF and longest < _RUN and not named
    if largest >= (_CREDITED if named else _BRIEF_COPIED if brief else _COPIED):
        relation = "copied" if largest >= 0.6 else "rewritten"
    elif (kept := _anchored(a, b)) >= _TRANSLATED:
        relation = "translated"
        share = other_share = kept
        told = [
            Reason(
                "anchors", f"{kept:.0%} of the names and numbers stand in both, in the same order, in other words", kept
            )
        ]
    elif longest >= _QUOTED:
        relation = "quotes"
    else:
        return None
    if credited:
        told.append(Reason("credit", credited, 1.0))
    passages = tuple(
        (a.spans[s][0], a.spans[s + n - 1][1], b.spans[t][0], b.spans[t + n - 1][1])
        for s, t, n in runs
        if n >= _PASSAGE
    )
    if relation == "translated":
        passages = tuple(_replaced(a, b))
    return Overlap(a.id, b.id, relation, round(share, 3), round(other_share, 3), passages[:200], tuple(told))


def _shares(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[float, float]:
    """The share of each one's words that stand in a shingle of the other."""
    places = _shingles(ours), _shingles(theirs)
    common = set(places[0]).intersection(places[1])
    if not common:
        return 0.0, 0.0
    covered = ({at for k, s in enumerate(p) if s in common for at in range(k, k + _SHINGLE)} for p in places)
    one, other = (len(c) / len(words) for c, words in zip(covered, (ours, theirs), strict=True))
    return one, other


def _own_words(a: Text, b: Text) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words outside quotation marks: two reports of one speech share its words without sharing an origin.

    All words where little else is there, as in an interview.
    """
    ours, theirs = (tuple(w for w, own in zip(t.tokens, t.own, strict=True) if own) for t in (a, b))
    enough = all(len(own) >= max(_LEAST_OWN * len(t.tokens), _QUOTED) for own, t in ((ours, a), (theirs, b)))
    return (ours, theirs) if enough else (a.tokens, b.tokens)


def _runs(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """Words in a row that both have, the longest from each place on: (start, other start, length)."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, shingle in enumerate(_shingles(theirs)):
        places[shingle].append(k)
    runs = []
    shingles = _shingles(ours)
    k = 0
    while k < len(shingles):
        best = (0, 0)
        for at in places.get(shingles[k], ())[:20]:
            n = _SHINGLE
            while k + n < len(ours) and at + n < len(theirs) and ours[k + n] == theirs[at + n]:
                n += 1
            best = max(best, (n, -at))
        if best[0]:
            runs.append((k, -best[1], best[0]))
        k += best[0] or 1
    return runs


def _anchored(a: Text, b: Text) -> float:
    """How many of the shorter text's names and numbers stand in both in one order and near each other; 0 for too few.

    Each name weighs one however often it stands there. A text much longer than the other has any order by chance.
    """
    one, other = (a, b) if len(a.anchors) <= len(b.anchors) else (b, a)
    short, long, weights = one.anchors[:_MOST_ANCHORS], other.anchors[:_MOST_ANCHORS], one.weights
    if len(short) < _LEAST_ANCHORS:
        return 0.0
    matched = _matched(short, long)
    near = [_near(*pair) for pair in pairwise(matched)]
    kept = [
        i for (i, _), before, after in zip(matched, [False, *near], [*near, False], strict=False) if before or after
    ]
    if len({short[i] for i in kept}) < _LEAST_ANCHORS:
        return 0.0
    often = Counter(short)
    whole = sum(w / often[a] for a, w in zip(short, weights, strict=False))
    share = sum(weights[i] / often[short[i]] for i in kept) / (
        whole + 2
    )  # two more, so that of few names more must agree
    return round(share * min(1.0, 3 * len(short) / len(long)), 3)


def _matched(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[int, int]]:
    """Places in both of the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    opcodes = (op for op in LCSseq.opcodes(ours, theirs) if op.tag == "equal")
    return [(op.src_start + k, op.dest_start + k) for op in opcodes for k in range(op.src_end - op.src_start)]


def _replaced(a: Text, b: Text) -> Iterator[tuple[int, int, int, int]]:
    """Where other names stand between the same two names: what a translation made of them ("North Korea" for an acronym)."""
    for (i, j), (k, n) in pairwise(_matched(a.anchors[:_MOST_ANCHORS], b.anchors[:_MOST_ANCHORS])):
        if 1 < k - i <= _MOST_REPLACED and 1 < n - j <= _MOST_REPLACED:
            yield a.named[i + 1][0], a.named[k - 1][1], b.named[j + 1][0], b.named[n - 1][1]


def _near(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two anchors follow each other in both texts, with one other between them at the most."""
    return other[0] - one[0] <= 2 and other[1] - one[1] <= 2


def _credits(a: Text, b: Text) -> str | None:
    """Whether one names the other, or both the same wire."""
    if a.credit and b.credit and fold(a.credit) == fold(b.credit):
        return f"both credit {a.credit}"
    for one, other in ((a, b), (b, a)):
        if names(one, other):
            return f"one credits {other.outlet}"
    return None


def names(one: Text, other: Text) -> bool:
    """Whether one credits the other's outlet."""
    return bool(one.credit and other.outlet and fold(one.credit) == fold(other.outlet))
