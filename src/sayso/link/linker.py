"""The conductor of linking: names → origins → events → relations.

The ledger has one writer at a time, and people who decide must not wait for long: documents are linked a few in a transaction,
events are written anew for a second or two in one, and in between whoever waits has a turn. What is still to be written anew is
kept in the ledger, so that a run that is stopped is gone on with by the next.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, delete, func, insert, or_, select

from sayso.errors import LedgerError
from sayso.ledger import SqlLedger, derived, judging, schema
from sayso.ledger.holders import Held, held
from sayso.ledger.slices import slices
from sayso.link import entities, events, origins, proposals, ties
from sayso.link.accounts import Profile
from sayso.link.relations import relate
from sayso.names.registry import name_key
from sayso.records import Link, Reading, Span
from sayso.records.json import decode_reading

_BATCH = 40
"""documents linked in one transaction"""
_ROUND = 300
"""documents after which the events that they touched are decided and written anew: a large event is touched by many"""
_SECONDS = 2.0
"""of work in one transaction"""
_MOMENT = 0.5
"""of writing events anew, in the transaction that records a decision"""
_TURN = 0.03
"""seconds in which others may begin to write"""
_TEXTS = 200
"""documents of one event whose words are compared, the first said"""


def link(ledger: SqlLedger, progress: Callable[[int, int], None] | None = None) -> Iterator[Link]:
    """Link all documents that are not linked yet, or were read again since; yields the links of the events touched.

    progress: called with the number of documents linked and of those that there are to link.
    """
    done, total, settled = 0, _waiting(ledger), 0
    while True:
        with ledger.writing() as connection:
            batch = _next(connection)
            if batch:
                _mark(connection, _link_batch(connection, batch))
        done += len(batch)
        if progress and batch:
            progress(done, max(done, total))
        if done - settled >= _ROUND or not batch:
            with ledger.writing() as connection:
                _mark(connection, _recluster(connection))
            yield from settle(ledger)
            settled = done
        if not batch:
            return
        time.sleep(_TURN)


def settle(ledger: SqlLedger, events: Container[str] | None = None) -> Iterator[Link]:
    """Write anew what is marked to be (of these linked events, or all); yields the links between the events' claims."""
    while True:
        with ledger.writing() as connection:
            marked = [e for e in connection.scalars(_marked()) if events is None or e in events]
            found = _settle_some(connection, marked)
        yield from found
        if not marked:
            return
        time.sleep(_TURN)


def unsettled(ledger: SqlLedger, events: Container[str]) -> bool:
    """Whether any of these linked events is still to be written anew, or to be weighed."""
    e = derived.linked_events.c
    with ledger.engine.connect() as connection:
        waiting = [*connection.scalars(_marked()), *connection.scalars(select(e.id).where(e.weighed.is_(False)))]
    return any(w in events for w in waiting)


def _marked() -> Select[Any]:
    """Those that go come last: by then there is what their addresses lead to."""
    waiting = derived.unsettled.c.event
    stays = select(derived.profiles.c.number).where(derived.profiles.c.event == waiting).exists()
    return select(waiting).order_by(~stays, waiting)


def _mark(connection: Connection, events: set[str]) -> None:
    known = set(connection.scalars(_marked()))
    if fresh := sorted(events - known):
        connection.execute(insert(derived.unsettled), [{"event": e} for e in fresh])


def _settle_some(connection: Connection, events: Iterable[str], seconds: float = _SECONDS) -> list[Link]:
    """As many of them as can be done in the time of one transaction, one at least."""
    found: list[Link] = []
    until = time.monotonic() + seconds
    for event in events:
        found += refresh(connection, [event])
        if time.monotonic() > until:
            break
    return found


def _waiting(ledger: SqlLedger) -> int:
    with ledger.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(_unlinked().subquery())) or 0)


def _unlinked() -> Select[Any]:
    """Number and id of every document that waits; answered from an index, without touching the texts."""
    d, done = schema.documents, derived.linked
    return (
        select(d.c.number, d.c.id, done.c.run_id)
        .outerjoin(done, done.c.document_id == d.c.id)
        .where(d.c.current_run.is_not(None), or_(done.c.run_id.is_(None), done.c.run_id != d.c.current_run))
    )


def _next(connection: Connection) -> Sequence[Any]:
    waiting = _unlinked().order_by(schema.documents.c.number).limit(_BATCH).subquery()
    d = schema.documents.c
    columns = (d.id, d.number, d.published, d.origin, d.outlet, d.text, d.current_run, waiting.c.run_id)
    return connection.execute(select(*columns).join(waiting, waiting.c.number == d.number).order_by(d.number)).all()


def _link_batch(connection: Connection, batch: Sequence[Any]) -> set[str]:
    """The linked events that it is known of that they are others now; more are when its profiles have been clustered."""
    seeds: set[int] = set()
    gone: set[str] = set()
    moved: set[str] = set()
    renamed: set[str] = set()
    for row in batch:
        if row.run_id is not None:
            more_seeds, events_left = _take_out(connection, row)
            seeds |= more_seeds
            gone |= events_left
    for row in batch:
        reading = _reading(connection, row.id, row.current_run)
        renamed |= entities.add_names(connection, reading)
        ties.add_ties(connection, reading)
        events.add_profiles(connection, reading)
        moved |= origins.add_origin(connection, row)
        connection.execute(insert(derived.linked).values(document_id=row.id, run_id=row.current_run))
    touched = seeds | set(events.place_profiles(connection, moved))
    waiting = set(connection.scalars(select(derived.unclustered.c.profile)))
    if fresh := sorted(touched - waiting):
        connection.execute(insert(derived.unclustered), [{"profile": n} for n in fresh])
    used = proposals.names_of(connection, (row.id for row in batch))
    changed = gone | _naming(connection, renamed)
    changed |= _correctly_named(connection, used | renamed)
    proposals.propose_names(connection, used | renamed)
    return changed


def _recluster(connection: Connection) -> set[str]:
    """Decide anew which profiles are one event, of all that wait for it; the linked events that are others now."""
    waiting = set(connection.scalars(select(derived.unclustered.c.profile)))
    connection.execute(delete(derived.unclustered))
    return events.recluster(connection, _alive(connection, waiting)) if waiting else set()


def _naming(connection: Connection, names: Iterable[str]) -> set[str]:
    """The linked events of all documents that use these names: their informants are now others."""
    p, en = derived.profiles, derived.entity_names
    found: set[str] = set()
    for some in slices(sorted(names)):
        documents = list(connection.scalars(select(en.c.document_id).where(en.c.name_id.in_(some)).distinct()))
        for few in slices(documents):
            found |= set(
                connection.scalars(select(p.c.event).where(p.c.document_id.in_(few), p.c.event.is_not(None)).distinct())
            )
    return found


def _alive(connection: Connection, numbers: set[int]) -> set[int]:
    p = derived.profiles
    found: set[int] = set()
    for some in slices(sorted(numbers)):
        found |= set(connection.scalars(select(p.c.number).where(p.c.number.in_(some))))
    return found


def _reading(connection: Connection, document: str, run: int) -> Reading:
    r = schema.readings
    packed = connection.scalar(select(r.c.json).where(r.c.document_id == document, r.c.run_id == run))
    if packed is None:
        raise LedgerError(f"document {document} has no reading of run {run}; run `sayso add` again")
    return decode_reading(zlib.decompress(packed))


def _take_out(connection: Connection, row: Any) -> tuple[set[int], set[str]]:
    tied, events_left = events.remove_profiles(connection, row.id)
    ties.remove_ties(connection, row.id)
    used = proposals.names_of(connection, [row.id])
    renamed = entities.remove_names(connection, row.id)
    events_left |= _naming(connection, renamed) | _correctly_named(connection, used | renamed)
    moved = origins.remove_origin(connection, row)
    connection.execute(delete(derived.linked).where(derived.linked.c.document_id == row.id))
    return set(tied) | set(events.place_profiles(connection, moved)), events_left


def unlink(connection: Connection, document: str) -> None:
    """Take a document out of everything that is derived, before it is removed; what it was tied to is decided anew."""
    d = schema.documents
    row = connection.execute(
        select(d.c.id, d.c.number, d.c.published, d.c.origin, d.c.outlet, d.c.text).where(d.c.id == document)
    ).one()
    seeds, gone = _take_out(connection, row)
    changed = events.recluster(connection, _alive(connection, seeds)) | gone
    refresh(connection, changed)


def relink(
    connection: Connection,
    names: Iterable[str] = (),
    events_of: Iterable[tuple[str, str]] = (),
    claims: Iterable[tuple[str, str]] = (),
) -> set[str]:
    """After a judgement: decide anew about these names (ids), the events of these (document, ref) members, and the events of
    these (document, claim) claims. The linked events that are others now; `settle` writes those that take too long here."""
    names = list(names)
    moved = entities.recluster(connection, names)
    p = derived.profiles
    numbers = {
        n
        for document, ref in events_of
        for n in connection.scalars(select(p.c.number).where(p.c.document_id == document, p.c.ref == ref))
    }
    changed = events.recluster(connection, numbers) if numbers else set()
    changed |= _naming(connection, moved) | _correctly_named(connection, moved) | _telling(connection, claims)
    proposals.propose_names(connection, {*names, *moved})
    _mark(connection, changed)
    _settle_some(connection, sorted(changed), _MOMENT)
    return changed


def _telling(connection: Connection, claims: Iterable[tuple[str, str]]) -> set[str]:
    """The linked events of these (document, claim) claims."""
    p, c, d = derived.profiles, schema.claims, schema.documents
    found: set[str] = set()
    for document, claim in claims:
        query = (
            select(p.c.event)
            .join(c, and_(c.c.document_id == p.c.document_id, or_(c.c.event == p.c.ref, c.c.attribution == p.c.ref)))
            .join(d, and_(d.c.id == c.c.document_id, d.c.current_run == c.c.run_id))
            .where(c.c.document_id == document, c.c.id == claim)
        )
        found |= {e for e in connection.scalars(query) if e}
    return found


def _correctly_named(connection: Connection, names: set[str]) -> set[str]:
    """The linked events of claims that people corrected to one of these names: whom it means may be another now."""
    claims = [
        tuple(ref.partition(":")[2].split("/", 1))
        for ref, told in judging.corrected_names(connection)
        if names & {entities.name_id(t, f"{the}{name_key(n)}") for n in told for the in ("", "the ") for t in _NAMED}
    ]
    return _telling(connection, claims)  # type: ignore[arg-type]


_NAMED = sorted(set(entities.TYPES.values()))


def refresh(connection: Connection, changed: Iterable[str]) -> list[Link]:
    """Write these linked events and the links between their claims anew; those without members go."""
    found: list[Link] = []
    for event in sorted(changed):
        _forget(connection, event)
        members = _members(connection, event)
        if members:
            claims = held(connection, event)
            _write_event(connection, event, members, claims)
            counting = [c for c in claims if c.judged != "reject"]
            links = _restated(_relations(connection, event, counting), counting)
            _write_links(connection, event, links, claims)
            proposals.propose_parts(connection, event, members)
            ties.write_event_ties(connection, event, links, counting)
            found += links
    return found


def _forget(connection: Connection, event: str) -> None:
    for table, column in (
        (derived.unsettled, "event"),
        (derived.linked_events, "id"),
        (derived.claim_links, "event"),
        (derived.assessments, "event"),
        (derived.ties, "event"),
        (derived.proposals, "event"),
    ):
        connection.execute(delete(table).where(table.c[column] == event))


def _members(connection: Connection, event: str) -> list[Profile]:
    p = derived.profiles
    rows = connection.scalars(select(p.c.json).where(p.c.event == event).order_by(p.c.document_id, p.c.ref))
    return [msgspec.json.decode(json_, type=Profile) for json_ in rows]


def _write_event(connection: Connection, event: str, members: list[Profile], claims: list[Held]) -> None:
    coded = [m for m in members if m.type != "statement"] or members
    types = sorted({m.type for m in coded}, key=lambda t: (-sum(m.type == t for m in coded), t))
    days = sorted({d for m in coded if m.dated for d in m.days}) or sorted(
        {(d[1], d[1]) for m in coded for d in m.days}
    )
    places = sorted((p for m in coded for p in m.finest), key=lambda p: (_PRECISION.get(p.precision, 9), p.name))
    named = [p for p in places if p.precision == places[0].precision]
    place = max(named, key=lambda p: (sum(q.name == p.name for q in named), p.name), default=None)
    said = sorted(m.published for m in members if m.published)
    connection.execute(
        insert(derived.linked_events).values(
            id=event,
            type=types[0],
            title=_title(types[0], place.name if place else None),
            first_day=days[0][0] if days else None,
            last_day=max(d[1] for d in days) if days else None,
            place=place.name if place else None,
            country=place.country if place else None,
            lat=place.lat if place else None,
            lon=place.lon if place else None,
            precision=place.precision if place else None,
            documents=len({m.document for m in members}),
            origins=len({h.origin for h in claims}),
            informants=len({h.informant for h in claims if h.holds}),
            first_said=said[0] if said else None,
            last_said=said[-1] if said else None,
            weighed=False,
        )
    )


_PRECISION = {"exact": 0, "city": 1, "district": 2, "province": 3, "country": 4}


def _title(type_: str, place: str | None) -> str:
    """What and where, and no more: whom it hit and who did it are for the positions to say."""
    return type_.replace("_", " ") + (f" in {place}" if place else "")


def _relations(connection: Connection, event: str, claims: list[Held]) -> list[Link]:
    documents = list(dict.fromkeys(h.document for h in claims))[:_TEXTS]
    if len(documents) < 1 or len(claims) < 2:
        return []
    d, a = schema.documents, schema.attributions
    texts: dict[str, str] = {}
    contents: dict[tuple[str, str], tuple[Span, ...]] = {}
    for some in slices(documents):
        texts |= {r.id: r.text for r in connection.execute(select(d.c.id, d.c.text).where(d.c.id.in_(some)))}
        query = (
            select(a.c.document_id, a.c.id, a.c.spans)
            .join(d, and_(d.c.id == a.c.document_id, d.c.current_run == a.c.run_id))
            .where(a.c.document_id.in_(some))
        )
        for r in connection.execute(query):
            text = texts[r.document_id]
            contents[(r.document_id, r.id)] = tuple(Span(s, e, text[s:e]) for s, e in json.loads(r.spans or "[]"))
    return relate(claims, texts, contents)


def _restated(links: list[Link], claims: list[Held]) -> list[Link]:
    """Without denials by claims of which people have said that their speaker holds them, whatever the words suggest."""
    affirmed = {c.claim for c in claims if c.restated and c.holds}
    return [k for k in links if k.relation != "denies" or k.left.claim not in affirmed]


def _write_links(connection: Connection, event: str, links: list[Link], claims: list[Held]) -> None:
    said = {h.claim: h.published for h in claims}
    rows = [
        {
            "relation": k.relation,
            "event": event,
            "field": k.field,
            "left_document": k.left.document,
            "left_claim": k.left.claim,
            "left_start": k.left.start,
            "left_end": k.left.end,
            "right_document": k.right.document,
            "right_claim": k.right.claim,
            "right_start": k.right.start,
            "right_end": k.right.end,
            "score": k.score,
            "reasons": json.dumps([[r.kind, r.text, r.weight] for r in k.reasons], ensure_ascii=False),
            "said": said.get(k.left.claim or ""),
        }
        for k in links
    ]
    if rows:
        connection.execute(insert(derived.claim_links), rows)
