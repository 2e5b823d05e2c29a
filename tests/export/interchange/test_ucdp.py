"""UCDP-GED-like rows: the codebook's columns, codes and arithmetic of deaths."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.export import LossReport, write
from sayso.export.interchange.countries import countries
from tests.export.interchange import valid
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid

FOUR = position("casualties.killed", "4", holder("c-4", "the hospital"))


def _written(*events: dict[str, Any]) -> tuple[list[dict[str, str]], LossReport]:
    out = io.BytesIO()
    report = write(events, out, "ucdp")
    return valid.table(out.getvalue()), report


def test_the_codebooks_49_columns_in_their_order() -> None:
    for events in ((), raid()):
        out = io.BytesIO()
        write(events, out, "ucdp")
        assert out.getvalue().decode("utf-8-sig").splitlines()[0].split(",") == valid.UCDP and len(valid.UCDP) == 49


def test_the_example_is_written_by_the_codebook() -> None:
    rows, report = _written(*raid())
    assert [r["relid"] for r in rows] == [e["id"] for e in raid() if "Grayvoron" in e["title"]]
    left_out = sum(len(ids) for what, ids in report.lost.items() if what.startswith("events left out"))
    assert len(rows) + left_out == len(raid())
    row = rows[0]
    assert (row["country"], row["country_id"], row["region"], row["adm_1"]) == ("Russia", "365", "Europe", "Belgorod")
    assert row["type_of_violence"] in {"1", "2", "3"} and row["event_clarity"] in {"1", "2"}
    assert (row["where_prec"], row["date_prec"]) == ("1", "1")
    assert datetime.fromisoformat(row["date_start"]) <= datetime.fromisoformat(row["date_end"])
    assert (row["low"], row["best"], row["high"]) == ("1", "1", "70")
    assert sum(int(row[f"deaths_{side}"]) for side in ("a", "b", "civilians", "unknown")) == int(row["best"])
    assert row["geom_wkt"] == f"POINT ({row['longitude']} {row['latitude']})"
    assert "claimed by the Freedom of Russia Legion [" in row["side_a"] and "accused by Andriy Yusov [" in row["side_a"]
    assert row["gwnoa"] == ""


def test_informants_stand_with_their_claims() -> None:
    assert "the hospital [c-4]" in _written(event(FOUR))[0][0]["source_original"]


def test_an_accused_state_has_no_number_and_a_confessing_one_has() -> None:
    rows, report = _written(event(ACCUSED, FOUR))
    assert rows[0]["side_a"] == "Syria (accused by the governor [c-accuses]; denied by the Syrian army [c-denies])"
    assert rows[0]["gwnoa"] == "" and any("gwnoa" in what for what in report.lost)
    mine = position("responsibility", "Syria", holder("c", "the Syrian army", "claims_responsibility"))
    assert _written(event(mine, FOUR))[0][0]["gwnoa"] == "652"


def test_nobody_named_is_unidentified() -> None:
    assert _written(event(FOUR))[0][0]["side_a"] == "Unidentified actor"


@pytest.mark.parametrize(
    ("told", "numbers"),
    [
        ((("4", 1), ("9", 1)), ("4", "4", "9")),
        ((("4", 1), ("9", 2)), ("4", "9", "9")),
        ((("at least 8", 1),), ("8", "8", "8")),
        ((("up to 20", 2), ("3", 1)), ("0", "20", "20")),
        ((("8 to 12", 1),), ("8", "8", "12")),
    ],
)
def test_best_low_and_high_come_from_all_positions(told: Any, numbers: tuple[str, str, str]) -> None:
    positions = [
        position("casualties.killed", value, *(holder(f"c{i}{n}", f"speaker {i}{n}") for n in range(many)))
        for i, (value, many) in enumerate(told)
    ]
    row = _written(event(*positions))[0][0]
    assert (row["low"], row["best"], row["high"]) == numbers


def test_a_superseded_count_counts_no_more() -> None:
    old = position("casualties.killed", "40", holder("c-40"), holder("c-41", "a doctor"), superseded=True)
    row = _written(event(old, FOUR))[0][0]
    assert (row["low"], row["best"], row["high"]) == ("4", "4", "4")


def test_events_without_a_death_are_left_out_and_counted() -> None:
    rows, report = _written(event(), event(position("casualties.killed", "0", holder("c-0"))))
    assert not rows
    assert [len(ids) for what, ids in report.lost.items() if "at least one death" in what] == [2]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("2024-03-05", "1"),
        ("2024-03-04/2024-03-06", "2"),
        ("2024-03-04/2024-03-10", "3"),
        ("2024-03-01/2024-03-31", "4"),
        ("2024-01-01/2024-12-31", "5"),
    ],
)
def test_date_precision(said: str, code: str) -> None:
    assert _written(event(position("when", said, holder("c")), FOUR))[0][0]["date_prec"] == code


@pytest.mark.parametrize(
    ("precision", "code"), [("exact", "1"), ("city", "1"), ("district", "3"), ("province", "4"), ("country", "6")]
)
def test_place_precision(precision: str, code: str) -> None:
    place = {"name": "Sarmin", "country": "SY", "lat": 35.9017, "lon": 36.7267, "precision": precision}
    assert _written(event(FOUR, place=place))[0][0]["where_prec"] == code


@settings(deadline=None)
@given(st.floats(-90, 90).map(lambda n: round(n, 4)), st.floats(-180, 180).map(lambda n: round(n, 4)))
def test_grid_cells_are_half_degrees(lat: float, lon: float) -> None:
    place = {"name": "Somewhere", "country": None, "lat": lat, "lon": lon, "precision": "exact"}
    cell = int(_written(event(FOUR, place=place))[0][0]["priogrid_gid"]) - 1
    south, west = -90 + cell // 720 / 2, -180 + cell % 720 / 2
    assert 0 <= cell < 360 * 720 and south <= lat <= south + 0.5 and west <= lon <= west + 0.5


def test_the_table_of_countries_is_sound() -> None:
    rows = list(countries().values())
    for name in ("alpha2", "alpha3", "number", "states"):
        told = [v for r in rows if (v := getattr(r, name))]
        assert len(told) == len(set(told))
    assert {r.ucdp_region for r in rows} == {"Africa", "Americas", "Asia", "Europe", "Middle East", ""}
    assert all(len(r.alpha2) == 2 and len(r.alpha3) == 3 and r.name for r in rows)
    assert (countries()["DE"].states, countries()["YE"].states, countries()["RS"].states) == ("260", "678", "340")
