"""Events across documents: which coded events of different documents are one.

A profile is stored for each event and looked up in blocks of day × (place, name, telling word), as hashes. Pairs are
scored by `similarity`, and the connected part that a new profile touches is clustered anew, so that the order of arrival
does not matter and a new report costs its blocks only. A copy is compared with the document that it was made from, not
with every other report: a thousand reprints stay cheap.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from sayso.ledger import judging
from sayso.ledger.derived import event_blocks, event_links, origins, profiles
from sayso.ledger.slices import slices
from sayso.link.accounts import Profile
from sayso.link.accounts import profiles as profiles_of
from sayso.link.clustering import THRESHOLD, cluster
from sayso.link.hashing import key_hash, text_id
from sayso.link.similarity import FORCE, score, specific
from sayso.names import block_keys
from sayso.records import Reading

_KEPT = 0.25
"""pairs less likely than that are not stored"""
_LAG = 4
_MOST_KEYS = 18
_MOST_CANDIDATES = 400
_SAME_DOCUMENT = 0.3
"""what two events of one document count for in a cluster: the reader told them apart, and may have erred"""


def add_profiles(connection: Connection, reading: Reading) -> list[int]:
    """Store the profiles of a reading's events and statements; their numbers."""
    rows = [{"document_id": p.document, "ref": p.ref, "json": msgspec.json.encode(p)} for p in profiles_of(reading)]
    if rows:
        connection.execute(insert(profiles), rows)
    return list(
        connection.scalars(
            select(profiles.c.number).where(profiles.c.document_id == reading.document.id).order_by(profiles.c.number)
        )
    )


def place_profiles(connection: Connection, documents: Iterable[str]) -> list[int]:
    """Find the likes of all events of these documents, anew where they had some; the numbers of all profiles touched."""
    touched: list[int] = []
    for document in sorted(documents):
        mine = _load(connection, profiles.c.document_id == document)
        parent = connection.scalar(select(origins.c.parent).where(origins.c.document_id == document))
        numbers = sorted(mine)
        for some in slices(numbers):
            for column in (event_links.c.left, event_links.c.right):
                touched += [
                    n
                    for r in connection.execute(select(event_links.c.left, event_links.c.right).where(column.in_(some)))
                    for n in r
                ]
            connection.execute(event_links.delete().where(event_links.c.left.in_(some) | event_links.c.right.in_(some)))
            connection.execute(event_blocks.delete().where(event_blocks.c.profile.in_(some)))
        links: list[dict[str, Any]] = []
        blocks = []
        for number in numbers:
            profile = mine[number]
            if parent:
                others = _load(connection, profiles.c.document_id == parent)
            else:
                others = _candidates(connection, number, profile)
                blocks += [{"key": k, "profile": number} for k in sorted(stored_keys(profile))]
            links += _links(number, profile, others)
        children = connection.scalars(select(origins.c.document_id).where(origins.c.parent == document)).all()
        for child in children:
            for number, profile in sorted(_load(connection, profiles.c.document_id == child).items()):
                links += _links(number, profile, mine)
        if blocks:
            connection.execute(insert(event_blocks), blocks)
        unique = {(x["left"], x["right"]): x for x in links}
        for pairs in slices(sorted(unique)):
            rows = [unique[k] for k in pairs]
            connection.execute(
                event_links.delete().where(
                    (event_links.c.left == bindparam("l")) & (event_links.c.right == bindparam("r"))
                ),
                [{"l": r["left"], "r": r["right"]} for r in rows],
            )
            connection.execute(insert(event_links), rows)
        touched += numbers + [n for pair in unique for n in pair]
    return list(dict.fromkeys(touched))


def _links(number: int, profile: Profile, others: dict[int, Profile]) -> list[dict[str, Any]]:
    found = []
    for other, there in sorted(others.items()):
        if there.document == profile.document:
            continue
        similarity = score(profile, there)
        if similarity.probability >= _KEPT:
            left, right = sorted((number, other))
            reasons = [[r.kind, r.weight] for r in similarity.reasons]
            found.append(
                {"left": left, "right": right, "score": similarity.probability, "reasons": json.dumps(reasons)}
            )
    return found


def _load(connection: Connection, condition: object) -> dict[int, Profile]:
    rows = connection.execute(select(profiles.c.number, profiles.c.json).where(condition))  # type: ignore[arg-type]
    return {r.number: msgspec.json.decode(r.json, type=Profile) for r in rows}


def _candidates(connection: Connection, number: int, profile: Profile) -> dict[int, Profile]:
    found: dict[int, int] = {}
    for some in slices(sorted(sought_keys(profile))):
        for other in connection.scalars(select(event_blocks.c.profile).where(event_blocks.c.key.in_(some))):
            found[other] = found.get(other, 0) + 1
    found.pop(number, None)
    likely = sorted(found, key=lambda n: (-found[n], n))[:_MOST_CANDIDATES]
    result: dict[int, Profile] = {}
    for some in slices(likely):
        result |= _load(connection, profiles.c.number.in_(some))
    return result


def stored_keys(profile: Profile) -> set[int]:
    """Where a profile can be found: its days (or that of the report) with its place, names and telling words."""
    return {key_hash(f"{day}|{feature}") for day in _own_days(profile) for feature in _features(profile)}


def sought_keys(profile: Profile) -> set[int]:
    """Where its likes may be found: a day before and after, and on the days when undated reports of it would appear."""
    return {key_hash(f"{day}|{feature}") for day in _near_days(profile) for feature in _features(profile, wide=True)}


def _own_days(profile: Profile) -> list[str]:
    if not profile.days:
        return ["-"]
    if not profile.dated:
        return [profile.days[0][1]]
    return [d for start, end in profile.days[:3] for d in _range(start, end)] or ["-"]


def _near_days(profile: Profile) -> list[str]:
    if not profile.days:
        return ["-"]
    wanted: set[str] = set()
    for start, end in profile.days[:3]:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
        after = _LAG if profile.dated else _LAG + 1
        if (last - first).days > 31:
            continue
        wanted.update(_range((first - timedelta(days=1)).isoformat(), (last + timedelta(days=after)).isoformat(), 40))
    return sorted(wanted) or ["-"]


def _range(start: str, end: str, most: int = 8) -> list[str]:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return [(first + timedelta(days=k)).isoformat() for k in range(min(most, (last - first).days + 1))]


def _features(profile: Profile, wide: bool = False) -> list[str]:
    """What a profile is blocked by, within its group of families and day."""
    group = "force" if profile.family in FORCE or not profile.family else profile.family
    found: dict[str, None] = {}
    for place in specific(profile.places)[:3]:
        if place.precision in {"exact", "city", "district"}:
            reach = (-0.3, 0.0, 0.3) if wide else (0.0,)
            for up in reach:
                for right in reach:
                    found[f"@{math.floor(place.lat + up)},{math.floor(place.lon + right)}"] = None
        elif place.precision == "province":
            found[f"@{place.name}"] = None
    for type_, name in (*profile.by[:3], *profile.on[:3]):
        if type_ in {"Person", "Organisation"}:
            for key in sorted(block_keys(name, type_.lower()))[:2]:
                found[f"n{key}"] = None
    for place in profile.places[:3]:
        if place.precision != "country":
            found[f"p{place.name.casefold()}"] = None
    for word, _ in profile.words[:6]:
        found[f"w{word}"] = None
    for k, one in enumerate(profile.sides[:4]):
        for other in profile.sides[k + 1 : 4]:
            found[f"s{one}+{other}"] = None
    return [f"{group}|{f}" for f in list(found)[: None if wide else _MOST_KEYS]]


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
    led = {n: leader for n, leader in _leaders(rows, scores).items() if refs[n] not in judged}
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
        connection.execute(
            update(profiles).where(profiles.c.number == bindparam("n")).values(event=bindparam("e")),
            [{"n": n, "e": events[n]} for n in moved],
        )
    return changed


def _rows(connection: Connection, nodes: set[int]) -> dict[int, Any]:
    """number → (number, document_id, ref, event, parent of the document)."""
    p, o = profiles.c, origins.c
    rows = {}
    for some in slices(sorted(nodes)):
        query = select(p.number, p.document_id, p.ref, p.event, o.parent).outerjoin(
            origins, o.document_id == p.document_id
        )
        for r in connection.execute(query.where(p.number.in_(some))):
            rows[r.number] = r
    return rows


def _leaders(rows: dict[int, Any], scores: dict[tuple[int, int], float]) -> dict[int, int]:
    """An event of a copy → the likest event of the document that it was made from: it goes where that goes, and has no say."""
    best: dict[int, tuple[float, str, int]] = {}
    for (a, b), likely in scores.items():
        for follower, leader in ((a, b), (b, a)):
            if (
                follower in rows
                and leader in rows
                and likely >= THRESHOLD
                and rows[follower].parent == rows[leader].document_id
            ):
                best[follower] = min(best.get(follower, (1.0, "", 0)), (-likely, rows[leader].ref, leader))
    return {follower: leader for follower, (_, _, leader) in best.items()}


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
                for row in connection.execute(
                    select(event_links.c.left, event_links.c.right, event_links.c.score).where(column.in_(some))
                ):
                    scores[(row.left, row.right)] = row.score
                    if row.score >= THRESHOLD:
                        edge += [n for n in (row.left, row.right) if n not in nodes]
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
    tied: set[int] = set()
    for some in slices(numbers):
        for r in connection.execute(
            select(event_links.c.left, event_links.c.right).where(
                event_links.c.left.in_(some) | event_links.c.right.in_(some)
            )
        ):
            tied |= {r.left, r.right}
        connection.execute(event_links.delete().where(event_links.c.left.in_(some) | event_links.c.right.in_(some)))
        connection.execute(event_blocks.delete().where(event_blocks.c.profile.in_(some)))
    for some in slices(sorted(events)):
        tied |= set(connection.scalars(select(profiles.c.number).where(profiles.c.event.in_(some))))
    connection.execute(profiles.delete().where(profiles.c.document_id == document))
    return sorted(tied - set(numbers)), events
