"""The loop: ask the sources that are due, link what came, ask the rules, send what waits, sleep until something is due.

Every step is remembered after it is done, and doing it again changes nothing: a watch that is killed goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from sayso.errors import IngestError, WatchError
from sayso.ingest.fetch import is_public
from sayso.ledger import SqlLedger, open_ledger, schema
from sayso.ledger.slices import slices
from sayso.pipeline import Tally, add_documents, link_and_weigh
from sayso.read import Reader, load_reader
from sayso.records import Document, Failure
from sayso.records.terms import plain
from sayso.settings import MEGABYTE, Limits, Settings
from sayso.watch import rules
from sayso.watch.backoff import LONGEST, delay
from sayso.watch.outbox import deliver
from sayso.watch.plan import AnySource, Folder, Plan, Rule, seconds
from sayso.watch.senders import Post
from sayso.watch.sources import Arrival, Desk, SourceTrouble, arrivals
from sayso.watch.state import State
from sayso.watch.state import rules as known_rules
from sayso.watch.wording import alert, documents_of

_AT_ONCE = 16
"""arrivals that are read, stored and remembered together"""
_FIRST_FAULT = 60.0
_LINE = 240
"""characters of an alert in the log"""


class _Stopped(Exception):
    """The watch is told to stop in the middle of linking; the next one goes on."""


@dataclass(frozen=True, slots=True)
class World:
    """What the watch has of the world. clock: seconds since 1970. sleep: waits so many seconds, or less when `stopping` turns true.
    allow: which IP addresses may be asked (tests let loopback through). log: takes a line."""

    clock: Callable[[], float]
    sleep: Callable[[float], object]
    stopping: Callable[[], bool]
    log: Callable[[str], None]
    allow: Callable[[str], bool] = is_public
    chance: Random = field(default_factory=Random)


class Watcher:
    """A plan being watched over a ledger. Only one at a time: `state.alone()`."""

    def __init__(self, plan: Plan, ledger: str, state: State, world: World, limits: Limits | None = None) -> None:
        self._plan = plan
        self._path = ledger
        self._state = state
        self._world = world
        self._settings = Settings(limits=limits or Limits(file_bytes=plan.max_size * MEGABYTE))
        self._reader: Reader | None = None
        self._desk = Desk(plan, state, self._settings, world.clock, world.sleep, world.stopping, world.allow)
        self._post = Post(plan, world.clock, world.allow, self._settings.limits, self._newest, world.stopping)
        with open_ledger(ledger) as opened, opened.engine.connect() as connection:
            self._begin(connection)

    def run(self) -> None:
        """Watch until told to stop."""
        while not self._world.stopping():
            self.look()
            pause = self.next_due() - self._world.clock()
            if pause > 0 and not self._world.stopping():
                self._world.sleep(pause)

    def look(self) -> None:
        """Everything that is due by now, once."""
        with open_ledger(self._path) as ledger:
            for source in self._plan.sources:
                if self._world.stopping():
                    break
                known = self._state.source(source.name)
                if known["due"] <= self._world.clock():
                    self._ask(source, known, ledger)
            if not self._world.stopping():
                self._across(ledger)
        deliver(self._state, self._post, self._world.chance, self._world.log)

    def next_due(self) -> float:
        """When there is something to do next."""
        due: list[float] = [self._state.source(s.name)["due"] for s in self._plan.sources]
        sending = self._state.next_delivery(c.name for c in self._plan.channels)
        return min([*due, *([] if sending is None else [sending])])

    # -- sources ------------------------------------------------------------------------------------------------

    def _ask(self, source: AnySource, known: dict[str, Any], ledger: SqlLedger) -> None:
        where = _place(source)
        memory = known["memory"] if known["memory"].get("of") == where else {}  # another address under the same name
        self._desk.memory = {k: v for k, v in memory.items() if k != "of"}
        known["memory"] = memory | {"of": where}
        tally, found, trouble = Tally(), self._guarded(source), None
        waits = False
        while some := list(islice(found, _AT_ONCE)):
            arrived = [a for a in some if isinstance(a, Arrival)]
            waits = waits or not all(a.done for a in arrived)
            self._store(source, known, arrived, ledger, tally)
            trouble = next((a for a in some if isinstance(a, Exception)), None)
        self._settle(source, known, tally, trouble, waits)

    def _guarded(self, source: AnySource) -> Iterator[Arrival | Exception]:
        """Trouble at the source comes last, so that what arrived before it is kept."""
        try:
            yield from self._desk.until_stopped(arrivals(source, self._desk))
        except (SourceTrouble, WatchError, IngestError, OSError) as error:
            yield error

    def _store(
        self, source: AnySource, known: dict[str, Any], arrived: list[Arrival], ledger: SqlLedger, tally: Tally
    ) -> None:
        documents = [d for a in arrived for d in a.documents]
        if documents:
            self._reader = self._reader or load_reader(self._plan.reader, self._settings)
            done = add_documents(_unknown(documents, ledger), ledger, self._reader)
            for name in ("documents", "copies", "known", "failures", "claims"):
                setattr(tally, name, getattr(tally, name) + getattr(done, name))
            for failure in done.failed:
                self._world.log(f"{source.name}: {plain(str(failure))}")
            known["reports"] += done.documents
        with self._state.writing() as connection:
            for arrival in arrived:
                if arrival.key:
                    self._state.see(
                        connection,
                        source.name,
                        arrival.key,
                        arrival.mark,
                        self._world.clock(),
                        arrival.done,
                        arrival.tries,
                    )
                if arrival.memory is not None:
                    known["memory"] = {**arrival.memory, "of": known["memory"]["of"]}
            self._state.keep_source(connection, known)

    def _settle(
        self, source: AnySource, known: dict[str, Any], tally: Tally, trouble: Exception | None, waits: bool
    ) -> None:
        """When to look again. waits: a file has yet to stay as it is for a while."""
        now, every = self._world.clock(), seconds(source.every)
        if self._world.stopping() and trouble is None:
            known["due"] = now  # it may not have been looked at to its end
        elif trouble is None:
            known |= {"failures": 0, "fault": None, "looked": now}
            wait = min(every, max(1.0, seconds(source.settle))) if waits and isinstance(source, Folder) else every
            known["due"] = now + wait * self._world.chance.uniform(0.95, 1.05)
        else:
            known |= {"failures": known["failures"] + 1, "fault": plain(str(trouble))[:500]}
            first = max(_FIRST_FAULT, min(every, LONGEST))
            wait = delay(first, known["failures"], self._world.chance, getattr(trouble, "after", None))
            known["due"] = now + wait
            self._world.log(f"{source.name}: {known['fault']}; looked at again in {wait:.0f} s")
        with self._state.writing() as connection:
            self._state.keep_source(connection, known)
        if tally.documents or tally.copies:
            self._world.log(
                f"{source.name}: {tally.documents} new, {tally.copies} further copies, {tally.claims} claims"
            )

    # -- rules --------------------------------------------------------------------------------------------------

    def _begin(self, connection: Connection) -> None:
        """What stands in the ledger when the watch, or a rule, begins is no news."""
        number, document = rules.newest(connection)
        known = self._state.rules()
        fresh = [r for r in self._plan.rules if r.name not in known]
        standing = {r.name: list(rules.standing(connection, r)) for r in fresh}
        with self._state.writing() as writing:
            if not self._state.checkpoints():
                self._state.checkpoint(writing, number, document)
            for rule in fresh:
                writing.execute(known_rules.insert().values(name=rule.name, since=number))
                self._state.tell(writing, rule.name, standing[rule.name])

    def _across(self, ledger: SqlLedger) -> None:
        """Link what is not linked yet, and ask the rules about what that changed."""
        try:
            links, _ = link_and_weigh(ledger, self._go_on)
        except _Stopped:
            return
        if links:
            self._world.log(f"{links:,} links between claims made anew")
        with ledger.engine.connect() as connection, connection.begin():
            found = rules.window(connection, self._state.checkpoints())
            if found is None:
                return
            since = self._state.rules()
            alerts = [(r, *self._news(connection, r, found, since[r.name])) for r in self._plan.rules]
        with self._state.writing() as writing:
            for rule, told, keys in alerts:
                self._state.tell(writing, rule.name, keys)
                names = [c.name for c in self._plan.channels_of(rule)]
                for one in told:
                    text = json.dumps(one, ensure_ascii=False)
                    self._state.queue(writing, one["id"], rule.name, self._world.clock(), text, names)
            self._state.checkpoint(writing, found.top, found.top_id)
        for rule, told, _ in alerts:
            for one in told:
                self._world.log(f"alert “{rule.name}”: {_shorten(one['summary'])}")

    def _news(
        self, connection: Connection, rule: Rule, found: rules.Window, since: int
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """The alerts of a rule, and all keys that are told of with them."""
        fresh = list(rules.news(connection, rule, found, since, lambda keys: self._state.told(rule.name, keys)))
        told = [n for n in fresh if n.tells]
        outlets = _outlets(connection, {d for n in told for d in documents_of(n)})
        made = self._world.clock()
        return [alert(rule, n, self._plan, made, outlets) for n in told], [k for n in fresh for k in n.keys]

    def _go_on(self, _done: int, _total: int) -> None:
        if self._world.stopping():
            raise _Stopped

    def _newest(self, channel: str, most: int) -> list[dict[str, Any]]:
        return [json.loads(r["json"]) for r in self._state.newest(channel, most)]


def _unknown(documents: list[Document | Failure], ledger: SqlLedger) -> Iterator[Document | Failure]:
    """Without those whose address and text the ledger has: a page that differs only in what surrounds its text is no new report."""
    d = schema.documents.c
    for document in documents:
        if isinstance(document, Document) and document.url:
            same = select(d.id).where(d.url == document.url, d.text == document.text)
            with ledger.engine.connect() as connection:
                there = set(connection.scalars(same))
            if there and document.id not in there:
                continue
        yield document


def _shorten(words: str) -> str:
    return words if len(words) <= _LINE else words[: _LINE - 1] + "…"


def _outlets(connection: Connection, documents: set[str]) -> dict[str, tuple[str | None, str | None]]:
    d = schema.documents.c
    found: dict[str, tuple[str | None, str | None]] = {}
    for some in slices(sorted(documents)):
        rows = connection.execute(select(d.id, d.outlet, d.published).where(d.id.in_(some)))
        found |= {r.id: (r.outlet, r.published) for r in rows}
    return found


def _place(source: AnySource) -> str:
    """What is asked: what is remembered of it is worth nothing for another."""
    parts = (getattr(source, name, None) for name in ("url", "path", "host", "user", "folder"))
    return " ".join(str(p) for p in parts if p)


@contextmanager
def watching(plan: Plan, ledger: str, state: State, world: World, limits: Limits | None = None) -> Iterator[Watcher]:
    """A watcher, while no other is at work beside this ledger."""
    with state.alone():
        yield Watcher(plan, ledger, state, world, limits)
