"""Words for what the ledger keeps as codes: the same in the terminal and on the page."""

from __future__ import annotations

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
