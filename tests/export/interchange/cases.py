"""Events to write: those of the example reports, and made-up ones whose positions a test chooses."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sayso.export import records
from sayso.ledger import open_ledger
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import load_reader
from tests.conftest import EXAMPLES


@lru_cache(maxsize=1)
def raid() -> tuple[dict[str, Any], ...]:
    """All events of the example reports, read by the rules."""
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "raid.db") as ledger:
        add_paths([EXAMPLES], ledger, reader=load_reader("rules"))
        link_and_weigh(ledger)
        with ledger.engine.connect() as connection:
            return tuple(records("events", connection))


def holder(claim: str, speaker: str | None = "the governor", stance: str = "asserts", **given: Any) -> dict[str, Any]:
    return {
        "document": "d1",
        "path": "north/1.txt",
        "outlet": "Valley Courier",
        "published": "2024-03-06",
        "speaker": speaker,
        "informant": f"name:{speaker}",
        "origin": "d1",
        "stance": stance,
        "holds": stance != "denies",
        "interested": False,
        "claim": claim,
        "start": 0,
        "end": 5,
        "text": "words",
        **given,
    }


def position(
    field: str, value: str, *holders: dict[str, Any], denied: tuple[dict[str, Any], ...] = (), **given: Any
) -> dict[str, Any]:
    informants = len({h["informant"] for h in holders})
    return {
        "field": field,
        "value": value,
        "informants": informants,
        "origins": informants,
        "documents": len({h["document"] for h in holders}),
        "outlets": 1,
        "first_said": "2024-03-06",
        "last_said": "2024-03-06",
        "superseded": False,
        "holders": list(holders),
        "deniers": list(denied),
        **given,
    }


def event(*positions: dict[str, Any], **given: Any) -> dict[str, Any]:
    """An attack in Sarmin on 5 March 2024 that the governor tells of, with these positions besides."""
    told = {p["field"] for p in positions}
    plain = {
        "realis": position("realis", "happened", holder("c-realis")),
        "type": position("type", given.get("type", "attack"), holder("c-realis")),
        "where": position("where", "Sarmin", holder("c-where")),
        "when": position("when", "2024-03-05", holder("c-when")),
    }
    return {
        "id": "0123456789abcdef0123",
        "type": "attack",
        "title": "attack in Sarmin",
        "first_day": "2024-03-05",
        "last_day": "2024-03-05",
        "documents": 1,
        "origins": 1,
        "informants": 1,
        "status": "single-source",
        "disputed": False,
        "first_said": "2024-03-06",
        "last_said": "2024-03-06",
        "place": {"name": "Sarmin", "country": "SY", "lat": 35.9017, "lon": 36.7267, "precision": "city"},
        "fields": {},
        "positions": [*(p for f, p in plain.items() if f not in told), *positions],
        "members": [],
        **given,
    }


ACCUSED = position(
    "responsibility",
    "Syria",
    holder("c-accuses", "the governor", "accuses"),
    denied=(holder("c-denies", "the Syrian army", "denies"),),
)
"""one whom somebody accuses and who denies it"""
