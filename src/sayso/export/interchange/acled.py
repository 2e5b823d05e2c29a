"""Events as CSV with the 31 columns of ACLED's data, by its codebook (2024) — "ACLED-like", since the codings are Sayso's.

A row is an event that somebody says happened or was attempted, on a day and at a place that somebody names. Who did it stands
in `actor1` only with those who say so; all positions stand in `notes`, each with its claims' ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from sayso.export import LossReport, Record
from sayso.export.interchange.coding import STATE, Case, Days, actor, attributed, outlet, province, write_table

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
    "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
    "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip
_GEO = {"exact": 1, "city": 1, "district": 2, "province": 3, "country": 3}
"""1 the town or place itself, 2 near it or a small part of a region, 3 a larger region"""
_DISORDER = {
    "Battles": "Political violence",
    "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence",
    "Protests": "Demonstrations",
    "Riots": "Demonstrations",
    "Strategic developments": "Strategic developments",
}
_MOB = "Mob violence"
"""the one kind of riot that is political violence"""
_CROWDS = {"Protests": "Protesters", "Riots": "Rioters"}
_UNKNOWN = {"Strategic developments": "Unidentified Actor", "Explosions/Remote violence": "Unidentified Armed Group"}
_ALWAYS = (
    "empty columns: assoc_actor_1, assoc_actor_2 and inter2 (who stands with or against whom is not coded), admin2, admin3, source_scale",
    "event_type and sub_event_type are the ontology’s codes for the kind of event alone; who was hit does not change them",
    "status, reasons, spans, and who repeats whom are not in the row; JSON Lines hold them, under the event’s id in `tags`",
)


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """One row an event."""
    report = LossReport()
    return write_table(COLUMNS, _rows(rows, report), out, report, _ALWAYS)


def _rows(rows: Iterable[Record], report: LossReport) -> Iterator[Record]:
    for row in rows:
        case = Case(row)
        days = case.days()
        if reason := _unfit(case, days):
            report.lose(f"events left out: {reason}", case.id)
        elif days is not None:
            yield _row(case, days, report)
            case.leave(report, frozenset({"realis", "responsibility", "actor", "victim"}))
            case.first_claims(report)


def _unfit(case: Case, days: Days | None) -> str | None:
    realis = case.realis()
    if realis is None:
        return "all who speak of them deny them"
    if realis not in {"happened", "attempted"}:
        return "they are said to be planned, threatened or thought of; ACLED codes what happened"
    if case.kind is None or case.kind.codes.acled is None:
        return "ACLED has no type for them"
    if days is None:
        return "nobody says when"
    return "nobody says where" if case.row["place"] is None else None


def _row(case: Case, days: Days, report: LossReport) -> Record:
    place, country, codes = case.row["place"], case.country, case.kind.codes if case.kind else None
    kind, sub = (codes.acled or "", codes.acled_sub or "") if codes else ("", "")
    case.valued("type", case.row["type"])
    case.valued("where", place["name"])
    where = country.name if country else place["country"] or ""
    actor1, inter1 = _doer(case, kind, where, report)
    victim = case.best("victim") if kind != "Strategic developments" else None
    values = (
        f"{country.alpha3 if country else 'XXX'}{case.id}",
        days.first.isoformat(),
        days.first.year,
        _time_precision(case, days, report),
        "Political violence" if sub == _MOB else _DISORDER.get(kind, ""),
        kind,
        sub,
        actor1,
        "",
        inter1,
        attributed(victim) if victim else "",
        "",
        "",
        f"{inter1} only" if inter1 and not victim else "",
        "Civilian targeting" if kind == "Violence against civilians" else "",
        int(country.number) if country and country.number else None,
        country.acled_region if country else "",
        where,
        province(place),
        "",
        "",
        place["name"],
        place["lat"],
        place["lon"],
        _geo_precision(case, report),
        "; ".join(dict.fromkeys(outlet(h) for h in case.documents())),
        "",
        _notes(case),
        _fatalities(case, report),
        f"event={case.id}; status={case.row['status']}; informants={case.row['informants']}; origins={case.row['origins']}",
        _timestamp(case.row["last_said"]),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _doer(case: Case, kind: str, where: str, report: LossReport) -> tuple[str, str]:
    """actor1, always with those who say so, and inter1, only where nobody disputes him."""
    position = case.best("responsibility", "actor")
    if position is None:
        crowd = _CROWDS.get(kind)
        unknown = crowd or _UNKNOWN.get(kind, "Unidentified Armed Group")
        return f"{unknown} ({where})" if where else unknown, crowd or ""
    entry = actor(position["value"])
    if entry is None or entry.kind not in STATE:
        report.lose("types of actor left empty in inter1: the name alone does not tell them", case.id)
        return attributed(position), ""
    if not case.vouched(position):
        report.lose("types of actor left empty in inter1: a code cannot say that it is disputed or alleged", case.id)
        return attributed(position), ""
    here = (case.row["place"]["country"] or "") in entry.countries
    return attributed(position), "State forces" if here else "External/Other forces"


def _time_precision(case: Case, days: Days, report: LossReport) -> int:
    """1 the day is known, 2 the week, 3 the month."""
    if days.length > 31:
        report.lose(
            "events known to no closer than a season or year; time_precision 3, its coarsest, says month", case.id
        )
    elif days.length > 1:
        report.lose("events of several days in one row, at their first day; ACLED has a row for each day", case.id)
    return 1 if days.length == 1 else 2 if days.length <= 7 else 3


def _geo_precision(case: Case, report: LossReport) -> int:
    precision = case.row["place"]["precision"]
    if precision == "country":
        report.lose("events placed by country alone; geo_precision 3, its coarsest, says region", case.id)
    return _GEO.get(precision, 3)


def _fatalities(case: Case, report: LossReport) -> int:
    toll = case.toll()
    if toll is None:
        report.lose("events with 0 fatalities because nobody gives a number; the column has no blank", case.id)
        return 0
    if toll.open:
        report.lose("events whose count of killed is told as a number, though somebody says “at least”", case.id)
    if toll.low != toll.high:
        report.lose("ranges of killed told as one number in `fatalities`; `notes` has the positions", case.id)
    return toll.best


def _notes(case: Case) -> str:
    told = " ".join(f"{field[0].upper()}{field[1:]}: {positions}." for field, positions in case.account())
    return f"{case.row['title'][:1].upper()}{case.row['title'][1:]}; {case.row['status']} by Sayso’s weighing of who says so. {told}"


def _timestamp(last_said: str | None) -> int | None:
    """Seconds since 1970 of the last report's day: when what the row says last changed."""
    if not last_said:
        return None
    try:
        return int(datetime.fromisoformat(last_said[:10]).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None
