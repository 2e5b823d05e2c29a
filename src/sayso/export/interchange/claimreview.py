"""Claims as schema.org ClaimReview (JSON-LD): drafts for fact-checkers, with everything that is said and nothing that is found.

After schema.org's ClaimReview and Claim. `reviewRating`, `author`, `datePublished` and `url` are the review's own, and stand there as
null: who reviews it, and to what end, people say. A JSON-LD processor takes null for "not stated".
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from sayso.errors import UsageError
from sayso.export import LossReport, Record
from sayso.export.claims import REJECTED
from sayso.names.registry import registry
from sayso.records.terms import document_name, field_name, plain

CONTEXT = "https://schema.org"
_NO_STATEMENTS = frozenset({"asks", "demands", "promises", "threatens"})
"""stances by which nothing is said to be so"""
_NEEDED = ("id", "document_id", "stance", "holds", "field", "value", "words")
_LONGEST = 1_000


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """One JSON-LD graph. Raises UsageError for records that are no claims."""
    report = LossReport()
    out.write(f'{{"@context": "{CONTEXT}", "@graph": ['.encode())
    for row in rows:
        if any(name not in row for name in _NEEDED):
            raise UsageError("ClaimReview holds claims: `sayso export claims --format claimreview`")
        id_ = f"{row['document_id']}/{row['id']}"
        if row.get("decision") == "reject":
            report.lose(REJECTED, id_)
            continue
        if row["stance"] in _NO_STATEMENTS:
            report.lose("questions, demands, promises and threats, which are no claims in schema.org’s sense", id_)
            continue
        if not row["holds"]:
            report.lose("denials, told in words alone (a Claim has no way to be denied)", id_)
        if len(row.get("spans") or ()) > 1:
            report.lose("claims whose words stand apart, joined by an ellipsis", id_)
        found = review(row)
        if found["itemReviewed"]["author"]["@type"] == "Thing":
            report.lose("speakers of whom claims do not say whether they are a person or an organisation", id_)
        out.write((",\n" if report.rows else "\n").encode())
        out.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
        report.rows += 1
    out.write(b"\n]}\n")
    if report.rows:
        report.losses.append("schema.org has no offsets, stances or events; ids lead back to `sayso export claims`")
    return report


def review(row: Record) -> Record:
    """A record of `sayso.export.claims` as a ClaimReview that waits for a reviewer."""
    return {
        "@type": "ClaimReview",
        "@id": f"urn:sayso:review:{row['document_id']}/{row['id']}",
        "claimReviewed": _told(row),
        "itemReviewed": {
            "@type": "Claim",
            "@id": f"urn:sayso:claim:{row['document_id']}/{row['id']}",
            "text": row["words"],
            "about": {"@type": "Thing", "name": field_name(row["field"])},
            "author": _speaker(row),
            **({"datePublished": row["published"]} if row.get("published") else {}),
            "appearance": _appearance(row),
        },
        "author": None,
        "datePublished": None,
        "url": None,
        "reviewRating": None,
    }


def _told(row: Record) -> str:
    """Who says it, first."""
    who = row.get("speaker_name") or ("An unnamed source" if row.get("cue") else row.get("outlet") or "The report")
    stance, words = row["stance"].replace("_", " "), plain(row["words"])
    told = f"{who} {stance}: {field_name(row['field'])}: {row['value']}"
    return (told if row["value"] == words else f"{told} (“{words}”)")[:_LONGEST]


def _speaker(row: Record) -> Record:
    """An organisation where it is the outlet or the registry knows it as one; else a thing, since claims do not say what speakers are."""
    if name := row.get("speaker_name"):
        kinds = {registry()[entry].kind for entry in registry().find(name)}
        known = "Person" if kinds == {"person"} else "Organization" if kinds and "person" not in kinds else "Thing"
        return {"@type": known, "name": name}
    if row.get("cue"):
        return {"@type": "Thing", "name": "unnamed source"}
    return {"@type": "Organization", "name": row.get("outlet") or "the report itself"}


def _appearance(row: Record) -> Record:
    name = row.get("title") or document_name(row.get("path"), row.get("url"), row["document_id"])
    found = {"@type": "CreativeWork", "identifier": row["document_id"], "name": name}
    if row.get("url"):
        found["url"] = row["url"]
    if row.get("published"):
        found["datePublished"] = row["published"]
    if row.get("outlet"):
        found["publisher"] = {"@type": "Organization", "name": row["outlet"]}
    return found
