"""Finds the words that say that somebody says something."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.ontology import Cue, CueForm
from sayso.read.page import Page
from sayso.read.words import BE, NEGATIVE

_GAPS = {"responsibility": 3, "credit": 2, "responsible": 8, "clear": 2, "doubt": 1}
_STATEMENTS = frozenset(
    "statement statements claim claims report reports accusation accusations testimony remark remarks "
    "allegation allegations confession figure figures toll threat offer story comments words communique".split()
)
_NEEDS_STATEMENT = frozenset({"withdraw", "correct", "revise", "issue", "renounce", "take back", "echo", "publish"})


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue in its sentence: the words themselves are [first, last), with auxiliaries [group, last).

    form: base, third, past, participle, ing, noun, preposition, adverb; passive: "was said", "is expected".
    """

    cue: Cue
    form: str
    group: int
    first: int
    last: int
    negated: bool
    passive: bool


def find_cues(page: Page, begin: int, stop: int) -> list[CueHit]:
    """Every cue of the sentence [begin, stop), in order, none overlapping."""
    hits: list[CueHit] = []
    lower, forms = page.tokens.lower, page.ontology.cue_forms
    i = begin
    while i < stop:
        hit = next((h for form in forms.get(lower[i], ()) if (h := _match(page, form, i, begin, stop))), None)
        if hit:
            hits.append(hit)
            i = max(i + 1, hit.last if hit.cue.kind != "noun" else i + 1)
        else:
            i += 1
    return hits


def _match(page: Page, form: CueForm, i: int, begin: int, stop: int) -> CueHit | None:
    last = _match_rest(page, form, i, stop)
    if not last:
        return None
    kind = form.cue.kind
    if kind == "verb":
        return _verb_hit(page, form, i, last, begin, stop)
    if kind == "passive":
        return CueHit(form.cue, "participle", _group_start(page, i, begin), i, last, _negated(page, i, last), True)
    if kind == "noun":
        if page.tokens.tags[i] not in "WZ" or not _noun_complement(page, form.cue, last, stop):
            return None
        return CueHit(form.cue, "noun", i, i, last, False, False)
    return CueHit(form.cue, form.form, i, i, last, False, False)


def _match_rest(page: Page, form: CueForm, i: int, stop: int) -> int:
    """The token after the last word of the cue, or 0; some cues let words stand in between."""
    at = i + 1
    for word in form.rest:
        limit = min(at + 1 + _GAPS.get(word, 0), stop)
        if form.cue.kind == "passive":
            limit = min(at + 3, stop)
        found = next((k for k in range(at, limit) if page.tokens.lower[k] == word), -1)
        if found < 0 or any(page.tokens.tags[k] in ".,:" for k in range(at, found)):
            return 0
        at = found + 1
    return at


def _verb_hit(page: Page, form: CueForm, i: int, last: int, begin: int, stop: int) -> CueHit | None:
    tokens = page.tokens
    tag = tokens.tags[i]
    if form.cue.text.startswith("be "):
        if tag != "X":
            return None
    elif tag not in "VGEJ" or (tag == "J" and not form.rest):
        return None
    if tag == "G" and i > begin and tokens.tags[i - 1] in "DO":
        return None
    if tokens.lower[last : last + 1] in (["itself"], ["themselves"]) and form.cue.text in {
        "call",
        "style",
        "name",
        "term",
    }:
        return None
    if i > begin and tokens.lower[i - 1] == "to" and form.form == "base":
        return None
    if form.cue.text == "ask" and tokens.lower[last : last + 2] == ["not", "to"]:
        return None  # "who asked not to be named"
    if form.cue.text in _NEEDS_STATEMENT and not any(
        tokens.lower[k] in _STATEMENTS for k in range(last, min(last + 6, stop))
    ):
        return None
    group = _group_start(page, i, begin)
    passive = form.form in {"past", "participle"} and any(tokens.lower[k] in BE for k in range(group, i))
    reduced = (
        form.form == "past"
        and tokens.lower[last : last + 2] in (["to", "be"], ["to", "have"])
        and "c" in form.cue.takes
    )
    if reduced and tokens.tags[i - 1 : i] in {"W", "Z"}:
        passive = True  # "groups said to be …"
    if passive and not reduced and not _passive_complement(page, form.cue.text, last, stop):
        return None
    return CueHit(form.cue, form.form, group, i, last, _negated(page, group, last), passive)


def _passive_complement(page: Page, cue: str, last: int, stop: int) -> bool:
    """Without an agent or a complement a passive is an event, not a saying: "he was denied residence"."""
    window = page.tokens.lower[last : min(last + 8, stop)]
    if "by" in window:
        return True
    if cue in {"charge", "accuse", "suspect", "blame", "implicate", "indict"}:
        return True
    if cue in {"describe", "portray", "depict", "quote", "cite", "characterize", "identify", "label", "brand"}:
        return "as" in window[:5]
    return bool(window) and window[0] in {"that", "to", "as", ","}


def _group_start(page: Page, i: int, begin: int) -> int:
    """Leftwards over auxiliaries, adverbs and negations: "has repeatedly said", "did not confirm"."""
    group = i
    while (
        group > begin
        and page.tokens.tags[group - 1] in "XAN"
        and page.tokens.lower[group - 1] not in {"however", "meanwhile"}
    ):
        group -= 1
    return group


def _negated(page: Page, first: int, last: int) -> bool:
    lower = page.tokens.lower
    if first and lower[first - 1] in {"neither", "nor"}:
        return True
    return any(lower[k] in NEGATIVE for k in range(first, last))


def _noun_complement(page: Page, cue: Cue, last: int, stop: int) -> bool:
    if last >= stop:
        return False
    following = page.tokens.lower[last]
    if following == "that" and "c" in cue.takes and last + 1 < stop and page.tokens.tags[last + 1] in "DWZRMJPQ":
        return True
    if "n" in cue.takes and following in {"of", "about", "for", "on", "against"}:
        return cue.text not in {
            "report",
            "statement",
            "call",
            "order",
            "estimate",
            "support",
            "view",
            "question",
            "concern",
            "decision",
            "conclusion",
            "plan",
            "offer",
            "opposition",
            "finding",
        }
    return "i" in cue.takes and following == "to" and last + 1 < stop and page.tokens.tags[last + 1] in "VW"
