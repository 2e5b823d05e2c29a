"""Training data: the readings of documents on whose claims people decided, with the decisions that take effect applied.

Readings in which every claim was accepted are there as they are. Each is one line of the reading's own schema (`sayso schema`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from sayso.export.mending import mended
from sayso.ledger import judging, schema
from sayso.ledger.slices import slices
from sayso.records import Reading
from sayso.records.json import decode_reading


def records(connection: Connection) -> Iterator[dict[str, Any]]:
    return (msgspec.to_builtins(reading) for reading in corrected(connection))


def corrected(connection: Connection) -> Iterator[Reading]:
    """In order of paths. Decisions that were undone, or on which people disagree, are not applied."""
    j, d, r = schema.judgements.c, schema.documents.c, schema.readings.c
    refs = connection.scalars(select(j.subject).where(j.decision.in_(judging.SINGLE)).distinct())
    judged = sorted({ref.partition(":")[2].partition("/")[0] for ref in refs})
    rulings: dict[str, dict[str, judging.Ruling]] = {}
    for ref, ruling in judging.on_claims(connection, judged).items():
        document, _, claim = ref.partition("/")
        rulings.setdefault(document, {})[claim] = ruling
    found = [
        (row.path or "", row.url or "", row.id)
        for some in slices(sorted(rulings))
        for row in connection.execute(select(d.id, d.path, d.url).where(d.id.in_(some)))
    ]
    query = select(r.json).join(schema.documents, and_(d.id == r.document_id, d.current_run == r.run_id))
    for _, _, document in sorted(found):
        packed = connection.scalar(query.where(d.id == document))
        if packed is not None:
            reading = decode_reading(zlib.decompress(packed))
            held = {c.id: rulings[document][c.id] for c in reading.claims if c.id in rulings[document]}
            if held:
                yield mended(reading, held)
