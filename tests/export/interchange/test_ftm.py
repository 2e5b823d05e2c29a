"""FollowTheMoney: every line is valid by the library, nothing refers into the void, and no accusation stands as a fact."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sayso.export import LossReport, write
from sayso.read import Reader
from tests.export.interchange import ledgers, valid

pytest.importorskip("followthemoney")

Entity = dict[str, Any]


def _written(rows: list[dict[str, Any]]) -> tuple[bytes, LossReport]:
    out = io.BytesIO()
    report = write(rows, out, "ftm")
    return out.getvalue(), report


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, rules: Reader) -> list[dict[str, Any]]:
    return ledgers.raid(tmp_path_factory.mktemp("ftm") / "raid.db", rules)


@pytest.fixture(scope="module")
def entities(rows: list[dict[str, Any]]) -> list[Entity]:
    return valid.ftm_entities(_written(rows)[0])


def test_every_entity_is_valid_and_refers_to_entities_of_the_right_schema(entities: list[Entity]) -> None:
    schemas = {"Article", "Person", "Organization", "PublicBody", "Address", "Event", "Mention", "Documentation", "Note", "UnknownLink"}  # fmt: skip
    assert {e["schema"] for e in entities} == schemas


def test_the_library_s_own_command_takes_the_file_whole(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    data, report = _written(rows)
    (tmp_path / "in.ftm.json").write_bytes(data)
    command = [
        sys.executable,
        "-c",
        "from followthemoney.cli.cli import cli; cli()",
        "validate",
        "-i",
        "in.ftm.json",
        "-o",
        "out.json",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    taken = [json.loads(line) for line in (tmp_path / "out.json").read_bytes().splitlines()]
    assert len(taken) == report.rows
    assert {(e["id"], e["schema"]) for e in taken} == {
        (e["id"], e["schema"]) for e in map(json.loads, data.splitlines())
    }


def test_every_claim_is_written_once_with_its_exact_words(rows: list[dict[str, Any]], entities: list[Entity]) -> None:
    said = {e["id"]: e for e in entities if e["schema"] in {"Documentation", "Note"}}
    claims = [r for r in rows if r["kind"] == "claim"]
    assert claims and set(said) == {f"sayso-claim-{c['id']}" for c in claims}
    for claim in claims:
        entity = said[f"sayso-claim-{claim['id']}"]
        properties = entity["properties"]
        told = properties["role" if entity["schema"] == "Documentation" else "description"][0]
        assert properties["summary"] == [claim["words"]]
        assert f"claim {claim['id']}" in told and told.startswith(claim["stance"].replace("_", " "))
        assert properties["proof"] == [f"sayso-document-{claim['document_id']}"]
        assert f"Characters {claim['start']} to {claim['end']} of" in str(properties["description"])


def test_an_accusation_never_becomes_a_fact(entities: list[Entity]) -> None:
    (accused,) = [
        e["id"] for e in entities if e["properties"].get("name") == ["North Korea"] and e["schema"] != "Mention"
    ]
    touching = [e for e in entities if any(accused in v for v in e["properties"].values())]
    assert {"UnknownLink"} <= {e["schema"] for e in touching} <= {"UnknownLink", "Mention"}
    for entity in touching:
        if entity["schema"] == "UnknownLink":
            assert "Moscow" in entity["properties"]["role"][0] and "claim " in entity["properties"]["role"][0]
    assert "accuses (says Moscow, claim " in str(touching)
    forbidden = {"involved", "organizer", "important", "topics"}
    assert not any(forbidden & e["properties"].keys() for e in entities)


def test_a_reprint_is_tied_to_what_it_was_made_from(rows: list[dict[str, Any]], entities: list[Entity]) -> None:
    reprints = {(f"sayso-document-{r['id']}", f"sayso-document-{r['parent']}") for r in rows if r.get("parent")}
    ties = {
        (e["properties"]["subject"][0], e["properties"]["object"][0])
        for e in entities
        if e["id"].startswith("sayso-copy-")
    }
    assert reprints and ties == reprints


def test_who_is_said_to_belong_to_whom_is_a_membership_with_its_words(rows: list[dict[str, Any]]) -> None:
    person = next(r["id"] for r in rows if r["kind"] == "entity" and r["type"] == "person")
    body = next(r["id"] for r in rows if r["kind"] == "entity" and r["type"] == "organisation")
    document = rows[0]["id"]
    tie = {
        "kind": "tie", "relation": "belongs_to", "left": person, "right": body, "document": document, "outlet": None,
        "published": "2023-05-22", "start": 1, "end": 9, "text": "of the unit", "claim": None, "event": None,
    }  # fmt: skip
    found = valid.ftm_entities(_written([*rows, tie])[0])
    (membership,) = [e["properties"] for e in found if e["schema"] == "Membership"]
    assert membership["summary"] == ["of the unit"]
    assert membership["role"] == [f"belongs to (says document {document})"]


def test_the_same_ledger_gives_the_same_bytes(rows: list[dict[str, Any]]) -> None:
    assert _written(rows)[0] == _written(rows)[0]


def test_what_is_lost_is_told(rows: list[dict[str, Any]]) -> None:
    told = " ".join(_written(rows)[1].told())
    for loss in (
        "texts of documents",
        "SHA-256",
        "offsets",
        "links in which a claim denies another",
        "positions and weighing",
    ):
        assert loss in told


def test_hostile_reports_give_valid_entities_and_tell_what_was_dropped(tmp_path: Path, rules: Reader) -> None:
    data, report = _written(ledgers.hostile(tmp_path / "h.db", rules))
    assert len(valid.ftm_entities(data)) == report.rows
    told = " ".join(report.told())
    assert "javascript" not in data.decode()
    assert "values that Article:sourceUrl does not take" in told
    assert "values of Article:title cut at 1024 characters" in told


def test_nothing_gives_nothing() -> None:
    assert _written([]) == (b"", LossReport())
