"""Relations between the claims of one linked event: repeats, confirms, denies, contradicts, retracts, supersedes.

Every rule looks at two claims with the words around them and gives a link with its reasons, or nothing. The earlier claim
is the one that something is done to, save for denials, which may come first. Of many claims that hold one thing, the
first of each informant stands for the rest, so that forty reprints do not make forty contradictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sayso.ledger.holders import Held
from sayso.link.polarity import DENIES_EVENT, DENIES_PART, denial, retraction, revision, subject
from sayso.link.similarity import same_name
from sayso.names.scripts import fold
from sayso.names.sides import sides, stands_for
from sayso.names.wording import sentences, stem, telling
from sayso.ontology import load_ontology
from sayso.records import ClaimEnd, Link, Reason, Span

_MOST = 400
"""claims of one event that are related with each other at most, the first said"""
_BLAME = ("responsibility", "actor_organisation", "actor")
_COUNTED = {
    "soldier": "soldier soldiers troops serviceman servicemen conscript conscripts recruits officers marines paratroopers",
    "fighter": "fighter fighters militant militants rebel rebels guerrilla guerrillas terrorist terrorists insurgent insurgents gunman gunmen attacker attackers extremists jihadists",
    "police": "policeman policemen policewoman policewomen",
    "child": "child children boy boys girl girls schoolgirls schoolboys infants",
    "woman": "woman women",
    "civilian": "civilian civilians resident residents villager villagers",
    "journalist": "journalist journalists reporter reporters",
}
"""those who are counted apart, and the words for them; everybody else is counted as people"""
_APART = {word: kind for kind, words in _COUNTED.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Clause:
    """A claim with the words in which it is made. text: the speaker's content, or the sentence in the outlet's voice."""

    held: Held
    span: Span
    sentence: Span
    denies: str | None
    """what its words deny: `event` (it did not happen), `part` (the speaker had no part in it), or nothing"""
    sides: frozenset[str]
    speaks_for: frozenset[str]
    voice: str
    """the words for who says it: the speaker, or the subject of a sentence such as "The ministry raised the toll to 12" """

    @property
    def informant(self) -> str:
        return self.held.informant

    @property
    def end(self) -> ClaimEnd:
        h = self.held
        return ClaimEnd(h.document, h.path, self.span.start, self.span.end, self.span.text, h.claim)


def relate(
    claims: Iterable[Held], texts: dict[str, str], contents: dict[tuple[str, str], tuple[Span, ...]]
) -> list[Link]:
    """Links between the claims of one event, in a stable order.

    texts: document id → text; contents: (document, attribution) → the spans of what its speaker says.
    """
    clauses = [
        _clause(h, texts, contents) for h in sorted(claims, key=lambda h: h.order)[:_MOST] if h.document in texts
    ]
    found: _Found = {}
    for link in (
        *_denials(clauses),
        *_counts(clauses),
        *_blames(clauses),
        *_places_and_days(clauses),
        *_retractions(clauses),
    ):
        _keep(found, link)
    taken = {(k.left.document, k.left.start, k.right.document, k.right.start) for some in found.values() for k in some}
    for link in _agreements(clauses):
        if (link.left.document, link.left.start, link.right.document, link.right.start) not in taken:
            _keep(found, link)
    return sorted(
        (k for some in found.values() for k in some),
        key=lambda k: (k.relation, k.left.document, k.left.start, k.right.document, k.right.start, k.field),
    )


_Found = dict[tuple[str, str, str], list[Link]]


def _keep(found: _Found, link: Link) -> None:
    """One link of a kind for the same words on both sides, the surest; words that overlap are the same."""
    known = found.setdefault((link.relation, link.left.document, link.right.document), [])
    for n, other in enumerate(known):
        if _overlaps(other.left, link.left) and _overlaps(other.right, link.right):
            if other.score < link.score:
                known[n] = link
            return
    known.append(link)


def _overlaps(a: ClaimEnd, b: ClaimEnd) -> bool:
    return a.document == b.document and a.start < b.end and b.start < a.end


def _clause(h: Held, texts: dict[str, str], contents: dict[tuple[str, str], tuple[Span, ...]]) -> Clause:
    text = texts[h.document]
    around = next(
        (s for s in _sentences(text) if s.start <= h.start < s.end), Span(h.start, h.end, text[h.start : h.end])
    )
    span = around
    if h.attribution:
        own = contents.get((h.document, h.attribution), ())
        span = _hull([s for s in own if s.end > around.start and s.start < around.end] or list(own[:1]), around, text)
    said = f"{h.cue or ''} {span.text}"
    denies = denial(span.text, h.cue, h.stance, h.negated, around.text)
    if h.field.startswith("casualties."):
        span = _counted(h, around, text)
        denies = denies if h.stance == "denies" else None
    voice = " ".join(dict.fromkeys(filter(None, (h.speaker, h.source)))) or subject(around.text) or h.outlet or ""
    return Clause(h, span, around, denies, sides(said), sides(voice), voice)


def _hull(spans: list[Span], around: Span, text: str) -> Span:
    """From the first to the last word that the speaker says in this sentence."""
    if not spans:
        return around
    start, end = max(spans[0].start, around.start), min(max(s.end for s in spans), around.end)
    return Span(start, end, text[start:end]) if end > start else spans[0]


def _counted(h: Held, around: Span, text: str) -> Span:
    """A count with the words that it stands among: up to the next comma or the end of the sentence."""
    start, end = h.start, h.end
    if start < around.start or end > around.end:
        return Span(start, end, text[start:end])
    return Span(start, end, text[start:end])


def _sentences(text: str) -> tuple[Span, ...]:
    if text not in _CUT:
        if len(_CUT) > 500:
            _CUT.clear()
        _CUT[text] = tuple(sentences(text))
    return _CUT[text]


_CUT: dict[str, tuple[Span, ...]] = {}


def _link(relation: str, left: Clause, right: Clause, field: str, score: float, *reasons: Reason) -> Link:
    return Link(relation, left.end, right.end, field, round(min(1.0, score), 3), reasons)


def _said(clause: Clause) -> str:
    return clause.held.speaker or clause.held.source or clause.held.outlet or "the report"


def _firsts(clauses: Iterable[Clause], key) -> list[Clause]:  # type: ignore[no-untyped-def]
    """The first clause of each key, in order."""
    found: dict[object, Clause] = {}
    for clause in clauses:
        found.setdefault(key(clause), clause)
    return list(found.values())


# -- denials ------------------------------------------------------------------------------------------------------


def _denials(clauses: list[Clause]) -> Iterator[Link]:
    denying = sorted((c for c in clauses if c.denies), key=lambda c: (c.held.attribution is None, c.held.order))
    asserting = [
        c for c in clauses if not c.denies and c.held.holds and not c.held.negated and c.held.stance not in _NOT_HELD
    ]
    for left in _firsts(denying, lambda c: (c.held.document, c.sentence.start)):
        best: dict[str, tuple[float, Clause, list[Reason]]] = {}
        for right in asserting:
            found = _denied(left, right)
            if found and (right.held.document not in best or found[0] > best[right.held.document][0]):
                best[right.held.document] = (found[0], right, found[1])
        candidates = list(best.values())
        meant = [c for c in candidates if any(r.kind == "named" for r in c[2])]
        for score, right, reasons in _per_informant(meant or candidates):
            field = "responsibility" if left.denies == DENIES_PART or right.held.field in _BLAME else "realis"
            if right.held.field.startswith("casualties.") and left.denies == DENIES_EVENT:
                field = right.held.field
            yield _link("denies", left, right, field, score, *reasons)


_NOT_HELD = frozenset({"denies", "retracts", "doubts", "asks", "demands", "promises", "threatens", "predicts"})


def _per_informant(found: Iterable[tuple[float, Clause, list[Reason]]]) -> Iterator[tuple[float, Clause, list[Reason]]]:
    best: dict[str, tuple[float, Clause, list[Reason]]] = {}
    for item in found:
        key = item[1].informant
        if key not in best or (item[0], best[key][1].held.order) > (best[key][0], item[1].held.order):
            best[key] = item
    yield from best.values()


def _denied(left: Clause, right: Clause) -> tuple[float, list[Reason]] | None:
    """How surely the left claim denies the right one."""
    same_report = left.held.document == right.held.document
    if left.informant == right.informant and left.held.attribution:
        return None
    if same_report and left.sentence.start == right.sentence.start:
        return None
    if stands_for(left.speaks_for, right.speaks_for) and right.held.attribution:
        return None  # one side does not deny itself
    if _elsewhere(left, right):
        return None
    denier = left.speaks_for | (left.sides if not left.speaks_for else frozenset())
    named = stands_for(denier, right.sides)
    common = _overlap(left.sentence.text, right.sentence.text)
    score = 0.3 + 0.25 * named + min(0.3, 0.6 * common)
    score += 0.15 * (right.held.stance == "accuses" or right.held.field in _BLAME) * (left.denies == DENIES_PART)
    score += (
        0.05 * (right.held.field == "realis") - 0.1 * same_report - 0.1 * right.held.field.startswith("casualties.")
    )
    reasons = [Reason("denial", f"{_said(left)} denies it: “{_short(left.span.text)}”", 0.3)]
    if named:
        reasons.append(Reason("named", "the denied claim names the denier’s side", 0.25))
    if common > 0.1:
        reasons.append(Reason("wording", "both speak of it in the same words", round(min(0.3, 0.6 * common), 2)))
    if left.denies == DENIES_PART and not named and common < 0.15:
        return None
    if left.denies == DENIES_EVENT and common < 0.12 and not named:
        return None
    if same_report and score < 0.55:
        return None
    return score, reasons


def _elsewhere(left: Clause, right: Clause) -> bool:
    """Whether both sentences name something beside their speakers, and nothing in common: they speak of different incidents."""
    spoken = _proper(left.voice) | _proper(right.voice) | {w[1:] for w in left.speaks_for if w.startswith("~")}
    ours, theirs = _proper(left.sentence.text) - spoken, _proper(right.sentence.text) - spoken
    return bool(ours and theirs and not ours & theirs and not stands_for(sides(" ".join(ours)), right.sides))


@lru_cache(maxsize=20_000)
def _proper(text: str) -> frozenset[str]:
    """Stems of the capitalised words of a text, days and months left out."""
    return frozenset(stem(fold(w)) for w in _CAPITALISED.findall(text) if fold(w) not in _CALENDAR)


_CAPITALISED = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w-]+")
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december".split()
)


def _overlap(a: str, b: str) -> float:
    ours, theirs = dict(telling(a)), dict(telling(b))
    if not ours or not theirs:
        return 0.0
    common = sum((ours[w] + theirs[w]) / 2 for w in ours.keys() & theirs.keys())
    return common / min(sum(ours.values()), sum(theirs.values()))


def _short(text: str, most: int = 120) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


# -- counts -------------------------------------------------------------------------------------------------------


def _counts(clauses: list[Clause]) -> Iterator[Link]:
    kinds: dict[str, list[Clause]] = {}
    for clause in clauses:
        if (
            clause.held.field.startswith("casualties.")
            and clause.held.holds
            and clause.held.stance not in _NOT_HELD
            and not clause.held.negated
        ):
            kinds.setdefault(clause.held.field, []).append(clause)
    for field, some in sorted(kinds.items()):
        firsts = _firsts(some, lambda c: (c.informant, c.held.value, _counted_who(c)))
        for n, right in enumerate(firsts):
            for left in firsts[n + 1 :]:
                if left.held.document != right.held.document or left.informant != right.informant:
                    yield from _count_pair(left, right, field)


def _count_pair(left: Clause, right: Clause, field: str) -> Iterator[Link]:
    told = f"{_value(left)} against {_value(right)}"
    if same_informant(left, right) and _later(left, right):
        if left.held.value != right.held.value and _comparable(left, right):
            reason = Reason("later_count", f"{_said(left)} gives {told} later", 0.8)
            yield _link("supersedes", left, right, field, 0.9 if revision(left.sentence.text) else 0.75, reason)
        return
    if _excludes(left, right) and left.held.document != right.held.document:
        score = 0.8 if _counted_who(left) == _counted_who(right) else 0.65
        yield _link("contradicts", left, right, field, score, Reason("counts", f"{told}: both cannot hold", score))


def _value(clause: Clause) -> str:
    return (
        clause.held.value.replace("–", " to ")
        if not clause.held.value.endswith("–")
        else f"at least {clause.held.value[:-1]}"
    )


def _later(left: Clause, right: Clause) -> bool:
    return left.held.document != right.held.document


def _counted_who(clause: Clause) -> str:
    """Of whom the count is: "" for people in general, else the kind that is counted apart ("soldier")."""
    return next((_APART[w] for w in reversed(fold(clause.held.words).split()) if w in _APART), "")


def _comparable(left: Clause, right: Clause) -> bool:
    a, b = _counted_who(left), _counted_who(right)
    return a == b or not a or not b


def _bounds(clause: Clause) -> tuple[float, float]:
    low, high = clause.held.low, clause.held.high
    words = clause.held.words.lower()
    near = any(
        h in words
        for h in ("about ", "around ", "some ", "nearly ", "almost ", "roughly ", "approximately ", "close to ")
    )
    if low is not None and high is None and ("more than" in words or "over " in words):
        low += 1
    lower = low if low is not None else 0.0
    upper = high if high is not None else float("inf")
    return (lower * 0.8, upper * 1.2) if near else (lower, upper)


def _excludes(left: Clause, right: Clause) -> bool:
    """Whether the two counts cannot both hold. A part may be smaller than the whole, but not larger."""
    (a, b), (c, d) = _bounds(left), _bounds(right)
    who_left, who_right = _counted_who(left), _counted_who(right)
    if who_left == who_right or {who_left, who_right} == {"", "civilian"}:
        return b < c or d < a
    if not who_left:
        return b < c
    if not who_right:
        return d < a
    return False


def same_informant(left: Clause, right: Clause) -> bool:
    """One speaker, by identity or because the words for an unnamed one agree ("the health ministry")."""
    if left.informant == right.informant and left.held.attribution:
        return True
    if left.held.speaker and right.held.speaker:
        type_ = {"person": "Person", "place": "Location"}.get(left.held.speaker_type or "", "Organisation")
        if same_name((type_, left.held.speaker), (type_, right.held.speaker)):
            return True
    return _alike(left.voice, right.voice)


def _alike(a: str, b: str) -> bool:
    """Words for one speaker in two reports: "the provincial governor" and "The governor of the province"."""
    ours, theirs = ({stem(w) for w in fold(x).split() if w not in _LITTLE} for x in (a, b))
    if not ours or not theirs:
        return False
    return len(ours & theirs) / min(len(ours), len(theirs)) >= 0.66 and len(ours & theirs) >= min(
        2, len(ours), len(theirs)
    )


_LITTLE = frozenset(
    "a an the of in on for at to and s its his her their spokesman spokeswoman spokesperson official officials statement".split()
)


# -- who, where, when ---------------------------------------------------------------------------------------------


def _blames(clauses: list[Clause]) -> Iterator[Link]:
    """Two who are said to have done it, by sources that do not stand on one side."""
    speaking = {
        (c.held.document, fold(n)) for c in clauses if c.held.attribution for n in (c.held.speaker, c.held.source) if n
    }
    blaming = [
        c for c in clauses
        if c.held.field in _BLAME and c.held.holds and not c.denies and c.held.stance not in _NOT_HELD
        and c.held.event_type not in _TWO_SIDED and _known_side(c) and not _alike(_blamed(c), c.voice)
        and (c.held.attribution or (c.held.document, fold(_blamed(c))) not in speaking)
    ]  # fmt: skip
    named: dict[tuple[str, str], list[Clause]] = {}
    for clause in blaming:
        named.setdefault((clause.held.document, clause.informant), []).append(clause)
    groups = sorted(named.values(), key=lambda g: g[0].held.order)
    for n, rights in enumerate(groups):
        for lefts in groups[n + 1 :]:
            right, left = rights[0], lefts[0]
            if right.held.document == left.held.document or same_informant(left, right):
                continue
            ours, theirs = ([_blamed(c) for c in g] for g in (lefts, rights))
            if any(_one_side(x, y) for x in ours for y in theirs):
                continue
            yield _link(
                "contradicts",
                left,
                right,
                "responsibility",
                0.7,
                Reason("actors", f"{', '.join(ours)} against {', '.join(theirs)}", 0.7),
            )


def _known_side(clause: Clause) -> bool:
    """Whether somebody in particular is blamed: a country, a body of the registry, or an entity with a name; no weapon."""
    terms = load_ontology().terms
    if (
        fold(_blamed(clause)).split()[-1:]
        and fold(_blamed(clause)).split()[-1] in terms["weapon_nouns"] | terms["vehicle_nouns"]
    ):
        return False
    return bool(clause.held.named) or any(not s.startswith("~") for s in sides(_blamed(clause)))


_TWO_SIDED = frozenset(
    {"armed_clash", "negotiation", "agreement", "ceasefire", "verbal_conflict", "accusation", "rejection"}
)


def _blamed(clause: Clause) -> str:
    return clause.held.value.rsplit(":", 1)[0] if clause.held.field == "responsibility" else clause.held.value


def _one_side(x: str, y: str) -> bool:
    return same_name(("Organisation", x), ("Organisation", y)) or stands_for(sides(x), sides(y))


def _places_and_days(clauses: list[Clause]) -> Iterator[Link]:
    for field, text in (("where", "one place against another"), ("when", "one day against another")):
        by_document: dict[str, list[Clause]] = {}
        for clause in clauses:
            if clause.held.field == field and clause.held.holds and not clause.denies:
                by_document.setdefault(clause.held.document, []).append(clause)
        documents = sorted(by_document.values(), key=lambda g: g[0].held.order)
        for n, rights in enumerate(documents):
            for lefts in documents[n + 1 :]:
                if (
                    len(lefts) == 1 == len(rights)
                    and lefts[0].held.attribution
                    and rights[0].held.attribution
                    and not same_informant(lefts[0], rights[0])
                ):
                    left, right = lefts[0], rights[0]
                    if left.held.value != right.held.value and _exact(field, left) and _exact(field, right):
                        told = f"{left.held.value} against {right.held.value}"
                        yield _link("contradicts", left, right, field, 0.55, Reason(field, f"{told}: {text}", 0.55))


def _exact(field: str, clause: Clause) -> bool:
    return len(clause.held.value) == 10 and clause.held.value[4] == "-" if field == "when" else True


# -- retractions, agreement ---------------------------------------------------------------------------------------


def _retractions(clauses: list[Clause]) -> Iterator[Link]:
    for left in _firsts(
        (c for c in clauses if retraction(c.sentence.text, c.held.stance)),
        lambda c: (c.held.document, c.sentence.start),
    ):
        earlier = [
            c for c in clauses
            if c.held.document != left.held.document and not c.denies and c.held.holds
            and (c.held.published or "")[:10] <= (left.held.published or "9999")[:10]
            and (same_informant(left, c) or (c.held.outlet and c.held.outlet == left.held.outlet) or stands_for(left.speaks_for, c.speaks_for))
        ]  # fmt: skip
        if earlier:
            right = max(earlier, key=lambda c: (_overlap(left.sentence.text, c.sentence.text), -ord_(c)))
            yield _link(
                "retracts",
                left,
                right,
                right.held.field,
                0.75,
                Reason("retraction", f"{_said(left)} takes it back: “{_short(left.sentence.text)}”", 0.75),
            )


def ord_(clause: Clause) -> int:
    return clause.held.start


def _agreements(clauses: list[Clause]) -> Iterator[Link]:
    """The same value again: by the same informant (or a reprint) it repeats, by another it confirms; each the first."""
    seen: dict[tuple[str, str], list[Clause]] = {}
    for clause in clauses:
        h = clause.held
        if (
            not h.holds
            or clause.denies
            or h.stance in _NOT_HELD
            or h.field in {"content", "fate", "instrument", "recipient"}
        ):
            continue
        before = seen.setdefault((h.field, _bare(h.value)), [])
        first = next((c for c in before if c.held.document != h.document and same_informant(clause, c)), None)
        if first:
            yield _link(
                "repeats",
                clause,
                first,
                h.field,
                0.8,
                Reason("same_informant", f"{_said(clause)} is the informant of both", 0.8),
            )
        else:
            other = next((c for c in before if c.held.document != h.document), None)
            if other and not any(c.informant == clause.informant for c in before):
                yield _link(
                    "confirms",
                    clause,
                    other,
                    h.field,
                    0.6,
                    Reason("other_informant", f"{_said(clause)} says the same as {_said(other)}", 0.6),
                )
        before.append(clause)


def _bare(value: str) -> str:
    return " ".join(value.casefold().split())
