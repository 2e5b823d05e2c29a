"""The tables of the Parquet data set (`dataset`): their columns, each with a word of what it holds, and the rows that fill them.

Types are DuckDB's and Arrow's: text, bigint, double, boolean, and lists of these or of structs, so that `unnest` opens them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from sayso.export import documents
from sayso.export.interchange.dataset import rows
from sayso.export.interchange.dataset.rows import Row

SPANS = "list<start bigint, end bigint>"
REASONS = "list<kind text, text text>"
WEIGHED = "list<kind text, text text, weight double>"


@dataclass(frozen=True, slots=True)
class Table:
    """columns: name → (type, what it holds). dated: the column by whose year the table is partitioned, and the partition's name."""

    rows: Callable[[Connection], Iterator[Row]]
    about: str
    columns: dict[str, tuple[str, str]]
    dated: tuple[str, str] | None = None


def year_of(day: str | None) -> int | None:
    """Of an ISO date or time; None without one."""
    found = re.match(r"(\d{4})-\d{2}", day or "")
    return int(found[1]) if found else None


_DOCUMENT = {"document_id": ("text", "the document’s id")}
_WORDS = {
    "start": ("bigint", "offset of the first character, in code points of the document’s text"),
    "end": ("bigint", "offset behind the last"),
}
TABLES: dict[str, Table] = {
    "documents": Table(
        documents.records,
        "one row a document, without its text",
        {
            "id": ("text", "a hash of its bytes"),
            "path": ("text", "the file’s own name"),
            "url": ("text", "where it was found"),
            "title": ("text", ""),
            "author": ("text", ""),
            "outlet": ("text", "who published it"),
            "origin": ("text", "the wire or outlet that it credits"),
            "language": ("text", ""),
            "published": ("text", "ISO 8601"),
            "media_type": ("text", ""),
            "sha256": ("text", "of the bytes as received"),
            "added": ("text", "when it came into the ledger"),
            "root": ("text", "the document at the head of its text’s tree"),
            "parent": ("text", "the document that its text was made from"),
            "relation": ("text", "copied, rewritten or translated from it"),
            "copies": ("list<way text, outlet text, retrieved text>", "each way by which the same bytes came"),
        },
        ("published", "published_year"),
    ),
    "claims": Table(
        rows.claims_of,
        "one row a claim: one field of one event, or one free content, as one source in one document holds or denies it",
        {
            "id": ("text", "a hash of what is claimed and where it stands"),
            **_DOCUMENT,
            **dict.fromkeys(("path", "url", "outlet", "origin", "published", "title"), ("text", "of its document")),
            "speaker_name": ("text", "who says it; null in the report’s own voice"),
            "speaker": ("text", "the words that name the speaker there"),
            "cue": ("text", "the words that say so"),
            "stance": ("text", "asserts, confirms, denies, accuses …"),
            "holds": ("boolean", "whether it is held; a denial does not hold"),
            "event": ("text", "the document’s own event"),
            "event_type": ("text", ""),
            "field": ("text", "actor, where, casualties.killed …; content for a free statement"),
            "value": ("text", ""),
            "words": ("text", "the exact words"),
            **_WORDS,
            "spans": (SPANS, "of each piece of the words"),
            "decision": ("text", "what people decided of it: accept, correct, reject; null where nothing takes effect"),
        },
        ("published", "published_year"),
    ),
    "events": Table(
        rows.events_of,
        "one row an event across documents",
        {
            "id": ("text", ""),
            "type": ("text", "the commonest among its documents"),
            "title": ("text", "for people"),
            "first_day": ("text", "as told; null without any"),
            "last_day": ("text", ""),
            "place": ("text", ""),
            "country": ("text", "ISO 3166-1 alpha-2"),
            "lat": ("double", ""),
            "lon": ("double", ""),
            "precision": ("text", "exact, city, district, province, country"),
            "documents": ("bigint", "that tell it"),
            "origins": ("bigint", "independent texts among these"),
            "informants": ("bigint", "independent informants"),
            "status": ("text", "corroborated, disputed, single-source, denied, superseded"),
            "disputed": ("boolean", ""),
            "first_said": ("text", "publication of the first document"),
            "last_said": ("text", ""),
            "fields": (f"list<field text, status text, credibility bigint, reasons {REASONS}>", "each field as it was weighed"),
            "members": ("list<document text, path text, event text>", "the documents’ own events"),
        },
        ("first_day", "year"),
    ),
    "positions": Table(
        rows.positions_of,
        "one row for each position with each who holds or denies it",
        {
            "event": ("text", "the event’s id"),
            "event_type": ("text", ""),
            "title": ("text", "of the event"),
            "first_day": ("text", "of the event"),
            "field": ("text", ""),
            "position": ("bigint", "its number in the event"),
            "value": ("text", "counts in words (`at least 8`), names as the ledger knows them"),
            "status": ("text", "of the field"),
            "credibility": ("bigint", "of the field, 1 to 6, proposed"),
            "informants": ("bigint", "independent ones who hold it"),
            "origins": ("bigint", ""),
            "documents": ("bigint", ""),
            "outlets": ("bigint", ""),
            "first_said": ("text", "by anyone who holds or denies it"),
            "last_said": ("text", ""),
            "superseded": ("boolean", "by a later count of the same informants"),
            "side": ("text", "holds or denies"),
            "speaker": ("text", "who; null in the report’s own voice"),
            "informant": ("text", "equal texts are one informant"),
            "origin": ("text", "the root document, or `wire:` and its name"),
            "stance": ("text", ""),
            "holds": ("boolean", ""),
            "interested": ("boolean", "whether a party to the event speaks"),
            "document": ("text", "the document’s id"),
            "path": ("text", ""),
            "outlet": ("text", ""),
            "published": ("text", ""),
            "claim": ("text", "the claim’s id"),
            **_WORDS,
            "text": ("text", "the exact words"),
        },
        ("first_day", "year"),
    ),
    "entities": Table(
        rows.entities_of,
        "one row a person, organisation or place",
        {
            "id": ("text", ""),
            "type": ("text", "person, organisation, place"),
            "name": ("text", "the registry’s, else the commonest"),
            "names": ("list<text>", "all spellings"),
            "registry": ("list<text>", "ids of the registry’s entries of these names"),
        },
    ),
    "names": Table(
        rows.names_of,
        "one row a spelling",
        {
            "id": ("text", ""),
            "entity": ("text", "the entity that it names"),
            "type": ("text", ""),
            "name": ("text", ""),
            "documents": ("bigint", "that use it"),
        },
    ),
    "mentions": Table(
        rows.mentions_of,
        "one row a mention: names, descriptions, days, counts",
        {
            **_DOCUMENT,
            "id": ("text", "in that document’s reading"),
            **_WORDS,
            "text": ("text", "the exact words"),
            "type": ("text", "Person, Organisation, Location, Temporal …"),
            "named": ("boolean", "whether it holds a proper name"),
            "lat": ("double", ""),
            "lon": ("double", ""),
            "country": ("text", ""),
            "geonameid": ("bigint", ""),
            "timex": ("text", "TIMEX3 value"),
            "name": ("text", "the spelling’s id"),
            "entity": ("text", "the entity’s id"),
        },
        ("published", "published_year"),
    ),
    "links": Table(
        rows.links_of,
        "one row a relation between two claims: left does it to right",
        {
            "relation": ("text", "repeats, confirms, denies, contradicts, retracts, supersedes"),
            "field": ("text", "what it is about"),
            "event": ("text", "the event’s id"),
            "score": ("double", "0 to 1"),
            **{
                f"{side}_{k}": (type_, "")
                for side in ("left", "right")
                for k, type_ in (
                    ("document", "text"), ("path", "text"), ("claim", "text"), ("start", "bigint"), ("end", "bigint"), ("text", "text"),
                )
            },
            "reasons": (WEIGHED, "why"),
        },
    ),
    "origins": Table(
        documents.origins,
        "one row a document: what its text was made from",
        {
            "document": ("text", "the document’s id"),
            "path": ("text", ""),
            "published": ("text", ""),
            "relation": ("text", "copied, rewritten, translated; null at the head"),
            "parent": ("text", ""),
            "parent_path": ("text", ""),
            "root": ("text", ""),
            "share": ("double", "of the text that stands in the parent"),
            "reasons": (WEIGHED, "why"),
            "passages": (
                "list<start bigint, end bigint, parent_start bigint, parent_end bigint>",
                "the same words in both",
            ),
        },
    ),
    "judgements": Table(
        rows.judgements_of,
        "one row a person’s decision",
        {
            "id": ("bigint", "its number"),
            "decision": ("text", "same, different, accept, correct, reject, unsure"),
            "subject": ("text", "`name:`, `event:` or `claim:` and an id"),
            "object": ("text", "the other of a pair"),
            "document_id": ("text", "of a claim"),
            "claim": ("text", "its id"),
            "person": ("text", "who decided"),
            "at": ("text", ""),
            "note": ("text", "why"),
            "adjudicates": ("boolean", "whether it settles what others disagree about"),
            "value": ("text", "what is right instead"),
            "stance": ("text", ""),
            "holds": ("boolean", ""),
            "speaker": ("text", "empty for the report’s own voice"),
            "spans": (SPANS, ""),
            "marks": ("list<text>", "undone, its document was removed"),
        },
    ),
}  # fmt: skip
