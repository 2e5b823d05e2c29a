"""Events as the JSON that TimeMap viewers ask their server for: `events`, `sources`, `associations` and `sites` in a zip archive.

After the schemas in Forensic Architecture's timemap (src/reducers/validate) and the shapes that its datasheet-server gives:
lists of records, and for sources an object by id. All values are text. Kinds of event are its categories; statuses are filters.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from sayso.export import LossReport, Record
from sayso.export.interchange.coding import Case, Days, outlet
from sayso.records.terms import plain

_SINCE = (1980, 1, 1, 0, 0, 0)
"""the same events give the same bytes"""
_ALWAYS = (
    "an event’s last day, coordinates’ precision, and counts are told in the description alone; the viewer has no field for them",
    "the viewer numbers events anew; the event’s id stands in its description",
    "reasons, spans, and who repeats whom are not in the files; JSON Lines hold them, under the event’s id",
)


class _Files:
    """What the archive's members hold, as events are gone through."""

    def __init__(self) -> None:
        self.events: list[Record] = []
        self.sources: dict[str, Record] = {}
        self.associations: dict[str, Record] = {}
        self.sites: dict[str, Record] = {}

    def members(self) -> dict[str, Any]:
        return {
            "events.json": self.events,
            "sources.json": self.sources,
            "associations.json": list(self.associations.values()),
            "sites.json": list(self.sites.values()),
        }


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """Events without a day are left out, since the viewer drops them; those without a place stand on the time line alone."""
    report = LossReport()
    found = _Files()
    for row in rows:
        case = Case(row)
        days = case.days()
        if days is None:
            report.lose("events left out: nobody says when, and the viewer drops what has no date", case.id)
            continue
        found.events.append(_event(case, days, found, report))
        report.rows += 1
    report.losses += _ALWAYS if report.rows else ()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in found.members().items():
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            archive.writestr(zipfile.ZipInfo(name, _SINCE), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
    return report


def _event(case: Case, days: Days, found: _Files, report: LossReport) -> Record:
    row, place = case.row, case.row["place"]
    placed = place is not None and place["lat"] is not None and place["lon"] is not None
    if placed:
        _site(place, found)
        case.valued("where", place["name"])
    else:
        report.lose("events on the time line alone: nobody says where", case.id)
    if days.length > 1:
        report.lose("events of several days shown on their first", case.id)
    kind, status = plain(row["type"]), row["status"]
    sources = [_source(holder, case, found) for holder in case.documents()]
    case.only_told(report, "where", "when")
    return {
        "id": case.id,
        "description": _description(case, days),
        "date": f"{days.first:%m/%d/%Y}",
        "time": "",
        "time_precision": "",
        "location": plain(place["name"]) if place else "",
        "latitude": f"{place['lat']}" if placed else "",
        "longitude": f"{place['lon']}" if placed else "",
        "type": kind,
        "category": kind,
        "category_full": kind.replace("_", " "),
        "associations": [_association("CATEGORY", kind, found), _association("FILTER", status, found)],
        "sources": sources,
        "comments": "",
        "time_display": "",
    }


def _description(case: Case, days: Days) -> str:
    until = "" if days.length == 1 else f" Between {days.first.isoformat()} and {days.last.isoformat()}."
    place = case.row["place"]
    near = f" Place known to: {place['precision']}." if place and place["precision"] else ""
    told = " ".join(f"{field[:1].upper()}{field[1:]}: {positions}." for field, positions in case.account())
    head = f"{plain(case.row['title'])}; {case.row['status']} by Sayso’s weighing of who says so."
    return _inert(f"{head}{until}{near} {told} Event {case.id}.")


def _association(mode: str, name: str, found: _Files) -> str:
    id_ = f"{mode.lower()}:{name}"
    title = name.replace("_", " ")
    entry: Record = {"id": id_, "title": title, "desc": "", "mode": mode}
    if mode == "FILTER":
        entry["filter_paths"] = ["Status", title]
    found.associations.setdefault(id_, entry)
    return id_


def _source(holder: Record, case: Case, found: _Files) -> str:
    """A document with the words in it that each of its claims stands on."""
    said = [
        f"“{plain(h['text'])}” [{h['claim']}]"
        for p in case.row["positions"]
        for h in (*p["holders"], *p["deniers"])
        if h["document"] == holder["document"]
    ]
    path = holder["path"] or ""
    entry = found.sources.setdefault(
        holder["document"],
        {
            "id": holder["document"],
            "title": _inert(outlet(holder)),
            "thumbnail": "",
            "paths": [],
            "type": "Document",
            "affil_s": [],
            "url": path if urlsplit(path).scheme in {"http", "https"} else "",
            "description": "",
            "parent": "",
            "author": "",
            "date": (holder["published"] or "")[:10],
            "notes": "",
        },
    )
    lines = entry["description"].split("\n") if entry["description"] else []
    entry["description"] = "\n".join(dict.fromkeys([*lines, *map(_inert, said)]))
    return str(holder["document"])


def _site(place: Record, found: _Files) -> None:
    id_ = f"{place['lat']},{place['lon']}"
    found.sites.setdefault(
        id_,
        {
            "id": id_,
            "description": plain(place["precision"]),
            "site": plain(place["name"]),
            "latitude": f"{place['lat']}",
            "longitude": f"{place['lon']}",
            "enabled": "TRUE",
        },
    )


def _inert(text: str) -> str:
    """Text that stays text where a viewer shows it as Markdown or HTML."""
    return text.replace("<", "‹").replace(">", "›")
