"""Two who are said to have done it by sources that are not one: whom each blames, and whether both can have done it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from sayso.link.polarity import about
from sayso.link.relations.clauses import BLAME, NOT_HELD, Clause, alike, link, same_informant
from sayso.link.relations.doers import Doer, doer_of
from sayso.names.scripts import fold
from sayso.names.sides import sides
from sayso.records import Link, Reason


def blame_links(clauses: list[Clause]) -> Iterator[Link]:
    """Two who are said to have done it, and cannot both have."""
    told: dict[tuple[str, str], tuple[Clause, dict[str, Doer]]] = {}
    for clause, found in _blaming(clauses):
        _, known = told.setdefault((clause.held.document, clause.informant), (clause, {}))
        known |= {d.text: d for d in found}
    groups = sorted(told.values(), key=lambda g: g[0].held.order)
    for n, (right, theirs) in enumerate(groups):
        for left, ours in groups[n + 1 :]:
            if right.held.document == left.held.document or same_informant(left, right):
                continue
            pairs = list(product(ours.values(), theirs.values()))
            if any(x.excludes(y) for x, y in pairs) and not any(x.sides & y.sides for x, y in pairs):
                told_ = f"{', '.join(ours)} against {', '.join(theirs)}"
                yield link(
                    "contradicts",
                    _shown(left, ours),
                    _shown(right, theirs),
                    "responsibility",
                    0.7,
                    Reason("actors", told_, 0.7),
                )


def _shown(clause: Clause, doers: dict[str, Doer]) -> Clause:
    """The clause with words that name them."""
    return clause if any(text in clause.span.text for text in doers) else clause.whole()


def _blaming(clauses: list[Clause]) -> Iterator[tuple[Clause, list[Doer]]]:
    """Clauses that say who did it: by their words, else as the reader coded them. A denial may accuse another than the denier."""
    reported = {(c.held.document, c.sentence.start) for c in clauses if c.held.attribution}
    speaking = {
        (c.held.document, fold(n)) for c in clauses if c.held.attribution for n in (c.held.speaker, c.held.source) if n
    }
    for c in clauses:
        h = c.held
        own = [replace(d, sides=d.sides | c.speaks_for) if _OWN.match(d.text) else d for d in c.doers]
        if h.stance in NOT_HELD - {"denies"} or h.negated or (not h.holds and h.stance != "denies"):
            continue
        own_voice = not h.attribution
        if own_voice and (h.document, c.sentence.start) in reported:
            continue
        if c.denies:
            spared = c.speaks_for | sides(about(c.span.text))
            found = [d for d in own if d.sides and not d.sides & spared and spared]
        else:
            found = [d for d in own if not alike(d.text, c.voice)]
            if not found and h.field in BLAME and h.event_type not in _TWO_SIDED and not alike(_blamed(c), c.voice):
                coded = doer_of(_blamed(c))
                found = [coded] if coded and (not own_voice or (h.document, fold(_blamed(c))) not in speaking) else []
        if found:
            yield c, found


_OWN = re.compile(r"(?:its|their|our|his|her|the (?:group|movement|army|party)['’]s) ", re.IGNORECASE)
_TWO_SIDED = frozenset(
    {"armed_clash", "negotiation", "agreement", "ceasefire", "verbal_conflict", "accusation", "rejection"}
)


def _blamed(clause: Clause) -> str:
    return clause.held.value.rsplit(":", 1)[0] if clause.held.field == "responsibility" else clause.held.value
