"""Small ledgers for the tests across documents: reports in hand, and what the exports say of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sayso.export import records
from sayso.ingest import load_text
from sayso.ledger import SqlLedger
from sayso.pipeline import add_documents, link_and_weigh
from sayso.read import Reader
from sayso.records import Document

ACROSS = ("events", "links", "entities", "origins")
"""the subjects of exports that are found across documents"""


def report(name: str, text: str, published: str, outlet: str | None = None, origin: str | None = None) -> Document:
    return replace(
        load_text(text), path=f"{name}.txt", published=published, date_from="metadata", outlet=outlet, origin=origin
    )


def put(ledger: SqlLedger, reader: Reader, *documents: Document) -> list[str]:
    """Add and link; the ids of the documents."""
    tally = add_documents(documents, ledger, reader)
    assert not tally.failed
    link_and_weigh(ledger)
    return [d.id for d in documents]


def exported(ledger: SqlLedger, *subjects: str) -> dict[str, list[str]]:
    """Every record of these subjects (all across documents) as sorted JSON."""
    return {
        subject: sorted(json.dumps(r, sort_keys=True, ensure_ascii=False) for r in told(ledger, subject))
        for subject in subjects or ACROSS
    }


def told(ledger: SqlLedger, subject: str) -> list[dict[str, Any]]:
    with ledger.engine.connect() as connection:
        return list(records(subject, connection))


def links(ledger: SqlLedger, *relations: str) -> list[dict[str, Any]]:
    return [k for k in told(ledger, "links") if not relations or k["relation"] in relations]


def event_of(ledger: SqlLedger, *names: str) -> dict[str, Any]:
    """The one event that all these documents (paths without .txt) tell."""
    (found,) = [e for e in told(ledger, "events") if {f"{n}.txt" for n in names} <= {m["path"] for m in e["members"]}]
    return found


def positions(event: dict[str, Any], field: str) -> dict[str, dict[str, Any]]:
    return {p["value"]: p for p in event["positions"] if p["field"] == field}


def texts(ledger: SqlLedger) -> dict[str, str]:
    return {row["id"]: ledger.find_document(row["id"])["text"] for row in list(ledger.documents())}


def values(rows: Iterable[dict[str, Any]], key: str) -> set[Any]:
    return {row[key] for row in rows}
