"""What linking leaves to people: names that may be one, and documents' parts that hang loosely on their event."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, select, union_all

from sayso.ledger import judging, proposing
from sayso.ledger.derived import entity_names, event_links, name_links, names, profiles
from sayso.ledger.engines.greatest import of_greatest
from sayso.ledger.proposing import Proposal, proposal_id
from sayso.ledger.slices import slices
from sayso.link.accounts import Profile
from sayso.link.clustering import THRESHOLD
from sayso.names.compare import SAME, UNSURE

MOST = 2
"""proposals of one event"""
_LOOSE = 0.2
"""what the best link of a member may lie above the threshold of clustering, to be thought weak"""
_UNDECIDED = (SAME + UNSURE) / 2
_SURE = 0.24
"""how far a score lies from undecided when nobody needs to look"""
_COUNTED = 1_000
"""documents of a name that are counted; more are told as that many"""
_PART = 0.5
"""what it counts that one document leaves an event, beside a field that changes"""


# -- names --------------------------------------------------------------------------------------------------------


def names_of(connection: Connection, documents: Iterable[str]) -> set[str]:
    """The names that these documents use."""
    en = entity_names.c
    found: set[str] = set()
    for some in slices(sorted(documents)):
        found |= set(connection.scalars(select(en.name_id).where(en.document_id.in_(some)).distinct()))
    return found


def propose_names(connection: Connection, ids: Iterable[str]) -> None:
    """Write anew what is to be decided of these names; documents are counted as they are now."""
    pairs = _pairs(connection, set(ids))
    refs = {f"name:{n}" for pair in pairs for n in pair}
    settled = judging.rulings(connection, refs) if pairs else {}
    open_ = {pair: row for pair, row in pairs.items() if _item(pair) not in settled}
    documents = {n: _documents(connection, n) for n in sorted({n for pair in open_ for n in pair})}
    proposing.forget(connection, (proposal_id(_item(pair)) for pair in pairs))
    proposing.write(connection, (_name(pair, row, documents) for pair, row in open_.items()))


def forget_names(connection: Connection, ids: Iterable[str]) -> None:
    """Before names are taken out: nothing is to be decided of them any more."""
    proposing.forget(connection, (proposal_id(_item(pair)) for pair in _pairs(connection, set(ids))))


def _item(pair: tuple[str, str]) -> judging.Item:
    return judging.item_of(f"name:{pair[0]}", f"name:{pair[1]}")


def _pairs(connection: Connection, ids: set[str]) -> dict[tuple[str, str], Any]:
    """Pairs with one of these names whose score decides little."""
    k, left, right = name_links.c, names.alias("l"), names.alias("r")
    near = k.score.between(_UNDECIDED - _SURE, _UNDECIDED + _SURE)
    found: dict[tuple[str, str], Any] = {}
    for some in slices(sorted(ids)):
        for column in (k.left, k.right):
            query = (
                select(k.left, k.right, k.score, left.c.identity.label("one"), right.c.identity.label("other"))
                .join(left, left.c.id == k.left)
                .join(right, right.c.id == k.right)
                .where(column.in_(some), near)
            )
            found |= {(r.left, r.right): r for r in connection.execute(query)}
    return found


def _documents(connection: Connection, name: str) -> int:
    en = entity_names.c
    used = select(en.document_id).where(en.name_id == name).distinct().limit(_COUNTED).subquery()
    return int(connection.scalar(select(func.count()).select_from(used)) or 0)


def _name(pair: tuple[str, str], row: Any, documents: dict[str, int]) -> Proposal:
    counts = sorted((documents[n] for n in pair), reverse=True)
    told = " and ".join(f"{n:,}{' or more' if n == _COUNTED else ''}" for n in counts)
    noun = "document" if counts == [1, 1] else "documents"
    effect = f"merging them would join {told} {noun}"
    if row.one == row.other:
        effect = f"parting them would separate {told} {noun}"
    closeness = max(0.05, 1 - abs(row.score - _UNDECIDED) / _SURE)
    subject, object_ = _item(pair)
    return Proposal("name", subject, object_, None, None, math.log2(1 + counts[1]) * closeness, effect)


# -- events -------------------------------------------------------------------------------------------------------


def propose_parts(connection: Connection, event: str, members: list[Profile]) -> None:
    """Which members of an event, written anew, a person should look at: at most `MOST`, the weakest of those that hang on weakly."""
    documents = [m.document for m in members]
    total = len(set(documents))
    if total < 2:
        return
    weak = connection.execute(_weak(), {"event": event}).all()
    refs = [f"event:{d}/{r}" for row in weak for d, r in ((row.document_id, row.ref), (row.document, row.other_ref))]
    settled = judging.rulings(connection, refs) if weak else {}
    found: dict[judging.Item, Proposal] = {}
    for row in weak:
        subject, object_ = f"event:{row.document_id}/{row.ref}", f"event:{row.document}/{row.other_ref}"
        item = judging.item_of(subject, object_)
        if item in found or any(subject in known for known in settled):
            continue
        left = total - (documents.count(row.document_id) == 1)
        closeness = max(0.05, 1 - max(0.0, row.score - THRESHOLD) / _LOOSE)
        impact = _PART * math.log2(1 + total) * closeness / (1 + (left == total))
        found[item] = Proposal("event", subject, object_, event, None, impact, _splitting(left, total))
        if len(found) == MOST:
            break
    proposing.write(connection, found.values())


def _splitting(left: int, total: int) -> str:
    many = f"{left:,} document" + ("" if left == 1 else "s")
    if left == total:
        return f"splitting it would leave the event with one account fewer in its {many}"
    return f"splitting it would leave the event with {many} in place of {total:,}"


@lru_cache(maxsize=1)
def _weak() -> Select[Any]:
    """Members by their best link to another of the event, the weakest first, where that is near the threshold; made once, since
    to put it together takes longer than to ask it."""
    k = event_links.c
    event: BindParameter[Any] = bindparam("event")
    mine, theirs = profiles.alias("mine"), profiles.alias("theirs")
    sides = (
        select(mine.c.number, theirs.c.number.label("other"), k.score)
        .select_from(mine)
        .join(event_links, here == mine.c.number)
        .join(theirs, and_(theirs.c.number == there, theirs.c.event == event))
        .where(mine.c.event == event)
        for here, there in ((k.left, k.right), (k.right, k.left))
    )
    both = union_all(*sides).subquery()
    best = (
        select(
            both.c.number, of_greatest(both.c.other, both.c.score).label("other"), func.max(both.c.score).label("score")
        )
        .group_by(both.c.number)
        .having(func.max(both.c.score) < THRESHOLD + _LOOSE)
        .subquery()
    )
    other = theirs.c.document_id.label("document"), theirs.c.ref.label("other_ref")
    return (
        select(mine.c.document_id, mine.c.ref, *other, best.c.score)
        .join(mine, mine.c.number == best.c.number)
        .join(theirs, theirs.c.number == best.c.other)
        .order_by(best.c.score, mine.c.document_id, mine.c.ref)
    )
