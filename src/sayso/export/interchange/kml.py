"""Events as KML 2.2 placemarks with their time spans, for Google Earth and other globes.

A mark's style says how well supported an event is, never whose side it is on. The description tells all positions with who
holds and denies them and their claims' ids. Names and words come from strangers: viewers show descriptions as HTML, so
everything in them is escaped for HTML first, and for XML after that.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from threading import Lock
from typing import Any, BinaryIO

from sayso.export import LossReport, Record
from sayso.export.interchange.coding import Case
from sayso.records.terms import plain

STYLES = {
    "corroborated": "ff4d8c2a",
    "single-source": "ff9a9a9a",
    "disputed": "ff2f9be6",
    "denied": "ff3c3c3c",
    "superseded": "ffc8c8c8",
}
"""status → colour as KML writes it: opacity, blue, green, red"""
_COARSE = {"country": 0.7, "province": 0.8, "district": 0.9}
"""size of the marks of events that are known to no closer than that"""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONE_AT_A_TIME = Lock()
"""simplekml keeps what it is writing in variables of its classes"""
_ALWAYS = (
    "independence, reasons, spans, and who repeats whom are not in the marks; JSON Lines hold them, under the event’s id",
    "a mark stands on one point, also where only a district, province or country is known; its description says which",
)


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """One placemark an event; those without a place are left out and counted. Needs simplekml."""
    import simplekml

    report = LossReport()
    with _ONE_AT_A_TIME:
        simplekml.Kml.resetidcounter()
        kml = simplekml.Kml(name="Events of a Sayso ledger", open=1)
        styles: dict[tuple[str, str], Any] = {}
        for row in rows:
            case = Case(row)
            place = row["place"]
            if place is None or place["lat"] is None or place["lon"] is None:
                report.lose("events left out: nobody says where", case.id)
                continue
            _placemark(kml, case, _style(simplekml, styles, row["status"], place["precision"] or ""), report)
            report.rows += 1
        report.losses += _ALWAYS if report.rows else ()
        out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write(kml.kml(format=False).encode("utf-8", "replace"))
    return report


def _placemark(kml: Any, case: Case, style: Any, report: LossReport) -> None:
    row, place = case.row, case.row["place"]
    mark = kml.newpoint(name=_name(row["title"]), coords=[(place["lon"], place["lat"])])
    mark.style = style
    mark.description = _description(case)
    days = case.days()
    if days:
        mark.timespan.begin, mark.timespan.end = days.first.isoformat(), days.last.isoformat()
    else:
        report.lose("events without a time: nobody says when", case.id)
    for name, value in (
        ("event", case.id),
        ("type", row["type"]),
        ("status", row["status"]),
        ("precision", place["precision"]),
    ):
        mark.extendeddata.newdata(name, html.escape(_clean(value or "")))
    case.valued("where", place["name"])
    case.only_told(report, "where", "when")
    case.first_claims(report)


def _style(simplekml: Any, styles: dict[tuple[str, str], Any], status: str, precision: str) -> Any:
    key = (status if status in STYLES else "single-source", precision if precision in _COARSE else "")
    if key not in styles:
        style = simplekml.Style()
        style.iconstyle.color = STYLES[key[0]]
        style.iconstyle.icon = None  # the viewer's own mark: whoever opens the file asks no server for pictures
        style.iconstyle.scale = _COARSE.get(key[1], 1.1)
        styles[key] = style
    return styles[key]


def _description(case: Case) -> str:
    place = case.row["place"]
    lines = [
        f"<b>{_safe(case.row['status'])}</b>, by Sayso’s weighing of who says so",
        f"Place known to: {_safe(place['precision'] or 'unknown')}",
        *(f"<i>{_safe(field)}</i>: {_safe(told)}" for field, told in case.account()),
        f"event {_safe(case.id)}",
    ]
    return "<br/>".join(lines)


def _safe(text: str) -> str:
    return html.escape(_clean(text))


def _name(text: str) -> str:
    """A name is plain text; simplekml leaves what looks like CDATA as it is, so nothing may look like it."""
    return _clean(text).replace("<![CDATA[", "< ![CDATA[")


def _clean(text: str) -> str:
    """Without what XML cannot hold: control characters and lone surrogates."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", plain(text))
