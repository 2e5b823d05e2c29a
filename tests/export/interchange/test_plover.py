"""PLOVER records: the manual's fields and values, and actors that never lose who names them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.export import LossReport, write
from sayso.export.interchange.plover import QUADS
from sayso.ontology import load_ontology
from tests.export.interchange import valid
from tests.export.interchange.cases import ACCUSED, event, holder, position, raid


def _written(*events: dict[str, Any]) -> tuple[list[dict[str, Any]], LossReport]:
    out = io.BytesIO()
    report = write(events, out, "plover")
    return [json.loads(line) for line in out.getvalue().splitlines()], report


def test_the_ontology_has_plovers_sixteen_types_and_no_other() -> None:
    assert len(QUADS) == 16
    assert {t.codes.plover for t in load_ontology().event_types.values()} - {None} <= set(QUADS)


def test_the_example_is_written_by_the_manual() -> None:
    records, report = _written(*raid())
    for record in records:
        valid.plover_record(record)
    left_out = sum(len(ids) for what, ids in report.lost.items() if what.startswith("events left out"))
    assert records and len(records) == report.rows and len(records) + left_out == len(raid())


def test_offsets_lead_back_to_the_words() -> None:
    said = {(h["claim"], h["document"]): h for e in raid() for p in e["positions"] for h in p["holders"]}
    for record in _written(*raid())[0]:
        assert record["text_info"] and record["event_text"]
        for info in record["text_info"]:
            holder_ = said[info["claim"], info["document"]]
            assert (info["start"], info["end"]) == (holder_["start"], holder_["end"])


def test_an_accused_actor_carries_who_accuses_and_who_denies() -> None:
    record = _written(event(ACCUSED))[0][0]
    valid.plover_record(record)
    source = record["source"][0]
    assert (source["code"], source["sector"]) == ("SYR", "GOV")
    assert source["held_by"] == [{"speaker": "the governor", "stance": "accuses", "claim": "c-accuses"}]
    assert source["denied_by"] == [{"speaker": "the Syrian army", "stance": "denies", "claim": "c-denies"}]


def test_nobody_named_is_unidentified() -> None:
    assert _written(event())[0][0]["source"] == [{"actor_text": "unidentified"}]


@pytest.mark.parametrize(
    ("said", "context"),
    [("happened", []), ("planned", ["future"]), ("threatened", ["future"]), ("hypothetical", ["hypothetical"])],
)
def test_what_did_not_happen_says_so(said: str, context: list[str]) -> None:
    assert _written(event(position("realis", said, holder("c"))))[0][0]["context"] == context


def test_what_all_deny_is_a_negation() -> None:
    denied = position("realis", "happened", denied=(holder("c-denies", stance="denies"),))
    assert _written(event(denied))[0][0]["context"] == ["negation"]


def test_counts_keep_their_hedges() -> None:
    toll = [
        position("casualties.killed", "at least 8", holder("c-8")),
        position("casualties.injured", "13", holder("c-13")),
    ]
    records, report = _written(event(*toll))
    assert (records[0]["dead"], records[0]["injured"]) == ("at least 8", 13)
    assert report.lost["counts in words where a number is usual (dead)"] == ["c-8"]


def test_an_event_without_a_day_or_a_type_is_left_out_and_counted() -> None:
    undated = event(position("when", "Monday", holder("c")), first_day=None, last_day=None)
    records, report = _written(undated, event(type="no such type"))
    assert not records
    assert [len(ids) for what, ids in report.lost.items() if what.startswith("events left out")] == [1, 1]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_one_line_of_json(value: str) -> None:
    records, _ = _written(event(position("responsibility", value, holder("c", value))))
    assert len(records) == 1 and records[0]["source"][0]["held_by"]
