"""The ledger as one STIX 2.1 bundle (OASIS Standard, 10 June 2021).

What is mapped to what is in `docs/interchange/stix.md`. A claim is a `note`, a denial an `opinion` on the notes that it denies; nobody
becomes a `threat-actor`, since that is a judgement which no claim makes true.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from sayso.export import LossReport, Record
from sayso.export.claims import REJECTED
from sayso.export.interchange.earlier import Earlier, positions_told
from sayso.export.interchange.stix_objects import ALWAYS, Maker
from sayso.export.interchange.stix_statements import Statements
from sayso.names.registry import registry

if TYPE_CHECKING:
    from stix2.v21 import _STIXBase21

_ADMIRALTY = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}
"""STIX 2.1, appendix A: the Admiralty scale's credibility → confidence; 6, truth cannot be judged, has none"""
_SAID = {
    "accuses": "accuses",
    "commands": "said-to-command",
    "belongs_to": "said-to-belong-to",
    "denies": "denies-words-of",
    "contradicts": "contradicts-words-of",
    "confirms": "confirms-words-of",
}
"""a tie → the type of its relationship: none that the standard defines, since those state facts"""


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """`rows` of the report: objects written. rows: records of the subject `ledger`, in their order. Needs `stix2`."""
    report, digest = LossReport(), hashlib.sha256()
    out.write(b'{"type": "bundle", "objects": [')
    with Earlier() as earlier:
        for made in _Mapping(earlier, report).objects(rows):
            line = made.serialize(ensure_ascii=True).encode()
            digest.update(line)
            out.write((b",\n" if report.rows else b"\n") + line)
            report.rows += 1
    out.write(b'\n], "id": "%s"}\n' % Maker.id_of("bundle", digest.hexdigest()).encode())
    report.losses += [
        "texts of documents are not part of the ledger’s records; the reports hold their SHA-256",
        "everything of Sayso’s own (offsets, fields, values, positions, weighing) is in an extension that other tools keep but do not show",
    ]
    return report


class _Mapping:
    """Records → objects. Reports and opinions come last: they refer to what is known only at the end."""

    def __init__(self, earlier: Earlier, report: LossReport) -> None:
        self._earlier = earlier
        self._report = report
        self._make = Maker()
        self._outlets: set[str] = set()
        self._located: dict[str, str] = {}
        """what has a location → its id: ids of entities, and names with where they are"""
        self._said = Statements(earlier, self._make, report, self._located)
        self._places: dict[str, list[Record]] = {}
        """name → place entities that no country or event has located yet"""

    def objects(self, rows: Iterable[Record]) -> Iterator[_STIXBase21]:
        kinds: dict[str, Callable[[Record], Iterator[_STIXBase21]]] = {
            "document": self._document,
            "entity": self._entity,
            "claim": self._claim,
            "event": self._event,
            "link": self._link,
            "tie": self._tie,
        }
        started = False
        for row in rows:
            if row["kind"] != "document" and not started:
                started = True
                yield from self._start()
            yield from kinds[row["kind"]](row)
        if not started:
            yield from self._start()
        yield from self._said.statements()
        yield from self._said.reports()
        for id_ in sorted({row["id"] for waiting in self._places.values() for row in waiting}):
            self._report.lose("places without country or coordinates (a location must have one)", id_)

    def _start(self) -> Iterator[_STIXBase21]:
        """Once all documents are known, and with them the times of all that is made of them."""
        for document in self._earlier.documents():
            self._make.seen(document["id"], document["added"])
        yield self._make.tool()
        yield self._make.definition()
        for document in self._earlier.documents():
            yield from self._outlet(document["outlet"])

    # -- one kind of record each -------------------------------------------------------------------------------

    def _document(self, row: Record) -> Iterator[_STIXBase21]:
        self._earlier.keep_document(row)
        yield from ()

    def _outlet(self, name: str | None) -> Iterator[_STIXBase21]:
        if name and name not in self._outlets:
            self._outlets.add(name)
            yield self._make(
                "identity",
                f"outlet/{name}",
                created=ALWAYS,
                name=name,
                identity_class="organization",
                roles=["publisher"],
            )

    def _entity(self, row: Record) -> Iterator[_STIXBase21]:
        self._earlier.keep_entity(row)
        known = [registry()[e] for e in row["registry"] if e in registry()]
        about = {
            "name": row["name"],
            "extension": {
                "entity_id": row["id"],
                "names": [n["name"] for n in row["names"]],
                "mentions": [{k: m[k] for k in ("document", "start", "end", "text")} for m in row["mentions"]],
            },
        }
        if row["links"] or row["judgements"]:
            self._report.lose(
                "entities whose reasons for being one, or people’s judgements on it, are left out", row["id"]
            )
        if row["type"] != "place":
            kind = "individual" if row["type"] == "person" else "organization"
            yield self._make("identity", row["id"], identity_class=kind, **about)
        elif where := row["where"]:
            made = self._make.id_of("location", row["id"])
            names = {row["name"], *(n["name"] for n in row["names"])}
            self._located |= {_key(name, where): made for name in names} | {row["id"]: made}
            place = {"latitude": where["lat"], "longitude": where["lon"], "country": where["country"]}
            yield self._make("location", row["id"], **place, **about)
        elif len(known) == 1 and known[0].countries:
            self._located[row["id"]] = self._make.id_of("location", row["id"])
            yield self._make("location", row["id"], country=known[0].countries[0], **about)
        else:
            for name in {row["name"], *(n["name"] for n in row["names"])}:
                self._places.setdefault(name, []).append({"id": row["id"], **about})

    def _claim(self, row: Record) -> Iterator[_STIXBase21]:
        if row["decision"] == "reject":
            self._report.lose(REJECTED, row["id"])
        else:
            self._earlier.keep_claim(row)
        yield from ()

    def _event(self, row: Record) -> Iterator[_STIXBase21]:
        weighed = row["fields"].get("realis", {}).get("credibility")
        incident = self._make(
            "incident",
            row["id"],
            name=f"Reported: {row['title']}",
            description="\n".join(
                [f"As reported, {row['status']}. Sayso does not say whether it is so.", *positions_told(row)]
            ),
            confidence=_ADMIRALTY.get(weighed),
            extension={
                **{
                    k: row[k] for k in ("type", "first_day", "last_day", "documents", "origins", "informants", "status")
                },
                "event_id": row["id"],
                "fields": [{"field": name, **found} for name, found in row["fields"].items()],
                "positions": row["positions"],
            },
        )
        yield incident
        self._earlier.claims_of(row)
        place = row["place"]
        if place is None:
            return
        if place["lat"] is None and not place["country"]:
            self._report.lose("events whose place has neither country nor coordinates", row["id"])
            return
        key = _key(place["name"], place)
        if key not in self._located:
            self._located[key] = self._make.id_of("location", key)
            yield self._located_place(key, place)
        yield self._make(
            "relationship",
            f"at/{row['id']}",
            relationship_type="located-at",
            source_ref=incident.id,
            target_ref=self._located[key],
            description="the place that the reports give, as weighed",
        )

    def _located_place(self, key: str, place: Record) -> _STIXBase21:
        """With what is known of the one entity of that name, where it is the only one."""
        waiting = self._places.get(place["name"], [])
        more: Record = {"extension": {"precision": place["precision"]}}
        if len(waiting) == 1:
            found = waiting[0]
            self._located[found["id"]] = self._located[key]
            more = {"extension": {**found["extension"], "precision": place["precision"]}}
            self._places = {n: [r for r in rows if r["id"] != found["id"]] for n, rows in self._places.items()}
        return self._make(
            "location", key, name=place["name"], country=place["country"], latitude=place["lat"], longitude=place["lon"], **more
        )  # fmt: skip

    def _link(self, row: Record) -> Iterator[_STIXBase21]:
        left, right = row["left"]["claim"], row["right"]["claim"]
        if not (self._earlier.claim(left) and self._earlier.claim(right)):
            self._report.lose(
                "links with an end that is no claim", f"{row['left']['document']} → {row['right']['document']}"
            )
            return
        self._earlier.keep_link(row)
        yield from ()

    def _tie(self, row: Record) -> Iterator[_STIXBase21]:
        left, right = self._said.party(row["left"]), self._said.party(row["right"])
        if left is None or right is None:
            self._report.lose("ties of somebody who is no identity or located place", f"{row['left']} → {row['right']}")
            return
        key = "/".join(str(row[k]) for k in ("relation", "left", "right", "document", "start", "event"))
        yield self._make(
            "relationship",
            f"tie/{key}",
            relationship_type=_SAID[row["relation"]],
            source_ref=left,
            target_ref=right,
            description=row["text"],
            extension={k: row[k] for k in ("document", "start", "end", "claim", "event")},
        )


def _key(name: str, place: Record) -> str:
    return f"{name}/{place['lat']}/{place['lon']}/{place['country']}"
