"""Sayso: reads reports of conflict and keeps a ledger of who says what happened, and on whose say-so.

import sayso

reading = sayso.read_text("The army denied that it had fired on the village.")
for claim in reading.claims:
    print(claim.stance, claim.value)

with sayso.open("raid.db") as ledger:
    sayso.add("reports/", ledger)
    for row in ledger.claims(sayso.ClaimFilter(stance="denies")):
        print(row["speaker_name"], row["words"])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sayso.api import add, open, read_paths, read_text
    from sayso.errors import SaysoError
    from sayso.ledger import ClaimFilter
    from sayso.records import Failure, Reading
    from sayso.settings import Settings

__all__ = [
    "ClaimFilter",
    "Failure",
    "Reading",
    "SaysoError",
    "Settings",
    "__version__",
    "add",
    "open",
    "read_paths",
    "read_text",
]

_HOMES = {
    "read_paths": "sayso.api",
    "read_text": "sayso.api",
    "add": "sayso.api",
    "open": "sayso.api",
    "SaysoError": "sayso.errors",
    "ClaimFilter": "sayso.ledger",
    "Failure": "sayso.records",
    "Reading": "sayso.records",
    "Settings": "sayso.settings",
}


def __getattr__(name: str) -> Any:
    """Names are loaded when first used, so that `import sayso` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
