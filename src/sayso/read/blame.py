"""Who is held responsible, and how that is known: MUC-4's PERP: ORGANIZATION CONFIDENCE, kept per organisation."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.read.page import Page
from sayso.read.roles import MentionIndex

_PATTERNS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("responsible", "for"), False),
    (("behind", "the"), False),
    (("behind", "this"), False),
    (("to", "blame"), False),
    (("carried", "out", "by"), True),
    (("attributed", "to"), True),
    (("perpetrated", "by"), True),
    (("the", "work", "of"), True),
    (("committed", "by"), True),
    (("staged", "by"), True),
    (("claimed", "by"), True),
    (("blamed", "on"), True),
    (("taken", "by"), True),
    (("taken", "part", "in"), False),
    (("took", "part", "in"), False),
    (("involved", "in"), False),
    (("launched", "by"), True),
    (("organized", "by"), True),
    (("led", "by"), True),
)
_NO_PART = (
    (("nothing", "to", "do", "with")),
    ("no", "part", "in"),
    ("no", "role", "in"),
    ("not", "involved", "in"),
    ("no", "involvement", "in"),
    ("not", "responsible", "for"),
    ("no", "hand", "in"),
    ("not", "behind"),
    ("no", "connection", "with"),
)


@dataclass(frozen=True, slots=True)
class Held:
    """An organisation or side held responsible (or, with `denied`, said to have had no part) at a token."""

    mention: int
    token: int
    denied: bool
    claimed: bool = False


def find_held(page: Page, index: MentionIndex, begin: int, stop: int) -> list[Held]:
    """Statements about responsibility in the sentence [begin, stop)."""
    lower = page.tokens.lower
    found: list[Held] = []
    for k in range(begin, stop):
        if lower[k] in _FIRST_NO_PART and any(tuple(lower[k : k + len(p)]) == p for p in _NO_PART):
            numbers = _before(page, index, k, begin) or _first_group(page, index, begin, k)
            found.extend(Held(n, k, True) for n in numbers)
            continue
        if lower[k] not in _FIRST:
            continue
        for words, after in _PATTERNS:
            if tuple(lower[k : k + len(words)]) != words:
                continue
            if words[0] == "responsible" and lower[k - 1] in {"not", "those", "persons", "people", "anyone", "who"}:
                continue
            numbers = _after(page, index, k + len(words), stop) if after else _before(page, index, k, begin)
            found.extend(Held(n, k, False, words == ("claimed", "by") or words == ("taken", "by")) for n in numbers)
            break
    return found


_FIRST = frozenset(words[0] for words, _ in _PATTERNS)
_FIRST_NO_PART = frozenset(words[0] for words in _NO_PART)


def _is_group(index: MentionIndex, number: int) -> bool:
    mention = index.found[number]
    return (
        mention.type in {"Organisation", "Nationality"}
        or (mention.type == "Location" and mention.named)
        or (mention.type == "Person" and not mention.pronoun)
    )


def _before(page: Page, index: MentionIndex, at: int, begin: int) -> list[int]:
    """The subject's phrases, coordinated ones too: "the Legion and the Corps (RDK) were responsible"."""
    tokens, numbers = page.tokens, []
    k = at - 1
    while k >= begin and tokens.tags[k] in "XANQ":
        k -= 1
    while k >= begin:
        if tokens.tags[k] in ")Q":
            k = next((j for j in range(k - 1, max(begin, k - 8), -1) if tokens.tags[j] in "(Q"), begin) - 1
            continue
        phrase = page.phrase_at(k)
        number = index.at(k)
        if phrase is None:
            break
        if number >= 0 and _is_group(index, number):
            numbers.append(number)
        k = phrase.first - 1
        if (k >= begin and tokens.lower[k] == "and") or (k > begin and tokens.tags[k] == "," and len(numbers) > 1):
            k -= 1
        else:
            break
    return numbers


def _first_group(page: Page, index: MentionIndex, begin: int, at: int) -> list[int]:
    """The subject of the whole sentence: "Ukraine is watching the events, but has nothing to do with them"."""
    for k in range(begin, at):
        number = index.at(k)
        if number >= 0 and index.found[number].last == k + 1:
            return [number] if _is_group(index, number) else []
    return []


def _after(page: Page, index: MentionIndex, at: int, stop: int) -> list[int]:
    """The phrases behind, with those in apposition: "by the citizens of Russia, in particular the RDK and the Legion"."""
    tokens, numbers = page.tokens, []
    for k in range(at, min(at + 30, stop)):
        if tokens.tags[k] in "VX" or tokens.tags[k] in ".:":
            break
        number = index.at(k)
        phrase = page.phrase_at(k)
        if number >= 0 and phrase and phrase.last == k + 1 and _is_group(index, number) and number not in numbers:
            mention = index.found[number]
            if mention.type == "Location" and tokens.lower[mention.first - 1] in {"of", "in", "at", "near", "for"}:
                continue
            numbers.append(number)
    return numbers
