"""What somebody takes back that he had said."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.link.polarity import retraction
from sayso.link.relations.clauses import Clause, firsts, link, overlap, said, same_informant, short
from sayso.names.sides import stands_for
from sayso.records import Link, Reason


def retraction_links(clauses: list[Clause]) -> Iterator[Link]:
    for left in firsts(
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
            right = max(earlier, key=lambda c: (overlap(left.sentence.text, c.sentence.text), -c.held.start))
            yield link(
                "retracts",
                left,
                right,
                right.held.field,
                0.75,
                Reason("retraction", f"{said(left)} takes it back: “{short(left.sentence.text)}”", 0.75),
            )
