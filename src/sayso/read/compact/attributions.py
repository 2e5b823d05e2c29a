"""Cues that the network saw, with what it joins to them → drafts; the cue lexicon adds what it knows of each cue."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.ontology import Cue
from sayso.read.attributions import Draft, nest
from sayso.read.compact import labels
from sayso.read.compact.calibration import Calibration, log_odds
from sayso.read.compact.sight import Joined, Sight
from sayso.read.contents import Pieces
from sayso.read.cues import CueHit, find_cues
from sayso.read.page import Page
from sayso.read.sources import SourceWords
from sayso.read.words import NEGATIVE

_SOURCE, _CONTENT = 1, 2
_GAP = 2
"""tokens that may be missing inside a source or content"""
_SURE_STANCE = 0.5
_WEIGHTY = frozenset({"denies", "confirms", "accuses", "claims_responsibility", "retracts"})
_PLAIN = frozenset({"say", "tell", "claim", "report", "state", "announce"})
_RELATIVE = frozenset({"who", "which"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least probabilities, chosen on dev."""

    cue: float
    source: float
    content: float

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Thresholds:
        return cls(float(values["cue"]), float(values["source"]), float(values["content"]))


def drafts_from(
    page: Page, sight: Sight, thresholds: Thresholds, calibration: Calibration, skip: Container[int] = ()
) -> list[Draft]:
    """One draft for each cue that has a content. `skip`: sentences that are not report, such as a dateline."""
    drafts = []
    for joined in sight.joined:
        if joined.probability < thresholds.cue:
            continue
        first, last = _trimmed(page, joined.first, joined.last)
        source, sure = _source(page, joined, first, thresholds.source)
        content = _content(page, joined, first, last, thresholds.content, skip)
        if source:
            content = _without(page, content, source.first, source.last)
        if not content:
            continue
        sentence = page.tokens.sentence_of[first]
        belongs = np.concatenate([joined.belongs[a - joined.begin : b - joined.begin, _CONTENT] for a, b in content])
        features = (log_odds(joined.probability), log_odds(sure), log_odds(float(belongs.mean())))
        drafts.append(
            Draft(
                _hit(page, joined, first, last),
                source,
                content,
                carried=source is not None and page.tokens.sentence_of[source.first] != sentence,
                confidence=calibration.apply(features),
                features=features,
                sentence=sentence,
            )
        )
    return drafts


def with_written(seen: list[Draft], written: list[Draft]) -> list[Draft]:
    """The rules' drafts where they are better: who speaks in a passive ("was accused by …"), adverbs without a speaker
    ("reportedly"), quotations that no verb introduces, and attributions within attributions."""
    cues = {k for d in seen if d.hit for k in range(d.hit.group, d.hit.last)}
    covered = {k for d in seen for a, b in d.content for k in range(a, b)}
    added = []
    for other in written:
        if other.hit is None:
            if not any(k in covered for a, b in other.content for k in range(a, b)):
                added.append(other)
        elif other.hit.cue.kind == "adverb":
            if not cues.intersection(range(other.hit.group, other.hit.last)):
                added.append(other)
        elif _is_nested(other, covered, cues):
            added.append(other)
        elif other.hit.passive:
            for draft in seen:
                if (
                    draft.hit
                    and draft.hit.passive
                    and draft.hit.group < other.hit.last
                    and other.hit.group < draft.hit.last
                ):
                    draft.source, draft.content, draft.carried = other.source, other.content, other.carried
    for draft in added:
        draft.via = None
    drafts = sorted([*seen, *added], key=lambda d: (d.first, -sum(b - a for a, b in d.content)))
    nest(drafts)
    return drafts


def _is_nested(draft: Draft, covered: set[int], cues: set[int]) -> bool:
    """ "The army denied that the ministry had confirmed it": attributions within others, which PolNeAR does not teach."""
    hit, source = draft.hit, draft.source
    if hit is None or source is None or draft.carried or hit.cue.kind != "verb" or hit.passive:
        return False
    if hit.cue.stance not in _WEIGHTY and hit.cue.text not in _PLAIN:
        return False  # "he said that he hoped": nobody is quoted within the quotation
    words = range(hit.group, hit.last)
    return covered.issuperset(words) and source.first in covered and not cues.intersection(words)


def _trimmed(page: Page, first: int, last: int) -> tuple[int, int]:
    """Without marks at the ends, unless the cue is a mark: the colon after a speaker's name."""
    tags = page.tokens.tags
    while last - first > 1 and tags[last - 1] in ",.Q":
        last -= 1
    while last - first > 1 and tags[first] in ",.Q":
        first += 1
    return first, last


def _ranges(above: npt.NDArray[np.bool_], begin: int) -> Pieces:
    """Runs of True, joined over gaps of up to _GAP, in tokens."""
    places = np.flatnonzero(above)
    found: Pieces = []
    for place in (places + begin).tolist():
        if found and place - found[-1][1] <= _GAP:
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


def _content(page: Page, joined: Joined, first: int, last: int, least: float, skip: Container[int]) -> Pieces:
    above = joined.belongs[:, _CONTENT] >= least
    for k in np.flatnonzero(above).tolist() if skip else ():
        above[k] = page.tokens.sentence_of[joined.begin + k] not in skip
    inside = slice(max(0, first - joined.begin), max(0, last - joined.begin))
    above[inside] = False
    pieces: Pieces = []
    for a, b in _ranges(above, joined.begin):
        parts = [(a, first), (last, b)] if a < first and last < b else [(a, b)]
        pieces += [(x, y) for x, y in parts if y > x]
    return [(a, b) for a, b in pieces if any(page.tokens.words[k][0].isalnum() for k in range(a, b))]


def _without(page: Page, content: Pieces, first: int, last: int) -> Pieces:
    """The content without the words of its source."""
    pieces = []
    for a, b in content:
        pieces += [(x, y) for x, y in ((a, min(b, first)), (max(a, last), b)) if y > x]
    return [(a, b) for a, b in pieces if any(page.tokens.words[k][0].isalnum() for k in range(a, b))]


def _source(page: Page, joined: Joined, cue: int, least: float) -> tuple[SourceWords | None, float]:
    """The run with the most probability; and how sure it is that this, or that nothing, is the source."""
    row = joined.belongs[:, _SOURCE]
    candidates = _ranges(row >= least, joined.begin)
    candidates = [(a, b) for a, b in candidates if not a <= cue < b]
    if not candidates:
        return None, float(1 - row.max(initial=0.0))
    first, last = max(candidates, key=lambda c: float(row[c[0] - joined.begin : c[1] - joined.begin].sum()))
    tags = page.tokens.tags
    while last - first > 1 and tags[last - 1] in ",.Q":
        last -= 1
    first = _with_antecedent(page, first)
    core = next((k for k in range(first + 1, last) if tags[k] == ","), last)
    sure = float(row[max(0, first - joined.begin) : last - joined.begin].mean())
    return SourceWords(first, last, first, core, inverted=first > cue), sure


def _with_antecedent(page: Page, first: int) -> int:
    """ "the statement, which was published on Friday, said": a relative clause speaks for the phrase before it."""
    if not first or page.tokens.lower[first] not in _RELATIVE:
        return first
    before = first - 1
    while before and page.tokens.tags[before] in ",)":
        before -= 1
    phrase = page.phrase_at(before)
    return phrase.first if phrase else first


def _hit(page: Page, joined: Joined, first: int, last: int) -> CueHit:
    """The lexicon's entry for these words; words that it lacks get the stance that the network gives them."""
    begin, stop = page.tokens.sentences[page.tokens.sentence_of[first]]
    known = [h for h in find_cues(page, begin, stop) if h.first < last and first < h.last]
    if known:
        hit = max(known, key=lambda h: min(h.last, last) - max(h.first, first))
        inner = min(max(hit.first, first), last - 1)
        return CueHit(hit.cue, hit.form, first, inner, last, hit.negated, hit.passive)
    tokens = page.tokens
    best = int(joined.stance.argmax())
    stance = labels.STANCES[best] if joined.stance[best] >= _SURE_STANCE else "asserts"
    kind = "verb" if set("VGE") & set(tokens.tags[first:last]) else "noun"
    head = next((k for k in range(last - 1, first - 1, -1) if tokens.tags[k] in "VGEWZJ"), last - 1)
    negated = any(tokens.lower[k] in NEGATIVE for k in range(first, last))
    form = "base" if kind == "verb" else "noun"
    cue = Cue(" ".join(tokens.lower[first:last]), kind, stance, "", frozenset(), "")
    return CueHit(cue, form, first, head, last, negated, False)
