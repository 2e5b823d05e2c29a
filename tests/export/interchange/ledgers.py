"""Records of whole ledgers, as `sayso export ledger` gives them to a format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sayso.export import records
from sayso.ledger import open_ledger
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.settings import Settings
from tests.conftest import EXAMPLES
from tests.link.ledgers import put, report

HOSTILE = (
    report("a\x07b <script>", "The army said that Nordland attacked the town of Belgorod on Monday.\x00 Nordland denied it.", "2023-05-21"),
    replace(
        report("=cmd|calc", "Police in Kyiv said that gunmen killed \ud800 two people.", "2023-05-22", "\x1b<b>"),
        title="long " * 900,
        url="javascript:alert(1)",
    ),
    report("empty", "Nothing.", "2023-05-23"),
)  # fmt: skip
"""control characters, markup, half a surrogate pair, an address that is none; our own words"""


def raid(path: Path, reader: Reader) -> list[dict[str, Any]]:
    """Of the example reports."""
    with open_ledger(path) as ledger:
        add_paths([EXAMPLES], ledger, Settings(), reader)
        link_and_weigh(ledger)
        with ledger.engine.connect() as connection:
            return list(records("ledger", connection))


def hostile(path: Path, reader: Reader) -> list[dict[str, Any]]:
    """With days of publication that are none."""
    with open_ledger(path) as ledger:
        put(ledger, reader, *HOSTILE)
        with ledger.engine.connect() as connection:
            rows = list(records("ledger", connection))
    days = iter(("0000-99-99", "9999-12-31T23:59:59-14:00", "22 May"))
    return [{**r, "published": next(days)} if r["kind"] == "document" else r for r in rows]
