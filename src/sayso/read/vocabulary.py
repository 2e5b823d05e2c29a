"""Which words are ordinary English, loaded only when a text needs it (all capitals, or a suspected misspelling)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=1)
def word_frequencies() -> Mapping[str, int]:
    """Lower-cased English word → frequency, from pyspellchecker's list (MIT)."""
    from spellchecker import SpellChecker

    frequencies: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return frequencies


def is_common(word: str, least: int = 1) -> bool:
    return word_frequencies().get(word, 0) >= least
