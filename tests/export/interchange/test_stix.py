"""STIX 2.1: stix2 reads the bundle strictly, every reference resolves, and a denial is an opinion of who denies."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from sayso.export import LossReport, write
from sayso.read import Reader
from tests.export.interchange import ledgers, valid

stix2 = pytest.importorskip("stix2")


def _written(rows: list[dict[str, Any]]) -> tuple[bytes, LossReport]:
    out = io.BytesIO()
    report = write(rows, out, "stix")
    return out.getvalue(), report


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> list[dict[str, Any]]:
    return ledgers.raid(tmp_path_factory.mktemp("stix") / "raid.db", rules)


@pytest.fixture(scope="module")
def objects(rows: list[dict[str, Any]]) -> list[Any]:
    return valid.stix_objects(_written(rows)[0])


def _ours(o: Any) -> dict[str, Any]:
    (found,) = o.extensions.values()
    return dict(found)


def test_every_claim_is_one_statement_with_its_exact_words(rows: list[dict[str, Any]], objects: list[Any]) -> None:
    said = {_ours(o)["claim_id"]: o for o in objects if o.type in {"note", "opinion"}}
    claims = [r for r in rows if r["kind"] == "claim"]
    assert claims and set(said) == {c["id"] for c in claims}
    for claim in claims:
        ours = _ours(said[claim["id"]])
        assert (ours["words"], ours["start"], ours["end"]) == (claim["words"], claim["start"], claim["end"])
        assert said[claim["id"]].external_references[0].external_id == claim["id"]


def test_a_denial_is_an_opinion_on_the_notes_that_it_denies(rows: list[dict[str, Any]], objects: list[Any]) -> None:
    by_id = {o.id: o for o in objects}
    opinions = {_ours(o)["claim_id"]: o for o in objects if o.type == "opinion"}
    denied: dict[str, set[str]] = {}
    for row in rows:
        if row["kind"] == "link" and row["relation"] == "denies":
            denied.setdefault(row["left"]["claim"], set()).add(row["right"]["claim"])
    assert denied
    for left, rights in denied.items():
        opinion = opinions[left]
        assert opinion.opinion == "strongly-disagree"
        assert {_ours(by_id[ref])["claim_id"] for ref in opinion.object_refs} == rights
    assert {tuple(o.authors) for o in opinions.values()} >= {("Kyiv",), ("Mykhailo Podolyak",)}


def test_nobody_is_a_threat_actor_and_nothing_is_attributed(objects: list[Any]) -> None:
    assert {o.type for o in objects} == {"identity", "location", "incident", "note", "opinion", "relationship", "report", "extension-definition"}  # fmt: skip
    standard = {"attributed-to", "targets", "uses", "originates-from", "impersonates"}
    kinds = {o.relationship_type for o in objects if o.type == "relationship"}
    assert "accuses" in kinds and not kinds & standard
    for o in objects:
        if o.type == "relationship" and o.relationship_type == "accuses":
            assert o.description and _ours(o)["claim"]


def test_confidence_is_that_of_the_admiralty_scale_and_only_on_incidents(
    rows: list[dict[str, Any]], objects: list[Any]
) -> None:
    scale = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10, 6: None}
    weighed = {r["id"]: r["fields"]["realis"]["credibility"] for r in rows if r["kind"] == "event"}
    incidents = [o for o in objects if o.type == "incident"]
    assert weighed and {_ours(o)["event_id"]: o.get("confidence") for o in incidents} == {
        id_: scale[c] for id_, c in weighed.items()
    }
    assert all("confidence" not in o for o in objects if o.type != "incident")


def test_a_truth_that_cannot_be_judged_has_no_confidence(rows: list[dict[str, Any]]) -> None:
    event = next(r for r in rows if r["kind"] == "event")
    unknown = {**event, "fields": {"realis": {**event["fields"]["realis"], "credibility": 6}}}
    changed = [unknown if r is event else r for r in rows]
    (incident,) = [
        o
        for o in valid.stix_objects(_written(changed)[0])
        if o.type == "incident" and _ours(o)["event_id"] == event["id"]
    ]
    assert "confidence" not in incident


def test_the_same_ledger_gives_the_same_bytes(rows: list[dict[str, Any]]) -> None:
    assert _written(rows)[0] == _written(rows)[0]


def test_ids_are_not_of_the_standard_s_own_namespace(objects: list[Any]) -> None:
    from uuid import UUID

    assert {UUID(o.id.partition("--")[2]).version for o in objects} == {5}


def test_what_is_lost_is_told(rows: list[dict[str, Any]]) -> None:
    told = " ".join(_written(rows)[1].told())
    for loss in (
        "texts of documents",
        "documents without a date",
        "without an hour",
    ):
        assert loss in told


def test_a_place_that_no_report_places_is_lost_and_told(rows: list[dict[str, Any]]) -> None:
    somewhere = next(r for r in rows if r["kind"] == "entity" and r["type"] == "place" and not r["registry"])
    nowhere = {**somewhere, "where": None}
    written, report = _written([nowhere if r is somewhere else r for r in rows])
    assert "places without country or coordinates" in " ".join(report.told())
    assert somewhere["name"] not in {o.get("name") for o in valid.stix_objects(written) if o.type == "location"}


def test_a_place_stands_where_all_reports_mean_it(rows: list[dict[str, Any]], objects: list[Any]) -> None:
    places = {r["name"]: r["where"] for r in rows if r["kind"] == "entity" and r["type"] == "place" and r["where"]}
    found = {o.name: o for o in objects if o.type == "location" and o.name in places}
    assert places and set(found) == set(places)
    for name, where in places.items():
        assert (found[name].latitude, found[name].longitude, found[name].country) == (where["lat"], where["lon"], where["country"])  # fmt: skip


def test_links_keep_their_reasons(rows: list[dict[str, Any]], objects: list[Any]) -> None:
    links = [r for r in rows if r["kind"] == "link"]
    kinds = {"denies", "contradicts", "confirms", "repeats", "supersedes", "retracts"}
    found = [o for o in objects if o.type == "relationship" and o.relationship_type in kinds]
    assert len(found) == len(links)
    assert sorted(o.description for o in found) == sorted("; ".join(x["text"] for x in r["reasons"]) for r in links)


def test_hostile_reports_give_a_bundle_that_can_be_read(tmp_path: Path, rules: Reader) -> None:
    data, report = _written(ledgers.hostile(tmp_path / "h.db", rules))
    assert json.loads(data)["type"] == "bundle"
    objects = valid.stix_objects(data)
    assert len(objects) == report.rows
    assert "documents in which nothing was read" in " ".join(report.told())


def test_an_empty_ledger_is_a_bundle_of_its_maker() -> None:
    assert [o.type for o in valid.stix_objects(_written([])[0])] == ["identity", "extension-definition"]
