"""Tasks for Label Studio: regions that stand on the exact words, and answers that its labelling interface knows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from sayso.errors import UsageError
from sayso.export import write
from sayso.export.interchange.labelstudio import CONFIG, FIELDS
from sayso.ontology import load_ontology
from sayso.records import Reading
from tests.conftest import ROOT
from tests.export.interchange import valid

TEXT = "\U0001f6a8 Ivan Petrenko said that the army shelled Kharkiv on Monday. At least 8 people were killed, he said.\nThe army denied it."


@pytest.fixture
def reading(read: Callable[..., Reading]) -> Reading:
    return read(TEXT, "2024-03-05")


def tasks_of(*readings: Reading) -> Any:
    out = io.BytesIO()
    report = write((msgspec.to_builtins(r) for r in readings), out, "labelstudio")
    assert report.rows == len(readings)
    return json.loads(out.getvalue())


def test_each_claim_is_a_region_on_its_words(reading: Reading) -> None:
    (task,) = tasks_of(reading)
    assert task["data"]["text"] == TEXT and task["data"]["document"] == reading.document.id
    regions = [r for r in task["predictions"][0]["result"] if r["type"] == "labels"]
    assert (
        {r["id"].partition("-")[0] for r in regions} == {c.id for c in reading.claims} == set(task["data"]["exported"])
    )
    for part in task["predictions"][0]["result"]:
        value = part["value"]
        claim = next(c for c in reading.claims if part["id"].startswith(c.id))
        assert (value["start"], value["end"]) in {(s.start, s.end) for s in claim.spans}
        if part["type"] != "textarea":
            assert value["text"] == TEXT[value["start"] : value["end"]]


def test_the_interface_has_what_tasks_use(reading: Reading) -> None:
    (task,) = tasks_of(reading)
    view = ElementTree.fromstring(CONFIG)
    controls = {c.get("name"): c for c in view if c.get("toName")}
    kinds = {"labels": "Labels", "choices": "Choices", "textarea": "TextArea"}
    for part in task["predictions"][0]["result"]:
        control = controls[part["from_name"]]
        assert control.tag == kinds[part["type"]] and control.get("toName") == part["to_name"] == "text"
        allowed = {c.get("value") for c in control}
        assert part["type"] == "textarea" or set(part["value"][part["type"]]) <= allowed
        assert part["type"] == "labels" or control.get("perRegion") == "true"
    assert [c.get("value") for c in controls["stance"]] == list(load_ontology().stances)
    assert [c.get("value") for c in controls["label"]] == list(FIELDS)
    (shown,) = [c for c in view if c.tag == "Text"]
    assert shown.get("value", "").lstrip("$") in task["data"]


def test_its_own_tool_finds_nothing_wrong(reading: Reading) -> None:
    assert valid.CHECKS["labelstudio"](json.dumps(tasks_of(reading)).encode()) == 1


def test_the_page_shows_the_interface() -> None:
    page = (ROOT / "docs" / "interchange" / "annotation.md").read_text(encoding="utf-8")
    assert "\n".join(f"    {line}" for line in CONFIG.splitlines()) in page


def test_no_readings_are_an_empty_list_and_others_are_refused() -> None:
    assert tasks_of() == []
    with pytest.raises(UsageError, match="sayso export readings"):
        write([{"id": "x"}], io.BytesIO(), "labelstudio")
