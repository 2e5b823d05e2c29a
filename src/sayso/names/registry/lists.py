"""Lists of actors that users have → registry entries: FollowTheMoney entities (OpenSanctions), Wikidata JSON, CSV.

Each keeps the ids of its source, with the source's name in front, so that they never clash with the starter registry.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sayso.errors import DataError
from sayso.names.registry import Entry

_KINDS = {
    "Person": "person",
    "Organization": "organisation",
    "Company": "company",
    "PublicBody": "public_body",
    "LegalEntity": "organisation",
    "Vessel": "vessel",
}
"""FollowTheMoney schemata that are actors → kinds"""
_NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
_COUNTRIES = ("country", "jurisdiction", "nationality", "mainCountry")


def load_list(path: Path) -> list[Entry]:
    """The entries of a file, by its form: `.csv`, FollowTheMoney JSON Lines, or Wikidata JSON. Raises DataError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text; save it as UTF-8") from error
    if path.suffix.lower() == ".csv":
        return list(from_csv(text, path.name))
    try:
        if text.lstrip().startswith("{") and '"entities"' in text[:200]:
            return list(from_wikidata(json.loads(text)["entities"].values(), path.name))
        lines = [
            json.loads(line.rstrip().rstrip(",")) for line in text.splitlines() if line.strip() not in {"", "[", "]"}
        ]
    except (ValueError, KeyError) as error:
        raise DataError(f"{path} is neither CSV, FollowTheMoney JSON Lines nor Wikidata JSON: {error}") from error
    if lines and "labels" in lines[0]:
        return list(from_wikidata(lines, path.name))
    return list(from_ftm(lines, path.name))


def from_ftm(lines: Iterable[dict[str, Any]], source: str) -> Iterator[Entry]:
    """FollowTheMoney entities, as OpenSanctions publishes them; what is no actor is left out."""
    for number, line in enumerate(lines, 1):
        if "id" not in line or "schema" not in line:
            raise DataError(f"{source}, line {number}: not a FollowTheMoney entity (no id or no schema)")
        kind = _KINDS.get(line["schema"])
        found = line.get("properties", {})
        names = list(
            dict.fromkeys(
                [*([line["caption"]] if line.get("caption") else []), *(n for p in _NAMES for n in found.get(p, ()))]
            )
        )
        if kind and names:
            countries = tuple(dict.fromkeys(c.upper() for p in _COUNTRIES for c in found.get(p, ()) if len(c) == 2))
            yield Entry(f"ftm:{line['id']}", kind, names[0], tuple(names[1:]), countries, None, source)


def from_wikidata(items: Iterable[dict[str, Any]], source: str) -> Iterator[Entry]:
    """Items of a Wikidata dump or of Special:EntityData: labels and aliases in all languages that they have."""
    for item in items:
        labels = {language: label["value"] for language, label in item.get("labels", {}).items()}
        if not labels:
            continue
        name = labels.get("en") or next(iter(labels.values()))
        aliases = [*labels.values(), *(a["value"] for some in item.get("aliases", {}).values() for a in some)]
        human = any(_value(c) == "Q5" for c in item.get("claims", {}).get("P31", ()))
        yield Entry(
            f"wikidata:{item['id']}",
            "person" if human else "organisation",
            name,
            tuple(dict.fromkeys(a for a in aliases if a != name)),
            (),
            None,
            source,
        )


def _value(claim: dict[str, Any]) -> str | None:
    found = claim.get("mainsnak", {}).get("datavalue", {}).get("value")
    return found.get("id") if isinstance(found, dict) else None


def from_csv(text: str, source: str) -> Iterator[Entry]:
    """Columns: name; and, where there are any, id, aliases (`a | b` or `a; b`), kind or type, countries or country."""
    rows = csv.DictReader(io.StringIO(text))
    columns = {(c or "").strip().lower(): c for c in rows.fieldnames or ()}
    if "name" not in columns:
        raise DataError(
            f"{source}: no column is called “name”; there are: {', '.join(rows.fieldnames or ()) or 'none'}"
        )

    def cell(row: dict[str, str], *names: str) -> str:
        return next((row[columns[n]].strip() for n in names if n in columns and row[columns[n]]), "")

    for number, row in enumerate(rows, 2):
        name = cell(row, "name")
        if not name:
            raise DataError(f"{source}, line {number}: the name is empty")
        aliases = tuple(a.strip() for a in cell(row, "aliases", "alias").replace(";", "|").split("|") if a.strip())
        countries = tuple(
            c.strip().upper() for c in cell(row, "countries", "country").replace(";", ",").split(",") if c.strip()
        )
        yield Entry(
            f"csv:{cell(row, 'id') or name}",
            cell(row, "kind", "type") or "organisation",
            name,
            aliases,
            countries,
            None,
            source,
        )
