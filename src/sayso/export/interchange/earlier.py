"""What a format must still know of records that have passed: who speaks in a claim, whom its words name, which event it is of.

Held in a temporary database, which goes to disk when it grows, so that a large ledger does not fill the memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Self

from sayso.export import Record
from sayso.export.phrases import OWN_VOICE, short

_TABLES = """
CREATE TABLE document (number INTEGER PRIMARY KEY, id TEXT UNIQUE, row TEXT);
CREATE TABLE entity (id TEXT PRIMARY KEY, name TEXT, type TEXT);
CREATE TABLE known_as (document TEXT, name TEXT, entity TEXT, PRIMARY KEY (document, name, entity)) WITHOUT ROWID;
CREATE TABLE mention (document TEXT, start INTEGER, end INTEGER, entity TEXT, PRIMARY KEY (document, start, end)) WITHOUT ROWID;
CREATE TABLE claim (number INTEGER PRIMARY KEY, id TEXT UNIQUE, document TEXT, event TEXT, linked TEXT, row TEXT);
CREATE INDEX claim_event ON claim (document, event);
CREATE TABLE link (number INTEGER PRIMARY KEY, relation TEXT, left TEXT, right TEXT, row TEXT);
CREATE INDEX link_left ON link (left, relation);
"""


class Earlier:
    """Use as a context manager; its database is gone afterwards. Records are those of the subject `ledger`."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    # -- keeping -----------------------------------------------------------------------------------------------

    def keep_document(self, row: Record) -> None:
        self._put("document", None, row["id"], _packed(row))

    def keep_entity(self, row: Record) -> None:
        """With every name and wording by which a document knows it, and where its mentions stand."""
        self._put("entity", row["id"], _packed(row["name"]), row["type"])
        names = {n["name"] for n in row["names"]}
        for m in row["mentions"]:
            self._put("mention", m["document"], m["start"], m["end"], row["id"])
            for name in (*names, m["text"]):
                self._put("known_as", m["document"], _key(name), row["id"])

    def keep_claim(self, row: Record) -> None:
        kept = {**row, "speaker_id": self._speaker(row), "named_id": self._named(row)}
        self._put("claim", None, row["id"], row["document_id"], row["event"], None, _packed(kept))

    def keep_link(self, row: Record) -> None:
        self._put("link", None, row["relation"], row["left"]["claim"], row["right"]["claim"], _packed(row))

    # -- asking ------------------------------------------------------------------------------------------------

    def documents(self) -> Iterator[Record]:
        return self._rows("SELECT row FROM document ORDER BY number")

    def entity(self, id_: str | None) -> tuple[str, str] | None:
        """(name, type: person, organisation or place) of an entity that has passed."""
        found = self._database.execute("SELECT name, type FROM entity WHERE id = ?", (id_,)).fetchone()
        return (json.loads(found[0]), str(found[1])) if found else None

    def claims_of(self, event: Record) -> list[Record]:
        """The claims of a linked event, each once, as people's corrections left them where the event was weighed.

        As claims are exported, with `speaker_id` and `named_id`: ids of the entities that speak and that the words name, or null.
        """
        held = {
            h["claim"]: h for p in event["positions"] for side in ("holders", "deniers") for h in p[side]
        }  # fmt: skip
        found: dict[int, Record] = {}
        for m in event["members"]:
            found |= self._claims("document = ? AND event = ?", m["document"], m["event"])
        for id_ in held:
            found |= self._claims("id = ?", id_)
        claims = [_as_held(row, held.get(row["id"])) for _, row in sorted(found.items())]
        for row in claims:
            self._database.execute(
                "UPDATE claim SET linked = ?, row = ? WHERE id = ?", (event["id"], _packed(row), row["id"])
            )
        return claims

    def claims(self, document: str | None = None, linked: bool | None = None) -> Iterator[Record]:
        """All claims, or those of one document; linked: only those that are of a linked event, or only those that are not.

        Each with `linked`: its linked event's id, or null.
        """
        where = "1" if document is None else "document = ?"
        where += "" if linked is None else f" AND linked IS {'NOT ' if linked else ''}NULL"
        values = () if document is None else (document,)
        query = f"SELECT row, linked FROM claim WHERE {where} ORDER BY number"
        for row, event in self._database.cursor().execute(query, values):
            yield {**json.loads(row), "linked": event}

    def claim(self, id_: str | None) -> Record | None:
        """As `claims` gives it."""
        found = self._database.execute("SELECT row, linked FROM claim WHERE id = ?", (id_,)).fetchone()
        return {**json.loads(found[0]), "linked": found[1]} if found else None

    def denied_by(self, claim: str) -> list[str]:
        """The ids of the claims that this one denies."""
        query = "SELECT DISTINCT right FROM link WHERE left = ? AND relation = 'denies' ORDER BY right"
        return [str(right) for (right,) in self._database.execute(query, (claim,))]

    def links(self) -> Iterator[Record]:
        return self._rows("SELECT row FROM link ORDER BY number")

    def entities_in(self, document: str) -> list[str]:
        query = "SELECT DISTINCT entity FROM mention WHERE document = ? ORDER BY entity"
        return [str(entity) for (entity,) in self._database.execute(query, (document,))]

    # -- within ------------------------------------------------------------------------------------------------

    def _speaker(self, row: Record) -> str | None:
        """The entity of that name in that document; null where there is none, or are several."""
        for name in (row["speaker_name"], row["speaker"]):
            if name:
                query = "SELECT entity FROM known_as WHERE document = ? AND name = ? LIMIT 2"
                found = self._database.execute(query, (row["document_id"], _key(name))).fetchall()
                if len(found) == 1:
                    return str(found[0][0])
        return None

    def _named(self, row: Record) -> str | None:
        query = "SELECT entity FROM mention WHERE document = ? AND start = ? AND end = ?"
        found = self._database.execute(query, (row["document_id"], row["start"], row["end"])).fetchone()
        return str(found[0]) if found else None

    def _claims(self, where: str, *values: str) -> dict[int, Record]:
        query = f"SELECT number, row FROM claim WHERE {where}"
        return {number: json.loads(row) for number, row in self._database.execute(query, values)}

    def _rows(self, query: str, *values: Any) -> Iterator[Record]:
        return (json.loads(row) for (row,) in self._database.cursor().execute(query, values))

    def _put(self, table: str, *values: Any) -> None:
        marks = ", ".join("?" * len(values))
        self._database.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)


def _packed(row: Any) -> str:
    """In ASCII: a database takes no half of a surrogate pair."""
    return json.dumps(row)


def _key(name: str) -> str:
    return name.casefold().encode("utf-8", "replace").decode()


def _as_held(row: Record, holder: Record | None) -> Record:
    if holder is None:
        return row
    named, _, id_ = holder["informant"].partition(":")
    told = {
        "stance": holder["stance"],
        "holds": holder["holds"],
        "speaker_name": holder["speaker"] or row["speaker_name"],
    }
    return {**row, **told, "speaker_id": id_ if named == "name" else row["speaker_id"]}


# -- in words -------------------------------------------------------------------------------------------------------


def who(claim: Record) -> str:
    """Who says it: a name or description, the outlet's own voice, or an unnamed source."""
    name = claim["speaker_name"] or claim["speaker"]
    if name:
        return short(name)
    if claim["cue"]:
        return "an unnamed source"
    return f"{short(claim['outlet'])} in its own voice" if claim["outlet"] else OWN_VOICE


def told(claim: Record) -> str:
    """What its speaker does, with the claim's id: “accuses (says Moscow, claim 810a…): responsibility “North Korea: accused””."""
    stance = claim["stance"].replace("_", " ")
    field = claim["field"].replace(".", " ").replace("_", " ")
    return f"{stance} (says {who(claim)}, claim {claim['id']}): {field} “{short(claim['value'])}”"


def party(claim: Record) -> str:
    """In which part somebody is named, on whose word: “named as responsible (Moscow: accuses, claim 8d08…)”."""
    part = "responsible" if claim["field"] == "responsibility" else claim["field"].replace("_", " ")
    verb = "named" if claim["holds"] else "denied"
    return f"{verb} as {part} ({who(claim)}: {claim['stance'].replace('_', ' ')}, claim {claim['id']})"


def positions_told(event: Record) -> Iterable[str]:
    """Every position of every field with who holds and who denies it."""
    for p in event["positions"]:
        sides = [
            f"{verb} {', '.join(dict.fromkeys(_holder(h) for h in p[side]))}"
            for verb, side in (("held by", "holders"), ("denied by", "deniers"))
            if p[side]
        ]
        replaced = "; since replaced" if p["superseded"] else ""
        yield f"{p['field']} “{short(p['value'])}”: {'; '.join(sides)}{replaced}"


def weighed_told(field: str, found: Record) -> str:
    """What a field of an event comes to, and why."""
    reasons = "; ".join(r["text"] for r in found["reasons"])
    return f"{field}: {found['status']}, proposed credibility {found['credibility']} of 1 to 6 (AJP-2.1). {reasons}"


def _holder(holder: Record) -> str:
    outlet = f"{short(holder['outlet'])} in its own voice" if holder["outlet"] else OWN_VOICE
    unnamed = holder["informant"].startswith("unnamed:")
    speaker = short(holder["speaker"]) if holder["speaker"] else "an unnamed source" if unnamed else outlet
    return f"{speaker} ({holder['stance'].replace('_', ' ')}, claim {holder['claim']})"
