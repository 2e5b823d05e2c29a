"""Outlets: counts with their bases, from whom texts come, and what was later said to what they printed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import NotFoundError
from sayso.export.outlet import outlet
from sayso.ledger import SqlLedger, open_ledger, outlets
from sayso.read import Reader
from tests.link.ledgers import links, put, report, texts
from tests.link.test_ties import MAYOR, MINISTER, SURGEON

LONGER = report(
    "longer",
    "LVIV, March 5, 2024 - Police arrested two smugglers in Stryi on Monday, said Colonel Petro Havryliuk. He said that 3 officers were "
    "hurt when a car hit a barrier on the road to Drohobych. The two men had carried cigarettes over the mountains for years, he said, and "
    "sold them in the markets of the province. A court in Stryi is to decide on Thursday whether they stay in custody.",
    "2024-03-05",
    "Hill Courier",
)
REPRINT = report("reprint", f"{LONGER.text}\n\nSource: Hill Courier\n", "2024-03-06", "Valley Courier", "Hill Courier")
NAMELESS = report("nameless", "Two people were wounded by shelling in Beryslav on Monday, police said.", "2024-03-05")


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "outlets.db") as opened:
        put(opened, rules, MAYOR, MINISTER, SURGEON, LONGER, REPRINT, NAMELESS)
        yield opened


def dossier(ledger: SqlLedger, name: str) -> dict[str, Any]:
    with ledger.engine.connect() as connection:
        return outlet(connection, name)


def test_outlets_are_listed_with_their_span(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        rows = outlets.outlets(connection)
        paged = [outlets.outlets(connection, 1, k)[0] for k in range(len(rows))]
    assert {r["outlet"]: (r["documents"], r["first"]) for r in rows} == {
        "Capital Post": (1, "2024-03-07"),
        "Dnipro Herald": (1, "2024-03-05"),
        "Hill Courier": (1, "2024-03-05"),
        "Northern Wire": (1, "2024-03-06"),
        "Valley Courier": (1, "2024-03-06"),
    }
    assert paged == rows


def test_who_reprints_whom_is_told_on_both_sides(ledger: SqlLedger) -> None:
    taker, giver = dossier(ledger, "Valley Courier"), dossier(ledger, "Hill Courier")
    (ours,), (theirs,) = taker["reprints"], giver["reprinted_by"]
    assert (ours["outlet"], ours["relation"], ours["documents"]) == ("Hill Courier", "copied", 1)
    assert (theirs["outlet"], theirs["relation"], theirs["documents"]) == ("Valley Courier", "copied", 1)
    assert ours["samples"] == theirs["samples"] and 0.5 < ours["mean_share"] <= 1
    assert (ours["samples"][0]["document"], ours["samples"][0]["parent"]) == (REPRINT.id, LONGER.id)
    assert taker["credits"] == [{"origin": "Hill Courier", "documents": 1}]
    assert taker["reprinted_by"] == giver["reprints"] == []


def test_claims_that_were_answered_later_are_counted_with_their_base(ledger: SqlLedger) -> None:
    found = dossier(ledger, "Dnipro Herald")
    later = [k for k in links(ledger, "denies", "contradicts") if k["right"]["document"] == MAYOR.id]
    expected = {r: {k["right"]["claim"] for k in later if k["relation"] == r} for r in ("denies", "contradicts")}
    assert expected["denies"] and expected["contradicts"]
    for relation, claims in expected.items():
        assert found["answered_later"][relation]["claims"] == len(claims)
        assert found["answered_later"][relation]["claims"] <= found["claims"]["about_events"]
        assert found["answered_later"][relation]["own_voice"] <= found["claims"]["own_voice"]
    assert {e["by"]["speaker"] for e in found["examples"]} == {"Dmitry Peskov", "Olena Bondar"}
    written = texts(ledger)
    for example in found["examples"]:
        for side in (example["claim"], example["by"]):
            assert written[side["document"]][side["start"] : side["end"]] == side["words"]
    assert [e["by"]["published"] for e in found["examples"]] == sorted(
        (e["by"]["published"] for e in found["examples"]), reverse=True
    )


def test_what_was_said_before_or_the_same_day_is_not_later(tmp_path: Path, rules: Reader) -> None:
    from dataclasses import replace

    with open_ledger(tmp_path / "same.db") as ledger:
        put(ledger, rules, MAYOR, replace(MINISTER, published="2024-03-05T18:00:00"))
        assert [k for k in links(ledger, "denies") if k["right"]["document"] == MAYOR.id]
        assert dossier(ledger, "Dnipro Herald")["answered_later"]["denies"]["claims"] == 0
        assert dossier(ledger, "Dnipro Herald")["examples"] == []


def test_speakers_stances_and_firsts(ledger: SqlLedger) -> None:
    found = dossier(ledger, "Dnipro Herald")
    assert [(q["name"], q["documents"]) for q in found["quoted"]] == [("Ihor Terekhov", 1)]
    assert sum(found["stances"].values()) >= found["quoted"][0]["attributions"]
    told = found["told_first"]
    assert 1 <= told["events"] == len(told["newest"]) <= told["of_shared_events"]
    assert all(e["ours"] < e["others"] for e in told["newest"])
    assert dossier(ledger, "Capital Post")["told_first"]["events"] == 0


def test_the_same_bytes_from_another_outlet_are_told(ledger: SqlLedger, rules: Reader) -> None:
    from dataclasses import replace

    put(ledger, rules, replace(MAYOR, path="elsewhere.txt", outlet="Steppe News"))
    assert dossier(ledger, "Dnipro Herald")["same_documents_at"] == [{"outlet": "Steppe News", "documents": 1}]


def test_case_does_not_matter_and_an_unknown_name_finds_the_nearest(ledger: SqlLedger) -> None:
    assert dossier(ledger, "HILL courier")["name"] == "Hill Courier"
    with pytest.raises(NotFoundError, match=r"did you mean “Valley Courier”"):
        dossier(ledger, "Valey Courrier")
    with pytest.raises(NotFoundError, match="`sayso outlet` lists"):
        dossier(ledger, "qqqqqqqq")


def test_a_ledger_without_outlets_says_so(tmp_path: Path, rules: Reader) -> None:
    with open_ledger(tmp_path / "none.db") as ledger:
        put(ledger, rules, NAMELESS)
        with pytest.raises(NotFoundError, match="no document of the ledger names its outlet"):
            dossier(ledger, "Hill Courier")
