"""Links between claims as records: `left` does it to `right`, both by their exact words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from sayso.ledger import views
from sayso.records import RELATIONS, ClaimEnd, Link

_AT_ONCE = 200
"""links whose speakers are asked for together"""


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    return map(record, views.links(connection))


def record(link: Link) -> dict[str, Any]:
    return {
        "relation": link.relation,
        "left": _end(link.left),
        "right": _end(link.right),
        "field": link.field,
        "score": link.score,
        "reasons": [{"kind": r.kind, "text": r.text, "weight": r.weight} for r in link.reasons],
        "event": link.event,
    }


def _end(end: ClaimEnd) -> dict[str, Any]:
    return {
        "document": end.document,
        "path": end.path,
        "start": end.start,
        "end": end.end,
        "text": end.text,
        "claim": end.claim,
    }


def told_links(
    connection: Connection,
    event: str | None = None,
    since: str | None = None,
    relations: tuple[str, ...] = RELATIONS,
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """As `records`, of one event or since a day, each with who speaks at either end and when the left was said."""
    for some in _in_parts(views.links(connection, event, since, relations, limit)):
        ends = {(e.document, e.claim) for link in some for e in (link.left, link.right) if e.claim}
        told = views.speakers(connection, ends)
        for link in some:
            left, said = told.get((link.left.document, link.left.claim), (None, None))
            right, _ = told.get((link.right.document, link.right.claim), (None, None))
            yield {**record(link), "left_speaker": left, "right_speaker": right, "said": said}


def _in_parts(links: Iterator[Link]) -> Iterator[list[Link]]:
    while some := list(islice(links, _AT_ONCE)):
        yield some
