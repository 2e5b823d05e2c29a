"""A dossier: what the ledger's reports say of one actor or place, each item a claim with its source and exact words."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import Connection, and_, select

from sayso.errors import NotFoundError
from sayso.export.entities import best_name
from sayso.ledger import judging, naming, schema
from sayso.names.registry import registry
from sayso.names.wording import sentences

ASPECTS: dict[str, re.Pattern[str]] = {
    "leaders": re.compile(r"\b(?:led|headed|commanded) by\b|\b(?:leader|commander|chief|head|founder|co-founder|spokesm[ae]n|spokeswoman|spokesperson)s?\b", re.I),
    "strength": re.compile(r"\b(?:[\d,.]+|hundreds|thousands|dozens|scores|several hundred) (?:of )?(?:\w+ )?(?:fighters|members|men|soldiers|troops|militants|combatants|volunteers|recruits)\b", re.I),
    "founding": re.compile(r"\b(?:founded|formed|established|set up|created|emerged|announced its (?:creation|formation))\b", re.I),
    "symbols": re.compile(r"\b(?:flag|emblem|insignia|logo|banner|badge|patch|chevron|symbol)s?\b", re.I),
    "designations": re.compile(r"\b(?:designat\w+|ban(?:ned|s)?|outlaw\w*|blacklist\w*|terrorist (?:organi[sz]ation|group|list)|sanction\w*|proscrib\w+)\b", re.I),
    "ties": re.compile(r"\b(?:allied|ally|allies|backed by|supported by|funded by|financed by|part of|split from|breakaway|linked to|affiliated|alongside|subordinate\w*|under the command of|merged with|known as|also called|calls? (?:itself|themselves))\b", re.I),
}  # fmt: skip
"""what is told of an actor → the words that tell it"""
_MOST_MENTIONS, _MOST_DOCUMENTS = 500, 60
"""that are looked through: a name of ten thousand reports must still be answered at once"""


def dossier(connection: Connection, name: str, type_: str | None = None, limit: int = 12) -> dict[str, Any]:
    """Raises LedgerError when no document names it, or names of several types fit."""
    found = naming.find_names(connection, name, type_)
    if not found:
        known = ", ".join(registry()[i].name for i in sorted(registry().find(name)))
        raise NotFoundError(
            f"no document names {name!r}"
            + (f", though the registry knows {known}" if known else "")
            + "; `sayso search` finds words"
        )
    identity = found[0]["identity"]
    others = {r["identity"]: r["name"] for r in found if r["identity"] != identity}
    return {**dossier_of(connection, identity, limit), "other_names_found": list(others.values())[:10]}


def dossier_of(connection: Connection, identity: str, limit: int = 12) -> dict[str, Any]:
    """As `dossier`, of an identity (or the id of any of its names). Raises NotFoundError."""
    names = naming.cluster_of(connection, naming.identity_of(connection, identity))
    ids = [n["id"] for n in names]
    entries = sorted({e for n in names for e in registry().find(n["name"])}) if names[0]["type"] != "person" else []
    mentions = naming.mentions_of(connection, ids, _MOST_MENTIONS)
    named = naming.claims_naming(connection, ids, 150)
    marks = judging.marks(connection)
    return {
        "id": names[0]["identity"],
        "name": best_name([n["name"] for n in names]),
        "type": names[0]["type"],
        "names": [{"id": n["id"], "name": n["name"], "documents": n["documents"]} for n in names],
        "registry": [
            {"id": e, "kind": registry()[e].kind, "name": registry()[e].name, "aliases": list(registry()[e].aliases), "countries": list(registry()[e].countries), "part_of": registry()[e].part_of, "source": registry()[e].source}
            for e in entries
        ],
        "documents": sum(n["documents"] for n in names),
        "mentions": len(mentions),
        "all_mentions": len(mentions) < _MOST_MENTIONS,
        **_aspects(connection, mentions, limit),
        "deeds": [_claim(c) for c in named if c["field"] in {"actor", "actor_organisation", "responsibility"}][:limit],
        "suffered": [_claim(c) for c in named if c["field"] in {"victim", "target", "recipient"}][:limit],
        "said": [
            {"stance": s["stance"], "text": s["content"], "document": s["document_id"], "start": s["start"], "end": s["end"], "path": s["path"], "outlet": s["outlet"], "published": s["published"]}
            for s in naming.claims_by(connection, ids, limit)
        ],
        "perhaps_also": [{"id": u["id"], "name": u["name"], "score": u["score"], "reasons": json.loads(u["reasons"])} for u in naming.unsure(connection, ids)],
        "other_names_found": [],
        "judgements": [j for i in ids for j in _judged(connection, i, marks)],
    }  # fmt: skip


def _aspects(connection: Connection, mentions: list[Any], limit: int) -> dict[str, list[dict[str, Any]]]:
    """The sentences that name it and tell of each aspect, with who says so."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ASPECTS}
    by_document: dict[str, list[Any]] = {}
    for mention in mentions:
        by_document.setdefault(mention["document_id"], []).append(mention)
    seen: set[str] = set()
    for document, some in list(by_document.items())[:_MOST_DOCUMENTS]:
        text, said = _text_and_speakers(connection, document)
        for sentence in sentences(text):
            inside = [m for m in some if sentence.start <= m["start"] < sentence.end]
            flat = " ".join(sentence.text.split())
            if not inside or flat in seen:
                continue
            seen.add(flat)
            who = next((s for start, end, s in said if start <= inside[0]["start"] < end), None)
            for aspect, pattern in ASPECTS.items():
                if len(found[aspect]) < limit and pattern.search(sentence.text):
                    found[aspect].append(
                        {
                            "text": flat,
                            "speaker": who,
                            "document": document,
                            "path": inside[0]["path"],
                            "outlet": inside[0]["outlet"],
                            "published": inside[0]["published"],
                            "start": sentence.start,
                            "end": sentence.end,
                        }
                    )
    return found


def _text_and_speakers(connection: Connection, document: str) -> tuple[str, list[tuple[int, int, str | None]]]:
    d, a = schema.documents.c, schema.attributions.c
    text = connection.scalar(select(d.text).where(d.id == document)) or ""
    rows = connection.execute(
        select(a.spans, a.speaker_name, a.speaker)
        .join(schema.documents, and_(d.id == a.document_id, d.current_run == a.run_id))
        .where(a.document_id == document)
        .order_by(a.ordinal)
    )
    return text, [(start, end, r.speaker_name or r.speaker) for r in rows for start, end in json.loads(r.spans or "[]")]


def _claim(row: Any) -> dict[str, Any]:
    plain = (
        "field",
        "value",
        "holds",
        "stance",
        "event_type",
        "event",
        "path",
        "outlet",
        "published",
        "start",
        "end",
        "words",
    )
    return {
        **{name: row[name] for name in plain},
        "speaker": (row["speaker_name"] or row["speaker"]) if row["attribution"] else None,
        "document": row["document_id"],
        "claim": row["id"],
    }


def _judged(connection: Connection, name: str, marks: dict[int, list[str]]) -> list[dict[str, Any]]:
    j = schema.judgements.c
    rows = connection.execute(
        select(schema.judgements).where((j.subject == f"name:{name}") | (j.object == f"name:{name}")).order_by(j.id)
    ).mappings()
    return [{**dict(r), "marks": marks.get(r["id"], [])} for r in rows]
