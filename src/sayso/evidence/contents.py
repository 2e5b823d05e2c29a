"""What goes into a bag: all that some events or documents rest on, readable without Sayso, and the ledger's archive of it.

After the Berkeley Protocol on Digital Open Source Investigations (OHCHR and UC Berkeley, 2020), chapter VI: the item as it was
collected, its hash, its address, when and how it was collected; apart from it what was read in it and concluded from it.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import msgspec
from sqlalchemy import Connection

from sayso import __version__
from sayso.errors import NotFoundError, UsageError
from sayso.export import claims, events, links
from sayso.export.brief import compose, render_html
from sayso.export.phrases import many
from sayso.export.report import render_report, told_across
from sayso.ledger import SqlLedger, views
from sayso.ledger.archive.writing import judgements_on, write_archive
from sayso.ledger.queries import ClaimFilter
from sayso.ledger.slices import slices
from sayso.records.json import encode_reading
from sayso.records.terms import document_name

ARCHIVE, DOCUMENTS, CLAIMS = "ledger.zip", "documents.jsonl", "claims.jsonl"
ORIGINALS, READINGS = "originals/", "readings/"
Member = tuple[str, Iterable[bytes]]
_ON_A_PAGE = 200
"""documents of one report page"""
_PIECE = 1 << 20
_EVENT = re.compile(r"[0-9a-f]{4,20}")
_KEPT = (
    "id", "path", "url", "title", "author", "outlet", "origin", "language", "published", "media_type", "sha256", "added",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """asked: linked events that were asked for; events: those and what the documents asked for tell; documents: ids, in order."""

    asked: tuple[str, ...]
    events: tuple[str, ...]
    documents: tuple[str, ...]


def choose(ledger: SqlLedger, connection: Connection, words: Iterable[str]) -> Chosen:
    """What each word means, an event's id (or its beginning) or a document (id, path, name, address, title): events with all
    documents that tell of them, documents with all events they tell of. Raises NotFoundError, LedgerError, UsageError."""
    asked: dict[str, None] = {}
    found: dict[str, None] = {}
    told: dict[str, None] = {}
    for word in words:
        if event := _event(connection, word):
            asked[event] = None
            found |= dict.fromkeys(m["document_id"] for m in views.members(connection, event))
        else:
            document = _document_of(ledger, word)
            found[document] = None
            wanted = views.EventFilter(document=document, limit=None)
            told |= dict.fromkeys(row["id"] for row in views.events(connection, wanted))
    if not found:
        raise UsageError("name an event or a document; `sayso events` and `sayso search WORDS` find them")
    return Chosen(tuple(asked), tuple(dict.fromkeys((*asked, *told))), tuple(found))


def _document_of(ledger: SqlLedger, word: str) -> str:
    try:
        return str(ledger.find_document(word)["id"])
    except NotFoundError as error:
        raise NotFoundError(
            f"no event and no document {word!r} in {ledger.name}; `sayso events` and `sayso search WORDS` find them"
        ) from error


def _event(connection: Connection, word: str) -> str | None:
    if not _EVENT.fullmatch(word):
        return None
    try:
        return str(views.event(connection, word)["id"])
    except NotFoundError:
        return None


def payload(ledger: SqlLedger, connection: Connection, chosen: Chosen) -> Iterator[Member]:
    """The payload's files, as (name, pieces of bytes), one document in memory at a time but for the report pages."""
    rows = [dict(ledger.find_document(d)) for d in chosen.documents]
    names = _original_names(rows)
    yield "README.txt", [_readme(chosen).encode()]
    yield from _report(ledger, connection, chosen)
    for event in chosen.asked:
        brief = compose(connection, views.event(connection, event))
        yield f"briefs/{event}.html", [render_html(brief).encode("utf-8", "replace")]
    for sha256, name in names.items():
        yield f"{ORIGINALS}{name}", [ledger.original(sha256)]
    yield DOCUMENTS, _lines(_document(ledger, row, names) for row in rows)
    for document in chosen.documents:
        yield f"{READINGS}{document}.json", [encode_reading(ledger.reading(document)), b"\n"]
    yield CLAIMS, _lines(record for d in chosen.documents for record in _claims(connection, d))
    yield "judgements.jsonl", _lines(judgements_on(connection, chosen.documents))
    yield "events.jsonl", _lines(_told(connection, event, set(chosen.documents)) for event in chosen.events)
    yield "links.jsonl", _lines(links.record(k) for event in chosen.events for k in views.links(connection, event))
    yield ARCHIVE, _archive(connection, chosen.documents)


def _lines(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    return (msgspec.json.encode(record) + b"\n" for record in records)


def _report(ledger: SqlLedger, connection: Connection, chosen: Chosen) -> Iterator[Member]:
    for number, some in enumerate(slices(list(chosen.documents), _ON_A_PAGE), 1):
        readings = [ledger.reading(d) for d in some]
        page = render_report(readings, None, told_across(connection, some))
        yield f"report{'' if number == 1 else f'-{number}'}.html", [page.encode("utf-8", "replace")]


def _original_names(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """SHA-256 of each original → its name in the bag: numbered, then as it came but for what file systems cannot hold."""
    found: dict[str, str] = {}
    for row in rows:
        if row["sha256"] not in found:
            name = document_name((row["path"] or "").partition("#")[0] or None, row["url"], "document")
            name = unicodedata.normalize("NFC", name.rsplit("/", 1)[-1])
            safe = re.sub(r"[^\w.-]+", "_", name).strip("._")
            found[row["sha256"]] = f"{len(found) + 1:04}-{safe[-80:] or 'document'}"
    return found


def _document(ledger: SqlLedger, row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The retrieval record: what it is, its hash, and each way by which it came, with when."""
    copies = [{n: c[n] for n in ("way", "url", "outlet", "retrieved")} for c in ledger.copies(row["id"])]
    reading = ledger.reading(row["id"]).run
    return {
        **{n: row[n] for n in _KEPT},
        "original": f"{ORIGINALS}{names[row['sha256']]}",
        "reading": f"{READINGS}{row['id']}.json",
        "read_by": msgspec.to_builtins(reading),
        "copies": copies,
    }


def _claims(connection: Connection, document: str) -> Iterator[dict[str, Any]]:
    return claims.records(connection, ClaimFilter(document=document), [document])


def _told(connection: Connection, event: str, documents: set[str]) -> dict[str, Any]:
    """The event with its positions; each member says whether its document is in the bag."""
    record = events.event_record(connection, views.event(connection, event))
    record["members"] = [{**m, "in_bag": m["document"] in documents} for m in record["members"]]
    return record


def _archive(connection: Connection, documents: Iterable[str]) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(max_size=8 * _PIECE) as file:
        write_archive(connection, cast(BinaryIO, file), list(documents))
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _readme(chosen: Chosen) -> str:
    return f"""What this is
============

An evidence bag made by Sayso {__version__}: what {many(len(chosen.events), "event")} and {many(len(chosen.documents), "document")} rest on.
Sayso says who says what; nothing in here is a finding of what is true.

report.html        open this first: every document with who says what, on which words
briefs/            one page an event that was asked for, with its positions and footnotes
originals/         the files as they arrived, byte for byte
documents.jsonl    for each document: its original's name and SHA-256, and each way and time by which it came
readings/          what was read in each document, with its text; offsets count Unicode code points, the end excluded
claims.jsonl       who holds or denies what, with the exact words
judgements.jsonl   what people decided, who and when; decisions that were taken back are marked
events.jsonl       events across documents and the positions on each field; "in_bag" says whether a document is in here
links.jsonl        which claim repeats, confirms, denies or contradicts which
ledger.zip         all of it again, for `sayso import`

How to check it
===============

With Sayso: sayso verify FILE.zip. Without: unzip it; in its folder `sha256sum -c manifest-sha256.txt` and
`sha256sum -c tagmanifest-sha256.txt`, or `bagit.py --validate FOLDER`. Where there is a folder stamp/, a time stamp says when the
manifest existed: openssl ts -verify -data manifest-sha256.txt -in stamp/manifest-sha256.tsr -CAfile THE_AUTHORITY.pem
"""
