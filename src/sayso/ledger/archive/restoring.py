"""An archive (`ledger.archive.writing`) → rows of a ledger: the same in an empty one, only what is new in one that holds documents.

Every member is checked against the manifest before the first row is written. Then documents go in by batches, each a
transaction of whole documents, and at the end, in one transaction, what people decided. It is not one transaction for all, since a
large archive would keep every other writer waiting for as long as it takes; stopped at any instant, the next run goes on.
An archive may come from a stranger: what it says of itself is checked, and nothing in it is taken for a path.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from sqlalchemy import Connection, Table, func, insert, select, update

from sayso.errors import DataError, LedgerError, UsageError
from sayso.ledger import derived, judging, schema
from sayso.ledger.archive.kept import (
    KEPT,
    ORIGINALS,
    CopyRow,
    DocumentRow,
    JudgementRow,
    MarkRow,
    ReadingRow,
    Row,
    RunRow,
)
from sayso.ledger.archive.opening import Archive, open_archive
from sayso.ledger.exact import misplaced
from sayso.ledger.rows import gather, prepare
from sayso.ledger.store import SqlLedger
from sayso.records import Reading
from sayso.records.json import decode_correction, decode_reading

_BATCH = 32
_CLOCKS = timedelta(days=1)
"""by which the clocks of two machines may differ"""


@dataclass(slots=True)
class Restored:
    """What was new: documents, copies, readings, judgements, registry entries, failures. known: documents that were there."""

    documents: int = 0
    known: int = 0
    copies: int = 0
    readings: int = 0
    judgements: int = 0
    registry_entries: int = 0
    failures: int = 0
    former_events: int = 0
    renumbered: dict[int, int] = field(default_factory=dict)
    """judgements that have another number here than in the archive"""


def read_archive(
    file: BinaryIO | Path,
    ledger: SqlLedger,
    told: Callable[[str, int, int], None] | None = None,
    settle: Callable[[Connection, list[str]], None] | None = None,
) -> Restored:
    """Put an archive into the ledger; link afterwards. Again, it adds nothing.

    told: called with the step ("checked", "stored") and how far it is, of how much. settle: called with the refs of the judgements
    that are new, in their transaction, so that those on documents which are linked already take effect.
    Raises DataError and LimitError as `open_archive`, before anything is written unless rows contradict each other.
    """
    with open_archive(file) as archive:
        archive.check(lambda done, of: told("checked", done, of) if told else None)
        restored = Restored()
        runs = _runs(archive, ledger)
        total = archive.manifest.members["documents.jsonl"].rows or 0
        batch: list[_Whole] = []
        for number, whole in enumerate(_wholes(archive), 1):
            batch.append(whole)
            if len(batch) == _BATCH or number == total:
                with ledger.writing() as connection:
                    for one in batch:
                        _store(connection, ledger, archive, one, runs, restored)
                batch = []
                if told:
                    told("stored", number, total)
        with ledger.writing() as connection:
            refs = _decisions(connection, ledger, archive, restored)
            _others(connection, archive, restored)
            if settle and refs:
                settle(connection, refs)
    return restored


# -- documents ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Whole:
    """A document with all that came with it."""

    row: DocumentRow
    copies: list[CopyRow]
    readings: list[tuple[int, bytes, Reading]]


def _runs(archive: Archive, ledger: SqlLedger) -> dict[int, int]:
    """The archive's numbers of runs → the ledger's; those it does not know are made."""
    found = {}
    r = schema.runs
    with ledger.writing() as connection:
        for row in archive.rows("runs", RunRow):
            key = {n: getattr(row, n) for n in ("reader", "version", "weights_sha256", "options")}
            known = connection.scalar(select(r.c.id).where(*(r.c[n] == v for n, v in key.items())))
            if known is None:
                made = connection.execute(insert(r).values(**key, started=row.started))
                known = made.inserted_primary_key[0]  # type: ignore[index]
            found[row.id] = int(known)
    return found


def _wholes(archive: Archive) -> Iterator[_Whole]:
    """Documents with their copies and readings, which stand in the same order."""
    copies = _grouped(archive.rows("copies", CopyRow))
    readings = _grouped(archive.rows("readings", ReadingRow))
    for row in archive.rows("documents", DocumentRow):
        of_it = [cast(CopyRow, c) for c in copies(row.id)]
        yield _Whole(row, of_it, [_reading(row, cast(ReadingRow, r)) for r in readings(row.id)])
    if copies("") or readings(""):
        raise DataError("it has copies or readings of documents that it does not hold, or in another order")


def _grouped(rows: Iterable[Row]) -> Callable[[str], list[Row]]:
    """A function that gives the next rows where they are of the document asked for; for no document: whether any are left."""
    groups = groupby(rows, key=lambda r: r.document_id)  # type: ignore[attr-defined]
    held: list[tuple[str, list[Row]]] = []

    def of(document: str) -> list[Row]:
        if not held and (group := next(groups, None)) is not None:
            held.append((group[0], list(group[1])))
        if held and (not document or held[0][0] == document):
            return held.pop()[1]
        return []

    return of


def _reading(document: DocumentRow, row: ReadingRow) -> tuple[int, bytes, Reading]:
    """Raises DataError when it is no reading of this document's text."""
    packed = bytes(row.json)
    reading = decode_reading(packed)
    info = reading.document
    if (info.id, info.sha256, info.text) != (document.id, document.sha256, document.text):
        raise DataError(f"a reading of document {document.id!r} is of another text; take another copy")
    if odd := next(misplaced(reading), None):
        raise DataError(f"{odd} of document {document.id!r} does not stand on the words of its text")
    return row.run_id, packed, reading


def _store(
    connection: Connection, ledger: SqlLedger, archive: Archive, whole: _Whole, runs: dict[int, int], restored: Restored
) -> None:
    d = schema.documents
    row = whole.row
    known = connection.execute(select(d.c.sha256, d.c.text).where(d.c.id == row.id)).one_or_none()
    if known is None:
        _store_document(connection, ledger, archive, whole)
        restored.documents += 1
    elif (known.sha256, known.text) != (row.sha256, row.text):
        raise LedgerError(
            f"document {row.id!r} has another text in this ledger than in the archive; ids are of one text"
        )
    else:
        restored.known += 1
    restored.copies += sum(_store_copy(connection, c) for c in whole.copies)
    for run, packed, reading in whole.readings:
        if run not in runs:
            raise DataError(f"a reading of document {row.id!r} is of run {run}, which the archive does not hold")
        restored.readings += _store_reading(connection, reading, packed, runs[run])
    current = row.current_run if row.current_run in {run for run, _, _ in whole.readings} else None
    if current is not None:
        never_read = d.c.id == row.id, d.c.current_run.is_(None)
        connection.execute(update(d).where(*never_read).values(current_run=runs[current]))


def _store_document(connection: Connection, ledger: SqlLedger, archive: Archive, whole: _Whole) -> None:
    row, o = whole.row, schema.originals
    if f"{ORIGINALS}{row.sha256}" not in archive.manifest.members:
        raise DataError(f"the original of document {row.id!r} is missing; take another copy")
    data = archive.original(row.sha256)
    if connection.scalar(select(o.c.sha256).where(o.c.sha256 == row.sha256)) is None:
        packed = zlib.compress(data, 6)
        connection.execute(insert(o).values(sha256=row.sha256, data=packed, size=len(data)))
    values = {**msgspec.structs.asdict(row), "current_run": None}
    connection.execute(insert(schema.documents).values(**values))
    ledger.index_texts(connection, [row.id])


def _store_copy(connection: Connection, row: CopyRow) -> bool:
    c = schema.copies
    where = c.c.document_id == row.document_id, c.c.way == row.way
    if connection.scalar(select(c.c.id).where(*where)) is not None:
        return False
    connection.execute(insert(c).values(**msgspec.structs.asdict(row)))
    return True


def _store_reading(connection: Connection, reading: Reading, packed: bytes, run: int) -> bool:
    r = schema.readings
    key = {"document_id": reading.document.id, "run_id": run}
    if connection.scalar(select(r.c.run_id).where(*(r.c[n] == v for n, v in key.items()))) is not None:
        return False
    rows: dict[Table, list[dict[str, Any]]] = {}
    gather(rows, reading.document.id, run, prepare(reading, packed))
    for table, some in rows.items():
        connection.execute(insert(table), some)
    return True


# -- decisions and the rest ---------------------------------------------------------------------------------------

_SAYS = ("decision", "subject", "object", "note", "person", "at", "correction", "adjudicates")


def _decisions(connection: Connection, ledger: SqlLedger, archive: Archive, restored: Restored) -> list[str]:
    """Add the judgements and marks that are not there, in their order; the refs of those that are new."""
    j = schema.judgements
    held: dict[tuple[Any, ...], list[int]] = {}
    for row in connection.execute(select(j).order_by(j.c.id)):
        held.setdefault(tuple(getattr(row, n) for n in _SAYS), []).append(row.id)
    keep, numbers, refs = not held, dict[int, int](), set[str]()
    for told in archive.rows("judgements", JudgementRow):
        _check_judgement(told)
        says = {n: getattr(told, n) for n in _SAYS}
        if same := held.get(tuple(says.values())):
            numbers[told.id] = same.pop(0)
            continue
        new = {**says, "act": numbers.get(told.act) if told.act else None, **({"id": told.id} if keep else {})}
        numbers[told.id] = int(connection.execute(insert(j).values(**new)).inserted_primary_key[0])  # type: ignore[index]
        restored.judgements += 1
        refs |= {r for r in (told.subject, told.object) if r}
    restored.renumbered = {a: b for a, b in numbers.items() if a != b}
    if keep and numbers:
        ledger.count_on(connection)
    return sorted(refs | _marks(connection, archive, numbers))


def _marks(connection: Connection, archive: Archive, numbers: dict[int, int]) -> set[str]:
    """Add the marks that are not there; the refs of judgements that are undone by them."""
    m, refs = derived.judgement_marks, set[str]()
    for mark in archive.rows("judgement_marks", MarkRow):
        number = numbers.get(mark.judgement)
        if number is None:
            raise DataError(f"a mark stands on judgement {mark.judgement}, which the archive does not hold")
        where = m.c.judgement == number, m.c.mark == mark.mark
        if connection.scalar(select(m.c.judgement).where(*where)) is None:
            connection.execute(insert(m).values(judgement=number, mark=mark.mark, at=mark.at))
            row = judging.rows(connection, [number])[number]
            refs |= {r for r in (row.subject, row.object) if r}
    return refs


def _check_judgement(row: JudgementRow) -> None:
    try:
        correction = decode_correction(row.correction) if row.correction else None
        judging.check(row.decision, row.subject, row.object, correction, row.adjudicates)
    except UsageError as error:
        raise DataError(f"judgement {row.id} of the archive cannot be: {error}") from error
    try:
        at = datetime.strptime(row.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise DataError(f"judgement {row.id} of the archive cannot be: {row.at!r} is no time of a ledger") from error
    if at > datetime.now(UTC) + _CLOCKS:  # it would stand above whatever is decided here
        raise DataError(
            f"judgement {row.id} of the archive is of {row.at}, which is to come; look at the clocks of both machines"
        )


def _others(connection: Connection, archive: Archive, restored: Restored) -> None:
    """Registry entries, failures and former ids of events that are not there; what is there stays as it is."""
    keys = {"registry_entries": ("id",), "failures": ("path", "stage", "reason"), "former_events": ("id",)}
    new: Counter[str] = Counter()
    for name, key in keys.items():
        table, made = KEPT[name]
        for row in archive.rows(name, made):
            values = msgspec.structs.asdict(row)
            where = (table.c[n] == values[n] for n in key)
            if connection.scalar(select(func.count()).select_from(table).where(*where)) == 0:
                if name == "registry_entries":
                    _check_aliases(values)
                connection.execute(insert(table).values(**values))
                new[name] += 1
    restored.registry_entries, restored.failures = new["registry_entries"], new["failures"]
    restored.former_events = new["former_events"]


def _check_aliases(values: dict[str, Any]) -> None:
    try:
        aliases = json.loads(values["aliases"])
    except ValueError:
        aliases = None
    if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        raise DataError(f"the aliases of the archive's actor {values['id']!r} are damaged")
