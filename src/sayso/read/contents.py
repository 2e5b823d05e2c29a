"""Finds what is ascribed: the clause after or before a cue, the quotations around it, the object of a denial."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.read.cues import CueHit
from sayso.read.page import Page
from sayso.read.sources import SourceWords

Pieces = list[tuple[int, int]]
"""Token ranges; together they are one content"""

_ADDRESSED = frozenset(
    {
        "tell",
        "inform",
        "assure",
        "reassure",
        "notify",
        "remind",
        "brief",
        "convince",
        "lecture",
        "warn",
        "ask",
        "advise",
        "caution",
        "instruct",
        "tip off",
    }
)
_COUNTING = frozenset("more less about almost nearly just only most far too very quite at".split())
"""adverbs that begin what is said ("said more than 50 were dead") rather than tell how it was said"""
_BREAKS = frozenset({"while", "whereas", "although", "though", "but", "after", "before", "as", "when", "because"})


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another cue of the sentence, with the first token of its subject and cue together."""

    hit: CueHit
    first: int
    own_subject: bool


def find_content(
    page: Page, hit: CueHit, source: SourceWords | None, begin: int, stop: int, others: list[Neighbour]
) -> Pieces:
    """Token ranges of the content in the sentence [begin, stop) and the quotations that reach into it."""
    stop = _without_full_stop(page, begin, stop)
    kind = hit.cue.kind
    if kind == "preposition":
        return _around(page, hit.first, source.last if source else hit.last, begin, stop)
    if kind == "adverb":
        return _clause_pieces(page, hit, begin, stop)
    if kind == "passive" or hit.passive:
        return _passive(page, hit, source, stop, others)
    if kind == "noun":
        return _trim(page, [(hit.last, _clause_end(page, hit.last, stop, others, phrase_only=False))])
    first = min(hit.group, source.first) if source and not source.inverted else hit.group
    last = max(hit.last, source.last) if source and source.inverted else hit.last
    quoted = _quotations_around(page, hit, first, last, begin, stop)
    if quoted:
        return _trim(page, quoted)
    after = _after(page, hit, last, stop, others)
    if after:
        return _trim(page, after)
    if source and first > begin + 2 and {"c", "q"} & hit.cue.takes:
        return _trim(page, _before(page, first, last, begin, stop))
    return []


def _without_full_stop(page: Page, begin: int, stop: int) -> int:
    while stop - 1 > begin and page.tokens.tags[stop - 1] == "." and page.tokens.words[stop - 1] in ".…":
        stop -= 1
    return stop


def _quotations_around(page: Page, hit: CueHit, first: int, last: int, begin: int, stop: int) -> Pieces:
    """`"A," he said, "B."`, `he said: "A"`: whole quotations, with what stands before them in their sentence."""
    if not {"q", "c"} & hit.cue.takes:
        return []
    tokens = page.tokens
    pieces: Pieces = []
    k = first - 1
    if k >= begin and tokens.words[k] in ",-–—":
        k -= 1
    if k >= begin and hit.form != "ing" and tokens.tags[k] == "Q" and tokens.quoted[k] >= 0:
        quotation = page.tokens.quotations[tokens.quoted[k]]
        if quotation.last == k:
            start = quotation.first
            clause = _sentence_start(page, quotation.first)
            if (
                start > clause
                and tokens.sentence_of[start] == tokens.sentence_of[k]
                and not _holds_cue(page, clause, start)
            ):
                start = clause
            pieces.append((start, k + 1))
    k = last
    while k < stop and tokens.tags[k] in ",:-A" and not (tokens.tags[k] == "A" and not pieces):
        k += 1
    if k < stop and tokens.tags[k] == "Q" and tokens.quoted[k] >= 0 and (pieces or k <= last + 2):
        quotation = page.tokens.quotations[tokens.quoted[k]]
        if quotation.first == k:
            end = quotation.last + 1
            if end < stop and tokens.tags[end] not in ",.":
                end = max(end, _clause_end(page, end, stop, []))
            pieces.append((k, end))
    elif not pieces:
        far = _quotation_after(page, last, stop)
        if far and "q" in hit.cue.takes:
            pieces.append(far)
    return pieces


def _quotation_after(page: Page, last: int, stop: int) -> tuple[int, int] | None:
    """`told reporters on Monday: "…"`, `added, pointing at the map, "…"`: a quotation after a comma or colon."""
    tokens = page.tokens
    for k in range(last, min(last + 25, stop - 1)):
        if tokens.tags[k] in ",:" and tokens.tags[k + 1] == "Q" and tokens.quoted[k + 1] >= 0:
            quotation = tokens.quotations[tokens.quoted[k + 1]]
            if quotation.first == k + 1 and "V" not in tokens.tags[last:k] and "S" not in tokens.tags[last:k]:
                return (k + 1, quotation.last + 1)
        if tokens.tags[k] == "Q":
            return None
    return None


def _sentence_start(page: Page, token: int) -> int:
    return page.tokens.sentences[page.tokens.sentence_of[token]][0]


def _holds_cue(page: Page, first: int, last: int) -> bool:
    forms = page.ontology.cue_forms
    return any(page.tokens.tags[k] in "VG" and page.tokens.lower[k] in forms for k in range(first, last))


def _after(page: Page, hit: CueHit, last: int, stop: int, others: list[Neighbour]) -> Pieces:
    tokens, takes = page.tokens, hit.cue.takes
    at = last
    if hit.cue.text == "hold responsible":
        return [(hit.first + 1, _clause_end(page, last, stop, others, phrase_only=True))]
    if at >= stop:
        return []
    if "a" in takes and hit.cue.text in _ADDRESSED:
        at = _skip_addressee(page, at, stop)
    if "c" in takes:
        that = _find_that(page, at, stop)
        if that >= 0:
            return [(that, _clause_end(page, that + 1, stop, others))]
    while at < stop and ((tokens.tags[at] == "A" and tokens.lower[at] not in _COUNTING) or _is_time(page, at)):
        at += 1
    if at >= stop:
        return []
    if tokens.tags[at] == ":" and tokens.words[at] == ":" and {"c", "q"} & takes:
        return [(at + 1, stop)] if at + 1 < stop else []
    if tokens.tags[at] in ".,:)":
        return []
    if "i" in takes and tokens.lower[at] == "to":
        return [(at, _clause_end(page, at, stop, others))]
    if "c" in takes and hit.cue.stance != "claims_responsibility" and _clause_follows(page, at, stop):
        return [(at, _clause_end(page, at, stop, others))]
    if "n" in takes or ("i" in takes and "a" in takes):
        if tokens.tags[at] in "DWZMRJQGP" and not (
            tokens.tags[at] == "P" and tokens.lower[at] in {"in", "on", "at", "after", "before", "during", "by"}
        ):
            return [(at, _clause_end(page, at, stop, others, phrase_only=True))]
        return []
    if "c" in takes and tokens.tags[at] == "P" and (clause := _clause_later(page, at, stop)):
        return [(clause, _clause_end(page, clause, stop, others))]
    if (
        "c" in takes
        and tokens.tags[at] in "DWZM"
        and stop - at >= 2 + (tokens.tags[at] != "M")
        and hit.cue.text == "say"
    ):
        return [(at, _clause_end(page, at, stop, others))]
    return []


def _skip_addressee(page: Page, at: int, stop: int) -> int:
    tokens = page.tokens
    phrase = page.phrase_at(at)
    end = phrase.last if phrase else at + 1 if tokens.tags[at] == "R" else at
    while (
        end < stop and tokens.lower[end] in {"of", "in", "from", "at", "on", "for"} and (p := page.phrase_at(end + 1))
    ):
        end = p.last
    if end < stop and (
        tokens.tags[end] in ",:QSRD" or tokens.lower[end] in {"to", "that", "about"} or tokens.tags[end] in "WZ"
    ):
        return end
    return at if end >= stop else end


def _find_that(page: Page, at: int, stop: int) -> int:
    """`said in a statement on Monday that`: the subordinator, when only phrases stand before it."""
    tokens = page.tokens
    for k in range(at, min(at + 14, stop)):
        if (
            tokens.lower[k] in {"that", "whether", "how", "why", "if", "what"}
            and tokens.tags[k] in "SD"
            and (tokens.lower[k] == "that" or k == at)
        ):
            return k if k + 1 < stop and tokens.tags[k + 1] not in ".," else -1
        if tokens.tags[k] in "VX.:QSG" and k > at:
            return -1
    return -1


def _is_time(page: Page, at: int) -> bool:
    lower = page.tokens.lower[at]
    return lower in {
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "today",
        "yesterday",
        "tonight",
    } or (lower == "on" and at + 1 < len(page.tokens) and page.tokens.lower[at + 1].endswith("day"))


def _clause_follows(page: Page, at: int, stop: int) -> bool:
    """A noun phrase or pronoun, then a verb: a clause without "that"."""
    tokens = page.tokens
    tag = tokens.tags[at]
    if tag in "RS" or (tag == "X") or tokens.lower[at] in {"there", "it"}:
        return True
    if (
        tag not in "DWZMJQ(G"
        and tokens.lower[at] not in _COUNTING
        and not (tag == "P" and tokens.tags[at + 1 : at + 2] in set("DWZM"))
    ):
        return False
    for k in range(at + 1, min(stop, at + 25)):
        if tokens.tags[k] in "VX" and tokens.lower[k - 1] != "to":
            return True
        if tokens.tags[k] == "," and not (k + 1 < stop and tokens.tags[k + 1] in "SDZ"):
            return False
    return False


def _clause_later(page: Page, at: int, stop: int) -> int:
    """`said in an interview the line held`: after the first phrase, where a subject and verb follow."""
    phrase = page.phrase_at(at + 1)
    if (
        phrase
        and phrase.last < stop
        and page.tokens.tags[phrase.last] in "DZRW"
        and "V" in page.tokens.tags[phrase.last : stop]
    ):
        return phrase.last
    return 0


def _clause_end(page: Page, at: int, stop: int, others: list[Neighbour], phrase_only: bool = False) -> int:
    """Where the content that begins at `at` ends: before the next speaker, participle or break."""
    tokens = page.tokens
    end = stop
    for other in others:
        if other.first <= at or other.first >= end:
            continue
        before = other.first - 1
        lower = tokens.lower[before]
        if other.hit.cue.kind == "preposition" and tokens.tags[before] == ",":
            end = before
        elif other.hit.cue.kind in {"adverb", "noun", "passive"} or other.hit.passive:
            continue
        elif (
            (not other.own_subject and (tokens.tags[before] == "," or lower in {"and", "but"}))
            or (other.own_subject and (lower in {"and", "but"} or lower in _BREAKS) and _comma_or_short(page, before))
            or (other.own_subject and tokens.tags[before] == "," and other.hit.last >= stop - 6)
        ):
            end = before
    if phrase_only:
        end = _phrase_end(page, at, end)
    later = max((other.hit.first for other in others), default=0)
    end = next((k for k in range(at, end) if tokens.words[k] == ";" and later > k), end)
    while end > at and (tokens.tags[end - 1] in ",:-" or tokens.lower[end - 1] in {"and", "but", "or"}):
        end -= 1
    return end


def _comma_or_short(page: Page, before: int) -> bool:
    return page.tokens.tags[before - 1] == "," or page.tokens.lower[before] in {"but", "while", "whereas"}


def _phrase_end(page: Page, at: int, stop: int) -> int:
    tokens = page.tokens
    k = at
    while k < stop:
        tag = tokens.tags[k]
        if tag == "Q" and tokens.quoted[k] >= 0:
            k = max(k, tokens.quotations[tokens.quoted[k]].last)
        elif (
            tag == ":"
            or (
                tag in ",-"
                and k > at
                and not (k + 1 < stop and tokens.tags[k + 1] in "MZ" and tokens.tags[k - 1] in "MZ")
            )
            or (tokens.lower[k] in _BREAKS and tag in "SPC" and tokens.lower[k] not in {"as", "before", "after"})
            or (tag == "C" and k + 1 < stop and tokens.tags[k + 1] in "VXR")
        ):
            return k
        k += 1
    return stop


def _before(page: Page, first: int, last: int, begin: int, stop: int) -> Pieces:
    """`The gate was open, the guard said.` and `The gate, the guard said, was open.`"""
    end = first
    tags = page.tokens.tags
    while end > begin and tags[end - 1] in ",-":
        end -= 1
    if end == first:
        return []
    if tags[begin] == "G":
        return []  # "Using its channel, the group posts": an adjunct, not what is said
    pieces = [(begin, end)]
    if last < stop and tags[last] == "," and stop - last > 3 and "V" not in tags[begin:end]:
        pieces.append((last + 1, stop))
    return pieces


def _around(page: Page, first: int, last: int, begin: int, stop: int) -> Pieces:
    """`According to the mayor, two houses burned` · `Two houses burned, according to the mayor`."""
    tags = page.tokens.tags
    after = last
    while after < stop and tags[after] in ",-":
        after += 1
    before_end = first
    while before_end > begin and tags[before_end - 1] in ",-(":
        before_end -= 1
    pieces = []
    if before_end - begin > 2:
        start = begin
        if page.tokens.lower[begin] in {"but", "and"}:
            start = begin
        pieces.append((start, before_end))
        if after < stop and after > last and "V" not in tags[begin:before_end] and stop - after > 2:
            pieces.append((after, stop))
    elif stop - after > 1:
        pieces.append((after, stop))
    return _trim(page, pieces)


def _passive(page: Page, hit: CueHit, source: SourceWords | None, stop: int, others: list[Neighbour]) -> Pieces:
    """`The group is said to be led by …`: the subject and what follows are the content."""
    subject = page.phrase_at(hit.group - 1)
    pieces: Pieces = [(subject.first, subject.last)] if subject and subject.last == hit.group else []
    at = hit.last
    if at < stop and page.tokens.lower[at] == "by":
        phrase = page.phrase_at(at + 1)
        at = phrase.last if phrase else at
    elif source and source.first > at:
        stop = min(stop, source.first - 1)
    if at < stop and page.tokens.tags[at] not in ".,:":
        end = _clause_end(page, at, stop, others, phrase_only=True)
        if page.tokens.lower[at] == "to":  # "groups said to be opposition | have taken up arms"
            end = next(
                (k for k in range(at + 3, end) if page.tokens.tags[k] == "X" and page.tokens.tags[k - 1] in "WZ"), end
            )
        pieces.append((at, end))
    return _trim(page, pieces)


def _clause_pieces(page: Page, hit: CueHit, begin: int, stop: int) -> Pieces:
    """Around "reportedly": its clause, without the word itself."""
    tags = page.tokens.tags
    first = hit.first
    while (
        first > begin
        and tags[first - 1] not in ",.:Q-"
        and page.tokens.lower[first - 1] not in {"who", "which", "that", "and", "but"}
    ):
        first -= 1
    last = _phrase_end(page, hit.last, stop)
    return _trim(page, [(first, hit.first), (hit.last, last)])


def _trim(page: Page, pieces: Pieces) -> Pieces:
    tags = page.tokens.tags
    result = []
    for first, last in pieces:
        while first < last and tags[first] in ",:-":
            first += 1
        while last > first and (
            tags[last - 1] in ",:-" or (tags[last - 1] == "." and page.tokens.words[last - 1] in ".…")
        ):
            last -= 1
        if last > first:
            result.append((first, last))
    return result
