"""Countries as the codebooks of event data number and group them: facts in `countries.tsv`, whose first line names their sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Country:
    """number: ISO 3166-1; states: its number in Gleditsch and Ward's list; both empty where there is none."""

    alpha2: str
    alpha3: str
    name: str
    number: str
    states: str
    acled_region: str
    ucdp_region: str


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """By ISO 3166-1 alpha-2 code; where the facts are from stands in the table's first line."""
    text = (files("sayso.export.interchange") / "countries.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {cells[0]: Country(*cells) for cells in rows}
