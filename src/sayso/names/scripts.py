"""Words of any script → keys that agree however the word was romanised.

A *fold* is the word in plain lower-case Latin letters with its vowels; a *skeleton* is its consonants, in classes that
the habits of BGN/PCGN, ISO 9, the Ukrainian table of 2010 and of English, German, French, Italian and Polish papers
share. Where habits clash ("ch" is ч in English, ш in French and х in German) a word has several skeletons.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

from anyascii import anyascii

_LETTERS = str.maketrans(
    {
        "č": "ch", "ć": "ch", "š": "sh", "ś": "s", "ž": "zh", "ż": "zh", "ź": "z", "ł": "l", "ş": "sh", "ș": "sh", "ţ": "ts", "ț": "ts",
        "ç": "ch", "ğ": "", "ı": "i", "ř": "rzh", "đ": "dj", "ĝ": "g", "ŝ": "shch", "û": "yu", "â": "ya", "è": "e", "é": "e", "ê": "e", "ě": "e",
        "ö": "o", "ü": "u", "ä": "a", "ʹ": "", "ʺ": "", "'": "", "’": "", "ʼ": "", "ʿ": "", "ʾ": "", "`": "", "‘": "", "ъ": "", "ь": "",
        "х": "kh", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi", "ё": "yo", "й": "y",
        "ы": "y", "э": "e", "і": "i", "ґ": "g", "ў": "v", "ћ": "ch", "ђ": "dj", "џ": "dzh", "љ": "lj", "њ": "nj", "ј": "j",
        "ב": "bh", "ד": "d", "צ": "ts", "ץ": "ts", "ש": "sh", "ח": "h", "כ": "kh", "ך": "kh", "ט": "t", "ק": "k", "פ": "p", "ף": "f", "ו": "v", "י": "i", "א": "", "ע": "",
        "خ": "kh", "ش": "sh", "ث": "th", "ذ": "dh", "غ": "gh", "ج": "j", "چ": "ch", "ژ": "zh", "ح": "h", "ة": "a", "ع": "", "ء": "", "ئ": "i", "ؤ": "w", "أ": "a",
        "ə": "a", "إ": "i", "آ": "a", "ا": "a", "ى": "a", "و": "w", "ي": "y", "ی": "y", "ک": "k", "ك": "k", "ق": "q", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ه": "h",
    }
)  # fmt: skip
_OTHER = re.compile(r"[^a-z0-9]+")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_FIRSTS = {"ντ": "d", "μπ": "b", "γκ": "g"}
_GREEK_FIRST = re.compile(r"\b(?:ντ|μπ|γκ)")
_GREEK_PAIRS = {
    "ου": "ou",
    "γγ": "ng",
    "γκ": "nk",
    "μπ": "mp",
    "αι": "e",
    "ει": "i",
    "οι": "i",
    "αυ": "av",
    "ευ": "ev",
    "τζ": "j",
    "τσ": "ts",
    "χ": "ch",
    "β": "v",
    "η": "i",
    "υ": "y",
}
_GREEK_PAIR = re.compile("|".join(_GREEK_PAIRS))
_ABJAD = re.compile("[\u0590-\u06ff\u0750-\u077f]")
_MARKS = re.compile("[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_FULL = {
    "عبد": "abd",
    "أبو": "abu",
    "ابو": "abu",
    "أبي": "abu",
    "بن": "bin",
    "ابن": "ibn",
    "محمد": "muhammad",
    "محمود": "mahmud",
    "أحمد": "ahmad",
    "احمد": "ahmad",
    "حامد": "hamid",
    "عمر": "umar",
    "علی": "ali",
    "علي": "ali",
    "حسن": "hasan",
    "حسين": "husayn",
    "حسین": "husayn",
    "خالد": "khalid",
    "يوسف": "yusuf",
    "یوسف": "yusuf",
    "إبراهيم": "ibrahim",
    "ابراهيم": "ibrahim",
    "إسماعيل": "ismail",
    "عثمان": "uthman",
    "مصطفى": "mustafa",
    "سليمان": "sulayman",
    "جمال": "jamal",
    "ع": "a",
    "א": "a",
    "ע": "a",
    "ו": "v",
}
"""words and first letters whose vowels are known although Arabic and Hebrew do not write them"""
_WHOLE = "|".join(w for w in _FULL if len(w) > 1 and w != "عبد")
_BEFORE = re.compile(rf"\b(?:عبد(?:(?=\s)|(?=ال))|(?:{_WHOLE})\b|ع|א|ע)")
_ALTERNATIVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("shch", ("S",)), ("schtsch", ("S",)), ("chtch", ("S",)), ("szcz", ("S",)), ("sch", ("S", "Z")), ("tsch", ("C",)), ("tch", ("C",)),
    ("dzh", ("J",)), ("dsch", ("J",)), ("dj", ("J",)), ("cz", ("C",)), ("rzh", ("r", "Z")), ("rz", ("rz", "rT", "Z")), ("bh", ("b", "v")), ("sz", ("S",)), ("zh", ("Z",)), ("sh", ("S",)),
    ("kh", ("h",)), ("gh", ("g", "h")), ("ph", ("f",)), ("th", ("t",)), ("dh", ("d", "z")), ("ts", ("T",)), ("tz", ("T",)), ("ch", ("C", "S", "h")),
    ("ck", ("k",)), ("cs", ("C",)), ("gn", ("n", "gn")), ("x", ("ks", "h")), ("q", ("k", "g")), ("c", ("k", "T", "s")), ("j", ("", "Z", "J", "h")), ("ge", ("g", "J", "h")), ("gi", ("g", "J", "h")), ("g", ("g", "h")),
    ("w", ("v", "")), ("v", ("v", "")), ("z", ("z", "T")),
)  # fmt: skip
_ALTERNATIVE = re.compile(
    "ch(?=ae)|"
    + "|".join(k for k, _ in sorted(_ALTERNATIVES, key=lambda a: -len(a[0])))
    + "|^s(?!s)|(?<=[^s])s$|(?<=[aeiou])s(?=[aeioubdmn])"
)
_CHOICES = {**dict(_ALTERNATIVES), "s": ("s", "z")}
_MICHAEL = ("C", "S", "h", "k")
_MOST_SKELETONS = 24
HEAD = 240
"""characters of a name that are looked at: no real name is longer, and a hostile one must not cost much"""


def is_abjad(text: str) -> bool:
    """Written without its short vowels: Arabic, Persian, Hebrew."""
    return bool(_ABJAD.search(text))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower-case Latin letters, digits and single spaces; diacritics and apostrophes gone, scripts romanised."""
    if text.isascii():
        return " ".join(_OTHER.sub(" ", text.lower().replace("'", "").replace("`", "")).split())
    lowered = unicodedata.normalize("NFC", text).lower()
    if _ABJAD.search(lowered):
        lowered = _BEFORE.sub(_written_out, _MARKS.sub("", lowered))
    elif _GREEK.search(lowered):
        lowered = _greek(lowered)
    latin = lowered.translate(_table())
    if not latin.isascii():
        latin = anyascii(latin).lower()
    return " ".join(_OTHER.sub(" ", latin.replace("'", "")).split())


def _written_out(match: re.Match[str]) -> str:
    return _FULL[match[0]]


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Single letters → Latin: ours where we have one, anyascii's for the rest of the alphabets that names are mostly in.

    One pass of `str.translate` is several times as fast as anyascii, and the registry has thousands of names to fold.
    """
    alphabets = (range(0xA1, 0x250), range(0x370, 0x590), range(0x5D0, 0x6D4), range(0x10D0, 0x10FF))
    rest = {c: anyascii(chr(c)).lower() for letters in alphabets for c in letters}
    return {**rest, 0x2019: "", **_LETTERS}


def _greek(lowered: str) -> str:
    """Greek without its accents, and with the pairs of letters that make one sound in the Latin letters of that sound."""
    bare = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
    return _GREEK_PAIR.sub(lambda m: _GREEK_PAIRS[m[0]], _GREEK_FIRST.sub(lambda m: _GREEK_FIRSTS[m[0]], bare))


_HEBREW = re.compile("[\u0590-\u05ff]")


def vowels_unwritten(left: str, right: str) -> bool:
    """Their vowels say nothing: one is in an abjad and the other is not, or the two abjads differ."""
    one, two = is_abjad(left), is_abjad(right)
    return one != two or (one and bool(_HEBREW.search(left)) != bool(_HEBREW.search(right)))


_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def homophones(left: str, right: str) -> bool:
    """Two names in Chinese characters that differ: reading alike says little there (山西 and 陕西 are both Shanxi)."""
    return left != right and bool(_HAN.search(left) and _HAN.search(right)) and left.casefold() != right.casefold()


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """The text with its diacritics dropped, as papers do that lack the letters ("Šešelj" → "Seselj")."""
    return "".join(
        c
        for c in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(c) or (not c.isascii() and ord(c) > 0x36F)
    )


_DOUBLE = re.compile(r"(.)\1+")
_EVENED = tuple(
    (re.compile(pattern), plain_)
    for pattern, plain_ in (
        ("dsch|dzh|dj", "j"),
        ("tsch|tch", "ch"),
        ("sch", "sh"),
        ("ou|oo", "u"),
        ("[jy](?=[aeou])|i(?=[aeou])", ""),
        ("[jy]", "i"),
        ("ii+", "i"),
        ("ee|ea", "i"),
        ("w", "v"),
        ("kh|gh", "h"),
        ("ck|q", "k"),
        ("ph", "f"),
    )
)


@lru_cache(maxsize=100_000)
def even(word: str) -> str:
    """A folded word with the spellings of its vowels evened out: "grayvoron", "graivoron" and "grajvoron" agree."""
    word = _DOUBLE.sub(r"\1", word)
    for pattern, plain_ in _EVENED:
        word = pattern.sub(plain_, word)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(maxsize=100_000)
def skeletons(word: str) -> frozenset[str]:
    """The consonant skeletons of a folded word, one for each habit of writing that could have led to it."""
    parts: list[tuple[str, ...]] = []
    at = 0
    for match in _ALTERNATIVE.finditer(word):
        parts.append((word[at : match.start()],))
        parts.append(_MICHAEL if match[0] == "ch" and word.startswith("ae", match.end()) else _CHOICES[match[0]])
        at = match.end()
    parts.append((word[at:],))
    found: set[str] = set()
    for number, choice in enumerate(product(*parts)):
        if number >= _MOST_SKELETONS:
            break
        found.add(_consonants("".join(choice)))
    return frozenset(found)


_VOWELS = str.maketrans("", "", "aeiouy")
_LAST_H = re.compile(r"(?<=.)h$")


def _consonants(word: str) -> str:
    first = "a" if word[:1] in "aeiouy" else ""
    bare = _LAST_H.sub("", word.translate(_VOWELS))
    return first + _DOUBLE.sub(r"\1", bare)
