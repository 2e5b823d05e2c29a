"""In which town or smaller place a sentence puts what it tells, by its words, since the reader knows only places that a
gazetteer has: whatever stands behind "in", "at" or "near" and is no day, country or province."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso.gazetteer import default_gazetteer
from sayso.link.similarity import distance
from sayso.names.scripts import fold
from sayso.ontology import load_ontology

_SPOT = re.compile(
    r"\b(?:in|at|near|outside|off) (?:the |northern |southern |eastern |western |central |town of |village of |city of )*"
    r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)"
)
_SAID_THERE = re.compile(
    r"\b(?:said|says|wrote|reported|told [\w ]{2,30}?|announced|repeated) (?:\w+day )?(?:in|at|from|on) [A-Z][\w'’-]+"
)
_CALENDAR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_CLOSE = 15.0
"""kilometres"""


@lru_cache(maxsize=20_000)
def spots(sentence: str, *speakers: str | None) -> frozenset[str]:
    """Names of places in a sentence, without those in the words for its speakers and where they spoke."""
    text = sentence
    for words in filter(None, speakers):
        text = text.replace(words, " ")
    names = (m["name"].removesuffix("'s").removesuffix("’s") for m in _SPOT.finditer(_SAID_THERE.sub(" ", text)))
    return frozenset(n for n in names if not _CALENDAR.match(n) and not _titled(n) and not _large(n))


def _titled(name: str) -> bool:
    """ "Mr", "Mr Trump", "General Lysak"."""
    return fold(name.split()[0]) in _TITLES


_TITLES = frozenset({fold(title) for title in load_ontology().terms["titles"]} | {"mr", "mrs", "ms", "dr"})


def _large(name: str) -> bool:
    found = default_gazetteer().lookup(name)
    return bool(found) and found[0].kind not in {"city", "district"}


@lru_cache(maxsize=20_000)
def elsewhere(a: str, b: str) -> bool:
    """Whether two names, one of which is a place's at least, are not of one place nor of places that lie close."""
    if fold(a) in fold(b) or fold(b) in fold(a):
        return False
    one, other = (default_gazetteer().lookup(n) for n in (a, b))
    if not one and not other:
        return False  # two words that no gazetteer has may be anything
    return not one or not other or min(distance(x, y) for x in one[:3] for y in other[:3]) > _CLOSE
