"""How alike two single words of names are, 0 to 1, whatever scripts and habits they are written in."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from sayso.names.scripts import even, skeletons

_CASE = re.compile(r"(?:om|em|ym|im|am|yem|iem|imi|ymi|ovi|evi|iu)$")
"""endings of Russian and Ukrainian cases that leave a consonant behind; those of vowels only do not touch a skeleton"""


@lru_cache(maxsize=200_000)
def likeness(a: str, b: str, abjad: bool = False) -> float:
    """Of two folded words. 1 the same, above 0.85 one name spelt in two ways, 0.7 to 0.85 perhaps a slip.

    abjad: one of them comes from a script without short vowels, so that vowels say nothing.
    """
    if a == b:
        return 1.0
    if not a or not b or a.isdigit() or b.isdigit():
        return 0.0
    even_a, even_b = even(a), even(b)
    if even_a == even_b:
        return 0.99
    vowels = OSA.normalized_similarity(even_a, even_b)
    if skeletons(a) & skeletons(b):
        if abjad:
            return 0.93
        if a[:1] in "aeiouy" and b[:1] in "aeiouy" and even_a[0] != even_b[0]:
            vowels -= 0.1
        return min(0.97, 0.63 + 0.38 * vowels) if vowels >= 0.52 else 0.6 + 0.2 * vowels
    for one, other in ((a, b), (b, a)):
        if len(one) > 5 and _CASE.search(one) and skeletons(_CASE.sub("", one)) & skeletons(other):
            return 0.9
    if min(len(a), len(b)) >= 5 and _scanned(a) == _scanned(b):
        return 0.9
    if _hard(a) & _hard(b) and vowels >= 0.5:
        return 0.86
    distance = min(OSA.distance(even_a, even_b), OSA.distance(a, b))
    shorter = min(len(even_a), len(even_b))
    slip = 0.0
    if distance == 1 and shorter >= 5:
        slip = 0.8 + 0.01 * min(8, shorter - 5)
    elif distance == 2 and shorter >= 8:
        slip = 0.76
    if abjad and _near(a, b):
        slip = max(slip, 0.86)
    return max(slip, 0.8 * JaroWinkler.similarity(even_a, even_b) - 0.1)


def _scanned(word: str) -> str:
    """A word as scanners may read it: "rn" for "m", "vv" for "w"."""
    return word.replace("rn", "m").replace("vv", "v").replace("w", "v")


_HARD = str.maketrans("dbgvz", "tpkfs")


@lru_cache(maxsize=50_000)
def _hard(word: str) -> frozenset[str]:
    """Skeletons with the last consonant spoken hard, as German, Russian and Turkish ears write it (Akhmad, Achmat)."""
    return frozenset(s[:-1] + s[-1].translate(_HARD) for s in skeletons(word) if len(s) > 2)


def _near(a: str, b: str) -> bool:
    """Skeletons one class apart in longer words: what is left when vowels written in one script are missing in the other."""
    return any(
        min(len(x), len(y)) >= 3 and OSA.distance(x, y) <= 1 and x[:1] == y[:1]
        for x in skeletons(a)
        for y in skeletons(b)
    )


def align(left: list[str], right: list[str], abjad: bool = False) -> list[tuple[int, int, float]]:
    """Pairs (place in left, place in right, likeness), one to one, the likest first."""
    scored = sorted(
        ((likeness(a, b, abjad), i, j) for i, a in enumerate(left) for j, b in enumerate(right)),
        key=lambda s: (-s[0], abs(s[1] - s[2]), s[1], s[2]),
    )
    pairs: list[tuple[int, int, float]] = []
    used_left: set[int] = set()
    used_right: set[int] = set()
    for score, i, j in scored:
        if i not in used_left and j not in used_right:
            pairs.append((i, j, score))
            used_left.add(i)
            used_right.add(j)
    return pairs
