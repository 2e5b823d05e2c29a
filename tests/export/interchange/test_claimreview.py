"""ClaimReview: only properties that schema.org has, and no word of what is true."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from sayso.errors import UsageError
from sayso.export import records, write
from sayso.export.interchange.claimreview import review
from sayso.ledger import SqlLedger, open_ledger
from sayso.pipeline import add_paths
from sayso.read import Reader
from tests.conftest import EXAMPLES
from tests.export.interchange import valid

ROW: dict[str, Any] = {
    "id": "c1", "document_id": "d1", "path": "a/report.txt", "url": None, "outlet": "Example Wire", "published": "2024-03-05", "title": None,
    "speaker_name": "Ivan Petrenko", "cue": "said", "stance": "asserts", "holds": True, "field": "casualties.killed", "value": "8",
    "words": "eight people were killed", "spans": [[0, 24]],
}  # fmt: skip


@pytest.fixture(scope="module")
def ledger(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("claimreview") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        yield opened


def test_all_claims_are_written_with_properties_that_there_are(ledger: SqlLedger) -> None:
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        report = write(records("claims", connection), out, "claimreview")
        rows = list(records("claims", connection))
    found = json.loads(out.getvalue())
    assert found["@context"] == "https://schema.org" and len(found["@graph"]) == report.rows
    left = {i for what, ids in report.lost.items() if what.startswith("questions") for i in ids}
    wanted = {f"urn:sayso:claim:{r['document_id']}/{r['id']}" for r in rows}
    assert {r["itemReviewed"]["@id"] for r in found["@graph"]} == wanted - {f"urn:sayso:claim:{i}" for i in left}
    for one in found["@graph"]:
        assert {one[k] for k in ("author", "datePublished", "url", "reviewRating")} == {None}
    assert valid.CHECKS["claimreview"](out.getvalue()) == report.rows > 0


def test_it_is_told_in_the_speakers_name() -> None:
    found = review(ROW)
    assert found["claimReviewed"] == "Ivan Petrenko asserts: killed: 8 (“eight people were killed”)"
    assert found["itemReviewed"]["author"] == {"@type": "Thing", "name": "Ivan Petrenko"}
    assert found["itemReviewed"]["appearance"]["name"] == "report.txt"
    outlets = review(ROW | {"speaker_name": None, "cue": None})
    assert outlets["itemReviewed"]["author"] == {"@type": "Organization", "name": "Example Wire"}
    assert outlets["claimReviewed"].startswith("Example Wire asserts: ")
    state = review(ROW | {"speaker_name": "the Russian Ministry of Defence"})
    assert state["itemReviewed"]["author"]["@type"] == "Organization"


def test_what_it_cannot_hold_is_counted() -> None:
    out = io.BytesIO()
    rows = [ROW, ROW | {"id": "c2", "stance": "asks"}, ROW | {"id": "c3", "stance": "denies", "holds": False}]
    report = write(rows, out, "claimreview")
    told = "\n".join(report.told())
    assert report.rows == 2 and "1 × questions, demands" in told and "1 × denials" in told and "d1/c3" in told
    with pytest.raises(UsageError, match="sayso export claims"):
        write([{"id": "x"}], io.BytesIO(), "claimreview")
