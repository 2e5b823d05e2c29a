"""The language of a text: English by its own small words, anything else by py3langid."""

from __future__ import annotations

from sayso.read.tokens import Tokens

_ENGLISH = frozenset(
    "the of and to in a is was for that on with as by at from were he has had his it are said an be who after they".split()
)
_LEAST_WORDS = 8


def guess_language(tokens: Tokens) -> str | None:
    """ISO 639-1 code, or null when there is too little text to tell."""
    words = tokens.lower[:400]
    letters = [w for w in words if w[0].isalpha()]
    if len(letters) < _LEAST_WORDS:
        return None
    if sum(1 for w in letters if w in _ENGLISH) > 0.15 * len(letters):
        return "en"
    from py3langid.langid import classify

    code, _ = classify(tokens.text[:2000])
    return str(code)
