"""People's decisions take effect at once, outlive every new linking, and are undone without loss."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso import pipeline
from sayso.errors import LedgerError
from sayso.ledger import SqlLedger, judging, open_ledger, refs
from sayso.pipeline import link_and_weigh
from sayso.read import Reader
from sayso.records import Document
from tests.link.ledgers import event_of, exported, positions, put, report, told

GOVERNOR = report(
    "governor",
    "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that Russian troops had shelled Nikopol on Monday and that 8 people were "
    "wounded in the shelling of Nikopol.",
    "2024-03-05",
    "Dnipro Herald",
)
SURGEON = report(
    "surgeon",
    "In the hospital of Nikopol nobody slept. Olena Bondar, a surgeon, said that 12 people were wounded when the Russian army shelled Nikopol "
    "on Monday.",
    "2024-03-06",
    "Capital Post",
)
KREMLIN = report(
    "kremlin",
    "MOSCOW, March 6, 2024 - Russia had nothing to do with the shelling of Nikopol on Monday, the Kremlin spokesman Dmitry Peskov said.",
    "2024-03-06",
    "Northern Wire",
)
STRYI = report(
    "stryi",
    "LVIV, March 5, 2024 - Police arrested two smugglers in Stryi on Monday, said Colonel Petro Havryliuk. He said that 3 officers were hurt.",
    "2024-03-05",
    "Hill Courier",
)
LATER = report(
    "later",
    "Serhii Lysak, the governor, told journalists on Wednesday that 13 people were wounded in Monday's shelling of Nikopol, and "
    "thanked Olena Bondar.",
    "2024-03-07",
    "River Gazette",
)
FIRST = (GOVERNOR, SURGEON, KREMLIN, STRYI)


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "judged.db") as opened:
        put(opened, rules, *FIRST)
        yield opened


def state(ledger: SqlLedger) -> dict[str, list[str]]:
    """All that is found, without the list of judgements, which undoing does not shorten."""
    import json

    found = exported(ledger, "events", "links", "origins", "claims")
    found["entities"] = sorted(
        json.dumps({k: v for k, v in e.items() if k != "judgements"}, sort_keys=True) for e in told(ledger, "entities")
    )
    return found


def pair(ledger: SqlLedger, left: str, right: str, type_: str | None = None) -> tuple[str, str]:
    with ledger.engine.connect() as connection:
        return refs.pair_refs(connection, left, right, type_)[0]


def claim(ledger: SqlLedger, document: Document, field: str) -> str:
    with ledger.engine.connect() as connection:
        found = [c for c in told(ledger, "claims") if c["document_id"] == document.id and c["field"] == field]
        return refs.claim_ref(connection, found[0]["id"])


def entity(ledger: SqlLedger, name: str) -> set[str]:
    (found,) = [e for e in told(ledger, "entities") if name in {n["name"] for n in e["names"]}]
    return {n["name"] for n in found["names"]}


# -- names --------------------------------------------------------------------------------------------------------


def test_same_makes_two_names_one_and_undoing_parts_them(ledger: SqlLedger) -> None:
    before = state(ledger)
    wounded = positions(event_of(ledger, "governor", "surgeon"), "realis")["happened"]
    number = pipeline.judge(ledger, "same", *pair(ledger, "Serhiy Lysak", "Olena Bondar"), person="reviewer")
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak", "Olena Bondar"}
    merged = positions(event_of(ledger, "governor", "surgeon"), "realis")["happened"]
    assert (wounded["informants"], merged["informants"]) == (2, 1)
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_different_parts_names_that_were_taken_for_one(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, LATER)
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak", "Serhii Lysak"}
    before = state(ledger)
    number = pipeline.judge(ledger, "different", *pair(ledger, "Serhiy Lysak", "Serhii Lysak"))
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak"} and entity(ledger, "Serhii Lysak") == {"Serhii Lysak"}
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_a_judgement_on_names_holds_when_all_is_linked_again(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, LATER)
    pipeline.judge(ledger, "different", *pair(ledger, "Serhiy Lysak", "Serhii Lysak"))
    pipeline.judge(ledger, "same", *pair(ledger, "Petro Havryliuk", "Olena Bondar"))
    before = exported(ledger)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert exported(ledger) == before
    assert entity(ledger, "Olena Bondar") == {"Olena Bondar", "Petro Havryliuk"}
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak"}


def test_the_last_of_two_judgements_on_one_pair_counts(ledger: SqlLedger) -> None:
    names = pair(ledger, "Serhiy Lysak", "Olena Bondar")
    pipeline.judge(ledger, "same", *names)
    second = pipeline.judge(ledger, "different", *names[::-1])
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak"}
    pipeline.undo(ledger, second)
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak", "Olena Bondar"}


# -- events -------------------------------------------------------------------------------------------------------


def _event_pair(ledger: SqlLedger, left: str, right: str) -> tuple[str, str]:
    return pair(ledger, event_of(ledger, left)["id"], event_of(ledger, right)["id"])


def test_events_judged_same_are_one_and_undoing_parts_them(ledger: SqlLedger) -> None:
    before = state(ledger)
    arrest = next(e for e in told(ledger, "events") if {m["path"] for m in e["members"]} == {"stryi.txt"})
    number = pipeline.judge(ledger, "same", *pair(ledger, event_of(ledger, "governor", "surgeon")["id"], arrest["id"]))
    assert event_of(ledger, "governor", "surgeon", "stryi")["documents"] >= 3
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_a_document_is_taken_out_of_an_event_and_comes_back(ledger: SqlLedger) -> None:
    before = state(ledger)
    event = event_of(ledger, "governor", "surgeon")
    number = pipeline.judge(ledger, "different", *pair(ledger, event["id"], "surgeon.txt"))
    split = [{m["path"] for m in e["members"]} for e in told(ledger, "events")]
    assert not any({"governor.txt", "surgeon.txt"} <= paths for paths in split)
    assert not [
        k for k in told(ledger, "links") if {k["left"]["path"], k["right"]["path"]} == {"governor.txt", "surgeon.txt"}
    ]
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_a_split_holds_when_all_is_linked_again_and_more_comes(ledger: SqlLedger, rules: Reader) -> None:
    pipeline.judge(ledger, "different", *pair(ledger, event_of(ledger, "governor", "surgeon")["id"], "surgeon.txt"))
    put(ledger, rules, LATER)
    before = exported(ledger)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert exported(ledger) == before
    assert not any({"governor.txt", "surgeon.txt"} <= {m["path"] for m in e["members"]} for e in told(ledger, "events"))


# -- claims -------------------------------------------------------------------------------------------------------


def _counts(ledger: SqlLedger) -> dict[str, dict[str, Any]]:
    return positions(event_of(ledger, "governor", "surgeon"), "casualties.injured")


def test_a_corrected_claim_counts_with_its_new_value(ledger: SqlLedger) -> None:
    before = state(ledger)
    assert set(_counts(ledger)) == {"8", "12"}
    number = pipeline.judge(ledger, "correct", claim(ledger, SURGEON, "casualties.injured"), note="8")
    counts = _counts(ledger)
    assert set(counts) == {"8"} and counts["8"]["informants"] == 2
    assert event_of(ledger, "governor", "surgeon")["fields"]["casualties.injured"]["status"] == "corroborated"
    assert not [k for k in told(ledger, "links") if k["relation"] == "contradicts"]
    assert [h["text"] for h in counts["8"]["holders"]] != ["8", "8"]  # the words stay as they are
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_a_rejected_claim_is_in_no_position(ledger: SqlLedger) -> None:
    before = state(ledger)
    ref = claim(ledger, SURGEON, "casualties.injured")
    number = pipeline.judge(ledger, "reject", ref)
    assert set(_counts(ledger)) == {"8"}
    event = event_of(ledger, "governor", "surgeon")
    assert ref.rpartition("/")[2] not in {
        h["claim"] for p in event["positions"] for h in (*p["holders"], *p["deniers"])
    }
    assert pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_nothing_rests_on_a_rejected_claim(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "reject", ref)
    ends = {k[side]["claim"] for k in told(ledger, "links") for side in ("left", "right")}
    assert ref.rpartition("/")[2] not in ends


def test_an_accepted_claim_changes_no_position(ledger: SqlLedger) -> None:
    before = state(ledger)
    number = pipeline.judge(ledger, "accept", claim(ledger, SURGEON, "casualties.injured"))
    assert state(ledger) == before
    pipeline.undo(ledger, number)
    assert state(ledger) == before


@pytest.mark.parametrize(("decision", "note"), [("correct", "9"), ("reject", None)])
def test_judgements_on_claims_hold_when_all_is_linked_again(ledger: SqlLedger, decision: str, note: str | None) -> None:
    pipeline.judge(ledger, decision, claim(ledger, GOVERNOR, "casualties.injured"), note=note)
    before = exported(ledger)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert exported(ledger) == before
    assert set(_counts(ledger)) == ({"9", "12"} if note else {"12"})


# -- undoing ------------------------------------------------------------------------------------------------------


def test_undoing_twice_or_what_is_not_there_says_so(ledger: SqlLedger) -> None:
    number = pipeline.judge(ledger, "same", *pair(ledger, "Serhiy Lysak", "Olena Bondar"))
    assert [pipeline.undo(ledger, number) for _ in range(2)] == [True, False]
    with pytest.raises(LedgerError, match="no judgement 99"):
        pipeline.undo(ledger, 99)
    with ledger.engine.connect() as connection:
        assert judging.marks(connection) == {number: [judging.UNDONE]}


NAMES = ("Serhiy Lysak", "Olena Bondar", "Dmitry Peskov", "Petro Havryliuk")
step = st.one_of(
    st.tuples(st.sampled_from(["same", "different"]), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.sampled_from(["same events", "different events"]), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.sampled_from(["accept", "correct", "reject"]), st.integers(0, 40), st.just(0)),
    st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
    st.tuples(st.just("link again"), st.just(0), st.just(0)),
    st.tuples(st.just("add"), st.just(0), st.just(0)),
)


@pytest.fixture(scope="module")
def starts(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], dict[str, list[str]]]:
    """What there is without any judgement, with and without the further document."""
    found = {}
    for more in (False, True):
        with open_ledger(tmp_path_factory.mktemp("starts") / "start.db") as ledger:
            put(ledger, rules, *FIRST, *([LATER] if more else []))
            found[more] = state(ledger)
    return found.__getitem__


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(step, min_size=1, max_size=8))
def test_whatever_was_judged_can_be_undone_without_loss(
    rules: Reader, starts: Callable[[bool], dict[str, list[str]]], steps: list[tuple[str, Any, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "x.db") as ledger:
        put(ledger, rules, *FIRST)
        made: list[int] = []
        more = False
        for what, left, right in steps:
            if what in {"same", "different"} and left != right:
                made.append(pipeline.judge(ledger, what, *pair(ledger, left, right, "person")))
            elif what.endswith("events"):
                members = sorted(f"{m['document']}/{m['event']}" for e in told(ledger, "events") for m in e["members"])
                one, other = members[left % len(members)], members[right % len(members)]
                if one != other:
                    made.append(pipeline.judge(ledger, what.split()[0], f"event:{one}", f"event:{other}"))
            elif what in {"accept", "correct", "reject"}:
                rows = told(ledger, "claims")
                row = rows[left % len(rows)]
                note = "77" if what == "correct" else None
                made.append(pipeline.judge(ledger, what, f"claim:{row['document_id']}/{row['id']}", note=note))
            elif what == "undo" and made:
                pipeline.undo(ledger, made[left % len(made)])
            elif what == "link again":
                before = exported(ledger)
                ledger.forget_derived()
                link_and_weigh(ledger)
                assert exported(ledger) == before
            elif what == "add":
                put(ledger, rules, LATER)
                more = True
            assert [j["id"] for j in ledger.judgements()] == made
        for number in reversed(made):
            pipeline.undo(ledger, number)
        assert state(ledger) == starts(more)
        ledger.forget_derived()
        link_and_weigh(ledger)
        assert state(ledger) == starts(more)
        assert [j["id"] for j in ledger.judgements()] == made
        with ledger.engine.connect() as connection:
            assert all(marks == [judging.UNDONE] for marks in judging.marks(connection).values())
