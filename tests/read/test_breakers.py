"""Fifty sentences that break readers: at least 45 must be read right by the trained reader."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from sayso.ingest import load_text
from sayso.read import load_reader
from sayso.records import Reading

SENTENCES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("breakers.toml").read_text(encoding="utf-8"))[
    "sentence"
]
LEAST_RIGHT = 45


def faults(reading: Reading, wanted: dict[str, Any]) -> list[str]:
    """What the reading lacks of what the sentence must give."""
    found = []
    sources = {a.id: a.source.text if a.source else "" for a in reading.attributions}
    for want in wanted.get("gives", ()):
        matching = [
            a
            for a in reading.attributions
            if (want["source"].lower() in sources[a.id].lower() if want["source"] else not a.source)
            and want["content"].lower() in " ".join(s.text for s in a.content).lower()
            and want.get("stance", a.stance) == a.stance
            and want.get("negated", False) == a.negated
            and (want["via"].lower() in sources.get(a.via or "", "").lower() if "via" in want else True)
        ]
        if not matching:
            found.append(f"no {want}")
    known = {(r.text.lower(), r.confidence) for e in reading.events for r in e.responsibility}
    for organisation, label in wanted.get("responsibility", ()):
        if not any(organisation.lower() in text and label == confidence for text, confidence in known):
            found.append(f"no responsibility {organisation} {label}")
    for words in wanted.get("never", ()):
        if any(words in source for source in sources.values()):
            found.append(f"{words} speaks")
    if "event" in wanted and wanted["event"] not in {e.type for e in reading.events}:
        found.append(f"no event {wanted['event']}")
    return found


def test_the_trained_reader_gets_at_least_45_of_50() -> None:
    assert len(SENTENCES) == 50
    reader = load_reader("compact")
    wrong = {w["text"]: f for w in SENTENCES if (f := faults(reader.read(load_text(w["text"])), w))}
    assert len(SENTENCES) - len(wrong) >= LEAST_RIGHT, wrong
