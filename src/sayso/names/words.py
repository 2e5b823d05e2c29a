"""The meanings of the common words in names ("Ministry", "Легион", "oblast"), as `words.tsv` lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from sayso.names.scripts import even, fold


@dataclass(frozen=True, slots=True)
class Concept:
    """`name` as in the first column; `group` is org, area, side, country (its ISO code) or filler."""

    name: str
    group: str


_SWAP = 7
"""letters from which two neighbours that changed places are taken for a slip"""
_TYPO = 9
"""letters from which a word is long enough for a slip in it to be told from another word"""


def _keys(word: str) -> list[str]:
    """A word's key, and for an Arabic one with its article the key without it."""
    keys = [fold(word)]
    if word.startswith("ال") and len(word) > 4:
        keys.append(fold(word[2:]))
    return [k for k in keys if k]


def _misread(word: str) -> str:
    """What scanners make one: "rn" and "m", "vv" and "w"."""
    return word.replace("rn", "m").replace("vv", "w")


def _cuts(word: str) -> set[str]:
    """The word with any one letter but its first left out: two words one slip apart share a cut, or one is the other's."""
    return {word[:i] + word[i + 1 :] for i in range(1, len(word))}


class Lexicon:
    """Folded words, beginnings and phrases → concepts."""

    def __init__(self, lines: list[str]) -> None:
        self._words: dict[str, Concept] = {}
        self._beginnings: dict[str, Concept] = {}
        self._longest = 1
        for line in lines:
            if not line.strip() or line.startswith("#"):
                continue
            name, group, words = line.split("\t")
            concept = Concept(name.split(",")[0], group)
            for word in words.split(","):
                table = self._beginnings if word.endswith("*") else self._words
                for key in _keys(word.rstrip("*").strip()):
                    table.setdefault(key, concept)
                    self._longest = max(self._longest, key.count(" ") + 1)

    @cached_property
    def _misread(self) -> dict[str, Concept]:
        return {_misread(key): c for key, c in self._words.items() if len(key) >= _TYPO}

    @cached_property
    def _slips(self) -> dict[str, Concept]:
        """Made when the first word that nobody knows is met: most names have none."""
        return {cut: c for key, c in self._words.items() if len(key) >= _TYPO and key.isalpha() for cut in _cuts(key)}

    def concept(self, word: str) -> Concept | None:
        """Of one folded word or phrase."""
        found = self._words.get(word)
        if found is None and len(word) > 3 and " " not in word:
            found = next((c for n in range(len(word), 3, -1) if (c := self._beginnings.get(word[:n]))), None)
        return found

    def misspelt(self, word: str) -> Concept | None:
        """Of a long folded word with one slip of the keyboard or the scanner in it ("intemational", "organisaton", "foriegn")."""
        if len(word) < _SWAP or not word.isalpha():
            return None
        swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, len(word) - 1))
        if found := next((c for w in swapped if (c := self._words.get(w))), None):
            return found
        if len(word) < _TYPO - 1:
            return None
        found = self._misread.get(_misread(word)) or self._slips.get(word)
        return found or next((c for cut in _cuts(word) if (c := self._words.get(cut) or self._slips.get(cut))), None)

    def parse(self, folded: str) -> list[Concept | str]:
        """Concepts where words have one (the longest phrase first), other words as they are."""
        tokens = folded.split()
        result: list[Concept | str] = []
        at = 0
        while at < len(tokens):
            for length in range(min(self._longest, len(tokens) - at), 0, -1):
                concept = self.concept(" ".join(tokens[at : at + length]))
                if concept:
                    result.append(concept)
                    at += length
                    break
            else:
                result.append(tokens[at])
                at += 1
        return result


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon((files("sayso.names") / "words.tsv").read_text(encoding="utf-8").splitlines())


class Bynames:
    """Names that stand for one and the same although no rule joins them: renamed places, noms de guerre."""

    def __init__(self, rows: list[tuple[str, list[str]]]) -> None:
        self.kinds = [kind for kind, _ in rows]
        self._ids: dict[str, set[int]] = {}
        self._roots: dict[str, set[int]] = {}
        for number, (_, names) in enumerate(rows):
            for name in names:
                self._ids.setdefault(name_even(fold(name)), set()).add(number)
                self._roots.setdefault(root(fold(name)), set()).add(number)

    def find(self, folded: str) -> frozenset[int]:
        """Numbers of the rows that have this folded name."""
        return frozenset(self._ids.get(name_even(folded), ()))

    def find_adjective(self, folded: str) -> frozenset[int]:
        """Numbers of the rows whose name this adjective could be made of ("mykolaivska", "николаевская")."""
        return frozenset(self._roots.get(root(folded), ()))


_ARTICLE = re.compile(r"^(?:the|al|el|ar|as|ash|ad|at|az|an|es|ez|er|ed) (?=\w{3})")
_ADJECTIVE = re.compile(
    r"(?:sk|ck|zk)(?:aya|aja|aia|a|iy|ij|ii|yi|yy|yj|y|i|oi|oy|oj|oho|ogo|oyi|oi|oji|ou|uyu|iego|e|oe|oye|oje|ie|iej|om|omu|iy)$"
)
_ENDING = re.compile(r"(?:(?:[iey]|ay|ai)*[aeoiy]v|sk|tsk)?[aeiouy]*$")


def name_even(folded: str) -> str:
    """The key of a folded name of several words: their vowels evened out, no article before them."""
    return " ".join(even(w) for w in _ARTICLE.sub("", folded).split())


@lru_cache(maxsize=20_000)
def root(folded: str) -> str:
    """What an adjective and the name that it is made of have in common: "mykolaivska" and "mykolaiv" → "mikol"."""
    word = even(_ENDING.sub("", _ADJECTIVE.sub("", folded)))
    return word if len(word) > 3 else even(folded)


def _rows(file: str) -> list[list[str]]:
    lines = (files("sayso.names") / file).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]


def _names(cell: str) -> list[str]:
    return [n for name in cell.split("|") if (n := name.strip())]


@lru_cache(maxsize=1)
def exonyms() -> Bynames:
    """Renamed and translated places; read once a process."""
    return Bynames([(kind, _names(names)) for kind, names in _rows("exonyms.tsv")])


@lru_cache(maxsize=1)
def noms_de_guerre() -> list[list[str]]:
    """Well-known persons with all their names; read once a process."""
    return [_names(row[0]) for row in _rows("bynames.tsv")]
