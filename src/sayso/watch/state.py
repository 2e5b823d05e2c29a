"""What the watch remembers, in an SQLite file beside the ledger: what was seen, what was told, what waits to be sent.

A file of its own, so that ledgers can be handed on without anybody's addresses. Every change is one transaction: a watch that is
killed goes on from the last one. Moments are seconds since 1970, from the clock of the watch.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    and_,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import RowMapping

from sayso.errors import WatchError
from sayso.ledger.address import on_server
from sayso.ledger.beside import Kind, SideFile
from sayso.ledger.slices import slices

_CHECKPOINTS = 50

metadata = MetaData()

sources = Table(
    "sources",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due", Float, nullable=False),
    Column("failures", Integer, nullable=False),  # in a row
    Column("fault", Text),
    Column("looked", Float),  # the last look that went well
    Column("reports", Integer, nullable=False),  # new ones since it is watched
    Column("memory", Text, nullable=False),  # JSON: ETag, UIDs …
)
seen = Table(
    "seen",
    metadata,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # an entry's id, a file's name …
    Column("mark", Text, nullable=False),  # which version of it
    Column("at", Float, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("done", Integer, nullable=False),
)
hosts = Table("hosts", metadata, Column("host", Text, primary_key=True), Column("until", Float, nullable=False))
"""hosts that asked to be left alone, until when"""
checkpoints = Table("checkpoints", metadata, Column("number", Integer, primary_key=True), Column("document", Text))
"""documents of the ledger up to which rules were asked; several, since documents can be removed"""
rules = Table("rules", metadata, Column("name", Text, primary_key=True), Column("since", Integer, nullable=False))
"""the number of the newest document when a rule was first seen: what stood there before is no news"""
told = Table("told", metadata, Column("rule", Text, primary_key=True), Column("key", Text, primary_key=True))
alerts = Table(
    "alerts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("made", Float, nullable=False),
    Column("json", Text, nullable=False),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("alert", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("state", Text, nullable=False, index=True),  # queued, sent, given up
    Column("tries", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("fault", Text),
    Column("sent", Float),
)


def state_path(ledger: str, sources: Path) -> Path:
    """`sayso.db` → `sayso.watch.db`, in the same folder; for a ledger on a server, beside the file that says what to watch."""
    path = sources if on_server(ledger) else Path(ledger)
    return path.with_name(f"{path.stem}.watch.db")


class State(SideFile):
    """The file at `path`, as `SideFile` keeps it. Raises WatchError."""

    kind = Kind(
        application_id=0x53415957,  # "SAYW"
        version=1,
        tables=metadata,
        error=WatchError,
        what="what Sayso remembers of a watch",
        remedy="if it is damaged, move it away: the watch begins anew, no report is stored twice, and what is in the ledger by then is no news",
    )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Held while watching: two watches over one ledger would tell everything twice. Raises WatchError when there is another."""
        self.check_folder()
        with self.path.with_name(self.path.name + ".lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise WatchError(f"another `sayso watch` is at work beside {self.path}; stop it first") from error
            yield

    # -- sources --------------------------------------------------------------------------------------------------

    def source(self, name: str) -> dict[str, Any]:
        """What is known of a source; `memory` as it was last remembered. One that is new is due at once."""
        found = self.rows(select(sources).where(sources.c.name == name))
        if not found:
            return {"name": name, "due": 0.0, "failures": 0, "fault": None, "looked": None, "reports": 0, "memory": {}}
        return {**found[0], "memory": json.loads(found[0]["memory"])}

    def keep_source(self, connection: Connection, known: dict[str, Any]) -> None:
        row = {**known, "memory": json.dumps(known["memory"])}
        connection.execute(insert(sources).values(row).on_conflict_do_update(index_elements=["name"], set_=row))

    def marks(self, source: str, keys: Iterable[str]) -> dict[str, RowMapping]:
        """What was seen of these things."""
        found: dict[str, RowMapping] = {}
        for some in slices(sorted(set(keys))):
            rows = self.rows(select(seen).where(seen.c.source == source, seen.c.key.in_(some)))
            found |= {r["key"]: r for r in rows}
        return found

    def see(
        self, connection: Connection, source: str, key: str, mark: str, at: float, done: bool, tries: int = 0
    ) -> None:
        row = {"source": source, "key": key, "mark": mark, "at": at, "tries": tries, "done": int(done)}
        connection.execute(insert(seen).values(row).on_conflict_do_update(index_elements=["source", "key"], set_=row))

    def blocked(self, host: str) -> float:
        """Until when the host asked to be left alone; 0 when it did not."""
        found = self.rows(select(hosts.c.until).where(hosts.c.host == host))
        return float(found[0]["until"]) if found else 0.0

    def block(self, host: str, until: float) -> None:
        with self.writing() as connection:
            row = {"host": host, "until": until}
            connection.execute(insert(hosts).values(row).on_conflict_do_update(index_elements=["host"], set_=row))

    # -- what rules were asked --------------------------------------------------------------------------------------

    def checkpoints(self) -> list[tuple[int, str | None]]:
        """(document's number, its id), the newest first."""
        rows = self.rows(select(checkpoints).order_by(checkpoints.c.number.desc()))
        return [(r["number"], r["document"]) for r in rows]

    def checkpoint(self, connection: Connection, number: int, document: str | None) -> None:
        """The first one stays: what stood in the ledger before is never news."""
        connection.execute(delete(checkpoints).where(checkpoints.c.number > number))
        connection.execute(insert(checkpoints).values(number=number, document=document).on_conflict_do_nothing())
        kept = select(checkpoints.c.number).order_by(checkpoints.c.number.desc()).limit(_CHECKPOINTS)
        first = select(func.min(checkpoints.c.number)).scalar_subquery()
        connection.execute(delete(checkpoints).where(checkpoints.c.number.not_in(kept), checkpoints.c.number != first))

    def rules(self) -> dict[str, int]:
        return {r["name"]: r["since"] for r in self.rows(select(rules))}

    def told(self, rule: str, keys: Iterable[str]) -> set[str]:
        """Those of the keys that this rule has told of."""
        found: set[str] = set()
        for some in slices(sorted(set(keys))):
            found |= {r["key"] for r in self.rows(select(told.c.key).where(told.c.rule == rule, told.c.key.in_(some)))}
        return found

    def tell(self, connection: Connection, rule: str, keys: Iterable[str]) -> None:
        if rows := [{"rule": rule, "key": key} for key in sorted(set(keys))]:
            connection.execute(insert(told).on_conflict_do_nothing(), rows)

    def queue(
        self, connection: Connection, id_: str, rule: str, made: float, told_as: str, channels: Iterable[str]
    ) -> None:
        connection.execute(insert(alerts).values(id=id_, rule=rule, made=made, json=told_as).on_conflict_do_nothing())
        rows = [{"alert": id_, "channel": c, "state": "queued", "tries": 0, "due": made} for c in channels]
        if rows:
            connection.execute(insert(deliveries).on_conflict_do_nothing(), rows)

    # -- the outbox -------------------------------------------------------------------------------------------------

    def waiting(self, channel: str, now: float, most: int) -> Sequence[RowMapping]:
        """Alerts that are to be sent to a channel by now: those that failed least first, then the oldest."""
        due = self._with_alerts(channel).where(deliveries.c.state == "queued", deliveries.c.due <= now)
        return self.rows(due.order_by(deliveries.c.tries, alerts.c.number).limit(most))

    def newest(self, channel: str, most: int) -> Sequence[RowMapping]:
        """The newest alerts for a channel, sent or not, the newest first."""
        return self.rows(self._with_alerts(channel).order_by(alerts.c.number.desc()).limit(most))

    @staticmethod
    def _with_alerts(channel: str) -> Any:
        return (
            select(alerts, deliveries.c.state, deliveries.c.tries, deliveries.c.due)
            .join(deliveries, deliveries.c.alert == alerts.c.id)
            .where(deliveries.c.channel == channel)
        )

    def delivered(self, channel: str, id_: str, now: float) -> None:
        self._change(channel, deliveries.c.alert == id_, state="sent", sent=now, fault=None)

    def hold(self, channel: str, until: float) -> None:
        """Nothing goes to the channel before that."""
        self._change(channel, and_(deliveries.c.state == "queued", deliveries.c.due < until), due=until)

    def postpone(self, channel: str, id_: str, tries: int, due: float, fault: str) -> None:
        self._change(channel, deliveries.c.alert == id_, tries=tries, due=due, fault=fault)

    def give_up(self, channel: str, id_: str, tries: int, fault: str) -> None:
        self._change(channel, deliveries.c.alert == id_, state="given up", tries=tries, fault=fault)

    def again(self, now: float) -> int:
        """Queue what was given up once more; how many."""
        with self.writing() as connection:
            values = {"state": "queued", "tries": 0, "due": now}
            return connection.execute(
                update(deliveries).where(deliveries.c.state == "given up").values(values)
            ).rowcount

    def _change(self, channel: str, which: Any, **values: Any) -> None:
        with self.writing() as connection:
            connection.execute(update(deliveries).where(deliveries.c.channel == channel, which).values(**values))

    def next_delivery(self, channels: Iterable[str]) -> float | None:
        due = func.min(deliveries.c.due).label("due")
        where = deliveries.c.state == "queued", deliveries.c.channel.in_(list(channels))
        found = self.rows(select(due).where(*where))
        return found[0]["due"] if found else None

    def outbox(self) -> Sequence[RowMapping]:
        """(channel, state, how many, the last fault)."""
        d = deliveries.c
        columns = (
            d.channel,
            d.state,
            func.count().label("count"),
            func.max(d.fault).label("fault"),
            func.min(d.due).label("due"),
        )
        return self.rows(select(*columns).group_by(d.channel, d.state).order_by(d.channel, d.state))
