"""Words for what the ledger keeps as codes, and words of documents on one line: the same in the terminal and on the page."""

from __future__ import annotations

import re

from sayso.records.corrections import Correction

CREDIBILITY = {
    1: "confirmed by other sources",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "cannot be judged",
}
"""NATO AJP-2.1, information credibility; proposed by counting, settled by people"""
_FIELDS = {
    "actor_organisation": "who did it",
    "realis": "happened?",
    "type": "what",
    "responsibility": "who did it",
    "actor": "individuals",
    "where": "where",
    "when": "when",
}


def field_name(field: str) -> str:
    return _FIELDS.get(field, field.partition(".")[2] or field.replace("_", " "))


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def plain(words: str | None) -> str:
    """Words of a document on one line: escape sequences and direction marks shown, never obeyed."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join((words or "").split()))


def document_name(path: str | None, url: str | None, fallback: str) -> str:
    """The file's own name, with its member: `result.json#1000001/1`."""
    file, mark, member = (path or "").partition("#")
    return plain(file.rsplit("/", 1)[-1] + mark + member if path else url or fallback)


def correction_words(correction: Correction) -> str:
    """What a person says is right: "8, denies, held, said by Lysak, characters 12 to 20"."""
    parts = [correction.value, correction.stance]
    if correction.holds is not None:
        parts.append("held" if correction.holds else "not held")
    if correction.speaker is not None:
        parts.append(f"said by {correction.speaker}" if correction.speaker else "in the outlet’s voice")
    parts += [f"characters {start} to {end}" for start, end in correction.spans]
    return ", ".join(p for p in parts if p)
