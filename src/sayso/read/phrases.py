"""Tokens → one tag a token, and noun phrases by one regular expression over the string of tags.

The tags are rough on purpose: what matters is where a noun phrase begins and ends and which words can be verbs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.ontology import Ontology
from sayso.read.tokens import Tokens
from sayso.read.vocabulary import is_common
from sayso.read.words import CLOSED, NUMBER_WORDS

_PUNCTUATION = {
    ",": ",",
    ".": ".",
    "?": ".",
    "!": ".",
    "…": ".",
    ":": ":",
    ";": ":",
    "-": "-",
    "–": "-",
    "—": "-",
    "(": "(",
    "[": "(",
    ")": ")",
    "]": ")",
    "“": "Q",
    "”": "Q",
    '"': "Q",
    "‘": "Q",
    "’": "Q",
    "«": "Q",
    "»": "Q",
    "„": "Q",
    "'": "Q",
    "`": "Q",
    "%": "W",
    "$": "D",
    "€": "D",
    "£": "D",
    "#": "W",
    "/": "C",
    "*": "-",
    "•": "-",
}
_COMMON = 700
"""occurrences in the frequency list from which a word counts as ordinary"""
_CAPS_PARTICLES = frozenset("san santa santo el los las la de del".split())
_FINITE = frozenset({"past", "third", "base", "participle"})
_NOUN_PHRASE = re.compile(r"(?:D[AJ]?D?|(?<![A-Z])A(?=M))?(?:M(?=[JWZM])|J,?(?=[JWZ]))*[MJWZ]*[MWZ](?:O[MJWZ]*[WZ])*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase over tokens [first, last); `head` is its last token."""

    first: int
    last: int

    @property
    def head(self) -> int:
        return self.last - 1


class Tagger:
    """Tags tokens with the words of one ontology. Made once a reader."""

    def __init__(self, ontology: Ontology) -> None:
        self._nominal = ontology.nominal_verbs
        self._forms = ontology.verb_tags
        self._table: dict[str, str] = {}
        for word, form in ontology.verb_tags.items():
            self._table[word] = (
                "?"
                if word in self._nominal
                else "E"
                if form in {"past", "participle"} and word.endswith("ed")
                else "V"
                if form in _FINITE
                else "G"
            )
        self._table.update(dict.fromkeys(NUMBER_WORDS, "M"))
        self._table.update({w: t for w, t in CLOSED.items() if not w.endswith(("-d", "-p", "-r", "-so"))})
        for word in ("said", "told", "found", "left", "felt", "led", "set", "fell", "read"):
            self._table[word] = "V"
        names = (name.lower().split() for name in ontology.terms["known_organisations"])
        self._known_pairs = {(words[0], words[1]) for words in names if len(words) == 2}
        self._nouns = (
            ontology.terms["person_nouns"] | ontology.terms["organisation_nouns"] | ontology.terms["target_nouns"]
        )

    def tag(self, tokens: Tokens) -> None:
        """Fill `tokens.tags`."""
        rough = [self._rough(tokens, i) for i in range(len(tokens))]
        starts = {begin for begin, _ in tokens.sentences}
        if not tokens.caps:
            for begin in starts:
                self._retag_start(tokens, rough, begin)
        if tokens.caps:
            self._names_in_capitals(tokens, rough)
        for i, tag in enumerate(rough):
            if tag in "?EG":
                rough[i] = self._settle(tokens, rough, i, tag)
        tokens.tags = "".join(rough)

    def _rough(self, tokens: Tokens, i: int) -> str:
        lower = tokens.lower[i]
        word = tokens.words[i]
        first = word[0]
        if not first.isalnum():
            return "O" if lower in {"'s", "’s"} else _PUNCTUATION.get(first, "#")
        known = self._table.get(lower)
        if known and (first.islower() or tokens.caps or known in "DPRCSXNM" or i == 0):
            return known
        if first.isdigit():
            return "M"
        if first.isupper() and not tokens.caps:
            return "Z"
        if known:
            return known
        if (
            lower.endswith("ly")
            and len(lower) > 4
            and lower not in {"family", "assembly", "italy", "july", "ally", "supply", "early", "elderly"}
        ):
            return "A"
        if lower.endswith("ed") and len(lower) > 4 and not lower.endswith("eed"):
            return "E"
        if lower.endswith("ing") and len(lower) > 5:
            return "G"
        return "W"

    def _names_in_capitals(self, tokens: Tokens, rough: list[str]) -> None:
        """In a text all in capitals, a word that ordinary English does not have is taken for a name."""
        for i, tag in enumerate(rough):
            word = tokens.lower[i]
            following = tokens.lower[i + 1] if i + 1 < len(rough) else ""
            if (word, following) in self._known_pairs:
                rough[i] = rough[i + 1] = "Z"
            elif (
                word in _CAPS_PARTICLES and following and following not in _CAPS_PARTICLES and rough[i + 1] in "WZ"
            ) or (tag == "W" and word[0].isalpha() and word not in self._nouns and not is_common(word, _COMMON)):
                rough[i] = "Z"

    def _retag_start(self, tokens: Tokens, rough: list[str], begin: int) -> None:
        """The first word of a sentence is capitalised anyway: known words keep their own tag there."""
        i = begin
        while i < len(rough) and rough[i] in "Q(-":
            i += 1
        if i >= len(rough) or rough[i] != "Z":
            return
        lower = tokens.lower[i]
        following = rough[i + 1] if i + 1 < len(rough) else "."
        if lower in self._table and following not in "Z":
            rough[i] = self._table[lower]
        elif lower in self._nouns and following != "Z":
            rough[i] = "W"
        elif lower.endswith("ly") and following in ",RDWZ":
            rough[i] = "A"
        elif lower.endswith("ing") and following in "DPRWJ":
            rough[i] = "G"

    def _settle(self, tokens: Tokens, tags: list[str], i: int, tag: str) -> str:
        before = tags[i - 1] if i else "."
        after = tags[i + 1] if i + 1 < len(tags) else "."
        if tag == "E":
            if tokens.lower[i] not in self._forms and before in "DMJ" and after not in "WZJEG?":
                return "W"
            if after in "WZE?" and (before in "DJMP.A" or (before in "Q,C" and tokens.lower[i] not in self._forms)):
                return "J"
            if before == "D" and after in "PX.,V":
                return "W"  # the wounded
            return "V"
        if tag == "G":
            if before in "DJ" or (
                before in "WO" and after in "P.,XVO" and tokens.lower[i] not in {"saying", "according"}
            ):
                return "W"
            return "J" if before in "DJ" and after in "WZ" else "G"
        return self._noun_or_verb(tokens, tags, i, before, after)

    def _noun_or_verb(self, tokens: Tokens, tags: list[str], i: int, before: str, after: str) -> str:
        lower = tokens.lower[i]
        following = tokens.lower[i + 1 : i + 3]
        if (
            before in "WZ,)"
            and ("to" in following[:1] or (after == "A" and "to" in following))
            and self._forms.get(lower) == "third"
        ):
            return "V"  # "the Legion, …, aims instead to free"
        if before in "DJMO" or (before == "P" and tokens.lower[i - 1] != "to"):
            return "W"
        if before in "X" or (before == "P" and tokens.lower[i - 1] == "to") or (before == "N"):
            return "V"
        if before == "R" and tokens.lower[i - 1] not in {"one", "none"}:
            return "V"
        if before == "S":
            return "V" if tokens.lower[i - 1] in {"who", "which", "that"} and after in "DSRPZQ" else "W"
        if before in "WZ" and after in "SRDQN:":
            relative = tokens.lower[i + 1] in {"who", "which", "whom", "where"} or tokens.words[i + 1] == ";"
            return "W" if relative else "V"
        if before in "WZA" and self._forms.get(lower) == "third" and after in "ZJM" and not tokens.caps:
            return "V"
        if before in "WZ" and self._forms.get(lower) == "past" and after in "DPRZ":
            return "V"
        return "W"


def noun_phrases(tokens: Tokens) -> Iterator[Phrase]:
    """Maximal noun phrases without prepositional attachments, in order; possessives stay inside."""
    for begin, stop in tokens.sentences:
        for match in _NOUN_PHRASE.finditer(tokens.tags, begin, stop):
            yield Phrase(match.start(), match.end())
