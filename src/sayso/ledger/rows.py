"""Reading → the rows that make it searchable. The reading's JSON itself is kept beside them, whole."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from sayso.ledger import schema
from sayso.records import Attribution, Document, DocumentInfo, Event, Reading, Run
from sayso.records.json import encode_reading

Row = dict[str, Any]
_FACTS = ("title", "author", "outlet", "origin", "language", "published")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reading as the ledger writes it. Preparing one needs no ledger: many processes do it, and leave the one writer less to do."""

    run: Run
    facts: Row
    """what of the document is known from reading it (`facts_of`)"""
    json: bytes
    """the whole reading, compressed"""
    tables: dict[str, list[Row]]
    """name of a table → its rows, without document and run; empty ones are left out"""

    @property
    def claims(self) -> int:
        return len(self.tables.get(schema.claims.name, ()))


def prepare(reading: Reading, written: bytes | None = None) -> Prepared:
    """written: the reading's JSON as it came, where that is what is to be kept."""
    packed = zlib.compress(written or encode_reading(reading), 6)
    return Prepared(reading.run, facts_of(reading.document), packed, _tables(reading))


def facts_of(info: Document | DocumentInfo) -> Row:
    return {name: getattr(info, name) for name in _FACTS}


def gather(rows: dict[Table, list[Row]], document: str, run: int, prepared: Prepared) -> None:
    """Add all rows of a reading, its JSON first, to those that are to be inserted."""
    key = {"document_id": document, "run_id": run}
    rows.setdefault(schema.readings, []).append({**key, "json": prepared.json})
    for name, some in prepared.tables.items():
        rows.setdefault(schema.metadata.tables[name], []).extend({**row, **key} for row in some)


def _tables(reading: Reading) -> dict[str, list[Row]]:
    names = {entity.id: entity.name for entity in reading.entities}
    said = {attribution.id: attribution for attribution in reading.attributions}
    events = {event.id: event for event in reading.events}
    tables = (
        (
            schema.entities,
            [{"id": e.id, "type": e.type, "name": e.name, "aliases": _json(e.aliases)} for e in reading.entities],
        ),
        (schema.mentions, [_mention(m) for m in reading.mentions]),
        (schema.attributions, [_attribution(a, names) for a in reading.attributions]),
        (schema.events, [_event(e) for e in reading.events]),
        (schema.claims, [_claim(c, said, events, names) for c in reading.claims]),
        (
            schema.warnings,
            [
                {
                    "id": f"w{n}",
                    "kind": w.kind,
                    "start": w.start,
                    "end": w.end,
                    "text": w.text,
                    "detail": w.detail,
                    "suggestion": w.suggestion,
                }
                for n, w in enumerate(reading.warnings, 1)
            ],
        ),
    )
    return {
        table.name: [{**row, "ordinal": number} for number, row in enumerate(rows)] for table, rows in tables if rows
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _mention(mention: Any) -> Row:
    place = mention.place
    return {
        "id": mention.id,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "type": mention.type,
        "named": mention.named,
        "entity": mention.entity,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "country": place.country if place else None,
        "geonameid": place.geonameid if place else None,
        "timex": mention.timex.value if mention.timex else None,
    }


def _attribution(said: Attribution, names: dict[str, str]) -> Row:
    return {
        "id": said.id,
        "speaker": said.source.text if said.source else None,
        "entity": said.source.entity if said.source else None,
        "speaker_name": speaker_name(said, names),
        "cue": said.cue.text if said.cue else None,
        "content": " … ".join(s.text for s in said.content),
        "spans": _json([[s.start, s.end] for s in said.content]),
        "stance": said.stance,
        "negated": said.negated,
        "via": said.via,
        "confidence": said.confidence,
    }


def speaker_name(said: Attribution | None, names: dict[str, str]) -> str | None:
    """The name of the entity that speaks, else the source's own words."""
    if said is None or said.source is None:
        return None
    return names.get(said.source.entity or "") or said.source.text


def _event(event: Event) -> Row:
    first = event.shown[0]
    days = sorted(w.start for w in event.when if w.start)
    ends = sorted(w.end for w in event.when if w.end)
    return {
        "id": event.id,
        "type": event.type,
        "trigger": first.text,
        "start": first.start,
        "end": first.end,
        "first_day": days[0] if days else None,
        "last_day": ends[-1] if ends else None,
        "confidence": event.confidence,
    }


def _claim(claim: Any, said: dict[str, Attribution], events: dict[str, Event], names: dict[str, str]) -> Row:
    attribution = said.get(claim.attribution or "")
    return {
        "id": claim.id,
        "attribution": claim.attribution,
        "event": claim.event,
        "event_type": events[claim.event].type if claim.event else None,
        "field": claim.field,
        "value": claim.value,
        "holds": claim.holds,
        "stance": claim.stance,
        "speaker": attribution.source.text if attribution and attribution.source else None,
        "speaker_name": speaker_name(attribution, names),
        "cue": attribution.cue.text if attribution and attribution.cue else None,
        "words": " … ".join(s.text for s in claim.spans),
        "start": claim.spans[0].start,
        "end": claim.spans[-1].end,
        "spans": _json([[s.start, s.end] for s in claim.spans]),
    }
