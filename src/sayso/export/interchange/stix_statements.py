"""Claims as STIX notes and opinions, their links as relationships, and documents as reports on all of that.

The second half of `sayso.export.interchange.stix`: what can be made only when everything else has passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sayso.export import LossReport, Record
from sayso.export.interchange.earlier import Earlier, told, who
from sayso.export.interchange.stix_objects import Maker, instant

if TYPE_CHECKING:
    from stix2.v21 import _STIXBase21

_OPINIONS = {"denies": "strongly-disagree", "doubts": "disagree"}
"""stance → what the standard's scale calls it; nothing on the scale is read into the other stances"""
_DAY = len("2023-05-22")


class Statements:
    """located: entity → its location, of those that have one."""

    def __init__(self, earlier: Earlier, make: Maker, report: LossReport, located: dict[str, str]) -> None:
        self._earlier = earlier
        self._make = make
        self._report = report
        self._located = located

    def statements(self) -> Iterator[_STIXBase21]:
        """Claims as notes, and as opinions where they deny; then what they have to do with each other."""
        for claim in self._earlier.claims():
            against = self._against(claim)
            about: dict[str, Any] = {
                "created": self._make.added(claim["document_id"]),
                "authors": [who(claim)],
                "external_references": [_place_of(claim)],
                "extension": self._told(claim),
            }
            if against:
                explanation = f"{told(claim)}: “{claim['words']}”"
                refs = sorted(against)
                yield self._make(
                    "opinion", claim["id"], opinion=_opinion(claim), explanation=explanation, object_refs=refs, **about
                )
            else:
                on = ("incident", claim["linked"]) if claim["linked"] else ("report", claim["document_id"])
                refs = [self._make.id_of(*on)]
                yield self._make(
                    "note", claim["id"], abstract=told(claim), content=claim["words"], object_refs=refs, **about
                )
        for row in self._earlier.links():
            ends = [str(row[side]["claim"]) for side in ("left", "right")]
            yield self._make(
                "relationship",
                "/".join(("link", row["relation"], row["field"], *ends)),
                relationship_type=row["relation"],
                source_ref=self._statement(ends[0]),
                target_ref=self._statement(ends[1]),
                description="; ".join(r["text"] for r in row["reasons"]) or None,
                extension={"field": row["field"], "score": row["score"], "event": row["event"]},
            )

    def reports(self) -> Iterator[_STIXBase21]:
        for row in self._earlier.documents():
            published = instant(row["published"])
            if published is None:
                self._report.lose(
                    "documents without a date (a report must have one: when it was added stands there)", row["id"]
                )
            elif len(str(row["published"])) <= _DAY:
                self._report.lose("documents of a day without an hour (a report has one: midnight UTC)", row["id"])
            refs = {self._statement(c["id"]) for c in self._earlier.claims(row["id"])}
            refs |= {p for e in self._earlier.entities_in(row["id"]) if (p := self.party(e))}
            if row["outlet"]:
                refs.add(self._make.id_of("identity", f"outlet/{row['outlet']}"))
            if not refs:
                self._report.lose(
                    "documents in which nothing was read (a report must refer to something: to Sayso)", row["id"]
                )
                refs.add(self._make.tool_id)
            yield self._make(
                "report",
                row["id"],
                created=row["added"],
                name=row["title"] or str(row["path"] or "").rpartition("/")[2] or row["url"] or row["id"],
                published=published or instant(row["added"]),
                lang=row["language"],
                object_refs=sorted(refs),
                external_references=[_reference(row)],
                extension={k: row[k] for k in ("path", "outlet", "author", "origin", "media_type", "root", "parent", "relation", "copies")},
            )  # fmt: skip

    # -- parts -------------------------------------------------------------------------------------------------

    def party(self, entity: str) -> str | None:
        """The identity or location of an entity; null for a place without one."""
        found = self._earlier.entity(entity)
        if found is None or found[1] == "place":
            return self._located.get(entity)
        return self._make.id_of("identity", entity)

    def _against(self, claim: Record) -> set[str]:
        """What an opinion is on: the statements that the claim denies, or the incident whose happening it denies."""
        denied = self._denied(claim)
        if denied or not self._denies_all(claim):
            return {self._statement(id_) for id_ in denied}
        return {self._make.id_of("incident", claim["linked"])}

    def _statement(self, claim: str) -> str:
        found = self._earlier.claim(claim)
        opposes = found and (self._denied(found) or self._denies_all(found))
        return self._make.id_of("opinion" if opposes else "note", claim)

    def _denied(self, claim: Record) -> list[str]:
        opposes = not claim["holds"] or claim["stance"] in _OPINIONS
        return self._earlier.denied_by(claim["id"]) if opposes else []

    def _denies_all(self, claim: Record) -> bool:
        return bool(claim["linked"]) and claim["field"] == "realis" and not claim["holds"]

    def _told(self, claim: Record) -> Record:
        plain = (
            "document_id",
            "field",
            "value",
            "stance",
            "holds",
            "cue",
            "event_type",
            "words",
            "start",
            "end",
            "spans",
        )
        refs = {f"{role}_ref": self.party(claim[f"{role}_id"]) for role in ("speaker", "named") if claim[f"{role}_id"]}
        return {"claim_id": claim["id"], "speaker": claim["speaker_name"], **{k: claim[k] for k in plain}, **refs}


def _opinion(claim: Record) -> str:
    return _OPINIONS.get(claim["stance"], "disagree")


def _place_of(claim: Record) -> Record:
    where = f"characters {claim['start']} to {claim['end']} of document {claim['document_id']}"
    return {"source_name": "sayso-claim", "external_id": claim["id"], "description": where}


def _reference(document: Record) -> Record:
    return {
        "source_name": document["outlet"] or "sayso-document",
        "external_id": document["id"],
        "hashes": {"SHA-256": document["sha256"]},
        **({"url": document["url"]} if document["url"] else {}),
    }
