"""Events across documents: which coded events of different documents are one.

A profile is stored for each event and looked up in blocks of day × (place, name, telling word), as hashes. Pairs are
scored by `similarity`, and the connected part that a new profile touches is clustered anew, so that the order of arrival
does not matter and a new report costs its blocks only. Two kinds follow another event and have no say in clustering: those of
a copy go where the document goes that it was made from, so that a thousand reprints stay cheap; and a denial goes where the
likest goes that it denies, since it resembles the other reports of that event in little.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from sayso.ledger import judging
from sayso.ledger.derived import event_blocks, event_links, former_events, origins, profiles
from sayso.ledger.slices import slices
from sayso.link.accounts import Profile
from sayso.link.accounts import profiles as profiles_of
from sayso.link.clustering import THRESHOLD, cluster
from sayso.link.hashing import key_hash, text_id
from sayso.link.similarity import DENIED_WITHIN, KEPT, score
from sayso.names import block_keys
from sayso.records import Reading

_NEAR = 5
"""days between two events that are compared; an event without a day of its own has that of its report"""
_LONGEST = 8
"""days of a period that are each a block of their own; a longer one says little"""
_CELL = 0.5
"""degrees of latitude and longitude of a block of places"""
_MOST_CANDIDATES = 2_000
_SHELF = 20_000
_SAME_DOCUMENT = 0.3
"""what two events of one document count for in a cluster: the reader told them apart, and may have erred"""


class Shelf:
    """Profiles of the ledger by their numbers, decoded once for a batch of documents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Profile] = {}

    def of_document(self, document: str) -> dict[int, Profile]:
        rows = self._connection.scalars(select(profiles.c.number).where(profiles.c.document_id == document))
        return self.some(list(rows))

    def some(self, numbers: list[int]) -> dict[int, Profile]:
        missing = [n for n in numbers if n not in self._known]
        if len(self._known) + len(missing) > _SHELF:
            self._known.clear()
            missing = list(numbers)
        for some in slices(missing):
            query = select(profiles.c.number, profiles.c.json).where(profiles.c.number.in_(some))
            for r in self._connection.execute(query):
                self._known[r.number] = msgspec.json.decode(r.json, type=Profile)
        return {n: self._known[n] for n in numbers if n in self._known}


def add_profiles(connection: Connection, reading: Reading) -> None:
    """Store the profiles of a reading's events and statements."""
    rows = [
        {
            "document_id": p.document,
            "ref": p.ref,
            "json": msgspec.json.encode(p),
            "start": p.start,
            "denies": bool(p.denied_by),
        }
        for p in profiles_of(reading)
    ]
    if rows:
        connection.execute(insert(profiles), rows)


def place_profiles(connection: Connection, documents: Iterable[str]) -> list[int]:
    """Find the likes of all events of these documents, anew where they had some; the numbers of all profiles touched."""
    shelf = Shelf(connection)
    touched: dict[int, None] = {}
    for document in sorted(documents):
        mine = shelf.of_document(document)
        numbers = sorted(mine)
        touched |= dict.fromkeys(_forget_pairs(connection, numbers))
        parent = connection.scalar(select(origins.c.parent).where(origins.c.document_id == document))
        links: dict[tuple[int, int], dict[str, Any]] = {}
        blocks = []
        for number in numbers:
            profile = mine[number]
            if parent:
                others = shelf.of_document(parent)
            else:
                others = shelf.some(_candidates(connection, number, profile))
                blocks += [{"key": k, "profile": number} for k in sorted(stored_keys(profile))]
            links |= _links(number, profile, others)
        for child in connection.scalars(select(origins.c.document_id).where(origins.c.parent == document)).all():
            for number, profile in sorted(shelf.of_document(child).items()):
                links |= _links(number, profile, mine)
        if blocks:
            connection.execute(insert(event_blocks), blocks)
        if links:
            known = event_links.c.left == bindparam("l"), event_links.c.right == bindparam("r")
            connection.execute(event_links.delete().where(*known), [{"l": a, "r": b} for a, b in sorted(links)])
            connection.execute(insert(event_links), [links[pair] for pair in sorted(links)])
        touched |= dict.fromkeys([*numbers, *(n for pair in links for n in pair)])
    return list(touched)


def _forget_pairs(connection: Connection, numbers: list[int]) -> set[int]:
    """Take profiles out of blocks and pairs; those that they were paired with."""
    tied: set[int] = set()
    e = event_links.c
    for some in slices(numbers):
        for column, other in ((e.left, e.right), (e.right, e.left)):
            tied |= set(connection.scalars(select(other).where(column.in_(some))))
            connection.execute(event_links.delete().where(column.in_(some)))
        connection.execute(event_blocks.delete().where(event_blocks.c.profile.in_(some)))
    return tied


def _links(number: int, profile: Profile, others: dict[int, Profile]) -> dict[tuple[int, int], dict[str, Any]]:
    found = {}
    for other, there in sorted(others.items()):
        if there.document == profile.document:
            continue
        similarity = score(profile, there)
        if similarity.probability >= KEPT:
            left, right = sorted((number, other))
            reasons = json.dumps([[r.kind, r.weight] for r in similarity.reasons])
            found[(left, right)] = {"left": left, "right": right, "score": similarity.probability, "reasons": reasons}
    return found


def _candidates(connection: Connection, number: int, profile: Profile) -> list[int]:
    """Those that stand in the same blocks; in a very dense block those first that share most."""
    found: dict[int, int] = {}
    for some in slices(sorted(sought_keys(profile))):
        for other in connection.scalars(select(event_blocks.c.profile).where(event_blocks.c.key.in_(some))):
            found[other] = found.get(other, 0) + 1
    found.pop(number, None)
    return sorted(found, key=lambda n: (-found[n], n))[:_MOST_CANDIDATES]


def stored_keys(profile: Profile) -> set[int]:
    """Where a profile can be found: its days with its place, names and telling words, and a denial with whom it is about.

    Of two profiles each seeks a key of the other's, or neither does: what is compared must not depend on who came first.
    """
    keys = {f"{day}|{feature}" for day in _days(profile) for feature in _features(profile, (0,))}
    if profile.published:
        kind = "d" if profile.denied_by else "t"
        keys |= {f"{profile.published}|{kind}{side}" for side in _sides(profile)}
    return {key_hash(key) for key in keys}


def sought_keys(profile: Profile) -> set[int]:
    """Where its likes may be found: on near days in near cells, and a denial of it, or what it denies, in reports of that week."""
    days = {d for day in _days(profile) for d in _around(day, _NEAR)}
    keys = {f"{day}|{feature}" for day in days for feature in _features(profile, (-1, 0, 1))}
    if profile.published:
        kind = "t" if profile.denied_by else "d"
        for day in _around(profile.published, DENIED_WITHIN):
            keys |= {f"{day}|{kind}{side}" for side in _sides(profile)}
    return {key_hash(key) for key in keys}


def _days(profile: Profile) -> list[str]:
    """The days of its blocks."""
    found: dict[str, None] = {}
    for start, end in profile.days[:3] if profile.dated else ():
        first, length = date.fromisoformat(start), (date.fromisoformat(end) - date.fromisoformat(start)).days + 1
        if length <= _LONGEST:
            found |= dict.fromkeys((first + timedelta(days=k)).isoformat() for k in range(length))
    if not found and profile.days:
        found[profile.published or profile.days[0][0]] = None
    return list(found) or ["-"]


def _around(day: str, reach: int) -> list[str]:
    if day == "-":
        return [day]
    middle = date.fromisoformat(day).toordinal()
    days = range(max(date.min.toordinal(), middle - reach), min(date.max.toordinal(), middle + reach) + 1)
    return [date.fromordinal(n).isoformat() for n in days]


def _sides(profile: Profile) -> set[str]:
    """Countries and bodies by which a denial and what it denies find each other."""
    if profile.denied_by:
        return {s.lower() for s in (*profile.denied_by, *profile.sides)} - {"?"}
    return {s.lower() for s in profile.sides} | {f"~{w}" for w, r in profile.words[:8] if r >= 0.5}


def _features(profile: Profile, reach: tuple[int, ...]) -> list[str]:
    """What a profile is blocked by, within its day; reach: cells to either side of its own."""
    found: dict[str, None] = {}
    for place in profile.finest[:3]:
        if place.precision in {"exact", "city", "district"}:
            up, right = math.floor(place.lat / _CELL), math.floor(place.lon / _CELL)
            found |= dict.fromkeys(f"@{up + i},{right + k}" for i, k in product(reach, reach))
        elif place.precision == "province":
            found[f"@{place.name}"] = None
    for type_, name in (*profile.by[:3], *profile.on[:3]):
        if type_ in {"Person", "Organisation"}:
            found |= dict.fromkeys(f"n{key}" for key in sorted(block_keys(name, type_.lower()))[:2])
    found |= dict.fromkeys(f"p{place.name.casefold()}" for place in profile.places[:3] if place.precision != "country")
    found |= dict.fromkeys(f"w{word}" for word, _ in profile.words[:6])
    for k, one in enumerate(profile.sides[:4]):
        found |= dict.fromkeys(f"s{one}+{other}" for other in profile.sides[k + 1 : 4])
    return list(found)


def recluster(connection: Connection, seeds: Iterable[int]) -> set[str]:
    """Decide anew which profiles are one event, in the components of the seeds; the ids of events that changed or are gone."""
    seeds = set(seeds)
    if not seeds:
        return set()
    nodes, scores = _component(connection, sorted(seeds))
    rows = _rows(connection, nodes)
    refs = {n: f"{r.document_id}/{r.ref}" for n, r in rows.items()}
    same, different = judging.pairs(connection, "event", refs.values())
    judged = {r for pair in (*same, *different) for r in pair}
    if beyond := set(_numbers(connection, sorted(judged - set(refs.values()))).values()) - set(rows):
        return recluster(connection, seeds | beyond)
    led, same = _following(_leaders(rows, scores), refs, same, different)
    own = [n for n in rows if n not in led]
    keyed = {
        (refs[a], refs[b]): s
        for (a, b), s in scores.items()
        if a in rows and b in rows and a not in led and b not in led
    }
    keyed |= _within(own, rows, refs)
    by_ref = {ref: n for n, ref in refs.items()}
    events: dict[int, str] = {}
    for members in cluster([refs[n] for n in own], keyed, same, different, THRESHOLD):
        event = text_id("event", members[0])
        events |= {by_ref[m]: event for m in members}
    for n in led:
        events[n] = events[_lead(n, led)]
    changed = {events[n] for n in seeds if n in events}
    moved = [n for n, r in rows.items() if r.event != events[n]]
    changed |= {events[n] for n in moved} | {rows[n].event for n in moved if rows[n].event}
    if moved:
        gone = {rows[n].event for n in moved if rows[n].event} - set(events.values())
        first = {rows[n].event: rows[n] for n in sorted(moved, key=refs.__getitem__, reverse=True)}
        _remember(connection, {event: first[event] for event in gone})
        connection.execute(
            update(profiles).where(profiles.c.number == bindparam("n")).values(event=bindparam("e")),
            [{"n": n, "e": events[n]} for n in moved],
        )
    return changed


def _remember(connection: Connection, named: dict[str, Any]) -> None:
    """Events that are others' now: event → its first member, so that its address leads on."""
    known = {
        id_
        for some in slices(sorted(named))
        for id_ in connection.scalars(select(former_events.c.id).where(former_events.c.id.in_(some)))
    }
    if fresh := sorted(set(named) - known):
        connection.execute(
            former_events.insert(),
            [{"id": id_, "document_id": named[id_].document_id, "ref": named[id_].ref} for id_ in fresh],
        )


def _rows(connection: Connection, nodes: set[int]) -> dict[int, Any]:
    """number → (number, document_id, ref, event, start, denies, parent of the document)."""
    p, o = profiles.c, origins.c
    rows = {}
    for some in slices(sorted(nodes)):
        query = select(p.number, p.document_id, p.ref, p.event, p.start, p.denies, o.parent).outerjoin(
            origins, o.document_id == p.document_id
        )
        for r in connection.execute(query.where(p.number.in_(some))):
            rows[r.number] = r
    return rows


def _leaders(rows: dict[int, Any], scores: dict[tuple[int, int], float]) -> dict[int, int]:
    """Who follows whom: an event of a copy the likest of the document that it was made from, a denial the likest that it denies.

    Both go where that goes and have no say; what is denied is never itself a copy's, so that nobody leads in a circle. What
    a reader coded as several events of one sentence is one denial.
    """
    copies: dict[int, tuple[float, str, int]] = {}
    denials: dict[tuple[str, int], tuple[float, str, str, int]] = {}
    for (a, b), likely in scores.items():
        if likely < THRESHOLD or a not in rows or b not in rows:
            continue
        for follower, leader in ((a, b), (b, a)):
            ours, theirs = rows[follower], rows[leader]
            if ours.parent == theirs.document_id:
                copies[follower] = min(copies.get(follower, (0.0, "", 0)), (-likely, theirs.ref, leader))
            elif ours.denies and not theirs.denies and not ours.parent and not theirs.parent:
                best = (-likely, theirs.document_id, theirs.ref, leader)
                sentence = ours.document_id, ours.start
                denials[sentence] = min(denials.get(sentence, best), best)
    led = {n: denials[k][-1] for n, r in rows.items() if r.denies and (k := (r.document_id, r.start)) in denials}
    return led | {f: best[-1] for f, best in copies.items()}


def _following(
    led: dict[int, int], refs: dict[int, str], same: list[tuple[str, str]], different: list[tuple[str, str]]
) -> tuple[dict[int, int], list[tuple[str, str]]]:
    """Who still follows after what people decided, and the joined pairs as pairs of those that lead.

    Who joins a follower joins the event that it is in; whom somebody parted follows nobody, nor do those that were joined, where
    following would put together, by however many decisions, what was parted.
    """
    by_ref, parted = {ref: n for n, ref in refs.items()}, {r for pair in different for r in pair}
    led = {n: leader for n, leader in led.items() if refs[n] not in parted}
    while True:
        lead = {ref: _lead_of(ref, by_ref, refs, led) for pair in same for ref in pair}
        leading = [(lead[a], lead[b]) for a, b in same]
        joined = cluster({ref for pair in leading for ref in pair}, {}, leading)
        clashing = {ref for group in joined if any({*pair} <= {*group} for pair in different) for ref in group}
        loose = {by_ref[ref] for ref, leader in lead.items() if leader in clashing and by_ref.get(ref) in led}
        if not loose:
            return led, [(a, b) for a, b in leading if a != b]
        led = {n: leader for n, leader in led.items() if n not in loose}


def _lead_of(ref: str, by_ref: dict[str, int], refs: dict[int, str], led: dict[int, int]) -> str:
    return refs[_lead(by_ref[ref], led)] if ref in by_ref else ref


def _lead(follower: int, led: dict[int, int]) -> int:
    while follower in led:
        follower = led[follower]
    return follower


def _within(numbers: list[int], rows: dict[int, Any], refs: dict[int, str]) -> dict[tuple[str, str], float]:
    """Pairs of events of one document: the reader told them apart."""
    by_document: dict[str, list[int]] = {}
    for n in sorted(numbers):
        by_document.setdefault(rows[n].document_id, []).append(n)
    return {
        (refs[a], refs[b]): _SAME_DOCUMENT
        for some in by_document.values()
        for k, a in enumerate(some)
        for b in some[k + 1 :]
    }


def _component(connection: Connection, seeds: list[int]) -> tuple[set[int], dict[tuple[int, int], float]]:
    """Profiles tied to the seeds by pairs of at least the threshold, or that are now in one event with such."""
    nodes: set[int] = set()
    scores: dict[tuple[int, int], float] = {}
    edge = list(seeds)
    while edge:
        fresh = sorted(set(edge) - nodes)
        nodes.update(fresh)
        edge = []
        for some in slices(fresh):
            for column in (event_links.c.left, event_links.c.right):
                query = select(event_links.c.left, event_links.c.right, event_links.c.score).where(column.in_(some))
                for left, right, likely in connection.execute(query).all():
                    scores[(left, right)] = likely
                    if likely >= THRESHOLD:
                        edge += [n for n in (left, right) if n not in nodes]
            events = set(
                connection.scalars(
                    select(profiles.c.event).where(profiles.c.number.in_(some), profiles.c.event.is_not(None))
                )
            )
            for few in slices(sorted(events)):
                edge += [
                    n
                    for n in connection.scalars(select(profiles.c.number).where(profiles.c.event.in_(few)))
                    if n not in nodes
                ]
    return nodes, scores


def _numbers(connection: Connection, refs: list[str]) -> dict[str, int]:
    found = {}
    for ref in refs:
        document, _, local = ref.partition("/")
        number = connection.scalar(
            select(profiles.c.number).where(profiles.c.document_id == document, profiles.c.ref == local)
        )
        if number is not None:
            found[ref] = number
    return found


def remove_profiles(connection: Connection, document: str) -> tuple[list[int], set[str]]:
    """Take a document's events out; the profiles that were tied to them, and the events that they were in."""
    rows = connection.execute(
        select(profiles.c.number, profiles.c.event).where(profiles.c.document_id == document)
    ).all()
    numbers = [r.number for r in rows]
    events = {r.event for r in rows if r.event}
    tied = _forget_pairs(connection, numbers)
    for some in slices(sorted(events)):
        tied |= set(connection.scalars(select(profiles.c.number).where(profiles.c.event.in_(some))))
    connection.execute(profiles.delete().where(profiles.c.document_id == document))
    return sorted(tied - set(numbers)), events
