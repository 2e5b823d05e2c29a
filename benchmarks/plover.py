"""PLOVER gold records: whether an event of the record's type is found in its sentence."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.counts import Counts
from benchmarks.reading import need, read_text
from sayso.read import Reader
from sayso.records import Reading

RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "FIGHT": "ASSAULT"}
WITHOUT_SUCCESSOR = {"INVESTIGATE"}


def type_counts(wanted: str, reading: Reading) -> Counts:
    """One gold type; predicted are the distinct types of the sentence's events."""
    got = {e.codes.plover for e in reading.events if e.codes.plover}
    return Counts(int(wanted in got), 1, len(got))


def run(data: Path, reader: Reader) -> dict[str, float]:
    total = Counts()
    for record in json.loads(need(data / "plover" / "gold_dev.json").read_text(encoding="utf-8")):
        wanted = RENAMED.get(record["event"], record["event"])
        if wanted in WITHOUT_SUCCESSOR:
            continue
        counts = type_counts(wanted, read_text(reader, record["text"]))
        total.add(counts.right, counts.gold, counts.predicted)
    return {"plover.type": round(total.f1, 1), "plover.recall": round(total.recall, 1)}
