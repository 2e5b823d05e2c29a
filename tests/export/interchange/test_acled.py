"""ACLED-like rows: its columns and codes by the codebook, and nobody made a perpetrator by a cell."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import UsageError
from sayso.export import LossReport, write
from sayso.ontology import load_ontology
from tests.export.interchange import valid
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid

CLAIM = re.compile(r"\[([0-9a-f]{20})\]")


def _written(*events: dict[str, Any]) -> tuple[list[dict[str, str]], LossReport]:
    out = io.BytesIO()
    report = write(events, out, "acled")
    return valid.table(out.getvalue()), report


def _left_out(report: LossReport) -> int:
    return sum(len(ids) for what, ids in report.lost.items() if what.startswith("events left out"))


def test_the_codebooks_31_columns_in_their_order() -> None:
    for events in ((), raid()):
        out = io.BytesIO()
        write(events, out, "acled")
        header = out.getvalue().decode("utf-8-sig").splitlines()[0]
        assert header.split(",") == valid.ACLED and len(valid.ACLED) == 31


@pytest.mark.parametrize("form", ["acled", "ucdp", "plover", "timemap"])
def test_records_of_another_subject_are_refused(form: str) -> None:
    with pytest.raises(UsageError, match="holds events"):
        write([{"id": "d1", "path": "north/1.txt"}], io.BytesIO(), form)


def test_every_event_of_the_example_is_a_row_or_counted_as_left_out() -> None:
    rows, report = _written(*raid())
    assert rows and len(rows) == report.rows
    assert len(rows) + _left_out(report) == len(raid())


def test_codes_are_the_codebooks() -> None:
    kinds = {(t.codes.acled, t.codes.acled_sub or "") for t in load_ontology().event_types.values()}
    for row in _written(*raid())[0]:
        assert date.fromisoformat(row["event_date"]).year == int(row["year"])
        assert row["time_precision"] in {"1", "2", "3"} and row["geo_precision"] in {"1", "2", "3"}
        assert row["disorder_type"] in {"Political violence", "Demonstrations", "Strategic developments"}
        assert (row["event_type"], row["sub_event_type"]) in kinds
        assert int(row["fatalities"]) >= 0 and int(row["timestamp"]) > 0
        assert row["iso"] == "643" and row["region"] == "Europe" and row["admin1"] == "Belgorod"


def test_each_row_leads_back_to_claims_of_its_event() -> None:
    known = {e["id"]: {h["claim"] for p in e["positions"] for h in (*p["holders"], *p["deniers"])} for e in raid()}
    for row in _written(*raid())[0]:
        id_ = re.search(r"event=([0-9a-f]+)", row["tags"])
        assert id_ and row["event_id_cnty"].endswith(id_[1])
        told = set(CLAIM.findall(row["notes"]))
        assert told and told <= known[id_[1]]


def test_an_accusation_stays_one() -> None:
    rows, report = _written(event(ACCUSED))
    row = rows[0]
    assert row["actor1"] == "Syria (accused by the governor [c-accuses]; denied by the Syrian army [c-denies])"
    assert "denied by the Syrian army [c-denies]" in row["notes"]
    assert row["inter1"] == "" and any("inter1" in what for what in report.lost)


def test_a_state_is_coded_where_nobody_disputes_it() -> None:
    mine = position("responsibility", "Syria", holder("c-claims", "the Syrian army", "claims_responsibility"))
    assert _written(event(mine))[0][0]["inter1"] == "State forces"
    abroad = {"name": "Kozinka", "country": "RU", "lat": 50.46, "lon": 35.6, "precision": "city"}
    assert _written(event(mine, place=abroad))[0][0]["inter1"] == "External/Other forces"
    disputed = event(mine, fields={"responsibility": {"status": "disputed"}})
    assert _written(disputed)[0][0]["inter1"] == ""


def test_nobody_named_is_unidentified() -> None:
    denied = position("responsibility", "Syria", denied=(holder("c-denies", "the Syrian army", "denies"),))
    row = _written(event(denied))[0][0]
    assert row["actor1"] == "Unidentified Armed Group (Syria)" and row["inter1"] == ""
    assert "Syria (denied by the Syrian army [c-denies])" in row["notes"]


def test_a_crowd_is_a_type_of_actor_only_where_nobody_else_is_named() -> None:
    riot = {"type": "riot", "title": "riot in Sarmin"}
    row = _written(event(**riot))[0][0]
    assert (row["actor1"], row["inter1"], row["interaction"]) == ("Rioters (Syria)", "Rioters", "Rioters only")
    named = _written(event(position("actor", "an army patrol", holder("c")), **riot))[0][0]
    assert (named["actor1"], named["inter1"]) == ("an army patrol (said by the governor [c])", "")


def test_of_equally_supported_positions_the_one_that_fewer_deny_is_in_the_row() -> None:
    other = position("responsibility", "the Resistance", holder("c-other", "a doctor", "accuses"))
    rows, report = _written(event(ACCUSED, other))
    assert rows[0]["actor1"] == "the Resistance (accused by a doctor [c-other])"
    assert report.lost["positions on who did it besides the one in the row"] == ["c-accuses"]


def test_every_position_that_is_not_in_the_row_is_counted() -> None:
    other = position("responsibility", "the Resistance", holder("c-other", "a doctor", "accuses"), informants=0)
    many = position("casualties.killed", "30", holder("c-30", "the ministry"), holder("c-30b", "a doctor"))
    few = position("casualties.killed", "12", holder("c-12", "the hospital"))
    rows, report = _written(event(ACCUSED, other, many, few))
    assert rows[0]["fatalities"] == "30"
    assert report.lost["positions on who did it besides the one in the row"] == ["c-other"]
    assert report.lost["positions on how many were killed besides the one in the row"] == ["c-12"]
    assert "12 (said by the hospital [c-12])" in rows[0]["notes"]


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (event(position("realis", "planned", holder("c"))), "planned"),
        (event(position("realis", "happened", denied=(holder("c", stance="denies"),))), "deny"),
        (event(position("when", "Monday", holder("c")), first_day=None, last_day=None), "when"),
        (event(place=None), "where"),
        (event(type="no such type"), "no type"),
    ],
)
def test_what_acled_does_not_code_is_left_out_and_counted(made: dict[str, Any], why: str) -> None:
    rows, report = _written(made)
    assert not rows and report.rows == 0
    assert [ids for what, ids in report.lost.items() if why in what] == [[made["id"]]]


@pytest.mark.parametrize(
    ("said", "first", "code"),
    [
        ("2024-03-05T14:00", "2024-03-05", "1"),
        ("2024-03-04/2024-03-10", "2024-03-04", "2"),
        ("2024-03-01/2024-03-31", "2024-03-01", "3"),
        ("2024-01-01/2024-12-31", "2024-01-01", "3"),
    ],
)
def test_time_precision_is_as_fine_as_told(said: str, first: str, code: str) -> None:
    row = _written(event(position("when", said, holder("c"))))[0][0]
    assert (row["event_date"], row["time_precision"]) == (first, code)


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_breaks_a_row_or_runs_as_a_formula(value: str, title: str) -> None:
    made = event(position("responsibility", f"={value}", holder("c", f"@{value}")), title=f"+{title}")
    rows, _ = _written(made)
    assert len(rows) == 1 and list(rows[0]) == valid.ACLED
    assert not any(str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows[0].values())
