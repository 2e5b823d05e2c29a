"""The ledger over SQLAlchemy Core: what every engine shares. Engines add how to open, to search and to back up.

The contract is `contract.Ledger`; `tests/ledger/test_contract.py` holds it for every store.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import Connection, Engine, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from sayso.errors import LedgerError, NotFoundError
from sayso.ledger import adding, derived, judging, schema
from sayso.ledger.contract import Added
from sayso.ledger.engines.own import EnginesOwn
from sayso.ledger.queries import ClaimFilter, claim_query
from sayso.ledger.rows import Prepared, prepare
from sayso.names.registry import Entry
from sayso.records import Correction, Document, Failure, Reading
from sayso.records.json import decode_reading


class SqlLedger(EnginesOwn):
    """See `Ledger`. Subclasses set `engine` and implement what is the engine's own.

    name: as it may be shown, without a password.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that holds the writer's lock from its start."""
        with self.engine.begin() as connection:
            yield connection

    # -- writing ----------------------------------------------------------------------------------------------

    def run_id(self, reader: str, version: str, weights: str | None, options: str = "") -> int:
        """The run of this reader version with these options; made when there is none yet."""
        key = {"reader": reader, "version": version, "weights_sha256": weights or "", "options": options}
        where = and_(*(schema.runs.c[name] == value for name, value in key.items()))
        with self.writing() as connection:
            found = connection.scalar(select(schema.runs.c.id).where(where))
            if found is None:
                found = connection.execute(
                    insert(schema.runs).values(**key, started=schema.now())
                ).inserted_primary_key[0]  # type: ignore[index]
            return int(found)

    def has_reading(self, document: Document, run: int) -> bool:
        r = schema.readings.c
        query = select(r.run_id).where(r.document_id == document.id, r.run_id == run)
        with self.engine.connect() as connection:
            return connection.scalar(query) is not None

    def add(self, document: Document, reading: Reading | None, run: int) -> Added:
        """Store a document, its original, this copy of it and its reading, all or nothing. Adding again adds nothing."""
        return self.add_many([(document, prepare(reading) if reading else None)], run)[0]

    def add_many(self, items: Sequence[tuple[Document, Prepared | None]], run: int) -> list[Added]:
        """Several documents in one transaction: after it returns, all of them are there."""
        with self.writing() as connection:
            return adding.add(connection, self, items, run)

    def fail(self, failure: Failure) -> None:
        """Keep a failure, once for each path, stage and reason."""
        where = and_(
            schema.failures.c.path == failure.path,
            schema.failures.c.stage == failure.stage,
            schema.failures.c.reason == failure.reason,
        )
        with self.writing() as connection:
            if connection.scalar(select(schema.failures.c.id).where(where)) is None:
                connection.execute(
                    insert(schema.failures).values(
                        path=failure.path, stage=failure.stage, reason=failure.reason, at=schema.now()
                    )
                )

    def judge(
        self,
        decision: str,
        subject: str,
        object_: str | None,
        note: str | None,
        person: str,
        *,
        correction: Correction | None = None,
        adjudicates: bool = False,
    ) -> int:
        """Append a person's decision. Nothing ever overwrites one."""
        with self.writing() as connection:
            return judging.append(
                connection, decision, subject, object_, note, person, correction=correction, adjudicates=adjudicates
            )

    def forget(self, connection: Connection, document: str) -> None:
        """Delete a document with all that was read of it; its judgements stay and are marked. It must be unlinked before."""
        d = schema.documents.c
        row = connection.execute(select(d.number, d.sha256, d.title, d.text).where(d.id == document)).one()
        self.unindex_text(connection, row.number, row.title, row.text)
        for table in (*schema.PARTS, schema.readings, schema.copies, derived.former_events):
            connection.execute(delete(table).where(table.c.document_id == document))
        connection.execute(delete(schema.documents).where(d.id == document))
        if connection.scalar(select(d.id).where(d.sha256 == row.sha256).limit(1)) is None:
            connection.execute(delete(schema.originals).where(schema.originals.c.sha256 == row.sha256))
        judging.mark_removed(connection, document)

    def forget_derived(self) -> None:
        """Throw away all that was found across documents; judgements and the user's registry stay."""
        with self.writing() as connection:
            for table in derived.DERIVED:
                connection.execute(delete(table))

    def forget_weighing(self) -> None:
        with self.writing() as connection:
            connection.execute(update(derived.linked_events).values(weighed=False))

    def add_registry(self, entries: Sequence[Entry]) -> int:
        """Keep a user's actors with the ledger; of one id the last counts. Gives how many there are now."""
        table = derived.registry_entries
        with self.writing() as connection:
            for e in entries:
                connection.execute(delete(table).where(table.c.id == e.id))
                connection.execute(
                    insert(table).values(
                        id=e.id, kind=e.kind, name=e.name, aliases=json.dumps(e.aliases, ensure_ascii=False),
                        countries=",".join(e.countries), part_of=e.part_of, source=e.source,
                    )
                )  # fmt: skip
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    def registry(self) -> list[Entry]:
        """The actors that the user added."""
        return [
            Entry(r["id"], r["kind"], r["name"], tuple(json.loads(r["aliases"])), tuple(c for c in r["countries"].split(",") if c), r["part_of"], r["source"])
            for r in self._all(select(derived.registry_entries).order_by(derived.registry_entries.c.id))
        ]  # fmt: skip

    # -- reading ----------------------------------------------------------------------------------------------

    def claims(self, wanted: ClaimFilter) -> Iterator[RowMapping]:
        """Claims of every document's current reading, in a stable order: path, then place in the text."""
        query = claim_query(wanted)
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=500).execute(query).mappings()

    def documents(self) -> Iterator[RowMapping]:
        d = schema.documents
        query = select(d).with_only_columns(*(c for c in d.c if c.name != "text")).order_by(d.c.path, d.c.url, d.c.id)
        with self.engine.connect() as connection:
            yield from connection.execution_options(yield_per=500).execute(query).mappings()

    def find_document(self, name: str) -> RowMapping:
        """The document of that id (or its beginning), path, file name or address. Raises LedgerError when none or several."""
        d, c = schema.documents, schema.copies
        with self.engine.connect() as connection:
            tries: tuple[Callable[[], Select[Any]], ...] = (
                lambda: select(d).where(d.c.id == name),
                lambda: select(d).where(
                    d.c.id.in_(select(c.c.document_id).where(or_(c.c.way == name, c.c.url == name)))
                ),
                lambda: select(d).where(d.c.id.startswith(name, autoescape=True)),
                lambda: select(d).where(
                    d.c.id.in_(select(c.c.document_id).where(c.c.way.endswith(f"/{name}", autoescape=True)))
                ),
                lambda: select(d).where(d.c.id.in_(select(c.c.document_id).where(_held_by(name)))),
                lambda: select(d).where(d.c.title == name),
            )
            for attempt in tries:
                rows = connection.execute(attempt().order_by(d.c.added.desc(), d.c.id)).mappings().all()
                if len(rows) == 1 or (rows and rows[0]["url"] == name):
                    return rows[0]
                if rows:
                    ids = ", ".join(f"{r['id'][:12]} ({r['path'] or r['url']})" for r in rows[:5])
                    raise LedgerError(f"{name!r} fits {len(rows)} documents: {ids}; name one by its id")
        raise NotFoundError(f"no document {name!r} in {self.name}; `sayso search WORDS` finds documents by their words")

    def reading(self, document: str) -> Reading:
        """The current reading of a document's id. Raises LedgerError when it has none."""
        d, r = schema.documents, schema.readings
        query = (
            select(r.c.json)
            .join(d, and_(d.c.id == r.c.document_id, d.c.current_run == r.c.run_id))
            .where(d.c.id == document)
        )
        with self.engine.connect() as connection:
            packed = connection.scalar(query)
        if packed is None:
            raise LedgerError(f"document {document} has no reading; run `sayso add` again")
        return decode_reading(zlib.decompress(packed))

    def readings(self) -> Iterator[Reading]:
        """Every document's current reading, in the order of `documents`."""
        for row in list(self.documents()):
            if row["current_run"] is not None:
                yield self.reading(row["id"])

    def copies(self, document: str) -> list[RowMapping]:
        return self._all(
            select(schema.copies)
            .where(schema.copies.c.document_id == document)
            .order_by(schema.copies.c.retrieved, schema.copies.c.way)
        )

    def versions(self, url: str | None) -> list[RowMapping]:
        """The texts that one address has had, oldest first."""
        if not url:
            return []
        d, c = schema.documents, schema.copies
        first = (
            select(c.c.document_id, func.min(c.c.retrieved).label("seen"), func.min(c.c.id).label("arrival"))
            .where(c.c.url == url)
            .group_by(c.c.document_id)
            .subquery()
        )
        return self._all(
            select(d.c.id, d.c.text, d.c.title, first.c.seen)
            .join(first, first.c.document_id == d.c.id)
            .order_by(first.c.seen, first.c.arrival)
        )

    def failures(self) -> list[RowMapping]:
        return self._all(select(schema.failures).order_by(schema.failures.c.path, schema.failures.c.id))

    def judgements(self) -> list[RowMapping]:
        return self._all(select(schema.judgements).order_by(schema.judgements.c.id))

    def original(self, sha256: str) -> bytes:
        """The bytes as they arrived."""
        with self.engine.connect() as connection:
            packed = connection.scalar(select(schema.originals.c.data).where(schema.originals.c.sha256 == sha256))
        if packed is None:
            raise NotFoundError(f"no original {sha256} in {self.name}")
        return zlib.decompress(packed)

    def counts(self) -> dict[str, int]:
        """Rows of every kind, those of current readings only."""
        d = schema.documents
        tables = {
            "documents": schema.documents,
            "copies": schema.copies,
            "originals": schema.originals,
            "failures": schema.failures,
            "judgements": schema.judgements,
        }
        with self.engine.connect() as connection:
            result = {
                name: int(connection.scalar(select(func.count()).select_from(t)) or 0) for name, t in tables.items()
            }
            for table in schema.PARTS:
                query = select(func.count()).select_from(
                    table.join(d, and_(d.c.id == table.c.document_id, d.c.current_run == table.c.run_id))
                )
                result[table.name] = int(connection.scalar(query) or 0)
        return result

    def runs(self) -> list[RowMapping]:
        return self._all(select(schema.runs).order_by(schema.runs.c.id))

    def _all(self, query: Select[Any]) -> list[RowMapping]:
        with self.engine.connect() as connection:
            return list(connection.execute(query).mappings())


def _held_by(name: str) -> Any:
    """The copy is a part of that file: "channel.json#17" of channel.json."""
    way = schema.copies.c.way
    return or_(way.startswith(f"{name}#", autoescape=True), way.contains(f"/{name}#", autoescape=True))
