"""What the codebooks of event data ask of one event: who did it and on whose word, when, where, how many died.

A row has one value where the ledger has positions. A `Case` hands out the best supported ones, in words that name who holds
and who denies them with their claims' ids, and counts for the loss report what a row that was filled from it does not hold.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from sayso.errors import UsageError
from sayso.export import LossReport, Record, spreadsheet
from sayso.export.interchange.countries import Country, countries
from sayso.export.phrases import OWN_VOICE, short, with_article
from sayso.gazetteer import default_gazetteer
from sayso.names.registry import Entry, registry
from sayso.ontology import EventType, load_ontology
from sayso.records.terms import document_name, plain

FIELDS = {
    "realis": "whether it happened",
    "type": "what it was",
    "responsibility": "who did it",
    "actor": "who acted",
    "where": "where",
    "when": "when",
    "casualties.killed": "how many were killed",
    "target": "what was hit",
    "victim": "who was hit",
    "instrument": "by what means",
}
"""weighed fields as words within a sentence"""
STATE = frozenset({"state", "government", "armed_forces", "military_unit", "ministry", "service", "police"})
"""kinds of the registry's entries that are a state or act for one"""
_VERBS = {"claims_responsibility": "claimed by", "accuses": "accused by", "confirms": "confirmed by"}
_NAMED = 3
"""speakers named in a column of its own"""
_FIGURE = re.compile(r"(at least |up to )?(\d+(?:\.\d+)?)(?: to (\d+(?:\.\d+)?))?\Z")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[^/]*)?(?:/(\d{4}-\d\d-\d\d)(?:T.*)?)?\Z")


@dataclass(frozen=True, slots=True)
class Days:
    """The days between which it happened, both included."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """In days; 1 for a single day."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Toll:
    """Numbers of killed: the best supported, the lowest and the highest that anybody holds."""

    best: int
    low: int
    high: int
    open: str | None = None
    """a claim of "at least" so many, which no number tells"""


class Case:
    """One event's record while a row is filled from it. Raises UsageError for records of another subject."""

    def __init__(self, row: Record) -> None:
        if "positions" not in row or "place" not in row:
            raise UsageError("this format holds events; for other records choose csv, jsonl or parquet")
        self.row = row
        self.id: str = row["id"]
        self.held: list[Record] = []
        """positions that the row holds"""

    @property
    def kind(self) -> EventType | None:
        return load_ontology().event_types.get(self.row["type"])

    @property
    def country(self) -> Country | None:
        place = self.row["place"]
        return countries().get(place["country"] or "") if place else None

    def of(self, field: str) -> list[Record]:
        """Positions that somebody holds, the best supported first: by informants, then origins, then how few deny them."""
        found = [p for p in self.row["positions"] if p["field"] == field and p["holders"]]
        return sorted(found, key=lambda p: (p["superseded"], -p["informants"], -p["origins"], len(p["deniers"])))

    def hold(self, position: Record) -> Record:
        """The row holds it."""
        if not self._holds(position):
            self.held.append(position)
        return position

    def _holds(self, position: Record) -> bool:
        return any(p is position for p in self.held)

    def best(self, *fields: str) -> Record | None:
        """The best supported position of the first of these fields that has any; the row holds it."""
        return next((self.hold(found[0]) for field in fields if (found := self.of(field))), None)

    def valued(self, field: str, value: str) -> Record | None:
        """The position of that value; the row holds it."""
        return next((self.hold(p) for p in self.of(field) if p["value"] == value), None)

    def realis(self) -> str | None:
        """happened, attempted, planned …; None where all who speak of it deny it."""
        found = self.best("realis")
        return found["value"] if found else None

    def days(self) -> Days | None:
        """Of the best supported position that names days; else the event's own, taken together from all that was said."""
        for position in self.of("when"):
            if found := _days(position["value"]):
                self.hold(position)
                return found
        return _days(f"{self.row['first_day']}/{self.row['last_day'] or self.row['first_day']}")

    def toll(self) -> Toll | None:
        """best: of equally supported numbers the lower one, as UCDP's codebook asks. None where nobody gives a number."""
        counted = [(p, *figures) for p in self.of("casualties.killed") if (figures := _figures(p["value"]))]
        if not counted:
            return None
        current = [c for c in counted if not c[0]["superseded"]] or counted
        position, low, high = min(current, key=lambda c: (-c[0]["informants"], -c[0]["origins"], c[1]))
        self.hold(position)
        least = next((_claim(c[0]) for c in current if c[0]["value"].startswith("at least ")), None)
        return Toll(low or high, min(c[1] for c in current), max(c[2] for c in current), least)

    def vouched(self, position: Record) -> bool:
        """Whether a bare code may stand for it: undisputed, denied by nobody, and more than an accusation."""
        weighed = self.row["fields"].get(position["field"], {})
        accused = all(h["stance"] == "accuses" for h in position["holders"])
        return weighed.get("status") != "disputed" and not position["deniers"] and not accused

    def documents(self) -> list[Record]:
        """One holder for each document that says anything of the event, in the order of publication."""
        found = {h["document"]: h for p in self.row["positions"] for h in (*p["holders"], *p["deniers"])}
        return sorted(found.values(), key=lambda h: ((h["published"] or "9999")[:10], h["document"]))

    def informants(self) -> list[str]:
        """Who says what the row holds, each once with the first of his claims."""
        found: dict[str, str] = {}
        for position in self.held:
            for holder in position["holders"]:
                found.setdefault(speaker(holder), f"[{holder['claim']}]")
        return [f"{name} {claim}" for name, claim in found.items()]

    def account(self) -> Iterator[tuple[str, str]]:
        """(field in words, all its positions with all who hold and deny them) for each weighed field."""
        for field in dict.fromkeys(p["field"] for p in self.row["positions"]):
            told = [attributed(p, None) for p in self.row["positions"] if p["field"] == field]
            yield words(field), "; or ".join(told)

    def only_told(self, report: LossReport, *fields: str) -> None:
        """Counts positions on these fields that stand in a description and nowhere else."""
        for position in self.row["positions"]:
            if position["field"] in fields and not self._holds(position):
                report.lose(
                    f"positions on {words(position['field'])} that only the description tells", _claim(position)
                )

    def first_claims(self, report: LossReport) -> None:
        """Counts claims that words do not name, since their speaker holds the same by an earlier one."""
        for position in self.row["positions"]:
            seen: set[tuple[str, str]] = set()
            for holder in (*position["holders"], *position["deniers"]):
                if (_verb(holder, position), speaker(holder)) in seen:
                    report.lose("claims told by an earlier claim of the same speaker", holder["claim"])
                seen.add((_verb(holder, position), speaker(holder)))

    def leave(self, report: LossReport, told: frozenset[str] = frozenset()) -> None:
        """Counts what the row does not hold. told: fields whose deniers it names."""
        for position in self.row["positions"]:
            if not self._holds(position):
                report.lose(f"positions on {words(position['field'])} besides the one in the row", _claim(position))
            elif position["field"] not in told:
                for denier in position["deniers"]:
                    report.lose(f"denials of {words(position['field'])} that the row does not tell", denier["claim"])


def write_table(
    columns: Sequence[str],
    coded: Iterable[Record],
    out: BinaryIO,
    report: LossReport,
    always: Sequence[str],
) -> LossReport:
    """CSV, harmless for spreadsheets (`sayso.export.spreadsheet`); with its columns' names even where there is no row.

    report: what coding the rows adds to; always: what no row of this format holds.
    """
    written = spreadsheet.write(coded, out)
    if not written.rows:
        header = io.StringIO()
        csv.writer(header).writerow(columns)
        out.write(header.getvalue().encode("utf-8-sig"))
    report.rows = written.rows
    report.losses += [*written.losses, *(always if written.rows else ())]
    return report


def attributed(position: Record, most: int | None = _NAMED) -> str:
    """ "the Legion (accused by X [CLAIM], claimed by Y [CLAIM]; denied by Z [CLAIM])"; most: speakers named of each side."""
    sides = (_said(position, position[side], most) for side in ("holders", "deniers"))
    return f"{short(position['value']) or '…'} ({'; '.join(filter(None, sides))})"


def _verb(holder: Record, position: Record) -> str:
    denies = any(h is holder for h in position["deniers"])
    return "denied by" if denies else _VERBS.get(holder["stance"], "said by")


def _said(position: Record, holders: list[Record], most: int | None) -> str:
    found: dict[tuple[str, str], str] = {}
    for holder in holders:
        found.setdefault((_verb(holder, position), speaker(holder)), holder["claim"])
    said = [f"{verb} {name} [{claim}]" for (verb, name), claim in found.items()]
    more = len(said) - most if most is not None else 0
    return ", ".join(said[:most]) + (f" and {more} more" if more > 0 else "")


def speaker(holder: Record) -> str:
    """Who says it, within a sentence: a name, else the outlet or report in its own voice."""
    if name := short(holder["speaker"] or ""):
        return with_article(name)
    if holder["informant"].startswith("unnamed:"):
        return "an unnamed source"
    outlet = short(holder["outlet"] or "")
    return f"{outlet} in its own voice" if outlet else OWN_VOICE


def words(field: str) -> str:
    if field in FIELDS:
        return FIELDS[field]
    first, _, kind = field.partition(".")
    return f"how many were {kind}" if first == "casualties" else plain(field)


def outlet(holder: Record) -> str:
    """Who published the document, else its file's name."""
    return plain(holder["outlet"]) or document_name(holder["path"], None, holder["document"])


def actor(name: str) -> Entry | None:
    """The registry's entry of that name, where it is the only one."""
    found = registry().find(name)
    return registry()[next(iter(found))] if len(found) == 1 else None


def province(place: Record) -> str:
    """The first-order division in which the gazetteer has this place; empty where it does not say."""
    for found in default_gazetteer().lookup(place["name"]):
        near = abs(found.lat - (place["lat"] or 0)) < 0.01 and abs(found.lon - (place["lon"] or 0)) < 0.01
        if near and found.country == place["country"] and found.kind != "country":
            return found.admin1 or ""
    return ""


def _claim(position: Record) -> str:
    return str(next(h["claim"] for h in (*position["holders"], *position["deniers"])))


def _days(value: str) -> Days | None:
    found = _DAY.match(value)
    if found is None:
        return None
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2] or found[1])
    except ValueError:
        return None
    return Days(min(first, last), max(first, last))


def _figures(value: str) -> tuple[int, int] | None:
    """(lowest, highest) of "8", "at least 8", "up to 20" or "8 to 12"."""
    found = _FIGURE.match(value)
    if found is None:
        return None
    number = int(float(found[2]))
    if found[3]:
        return number, int(float(found[3]))
    return (0, number) if found[1] == "up to " else (number, number)
