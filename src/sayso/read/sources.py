"""Finds who speaks: the subject before a cue, the name after an inverted one, the agent of a passive."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.read.cues import CueHit
from sayso.read.page import Page

_LINKING = frozenset("of for in at from to on with about near against under by".split())
_NEVER_SPEAKERS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october "
    "november december today yesterday tomorrow morning night evening week month year day time thing things way what "
    "there fact question".split()
)


@dataclass(frozen=True, slots=True)
class SourceWords:
    """Tokens [first, last) that name the speaker; `core` is the phrase without apposition.

    inverted: it stands after the cue.
    """

    first: int
    last: int
    core_first: int
    core_last: int
    inverted: bool = False


def find_source(page: Page, hit: CueHit, begin: int, stop: int) -> SourceWords | None:
    """The speaker's words in the sentence [begin, stop), or None when they are unexpressed."""
    kind = hit.cue.kind
    if kind == "preposition":
        return _phrase_after(page, hit.last, stop)
    if kind == "adverb":
        return None
    if kind == "noun":
        return _possessor(page, hit, begin) or _agent(page, hit.last, stop)
    if hit.passive or kind == "passive":
        return _agent(page, hit.last, stop)
    if _inverted(page, hit, begin, stop):
        found = _phrase_after(page, hit.last, stop)
        if found:
            return SourceWords(found.first, found.last, found.core_first, found.core_last, True)
    return subject_of(page, hit.group, begin)


def _inverted(page: Page, hit: CueHit, begin: int, stop: int) -> bool:
    """`"…," said the mayor` and `…, reports the agency`."""
    if "q" not in hit.cue.takes or hit.form not in {"past", "third"} or hit.last >= stop or hit.group != hit.first:
        return False
    tokens = page.tokens
    before = tokens.tags[hit.group - 1] if hit.group > begin else "."
    if before not in "Q,.-" or tokens.tags[hit.last] not in "DWZRM":
        return False
    if tokens.tags[hit.last] == "R" and tokens.lower[hit.last] not in {"he", "she", "they", "one", "i", "we"}:
        return False
    if before == "," and hit.group - 2 >= begin and tokens.tags[hit.group - 2] != "Q":
        opened = _apposition_start(page, hit.group - 1, begin)
        return opened is None
    return True


def _phrase_after(page: Page, at: int, stop: int) -> SourceWords | None:
    tokens = page.tokens
    while at < stop and tokens.tags[at] in "A(":
        at += 1
    if at >= stop:
        return None
    if tokens.tags[at] == "R":
        return SourceWords(at, at + 1, at, at + 1)
    phrase = page.phrase_at(at)
    if phrase is None or phrase.first > at + 1:
        return None
    core = max(phrase.first, at)
    last = phrase.last
    last = _extend_right(page, last, stop)
    whole = _apposition_after(page, last, stop)
    return SourceWords(core, whole, core, last)


def _extend_right(page: Page, last: int, stop: int) -> int:
    """Over brackets and prepositional phrases that belong to the name: "the head (of …) in Kyiv", "known as 'Caesar'"."""
    tokens = page.tokens
    while last + 1 < stop:
        word = tokens.lower[last]
        if tokens.words[last] == "(" and (close := _find(page, ")", last, min(last + 6, stop))) > 0:
            last = close + 1
        elif (word in _LINKING and word not in {"on", "in", "by", "to"}) or (
            word in {"in", "to"} and tokens.tags[last + 1] in "ZD"
        ):
            phrase = page.phrase_at(last + 1)
            if phrase is None or tokens.lower[phrase.head] in _NEVER_SPEAKERS:
                break
            last = phrase.last
        elif word in {"known", "identified", "named", "called"} and (end := _alias_end(page, last, stop)):
            last = end
        elif (
            word == "and"
            and (phrase := page.phrase_at(last + 1))
            and phrase.first == last + 1
            and tokens.tags[last + 1] == "Z"
        ):
            last = phrase.last
        else:
            break
    return last


def _alias_end(page: Page, at: int, stop: int) -> int:
    """ "known as ‘Caesar’", "identified only as Colonel Ruiz": the token after it, or 0."""
    k = at + 1
    while k < stop and page.tokens.lower[k] in {
        "as",
        "only",
        "by",
        "the",
        "nom",
        "de",
        "guerre",
        "call",
        "sign",
        "to",
        "be",
    }:
        k += 1
    if k < stop and page.tokens.tags[k] == "Q":
        close = next((j for j in range(k + 1, min(k + 8, stop)) if page.tokens.tags[j] == "Q"), 0)
        return close + 1 if close else 0
    phrase = page.phrase_at(k)
    return phrase.last if phrase and k > at + 1 else 0


def _apposition_after(page: Page, last: int, stop: int) -> int:
    """ "Podolyak, an adviser to the president": to the end of the apposition, if one follows."""
    tokens = page.tokens
    if last + 1 >= stop or tokens.words[last] != ",":
        return last
    following = tokens.tags[last + 1]
    phrase = page.phrase_at(last + 1)
    if following not in "DWZJM" or phrase is None or phrase.first != last + 1:
        if tokens.lower[last + 1] not in {"who", "whose"}:
            return last
        phrase = None
    end = phrase.last if phrase else last + 2
    while end < stop and tokens.tags[end] not in ".,:Q-":
        if phrase and tokens.tags[end] in "VX":
            return last  # a clause of its own, not an apposition
        end += 1
    return end


def subject_of(page: Page, group: int, begin: int) -> SourceWords | None:
    """The words before a verb group that are its subject."""
    tokens = page.tokens
    j = group - 1
    if j < begin:
        return None
    tag = tokens.tags[j]
    if tag == "S" and tokens.lower[j] in {"who", "which", "that"}:
        return SourceWords(j, j + 1, j, j + 1)
    if tag == "R" or (tag == "D" and tokens.lower[j] in {"some", "many", "both", "others", "several", "most", "all"}):
        return SourceWords(j, j + 1, j, j + 1)
    if tag == "M":
        phrase = page.phrase_at(j)
        dated = phrase is not None and any(tokens.lower[k] in _NEVER_SPEAKERS for k in range(phrase.first, j))
        return (
            SourceWords(phrase.first, j + 1, phrase.first, j + 1) if phrase and phrase.first < j and not dated else None
        )
    if tag in "WZ":
        return _subject_phrase(page, j, begin)
    if tag in ")Q":
        opened = _match_left(page, j, begin)
        found = _subject_phrase(page, opened - 1, begin) if opened > begin and tokens.tags[opened - 1] in "WZ" else None
        if tag == "Q" and page.phrase_at(j - 1) and opened >= 0 and tokens.tags[opened - 1 : opened] in {"M", "D", "J"}:
            quoted = page.phrase_at(j - 1)
            assert quoted is not None
            return SourceWords(quoted.first, j, quoted.first, j)  # `70 "Ukrainian terrorists" had been killed`
        if tag == "Q" and opened >= 0 and j - opened <= 6:
            inner = _alias_left(page, opened, begin) or found
            return SourceWords(inner.first, j + 1, inner.core_first, j + 1) if inner else None
        return SourceWords(found.first, j + 1, found.core_first, found.core_last) if found else None
    if tag in ",-":
        opened_at = _apposition_start(page, j, begin)
        if opened_at is not None and tokens.tags[opened_at - 1] in "WZ)Q":
            renamed = tokens.tags[opened_at - 1] == "Q"  # "known as ‘Raven’, the spokesman, said"
            found = subject_of(page, opened_at, begin) if renamed else _subject_phrase(page, opened_at - 1, begin)
            if found:
                return SourceWords(found.first, j, found.core_first, found.core_last)
    return None


def _alias_left(page: Page, opened: int, begin: int) -> SourceWords | None:
    """ "a soldier known as ‘Caesar’": from the quotation mark back to the phrase it renames."""
    k = opened - 1
    while k > begin and page.tokens.lower[k] in {
        "as",
        "known",
        "called",
        "named",
        "only",
        "identified",
        "nicknamed",
        "the",
    }:
        k -= 1
    return _subject_phrase(page, k, begin) if k < opened - 1 and page.tokens.tags[k] in "WZ" else None


def _subject_phrase(page: Page, j: int, begin: int) -> SourceWords | None:
    tokens = page.tokens
    phrase = page.phrase_at(j)
    if phrase is None:
        return None
    if tokens.lower[j] in _NEVER_SPEAKERS:
        return _before_time(page, phrase.first, begin)
    core_first, core_last = phrase.first, j + 1
    first = core_first
    while first - 1 > begin:
        before = tokens.lower[first - 1]
        if before in _LINKING and tokens.tags[first - 2] in "WZ)":
            previous = page.phrase_at(first - 2)
            if previous is None or tokens.lower[previous.head] in _NEVER_SPEAKERS:
                break
            first = core_first = previous.first
            core_last = j + 1
        elif before in {"and", "or"} and tokens.tags[first - 2] in "WZ" and _starts_clause(page, first - 2, begin):
            previous = page.phrase_at(first - 2)
            assert previous is not None
            first = core_first = previous.first
        else:
            break
    return SourceWords(first, j + 1, core_first, core_last)


def _before_time(page: Page, first: int, begin: int) -> SourceWords | None:
    """ "the ministry on Monday said": the subject stands before the time."""
    k = first - 1
    if k > begin and page.tokens.lower[k] in {"on", "in", "at"}:
        k -= 1
    return _subject_phrase(page, k, begin) if begin <= k < first and page.tokens.tags[k] in "WZ" else None


def _starts_clause(page: Page, head: int, begin: int) -> bool:
    phrase = page.phrase_at(head)
    return phrase is not None and (phrase.first == begin or page.tokens.tags[phrase.first - 1] in ",.Q:S-")


def _apposition_start(page: Page, comma: int, begin: int) -> int | None:
    """The comma (or dash) that opens what this one closes: "Podolyak, a senior adviser to …, said"."""
    tokens = page.tokens
    mark = tokens.words[comma]
    for k in range(comma - 1, max(begin, comma - 40), -1):
        if tokens.tags[k] == "." and tokens.lower[k - 1] in page.ontology.terms["kinship_abbreviations"]:
            continue  # "a spokesman, Maj. Gen. Buratai, said"
        if tokens.tags[k] in "Q.:":
            return None
        if tokens.words[k] == mark:
            inner = tokens.tags[k + 1 : comma]
            if not inner or (k - 1 < begin) or tokens.tags[k - 1] not in "WZ)Q":
                return None
            if (
                tokens.lower[k + 1] in {"who", "which", "whose", "where"}
                or inner[0] in "GE"
                or _participle(page, k + 1)
            ):
                return k
            if "V" in inner or "X" in inner:
                if "S" in inner[: inner.find("V")]:
                    return k
                return None
            if inner[0] in "DWZJMP":
                further = _list_start(page, k, begin)
                return further if further is not None else k
            return None
    return None


def _participle(page: Page, at: int) -> bool:
    """ "the Legion, established in 2022, aims …": a participle opens what stands in between."""
    return page.tokens.tags[at] == "V" and page.tokens.lower[at].endswith(("ed", "wn", "led", "known"))


def _list_start(page: Page, comma: int, begin: int) -> int | None:
    """An apposition may hold commas itself: "Ruiz, mayor of Lima, Peru, said"."""
    previous = _apposition_start(page, comma, begin)
    if previous is None:
        return None
    return previous if page.tokens.tags[previous - 1] == "Z" else None


def _possessor(page: Page, hit: CueHit, begin: int) -> SourceWords | None:
    """ "the ministry's claim that …", "his denial of …"."""
    phrase = page.phrase_at(hit.first)
    if phrase is None:
        return None
    tokens = page.tokens
    for k in range(hit.first - 1, phrase.first - 1, -1):
        if tokens.tags[k] == "O" and k > phrase.first:
            return SourceWords(phrase.first, k + 1, phrase.first, k)
    if tokens.lower[phrase.first] in {"his", "her", "their", "its"}:
        return SourceWords(phrase.first, phrase.first + 1, phrase.first, phrase.first + 1)
    return None


def _agent(page: Page, at: int, stop: int) -> SourceWords | None:
    """ "… by the ministry" after a passive or a noun."""
    for k in range(at, min(at + 8, stop)):
        if page.tokens.lower[k] == "by":
            return _phrase_after(page, k + 1, stop)
        if page.tokens.tags[k] in ",.:QV":
            return None
    return None


def _match_left(page: Page, close: int, begin: int) -> int:
    tokens = page.tokens
    opener = {")": "(", "]": "[", "’": "‘", "”": "“", '"': '"', "'": "'"}.get(tokens.words[close], "")
    return next((k for k in range(close - 1, max(begin, close - 12) - 1, -1) if tokens.words[k] == opener), -1)


def _find(page: Page, word: str, at: int, stop: int) -> int:
    return next((k for k in range(at, stop) if page.tokens.words[k] == word), -1)
