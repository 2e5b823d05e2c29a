"""The lossless form of a ledger: a zip archive of all that is kept in it, for other ledgers, other stores, other years.

    manifest.json              the format, the versions, and each member's rows, size and SHA-256
    originals/SHA256           the bytes as they arrived
    documents.jsonl …          one JSON object a line, one member a kept table; documents in the order in which they came
    readings.jsonl             each reading whole, as it was stored; its mentions, claims … are made from it again

What is derived is left out: linking makes it again, whatever the order. The same ledger gives the same bytes.
`restoring.read_archive` reads it back.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec
from sqlalchemy import Connection, RowMapping, and_, func, select

from sayso import __version__
from sayso.errors import LedgerError, NotFoundError
from sayso.ledger import derived, judging, schema
from sayso.ledger.archive.kept import (
    FORMAT,
    KEPT,
    MANIFEST,
    NEWEST,
    ORIGINALS,
    FormerRow,
    JudgementRow,
    Manifest,
    MarkRow,
    Member,
    Row,
)
from sayso.ledger.slices import slices

_SINCE = (1980, 1, 1, 0, 0, 0)
"""the same ledger gives the same bytes"""
_PAGE = 100
"""documents that are asked for at once"""
_WORTH = 100
"""packed smaller than this share, an original is stored as it is, since readers take such members for bombs"""


@dataclass(frozen=True, slots=True)
class Written:
    """What an archive holds, in numbers."""

    documents: int
    readings: int
    judgements: int


def write_archive(connection: Connection, out: BinaryIO, documents: Collection[str] | None = None) -> Written:
    """Write the ledger to a seekable file. documents: ids; then only these, with their originals, copies and readings, and the
    judgements that rest on nothing else; the user's registry and the failures stay behind.

    Memory is bounded by the largest document. Raises NotFoundError when one of the documents is not there.
    """
    chosen = None if documents is None else _numbers(connection, documents)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        writing = _Writing(archive)
        last = int(connection.scalar(select(func.max(schema.documents.c.number))) or 0)
        for ids in _pages(connection, chosen, last):
            for row in _originals(connection, ids):
                writing.original(row)
        for name in ("documents", "copies", "readings"):
            pages = _pages(connection, chosen, last)
            writing.lines(name, (row for ids in pages for row in _of_documents(connection, name, ids)))
        writing.lines("runs", _plain(connection, "runs"))  # after the readings: they may be of a run begun meanwhile
        for name, rows in _decided(connection, documents).items():
            writing.lines(name, rows)
        writing.manifest(documents is None)
    counts = writing.members
    return Written(*(counts[f"{n}.jsonl"].rows or 0 for n in ("documents", "readings", "judgements")))


class _Writing:
    """Puts members into the archive and keeps what the manifest says of them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, Member] = {}

    def original(self, row: RowMapping) -> None:
        name = f"{ORIGINALS}{row['sha256']}"
        if name in self.members:
            return
        info = _info(name, stored=row["size"] > _WORTH * len(row["data"]))
        data = zlib.decompress(row["data"])
        self._archive.writestr(info, data)
        self.members[name] = Member(None, len(data), hashlib.sha256(data).hexdigest())

    def lines(self, name: str, rows: Iterable[Row]) -> None:
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(_info(f"{name}.jsonl"), "w", force_zip64=True) as stream:
            for row in rows:
                line = msgspec.json.encode(row) + b"\n"
                stream.write(line)
                digest.update(line)
                size, count = size + len(line), count + 1
        self.members[f"{name}.jsonl"] = Member(count, size, digest.hexdigest())

    def manifest(self, whole: bool) -> None:
        told = Manifest(
            f"{FORMAT}/{NEWEST}", __version__, schema.VERSION, whole, dict(sorted(self.members.items()))
        )  # fmt: skip
        self._archive.writestr(_info(MANIFEST), msgspec.json.format(msgspec.json.encode(told), indent=1))


def _info(name: str, stored: bool = False) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _SINCE)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return info


# -- which documents ----------------------------------------------------------------------------------------------


def _numbers(connection: Connection, documents: Collection[str]) -> list[str]:
    """These ids in the order in which the documents came."""
    d = schema.documents.c
    found: dict[str, int] = {}
    for some in slices(sorted(set(documents))):
        found |= {r.id: r.number for r in connection.execute(select(d.id, d.number).where(d.id.in_(some)))}
    if missing := sorted(set(documents) - set(found)):
        raise NotFoundError(f"no document {missing[0]!r}; `sayso export documents` lists them")
    return sorted(found, key=found.__getitem__)


def _pages(connection: Connection, chosen: list[str] | None, last: int) -> Iterator[list[str]]:
    """Ids of documents in the order in which they came, a page at a time; all up to the last number unless some are chosen."""
    if chosen is not None:
        yield from slices(chosen, _PAGE)
        return
    d, after = schema.documents.c, 0
    while True:
        query = select(d.number, d.id).where(d.number > after, d.number <= last).order_by(d.number).limit(_PAGE)
        rows = connection.execute(query).all()
        if not rows:
            return
        yield [r.id for r in rows]
        after = rows[-1].number


def _originals(connection: Connection, ids: list[str]) -> Iterator[RowMapping]:
    d, o = schema.documents.c, schema.originals
    wanted = connection.scalars(select(d.sha256).where(d.id.in_(ids)).order_by(d.number)).all()
    for sha256 in dict.fromkeys(wanted):
        row = connection.execute(select(o).where(o.c.sha256 == sha256)).mappings().one_or_none()
        if row is None:
            raise LedgerError(f"the ledger has lost the original {sha256}; go back to a backup")
        yield row


def _of_documents(connection: Connection, name: str, ids: list[str]) -> Iterator[Row]:
    """The rows of a table about these documents, in their order."""
    d, (table, made) = schema.documents.c, KEPT[name]
    document = d.id if name == "documents" else table.c.document_id
    query = select(*_columns(table, made)).where(document.in_(ids))
    if name != "documents":
        query = query.join(schema.documents, d.id == document)
    inner = {"copies": schema.copies.c.id, "readings": schema.readings.c.run_id}.get(name, d.number)
    for row in connection.execute(query.order_by(d.number, inner).execution_options(yield_per=20)).mappings():
        told = dict(row)
        if name == "readings":
            told["json"] = msgspec.Raw(zlib.decompress(row["json"]))
        yield made(**told)


def _columns(table: Any, made: type[Row]) -> list[Any]:
    return [table.c[name] for name in made.__struct_fields__]


# -- what people decided ------------------------------------------------------------------------------------------


def _plain(connection: Connection, name: str, *conditions: Any) -> Iterator[Row]:
    table, made = KEPT[name]
    query = select(*_columns(table, made)).where(*conditions).order_by(*table.primary_key.columns)
    return (made(**row) for row in connection.execute(query.execution_options(yield_per=500)).mappings())


def _decided(connection: Connection, documents: Collection[str] | None) -> dict[str, Iterable[Row]]:
    names = ("judgements", "judgement_marks", "registry_entries", "failures", "former_events")
    if documents is None:
        return {name: _plain(connection, name) for name in names}
    told = _resting_on(connection, set(documents))
    numbers = {r.id for r in told}
    marks = (r for r in _plain(connection, "judgement_marks") if isinstance(r, MarkRow) and r.judgement in numbers)
    former = derived.former_events.c.document_id
    of_these = (r for some in slices(sorted(documents)) for r in _plain(connection, "former_events", former.in_(some)))
    return {
        "judgements": told,
        "judgement_marks": marks,
        "registry_entries": (),
        "failures": (),
        "former_events": sorted(of_these, key=lambda r: r.id if isinstance(r, FormerRow) else ""),
    }


def _resting_on(connection: Connection, documents: set[str]) -> list[JudgementRow]:
    """The judgements that rest on nothing but these documents; one that was alone left of its decision stands alone."""
    found = []
    heads: dict[int, int] = {}
    for row in _plain(connection, "judgements"):
        assert isinstance(row, JudgementRow)
        if all(_within(connection, ref, documents) for ref in (row.subject, row.object) if ref):
            head = heads.setdefault(row.act or row.id, row.id)
            found.append(msgspec.structs.replace(row, act=None if head == row.id else head))
    return found


def _within(connection: Connection, ref: str, documents: set[str]) -> bool:
    kind, _, rest = ref.partition(":")
    if kind != "name":
        return rest.partition("/")[0] in documents
    e = derived.entity_names.c
    return any(
        connection.scalar(select(e.name_id).where(and_(e.name_id == rest, e.document_id.in_(some))).limit(1))
        for some in slices(sorted(documents))
    )


def judgements_on(connection: Connection, documents: Collection[str]) -> list[dict[str, Any]]:
    """For people and programs: the judgements that rest on nothing but these documents, corrections decoded, with their marks."""
    marks = judging.marks(connection)
    rows = [msgspec.to_builtins(r) for r in _resting_on(connection, set(documents))]
    for row in rows:
        row["correction"] = msgspec.json.decode(row["correction"]) if row["correction"] else None
    return [{**row, "marks": marks.get(row["id"], [])} for row in rows]
