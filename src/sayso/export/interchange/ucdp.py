"""Events as CSV with the 49 columns of UCDP's Georeferenced Event Dataset, by its codebook (25.1) — "UCDP-GED-like": the codings
are Sayso's.

A row is an event of organised violence that somebody says happened, with a day, a place and somebody's number of dead above
none. `side_a` holds who is said to have done it, with those who say so; `best`, `low` and `high` come from all positions on the
killed; `source_original` names the informants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sayso.export import LossReport, Record
from sayso.export.interchange.coding import (
    STATE,
    Case,
    Days,
    Toll,
    actor,
    attributed,
    outlet,
    province,
    write_table,
)
from sayso.export.interchange.countries import countries

COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec",
    "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low",
    "gwnoa", "gwnob",
)  # fmt: skip
_WHERE = {"exact": 1, "city": 1, "district": 3, "province": 4, "country": 6}
"""1 exact, 2 within about 25 km, 3 second-order division, 4 first-order division, 5 line or vague area, 6 country, 7 sea or air"""
_SAFE = 13
"""hexadecimal digits of an id that any reader holds as an exact number"""
_ALWAYS = (
    "empty columns: conflicts, dyads, sides by UCDP’s numbers, and active_year, since those are UCDP’s own lists; source_headline, adm_2",
    "deaths_a, deaths_b and deaths_civilians are 0 and all dead stand in deaths_unknown: on which side people died is not coded",
    "type_of_violence is the ontology’s code for the kind of event alone; who the parties are does not change it, and side_b is Civilians where it is 3 and nobody says who was hit",
    "of each informant the first claim’s id stands in source_original, and three speakers of each side in a column of its own",
    "status, reasons, spans, and who repeats whom are not in the row; JSON Lines hold them, under the event’s id in `relid`",
)


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """One row an event."""
    report = LossReport()
    return write_table(COLUMNS, _rows(rows, report), out, report, _ALWAYS)


def _rows(rows: Iterable[Record], report: LossReport) -> Iterator[Record]:
    for row in rows:
        case = Case(row)
        realis, days, toll = case.realis(), case.days(), case.toll()
        if reason := _unfit(case, realis, days, toll):
            report.lose(f"events left out: {reason}", case.id)
        elif days is not None and toll is not None:
            yield _row(case, days, toll, report)
            case.leave(report, frozenset({"responsibility", "actor", "victim", "where"}))


def _unfit(case: Case, realis: str | None, days: Days | None, toll: Toll | None) -> str | None:
    if realis is None:
        return "all who speak of them deny them"
    if realis not in {"happened", "attempted"}:
        return "they are said to be planned, threatened or thought of; UCDP codes what happened"
    if case.kind is None or case.kind.codes.ucdp is None:
        return "they are no organised violence as UCDP defines it"
    if toll is None or not toll.high:
        return "nobody says that anybody was killed; UCDP asks for at least one death"
    if days is None or days.length > 366:
        return "nobody says when, to the year"
    return "nobody says where" if case.row["place"] is None or case.row["place"]["lat"] is None else None


def _row(case: Case, days: Days, toll: Toll, report: LossReport) -> Record:
    place, country, codes = case.row["place"], case.country, case.kind.codes if case.kind else None
    case.valued("type", case.row["type"])
    where = case.valued("where", place["name"])
    where_prec, date_prec = _WHERE.get(place["precision"], 5), _date_prec(days)
    side_a, gwnoa = _doer(case, report)
    documents = case.documents()
    if toll.open:
        report.lose("events whose count of killed is told as a number, though somebody says “at least”", case.id)
    values = {
        "id": int(case.id[:_SAFE], 16),
        "relid": case.id,
        "year": days.first.year,
        "code_status": case.row["status"],
        "type_of_violence": int(codes.ucdp) if codes and codes.ucdp else None,
        "side_a": side_a,
        "side_b": _hit(case, codes.ucdp if codes else None),
        "number_of_sources": case.row["origins"],
        "source_article": "; ".join(f"{outlet(h)}, {(h['published'] or 'undated')[:10]}" for h in documents),
        "source_office": "; ".join(outlet(h) for h in documents),
        "source_date": "; ".join((h["published"] or "undated")[:10] for h in documents),
        "source_original": "; ".join(case.informants()),
        "where_prec": where_prec,
        "where_coordinates": place["name"],
        "where_description": attributed(where) if where else "",
        "adm_1": province(place),
        "latitude": place["lat"],
        "longitude": place["lon"],
        "geom_wkt": f"POINT ({place['lon']} {place['lat']})",
        "priogrid_gid": _cell(place["lat"], place["lon"]),
        "country": country.name if country else place["country"] or "",
        "country_id": int(country.states) if country and country.states else None,
        "region": country.ucdp_region if country else "",
        "event_clarity": 1 if date_prec <= 2 and where_prec <= 3 else 2,
        "date_prec": date_prec,
        "date_start": f"{days.first.isoformat()} 00:00:00.000",
        "date_end": f"{days.last.isoformat()} 00:00:00.000",
        "deaths_a": 0,
        "deaths_b": 0,
        "deaths_civilians": 0,
        "deaths_unknown": toll.best,
        "best": toll.best,
        "high": toll.high,
        "low": toll.low,
        "gwnoa": gwnoa,
    }
    return {name: values.get(name) for name in COLUMNS}


def _doer(case: Case, report: LossReport) -> tuple[str, int | None]:
    """side_a, always with those who say so, and the number of a state, only where nobody disputes it."""
    position = case.best("responsibility", "actor")
    if position is None:
        return "Unidentified actor", None
    entry = actor(position["value"])
    country = countries().get(entry.countries[0]) if entry and entry.kind in STATE and entry.countries else None
    if country is None or not country.states:
        return attributed(position), None
    if not case.vouched(position):
        report.lose("numbers of states left out in gwnoa: a number cannot say that it is disputed or alleged", case.id)
        return attributed(position), None
    return attributed(position), int(country.states)


def _hit(case: Case, violence: str | None) -> str:
    """side_b: who is said to have been hit; where nobody says, of one-sided violence civilians, by the codebook."""
    victim = case.best("victim")
    if victim:
        return attributed(victim)
    return "Civilians" if violence == "3" else "Unidentified actor"


def _date_prec(days: Days) -> int:
    """1 the day, 2 two to six days, 3 a week, 4 up to a month, 5 longer."""
    return next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days.length <= most), 5)


def _cell(lat: float, lon: float) -> int:
    """The cell of PRIO-GRID: half degrees, numbered from 180° W 90° S eastward (Tollefsen, Strand and Buhaug 2012)."""
    row, column = min(int((lat + 90) * 2), 359), min(int((lon + 180) * 2), 719)
    return row * 720 + column + 1
