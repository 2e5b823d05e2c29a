"""Source, cue and content joined into attributions (PARC3, PolNeAR), sentence by sentence, quotations across them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace

from sayso.read.contents import Neighbour, Pieces, find_content
from sayso.read.cues import CueHit, find_cues
from sayso.read.page import Page
from sayso.read.sources import SourceWords, find_source
from sayso.read.tokens import Quotation

_NO_SPEAKERS = frozenset(
    "source sources photo credit by via image read also update video watch note place date published updated editor breaking just "
    "exclusive live developing opinion analysis".split()
)
"""what stands before a colon at the head of a paragraph and says nothing itself"""
_NEST_SENTENCES = 6
"""how far a quotation of several sentences reaches from the cue that introduces it"""
_LEAST_QUOTED_WORDS = 5
"""a quotation without a cue is an utterance only when it is longer than this"""


@dataclass(slots=True)
class Draft:
    """An attribution in token indices, before entities are known. `carried`: the source stands elsewhere."""

    hit: CueHit | None
    source: SourceWords | None
    content: Pieces
    carried: bool = False
    via: Draft | None = None
    confidence: float = 0.5
    sentence: int = 0
    features: tuple[float, ...] = ()
    """what a trained reader's confidence was computed from"""

    @property
    def first(self) -> int:
        starts = [first for first, _ in self.content]
        if self.hit:
            starts.append(self.hit.group)
        if self.source and not self.carried:
            starts.append(self.source.first)
        return min(starts)


def find_attributions(page: Page) -> list[Draft]:
    """All attributions of the page in the order of their first word, inner ones linked to outer ones by `via`."""
    drafts: list[Draft] = []
    for number, (begin, stop) in enumerate(page.tokens.sentences):
        drafts.extend(_read_sentence(page, number, begin, stop))
    drafts.extend(_headline(page, drafts))
    _continue_quotations(page, drafts)
    drafts = [d for d in drafts if d.content]
    drafts.sort(key=lambda d: (d.first, -sum(b - a for a, b in d.content)))
    nest(drafts)
    return drafts


def _read_sentence(page: Page, number: int, begin: int, stop: int) -> list[Draft]:
    hits = find_cues(page, begin, stop)
    if not hits:
        return []
    hits = [h for h in hits if not _inside_one_long_quotation(page, h, begin, stop)]
    sources = [find_source(page, h, begin, stop) for h in hits]
    neighbours = [
        Neighbour(h, min(h.group, s.first) if s and not s.inverted else h.group, s is not None)
        for h, s in zip(hits, sources, strict=True)
    ]
    drafts: list[Draft] = []
    for index, (hit, source) in enumerate(zip(hits, sources, strict=True)):
        carried = False
        others = [n for k, n in enumerate(neighbours) if k != index]
        if source is None and hit.cue.kind == "verb" and not hit.passive:
            source, carried = _carry(page, hit, drafts, begin), True
            if source is None:
                continue
        if source and page.tokens.lower[source.first] == "you" and not carried:
            continue  # "Can you confirm that …?" tells nobody's words
        content = find_content(page, hit, None if carried else source, begin, stop, others)
        if not content or _overlapping(source, content, carried):
            continue
        drafts.append(
            Draft(hit, source, content, carried, sentence=number, confidence=_confidence(hit, source, carried))
        )
    return _without_shadows(drafts)


def _inside_one_long_quotation(page: Page, hit: CueHit, begin: int, stop: int) -> bool:
    """Cues in a speaker's own mouth count only where the reporter's sentence goes on outside."""
    number = page.tokens.quoted[hit.first]
    if number < 0:
        return False
    quotation = page.tokens.quotations[number]
    return quotation.last - quotation.first > 1


def _carry(page: Page, hit: CueHit, drafts: list[Draft], begin: int) -> SourceWords | None:
    """A verb without a subject of its own ("…, adding that", "and accused …") takes that of the verb before it."""
    tags = page.tokens.tags
    before = tags[hit.group - 1] if hit.group > begin else "."
    if before == "P":
        return None  # "accused them of wanting to frighten people": no saying of the accuser's
    if hit.form == "ing" or before in "C,A" or (before == "Q" and hit.form in {"past", "third"}):
        for draft in reversed(drafts):
            if draft.source and draft.hit and draft.hit.cue.kind == "verb" and not draft.hit.passive:
                return replace(draft.source, inverted=False)
        return _clause_subject(page, hit, begin)
    return None


def _clause_subject(page: Page, hit: CueHit, begin: int) -> SourceWords | None:
    """The phrase before the first verb of the sentence."""
    tokens = page.tokens
    for k in range(begin, hit.group):
        if tokens.tags[k] in "VX":
            first = k
            while first > begin and tokens.tags[first - 1] in "XAN":
                first -= 1
            probe = replace(hit, group=first, first=k)
            return find_source(page, probe, begin, k) if first > begin else None
    return None


def _overlapping(source: SourceWords | None, content: Pieces, carried: bool) -> bool:
    """A source that reaches into the content was misread."""
    if source is None or carried:
        return False
    return any(first < source.core_last < last for first, last in content)


def _without_shadows(drafts: list[Draft]) -> list[Draft]:
    """Of two cues that claim the very same words, the one with a subject of its own is kept."""
    kept: list[Draft] = []
    for draft in drafts:
        twin = next((k for k in kept if k.content == draft.content), None)
        if twin is None:
            kept.append(draft)
        elif twin.carried and not draft.carried:
            kept[kept.index(twin)] = draft
    return kept


def _confidence(hit: CueHit, source: SourceWords | None, carried: bool) -> float:
    score = (
        0.9 if hit.cue.text in {"say", "tell", "add", "according to", "deny", "accuse", "claim responsibility"} else 0.7
    )
    if hit.cue.kind in {"noun", "passive", "adverb"}:
        score -= 0.15
    if source is None or carried:
        score -= 0.1
    return round(score, 2)


def _headline(page: Page, drafts: list[Draft]) -> list[Draft]:
    """`Governor: No soldier crossed`, `RUIZ: They came at dawn.`: speaker, colon, words at the head of a paragraph."""
    found, tokens = [], page.tokens
    starts = set(page.tokens.paragraphs)
    for begin, stop in page.tokens.sentences:
        if begin not in starts:
            continue
        colon = next((k for k in range(begin + 1, min(begin + 9, stop - 3)) if tokens.words[k] == ":"), 0)
        phrase = page.phrase_at(colon - 1) if colon else None
        turn = 0 < colon <= begin + 3 and all(
            w.isupper() for w in tokens.words[begin:colon]
        )  # "Q:", "QUESTION:", "RUIZ:"
        if not turn and (
            not phrase or set("VX,Q") & set(tokens.tags[begin:colon]) or "Z" not in tokens.tags[begin:colon]
        ):
            continue
        if not colon or tokens.lower[begin] in _NO_SPEAKERS or not tokens.words[begin][0].isalpha():
            continue
        if any(
            d.source and d.source.first < colon and d.hit and d.hit.first <= colon
            for d in drafts
            if d.sentence == tokens.sentence_of[begin]
        ):
            continue
        cue = CueHit(_colon_cue(page), "colon", colon, colon, colon + 1, False, False)
        last = _paragraph_end(page, begin) if turn else stop
        end = last - 1 if tokens.words[last - 1] == "." else last
        found.append(
            Draft(
                cue,
                SourceWords(begin, colon, begin, colon),
                [(colon + 1, end)],
                confidence=0.6,
                sentence=tokens.sentence_of[begin],
            )
        )
    return found


def _paragraph_end(page: Page, begin: int) -> int:
    number = bisect_right(page.tokens.paragraphs, begin)
    return page.tokens.paragraphs[number] if number < len(page.tokens.paragraphs) else len(page.tokens)


def _colon_cue(page: Page):  # type: ignore[no-untyped-def]
    return page.ontology.cue_forms["said"][0].cue


def _continue_quotations(page: Page, drafts: list[Draft]) -> None:
    """Quotations that no cue has claimed: the next words of the speaker before, or an utterance without a verb."""
    tokens = page.tokens
    taken = _claimed_tokens(drafts)
    by_sentence = {}
    for draft in drafts:
        if draft.hit and draft.hit.cue.kind == "verb" and draft.source:
            by_sentence[draft.sentence] = draft
    for quotation in tokens.quotations:
        if quotation.first in taken or quotation.last - quotation.first <= _LEAST_QUOTED_WORDS:
            continue
        sentence = tokens.sentence_of[quotation.first]
        if tokens.sentences[sentence][0] != quotation.first and not quotation.open:
            continue
        previous = by_sentence.get(sentence) or by_sentence.get(sentence - 1)
        piece = (quotation.first, quotation.last + 1)
        if previous and previous.content and _was_direct(page, previous):
            previous.content.append(piece)
        elif _is_utterance(page, quotation):
            previous = Draft(
                None, previous.source if previous else None, [piece], carried=True, sentence=sentence, confidence=0.4
            )
            drafts.append(previous)
        else:
            continue
        by_sentence[tokens.sentence_of[quotation.last]] = previous


def _claimed_tokens(drafts: list[Draft]) -> set[int]:
    return {k for draft in drafts for first, last in draft.content for k in range(first, last)}


def _was_direct(page: Page, draft: Draft) -> bool:
    return any(page.tokens.tags[first] == "Q" or page.tokens.tags[last - 1] == "Q" for first, last in draft.content)


def _is_utterance(page: Page, quotation: Quotation) -> bool:
    tags = page.tokens.tags[quotation.first : quotation.last]
    return ("V" in tags or "X" in tags) and (page.tokens.tags[quotation.last - 1] in ".," or quotation.open)


def nest(drafts: list[Draft]) -> None:
    """`via`: the innermost attribution whose content holds this one's cue."""
    near: dict[int, list[Draft]] = {}
    for draft in drafts:
        near.setdefault(draft.sentence, []).append(draft)
    for inner in drafts:
        anchor = inner.hit.first if inner.hit else inner.content[0][0]
        around = range(inner.sentence - _NEST_SENTENCES, inner.sentence + _NEST_SENTENCES + 1)
        holders = [
            (last - first, outer)
            for sentence in around
            for outer in near.get(sentence, ())
            if outer is not inner
            for first, last in outer.content
            if first <= anchor < last
            and not (outer.hit and inner.content[0][0] <= outer.hit.first < inner.content[0][1])
        ]
        if holders:
            inner.via = min(holders, key=lambda item: item[0])[1]
