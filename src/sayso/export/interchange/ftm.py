"""The ledger as FollowTheMoney entities, one JSON object a line, as the `ftm` tools and OpenAleph read them.

What is mapped to what is in `docs/interchange/ftm.md`. Whatever somebody is said to have done is an `UnknownLink` or a
`Documentation` whose role says who says so in which claim: FollowTheMoney's own properties for such things (`Event:involved`,
`organizer`) state facts without a source, and are never used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from sayso.export import LossReport, Record
from sayso.export.claims import REJECTED
from sayso.export.interchange.earlier import Earlier, party, positions_told, told, weighed_told, who
from sayso.names.registry import registry

if TYPE_CHECKING:
    from followthemoney.proxy import EntityProxy

_PUBLIC = frozenset(
    "armed_forces court government ministry parliament police service state".split()
)  # fmt: skip
"""kinds of the registry that are public bodies (units may be anybody’s); a machine’s guess makes nobody one"""
_PARTIES = frozenset("actor actor_organisation responsibility victim target recipient".split())
"""fields whose words may name somebody"""
_BETWEEN = frozenset({"denies", "contradicts", "confirms"})
"""ties between speakers, by what their words come to beside each other"""


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """`rows` of the report: entities written. rows: records of the subject `ledger`, in their order. Needs `followthemoney`."""
    report = LossReport()
    with Earlier() as earlier:
        for proxy in _Mapping(earlier, report).entities(rows):
            made = proxy.to_dict()
            proxy.schema.validate({"properties": made["properties"]})
            out.write(json.dumps(made, ensure_ascii=False).encode() + b"\n")
            report.rows += 1
    if report.rows:
        report.losses += [
            "texts of documents are not part of the ledger’s records; give OpenAleph the originals to search them",
            "places of words (code points) stand in descriptions, since no schema has a property for them",
        ]
    return report


class _Mapping:
    """Records → proxies, each once, those referred to not always before those that refer."""

    def __init__(self, earlier: Earlier, report: LossReport) -> None:
        self._earlier = earlier
        self._report = report
        self._places: dict[str, EntityProxy] = {}
        self._place_names: dict[str, str] = {}
        """a place's name → its id; places are fewer than documents, and wait for an event that knows where they are"""

    def entities(self, rows: Iterable[Record]) -> Iterator[EntityProxy]:
        kinds: dict[str, Callable[[Record], Iterator[EntityProxy]]] = {
            "document": self._document,
            "entity": self._entity,
            "claim": self._claim,
            "event": self._event,
            "link": self._link,
            "tie": self._tie,
        }
        for row in rows:
            yield from kinds[row["kind"]](row)
        yield from self._unlinked()
        yield from self._places.values()

    # -- one kind of record each -------------------------------------------------------------------------------

    def _document(self, row: Record) -> Iterator[EntityProxy]:
        self._earlier.keep_document(row)
        name = str(row["path"] or "").rpartition("/")[2]
        yield self._made(
            "Article",
            f"document-{row['id']}",
            title=row["title"],
            fileName=name,
            author=row["author"],
            publisher=row["outlet"],
            publishedAt=row["published"],
            sourceUrl=row["url"],
            language=row["language"],
            mimeType=row["media_type"],
            retrievedAt=[c["retrieved"] for c in row["copies"]],
            notes=[
                f"SHA-256 {row['sha256']}",
                f"Credits {row['origin']}" if row["origin"] else None,
                *(
                    f"Also published by {c['outlet']}"
                    for c in row["copies"]
                    if c["outlet"] not in {None, row["outlet"]}
                ),
            ],
        )
        self._report.lose("documents with a SHA-256 (contentHash takes SHA-1; it stands in the notes)", row["id"])
        if row["parent"]:
            yield self._made(
                "UnknownLink",
                f"copy-{row['id']}",
                subject=_id("document", row["id"]),
                object=_id("document", row["parent"]),
                role=f"text made from it: {row['relation']}",
            )

    def _entity(self, row: Record) -> Iterator[EntityProxy]:
        self._earlier.keep_entity(row)
        known = [registry()[e] for e in row["registry"] if e in registry()]
        about = {
            "name": row["name"],
            "alias": [n["name"] for n in row["names"] if n["name"] != row["name"]],
            "country": [c for e in known for c in e.countries] if len(known) == 1 else [],
        }
        if row["links"] or row["judgements"]:
            self._report.lose(
                "entities whose reasons for being one, or people’s judgements on it, have no place", row["id"]
            )
        if row["type"] == "place":
            place = self._made("Address", f"entity-{row['id']}", full=row["name"], **about)
            self._places[row["id"]] = place
            if row["where"]:
                self._locate(place, row["where"])
            for name in {row["name"], *about["alias"]}:
                self._place_names.setdefault(name, row["id"])
            self._report.lose("places whose mentions have no place (a Mention is of a person or body)", row["id"])
            return
        public = len(known) == 1 and known[0].kind in _PUBLIC
        schema = "Person" if row["type"] == "person" else "PublicBody" if public else "Organization"
        yield self._made(schema, f"entity-{row['id']}", **about)
        yield from self._mentions(row, schema)

    def _mentions(self, row: Record, schema: str) -> Iterator[EntityProxy]:
        """One for each document, with the names that stand there: pronouns and descriptions would be taken for names."""
        names = sorted({n["name"] for n in row["names"]})
        used: dict[str, list[str]] = {}
        for m in row["mentions"]:
            here = used.setdefault(m["document"], [])
            here += (n for n in names if n.casefold() in m["text"].casefold() and n not in here)
        for document, here in used.items():
            yield self._made(
                "Mention",
                f"mention-{row['id']}-{document}",
                document=_id("document", document),
                resolved=_id("entity", row["id"]),
                name=here or row["name"],
                detectedSchema=schema,
            )
        self._report.lose(
            "entities whose single mentions, pronouns and offsets have no place (one Mention a document)", row["id"]
        )

    def _claim(self, row: Record) -> Iterator[EntityProxy]:
        if row["decision"] == "reject":
            self._report.lose(REJECTED, row["id"])
        else:
            self._earlier.keep_claim(row)
        yield from ()

    def _event(self, row: Record) -> Iterator[EntityProxy]:
        place = row["place"]
        counts = f"{row['documents']} documents, {row['origins']} origins, {row['informants']} independent informants"
        yield self._made(
            "Event",
            f"event-{row['id']}",
            name=f"Reported: {row['title']}",
            startDate=row["first_day"],
            endDate=row["last_day"],
            location=place["name"] if place else None,
            country=place["country"] if place else None,
            addressEntity=self._place(place) if place else None,
            keywords=row["type"].replace("_", " "),
            recordId=row["id"],
            summary=[
                f"As reported, {row['status']}: {counts}. Sayso does not say whether it is so.",
                *positions_told(row),
            ],
            notes=[weighed_told(field, found) for field, found in row["fields"].items()],
            proof=[_id("document", m["document"]) for m in row["members"]],
        )
        self._report.lose(
            "events whose positions and weighing stand as sentences (no schema for who holds what)", row["id"]
        )
        for claim in self._earlier.claims_of(row):
            yield self._documentation(claim, _id("event", row["id"]))
            if claim["named_id"] and claim["field"] in _PARTIES:
                yield self._made(
                    "UnknownLink",
                    f"party-{claim['id']}",
                    subject=_id("entity", claim["named_id"]),
                    object=_id("event", row["id"]),
                    role=party(claim),
                    **_evidence(claim),
                )

    def _link(self, row: Record) -> Iterator[EntityProxy]:
        ends = " → ".join(str(row[side]["claim"]) for side in ("left", "right"))
        self._report.lose(f"links in which a claim {row['relation']} another (statements cannot be tied)", ends)
        yield from ()

    def _tie(self, row: Record) -> Iterator[EntityProxy]:
        left, right = self._earlier.entity(row["left"]), self._earlier.entity(row["right"])
        if left is None or right is None:
            self._report.lose("ties of somebody who is no entity", f"{row['left']} → {row['right']}")
            return
        key = "-".join(str(row[k]) for k in ("relation", "left", "right", "document", "start", "event"))
        claim = self._earlier.claim(row["claim"])
        said = f"says {who(claim)}, claim {row['claim']}" if claim else f"says document {row['document']}"
        what = " the other’s words" if row["relation"] in _BETWEEN else ""
        evidence = {
            **_evidence({**row, "document_id": row["document"], "words": row["text"], "id": row["claim"]}),
            "role": f"{row['relation'].replace('_', ' ')}{what} ({said})",
        }
        if row["relation"] == "belongs_to" and left[1] != "place" and right[1] == "organisation":
            yield self._made(
                "Membership", f"tie-{key}", member=_id("entity", row["left"]), organization=_id("entity", row["right"]), **evidence
            )  # fmt: skip
            return
        yield self._made(
            "UnknownLink", f"tie-{key}", subject=_id("entity", row["left"]), object=_id("entity", row["right"]), **evidence
        )  # fmt: skip

    def _unlinked(self) -> Iterator[EntityProxy]:
        for claim in self._earlier.claims(linked=False):
            if claim["speaker_id"]:
                yield self._documentation(claim, _id("entity", claim["speaker_id"]))
            else:
                yield self._note(claim)

    # -- parts -------------------------------------------------------------------------------------------------

    def _documentation(self, claim: Record, entity: str) -> EntityProxy:
        document = _id("document", claim["document_id"])
        return self._made("Documentation", f"claim-{claim['id']}", document=document, entity=entity, role=told(claim), **_evidence(claim))  # fmt: skip

    def _note(self, claim: Record) -> EntityProxy:
        """Of somebody without a name, and of no event: on the article alone."""
        evidence = _evidence(claim)
        about = {name: evidence[name] for name in ("summary", "proof", "publisher")}
        on = _id("document", claim["document_id"])
        return self._made(
            "Note", f"claim-{claim['id']}", entity=on, description=[told(claim), evidence["description"]], **about
        )

    def _place(self, place: Record) -> str:
        """The address of an event's place: the entity of that name, which now learns where it is, else one of its own."""
        id_ = self._place_names.get(place["name"])
        if id_ is None or self._elsewhere(self._places[id_], place):
            id_ = f"{place['name']}-{place['lat']}-{place['lon']}"
            self._places.setdefault(id_, self._made("Address", f"place-{id_}", full=place["name"], name=place["name"]))
        proxy = self._places[id_]
        if not proxy.get("latitude"):
            self._locate(proxy, place)
        return str(proxy.id)

    def _locate(self, proxy: EntityProxy, place: Record) -> None:
        for name, value in {"latitude": place["lat"], "longitude": place["lon"], "country": place["country"]}.items():
            self._add(proxy, name, value)

    def _elsewhere(self, proxy: EntityProxy, place: Record) -> bool:
        known = [float(n) for name in ("latitude", "longitude") for n in proxy.get(name)]
        return bool(known) and known != [place["lat"], place["lon"]]

    def _made(self, schema: str, id_: str, **properties: Any) -> EntityProxy:
        from followthemoney import model

        kind, _, rest = id_.partition("-")
        proxy = model.make_entity(schema)
        proxy.id = _id(kind, rest)
        for name, value in properties.items():
            for one in value if isinstance(value, list) else [value]:
                self._add(proxy, name, one)
        return proxy

    def _add(self, proxy: EntityProxy, name: str, value: Any) -> None:
        """A value, cut where it is longer than its type may be. What the library drops or mends is told."""
        if value is None or value == "":
            return
        prop = proxy.schema.get(name)
        text, id_ = _scalar(value), str(proxy.id)
        what = f"{proxy.schema.name}:{name}"
        if prop is None or (cleaned := prop.type.clean(text)) is None:
            self._report.lose(f"values that {what} does not take", id_)
            return
        if prop.type.group is None and cleaned != text:
            self._report.lose(f"values of {what} with characters that the format does not hold", id_)
        if prop.type.name == "date" and cleaned != text:
            self._report.lose(f"times of {what} kept to what FollowTheMoney’s dates hold", id_)
        if len(cleaned) > prop.type.max_length:
            self._report.lose(f"values of {what} cut at {prop.type.max_length} characters", id_)
            cleaned = cleaned[: prop.type.max_length]
        proxy.add(name, cleaned, cleaned=True)


def _scalar(value: Any) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _id(kind: str, id_: str) -> str:
    """Deterministic, and in the characters that references may have."""
    import hashlib

    if not id_.isascii() or not id_.replace("-", "").isalnum() or len(id_) > 150:
        id_ = hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"sayso-{kind}-{id_}"


def _evidence(claim: Record) -> dict[str, Any]:
    return {
        "recordId": claim["id"],
        "summary": claim["words"],
        "description": f"Characters {claim['start']} to {claim['end']} of document {claim['document_id']}",
        "proof": _id("document", claim["document_id"]),
        "date": claim["published"],
        "publisher": claim["outlet"],
    }
