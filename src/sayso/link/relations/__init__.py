"""Relations between the claims of one linked event: repeats, confirms, denies, contradicts, retracts, supersedes.

Every rule looks at two claims with the words around them and gives a link with its reasons, or nothing. The earlier claim
is the one that something is done to, save for denials, which may come first. Of many claims that hold one thing, the
first of each informant stands for the rest, so that forty reprints do not make forty contradictions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sayso.ledger.holders import Held
from sayso.link.relations.agreements import agreement_links
from sayso.link.relations.blame import blame_links
from sayso.link.relations.clauses import Clause, make_clause
from sayso.link.relations.counts import count_links
from sayso.link.relations.denials import denial_links
from sayso.link.relations.retractions import retraction_links
from sayso.link.relations.settings import setting_links
from sayso.records import ClaimEnd, Link, Span

_MOST = 400
"""claims of one event that are related with each other at most, the first said"""


def relate(
    claims: Iterable[Held], texts: dict[str, str], contents: dict[tuple[str, str], tuple[Span, ...]]
) -> list[Link]:
    """Links between the claims of one event, in a stable order.

    texts: document id → text; contents: (document, attribution) → the spans of what its speaker says.
    """
    clauses = [
        make_clause(h, texts, contents) for h in sorted(claims, key=lambda h: h.order)[:_MOST] if h.document in texts
    ]
    clauses = _voiced(clauses)
    found: _Found = {}
    for link in (
        *denial_links(clauses),
        *count_links(clauses),
        *blame_links(clauses),
        *setting_links(clauses),
        *retraction_links(clauses),
    ):
        _keep(found, link)
    taken = {(k.left.document, k.left.start, k.right.document, k.right.start) for some in found.values() for k in some}
    for link in agreement_links(clauses):
        if (link.left.document, link.left.start, link.right.document, link.right.start) not in taken:
            _keep(found, link)
    return sorted(
        (k for some in found.values() for k in some),
        key=lambda k: (k.relation, k.left.document, k.left.start, k.right.document, k.right.start, k.field),
    )


_Found = dict[tuple[str, str, str], list[Link]]


def _voiced(clauses: list[Clause]) -> list[Clause]:
    """What stands in the outlet's voice in a sentence in which one speaker is quoted is his as well ("Nine died, the governor said,
    and …"), and a sentence that begins with "They" or "It" is said by whom the report quoted last."""
    voices: dict[str, list[tuple[int, str]]] = {}
    quoted: dict[tuple[str, int], set[str]] = {}
    for clause in clauses:
        if clause.held.attribution and clause.held.speaker:
            voices.setdefault(clause.held.document, []).append((clause.held.start, clause.voice))
            quoted.setdefault((clause.held.document, clause.sentence.start), set()).add(clause.voice)
    found = []
    for clause in clauses:
        if not clause.held.attribution:
            beside = quoted.get((clause.held.document, clause.sentence.start), set())
            before = [v for start, v in voices.get(clause.held.document, ()) if start < clause.sentence.start]
            if len(beside) == 1:
                clause = replace(clause, voice=next(iter(beside)))
            elif before and clause.sentence.text.startswith(_PRONOUNS):
                clause = replace(clause, voice=before[-1])
        found.append(clause)
    return found


_PRONOUNS = ("They ", "It ", "He ", "She ")


def _keep(found: _Found, link: Link) -> None:
    """One link of a kind for the same words on both sides, the surest; words that overlap are the same."""
    known = found.setdefault((link.relation, link.left.document, link.right.document), [])
    for n, other in enumerate(known):
        one_denial = link.relation == "denies" and _overlaps(other.right, link.right)
        if (one_denial or _overlaps(other.left, link.left)) and _overlaps(other.right, link.right):
            if other.score < link.score:
                known[n] = link
            return
    known.append(link)


def _overlaps(a: ClaimEnd, b: ClaimEnd) -> bool:
    return a.document == b.document and a.start < b.end and b.start < a.end
