"""A simulated analyst for `benchmarks.load`: what is asked of the workbench, drawn from a ledger, and one person's walk through it."""

from __future__ import annotations

import asyncio
import html
import random
import re
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx

THINK = (1.0, 3.0)
"""seconds between two pages of one person"""
DECISION = "decision"
_NEXT = re.compile(r'<a[^>]*? href="((?!/)[^"]*after=[^"]*)"')
_ITEM = re.compile(r'href="/review/(-?\d+)')


@dataclass(slots=True)
class Times:
    """kind of page → milliseconds until the last byte of each answer; what failed."""

    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """p50, p95, p99 and max of each kind and of all of them, decisions apart: these are no pages."""
        found = dict(sorted(self.milliseconds.items()))
        every = {"all": [t for kind, times in found.items() if kind != DECISION for t in times], **found}
        return {
            f"{name}_ms.{kind}": value
            for kind, times in every.items()
            for name, value in (
                *((f"p{p}", percentile(times, p)) for p in (50, 95, 99)),
                ("max", percentile(times, 100)),
            )
        } | {f"answers.{kind}": len(times) for kind, times in every.items()}


def percentile(times: list[float], share: int) -> float:
    return round(sorted(times)[min(len(times) - 1, int(share / 100 * len(times)))], 1) if times else 0.0


@dataclass(frozen=True, slots=True)
class Sample:
    """What there is to ask for in a ledger. large: the events of most documents; known: the names of most documents."""

    events: list[str]
    large: list[str]
    documents: list[str]
    names: list[str]
    known: list[str]
    words: list[str]
    facets: dict[str, list[str]]


def sample(ledger: Path, chance: random.Random) -> Sample:
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as db:

        def column(query: str) -> list[str]:
            return [r[0] for r in db.execute(query)]

        events = column("SELECT id FROM linked_events WHERE type <> 'statement' ORDER BY documents DESC, id")
        documents = chance.sample(ids := column("SELECT id FROM documents ORDER BY id"), min(3000, len(ids)))
        some = ", ".join(f"'{d}'" for d in documents[:300])
        texts = column(f"SELECT text FROM documents WHERE id IN ({some}) ORDER BY id")
        names = column("SELECT DISTINCT identity FROM names ORDER BY identity")
        facets = {
            "stance": column(f"SELECT stance FROM claims WHERE document_id IN ({some})"),
            "speaker": column(f"SELECT speaker_name FROM claims WHERE document_id IN ({some}) AND speaker_name > ''"),
            "event_type": column(f"SELECT event_type FROM claims WHERE document_id IN ({some}) AND event_type > ''"),
            "outlet": column("SELECT DISTINCT outlet FROM documents WHERE outlet > ''"),
            "place": column("SELECT DISTINCT place FROM linked_events WHERE place > ''"),
            "status": column("SELECT DISTINCT status FROM linked_events WHERE status > ''"),
        }
        return Sample(
            events=chance.sample(events, min(3000, len(events))),
            large=events[: max(20, len(events) // 500)],
            documents=documents,
            names=chance.sample(names, min(1000, len(names))),
            known=column("SELECT name_id FROM entity_names GROUP BY name_id ORDER BY count(*) DESC, name_id LIMIT 40"),
            words=sorted({w.lower() for t in texts for w in re.findall(r"[A-Za-z]{5,}", t)}),
            facets=facets,
        )


@dataclass(slots=True)
class Person:
    """Walks from page to page until `until` (monotonic seconds), thinking in between."""

    client: httpx.AsyncClient
    sample: Sample
    chance: random.Random
    times: Times
    until: float
    next: dict[str, str] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)

    async def walk(self) -> None:
        await asyncio.sleep(self.chance.uniform(0, THINK[1]))
        await self.ask("start", "/")
        while time.monotonic() < self.until:
            await asyncio.sleep(self.chance.uniform(*THINK))
            step = self.chance.choices([s for s, _ in _STEPS], [w for _, w in _STEPS])[0]
            for kind, address in step(self):
                await self.ask(kind, address)

    async def ask(self, kind: str, address: str) -> None:
        begun = time.perf_counter()
        try:
            answer = await self.client.get(address)
            told = f"{answer.status_code} {answer.text[:200]}" if answer.status_code >= 400 else None
        except httpx.HTTPError as error:
            answer, told = None, repr(error)
        self.times.milliseconds[kind].append(1000 * (time.perf_counter() - begun))
        if told or answer is None:
            self.times.errors.append(f"{kind} {address}: {told}")
            return
        self.next.pop(kind, None)
        if found := _NEXT.search(answer.text):
            self.next[kind.removesuffix(" next")] = str(answer.url.join(html.unescape(found[1])).raw_path, "ascii")
        if kind == "review":
            self.items = _ITEM.findall(answer.text)

    def one(self, of: list[str]) -> str:
        return self.chance.choice(of)


Asked = Iterator[tuple[str, str]]


def _start(p: Person) -> Asked:
    yield "start", "/"


def _claims(p: Person) -> Asked:
    """One to three conditions at random; now and then free words."""
    chosen = p.chance.sample(sorted(p.sample.facets), p.chance.choice((0, 1, 1, 2, 2, 3)))
    asked = {name: p.one(p.sample.facets[name]) for name in chosen if p.sample.facets[name]}
    if p.chance.random() < 0.2:
        asked["about"] = p.one(p.sample.words)
    if p.chance.random() < 0.1:
        asked["who"] = p.one(p.sample.facets["speaker"]).split()[-1]
    yield "claims", f"/claims?{urlencode(asked)}"


def _events(p: Person) -> Asked:
    asked: dict[str, str] = p.chance.choice(
        (
            {},
            {"disputed": "true"},
            {"disputed": "true", "near": p.one(p.sample.facets["place"])},
            {"near": p.one(p.sample.facets["place"])},
            {"shared": "true"},
            {"type": p.one(p.sample.facets["event_type"])},
            {"status": p.one(p.sample.facets["status"]), "place": p.one(p.sample.facets["place"])},
        )
    )
    yield "events", f"/events?{urlencode(asked)}"


def _more(p: Person) -> Asked:
    """The next page of a list that is open; a list where none is."""
    if not p.next:
        yield from _claims(p)
        return
    kind = p.one(sorted(p.next))
    yield f"{kind} next", p.next.pop(kind)


def _event(p: Person) -> Asked:
    id_ = p.one(p.sample.events)
    yield "event", f"/events/{id_}"
    yield "api casualties", f"/api/events/{id_}/casualties"


def _large_event(p: Person) -> Asked:
    id_ = p.one(p.sample.large)
    yield "event, large", f"/events/{id_}"
    yield "api casualties", f"/api/events/{id_}/casualties"


def _document(p: Person) -> Asked:
    yield "document", f"/documents/{p.one(p.sample.documents)}"


def _documents(p: Person) -> Asked:
    yield (
        "documents",
        p.chance.choice(("/documents", f"/documents?{urlencode({'outlet': p.one(p.sample.facets['outlet'])})}")),
    )


def _map(p: Person) -> Asked:
    query = p.chance.choice(("", urlencode({"near": p.one(p.sample.facets["place"])}), "disputed=true"))
    yield "map", f"/map?{query}".rstrip("?")
    yield "api map", f"/api/map?{query}&limit=1000".replace("?&", "?")


def _network(p: Person) -> Asked:
    query = p.chance.choice(("", urlencode({"of": p.one(p.sample.known)})))
    yield "network", f"/network?{query}".rstrip("?")
    yield "api network 200", f"/api/network?{query}".rstrip("?")


def _large_network(p: Person) -> Asked:
    yield "network 2000", "/network?nodes=2000"
    yield "api network 2000", "/api/network?nodes=2000"


def _dossier(p: Person) -> Asked:
    yield "dossier", f"/names/{p.one(p.chance.choice((p.sample.names, p.sample.known)))}"


def _names(p: Person) -> Asked:
    yield (
        "names",
        p.chance.choice(("/names", f"/names?{urlencode({'q': p.one(p.sample.facets['speaker']).split()[-1]})}")),
    )


def _outlets(p: Person) -> Asked:
    yield "outlets", "/outlets"


def _outlet(p: Person) -> Asked:
    yield "outlet", f"/outlets/{quote(p.one(p.sample.facets['outlet']))}"


def _review(p: Person) -> Asked:
    kind = p.chance.choice(("", "claim", "event", "name"))
    yield "review", f"/review?kind={kind}"


def _item(p: Person) -> Asked:
    if p.items:
        yield "review item", f"/review/{p.one(p.items)}"
    else:
        yield from _review(p)


def _search(p: Person) -> Asked:
    words = " ".join(p.chance.sample(p.sample.words, p.chance.choice((1, 1, 2))))
    yield "search", f"/search?{urlencode({'q': p.chance.choice((words, p.one(p.sample.facets['speaker'])))})}"


_STEPS: tuple[tuple[Callable[[Person], Asked], float], ...] = (
    (_start, 5), (_claims, 16), (_events, 9), (_more, 8), (_event, 14), (_large_event, 5), (_document, 12), (_documents, 3), (_map, 4),
    (_network, 3), (_large_network, 1), (_dossier, 6), (_names, 2), (_outlets, 1), (_outlet, 3), (_review, 2), (_item, 4), (_search, 6),
)  # fmt: skip
"""and how often each is taken"""
