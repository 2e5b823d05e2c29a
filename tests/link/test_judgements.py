"""People's decisions take effect at once, outlive every new linking, and are undone without loss."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sayso import pipeline
from sayso.errors import LedgerError, NotFoundError, UsageError
from sayso.ledger import SqlLedger, derived, judging, open_ledger, refs
from sayso.ledger.holders import Held, held
from sayso.pipeline import link_and_weigh
from sayso.read import Reader
from sayso.records import Correction, Document
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
    found = exported(ledger, "events", "links", "origins")
    found["claims"] = sorted(
        json.dumps({k: v for k, v in c.items() if k != "decision"}, sort_keys=True) for c in told(ledger, "claims")
    )
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
    number = pipeline.judge(ledger, "correct", claim(ledger, SURGEON, "casualties.injured"), correction=Correction("8"))
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


@pytest.mark.parametrize(("decision", "value"), [("correct", "9"), ("reject", None)])
def test_judgements_on_claims_hold_when_all_is_linked_again(
    ledger: SqlLedger, decision: str, value: str | None
) -> None:
    correction = Correction(value) if value else None
    pipeline.judge(ledger, decision, claim(ledger, GOVERNOR, "casualties.injured"), correction=correction)
    before = exported(ledger)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert exported(ledger) == before
    assert set(_counts(ledger)) == ({"9", "12"} if value else {"12"})


# -- corrections --------------------------------------------------------------------------------------------------


def _held(ledger: SqlLedger, ref: str) -> Held:
    """The claim as linking and weighing see it."""
    document, _, id_ = ref.partition(":")[2].partition("/")
    with ledger.engine.connect() as connection:
        p = derived.profiles.c
        events = connection.scalars(select(p.event).where(p.document_id == document).distinct()).all()
        (found,) = [h for e in events for h in held(connection, e) if h.claim == id_]
        return found


def _realis(ledger: SqlLedger, document: Document, stance: str) -> str:
    (found, *_) = [
        c
        for c in told(ledger, "claims")
        if c["document_id"] == document.id and c["field"] == "realis" and c["stance"] == stance
    ]
    return f"claim:{found['document_id']}/{found['id']}"


def test_a_corrected_stance_takes_the_denial_away_and_undoing_brings_it_back(ledger: SqlLedger) -> None:
    before = state(ledger)
    assert event_of(ledger, "governor", "kremlin")["fields"]["realis"]["status"] == "disputed"
    ref = _realis(ledger, KREMLIN, "denies")
    numbers = [
        pipeline.judge(
            ledger, "correct", f"claim:{c['document_id']}/{c['id']}", correction=Correction(stance="asserts")
        )
        for c in told(ledger, "claims")
        if c["document_id"] == KREMLIN.id and c["stance"] == "denies"
    ]
    assert _held(ledger, ref).holds and _held(ledger, ref).stance == "asserts"
    assert event_of(ledger, "governor", "kremlin")["fields"]["realis"]["status"] == "corroborated"
    for number in numbers:
        pipeline.undo(ledger, number)
    assert state(ledger) == before


def test_what_is_held_may_be_corrected_alone(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "correct", ref, correction=Correction(holds=False))
    assert not _held(ledger, ref).holds and _held(ledger, ref).value == "12"
    assert not _counts(ledger)["12"]["holders"] and _counts(ledger)["12"]["deniers"]


def test_a_corrected_speaker_is_the_one_that_the_ledger_knows(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "correct", ref, correction=Correction(speaker="Serhiy Lysak", value="8"))
    assert _counts(ledger)["8"]["informants"] == 1 and _held(ledger, ref).informant.startswith("name:")
    pipeline.judge(ledger, "correct", ref, correction=Correction(speaker="a nurse", value="8"))
    assert _counts(ledger)["8"]["informants"] == 2 and _held(ledger, ref).informant.startswith("words:a nurse")
    pipeline.judge(ledger, "correct", ref, correction=Correction(speaker="", value="8"))
    assert _held(ledger, ref).attribution is None and _held(ledger, ref).informant.startswith("report:")


def test_a_corrected_speaker_is_known_as_soon_as_a_report_names_them(ledger: SqlLedger, rules: Reader) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "correct", ref, correction=Correction(speaker="Ivan Hrytsenko"))
    assert "words:ivan hrytsenko" in json.dumps(told(ledger, "events"))
    put(
        ledger,
        rules,
        report("nurse", "Ivan Hrytsenko, a nurse, said that the market in Stryi was closed.", "2024-03-06"),
    )
    assert "words:ivan hrytsenko" not in json.dumps(told(ledger, "events"))
    before = exported(ledger)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert exported(ledger) == before


def test_corrected_spans_are_words_of_the_text_and_the_value_follows_them(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "actor_organisation")
    start = SURGEON.text.index("Russian")
    number = pipeline.judge(ledger, "correct", ref, correction=Correction(spans=((start, start + 7),)))
    found = _held(ledger, ref)
    assert (found.words, found.value, found.start, found.end) == ("Russian", "Russian", start, start + 7)
    pipeline.undo(ledger, number)
    pipeline.judge(ledger, "correct", ref, correction=Correction(spans=((0, 6), (start, start + 7))))
    assert _held(ledger, ref).words == "In the … Russian"


def test_a_month_and_a_range_are_kept_as_claims_write_them(ledger: SqlLedger) -> None:
    day, count = claim(ledger, GOVERNOR, "when"), claim(ledger, GOVERNOR, "casualties.injured")
    pipeline.judge(ledger, "correct", day, correction=Correction("2024-02"))
    pipeline.judge(ledger, "correct", count, correction=Correction("8 - 12"))
    assert _held(ledger, day).value == "2024-02-01/2024-02-29"
    assert (_held(ledger, count).low, _held(ledger, count).high) == (8, 12)


LENGTH = len(GOVERNOR.text)


@pytest.mark.parametrize(
    ("correction", "words"),
    [
        (None, "needs what is right"),
        (Correction(), "needs what is right"),
        (Correction(stance="lies"), "no stance is called 'lies'; there are: asserts"),
        (Correction(spans=((4, 4),)), "span 4:4 is not in the text"),
        (Correction(spans=((-1, 4),)), "span -1:4 is not in the text"),
        (Correction(spans=((LENGTH - 2, LENGTH + 1),)), f"has {LENGTH} characters"),
        (Correction(spans=((0, 9), (5, 12))), "overlap"),
        (Correction("many"), "'many' is no count"),
        (Correction(" "), "a value has 1 to 5000 characters"),
    ],
)
def test_what_cannot_be_corrected_is_told_and_nothing_is_kept(
    ledger: SqlLedger, correction: Correction | None, words: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(words)):
        pipeline.judge(ledger, "correct", claim(ledger, GOVERNOR, "casualties.injured"), correction=correction)
    assert ledger.judgements() == []


def test_a_span_of_more_than_5000_characters_is_refused(ledger: SqlLedger, rules: Reader) -> None:
    long = report("long", GOVERNOR.text + " Nothing else is known." * 300, "2024-03-05")
    put(ledger, rules, long)
    with pytest.raises(UsageError, match="at most 5000"):
        ref = claim(ledger, long, "casualties.injured")
        pipeline.judge(ledger, "correct", ref, correction=Correction(spans=((0, 5_001),)))


def test_a_decision_that_makes_no_sense_is_refused(ledger: SqlLedger) -> None:
    ref, names = claim(ledger, GOVERNOR, "realis"), pair(ledger, "Serhiy Lysak", "Olena Bondar")
    for arguments, options, words in (
        (("praise", ref), {}, "no decision is called 'praise'"),
        (("same", ref, names[0]), {}, "two names or two events"),
        (("same", names[0]), {}, "two names or two events"),
        (("same", names[0], names[0]), {}, "the same on both sides"),
        (("accept", *names), {}, "stands on one claim"),
        (("reject", ref), {"correction": Correction("8")}, "takes no correction"),
        (("unsure", ref), {"adjudicates": True}, "settles nothing"),
        (("correct", ref), {"correction": Correction("unlikely")}, "there are: happened"),
    ):
        with pytest.raises(UsageError, match=re.escape(words)):
            pipeline.judge(ledger, *arguments, **options)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no claim 'zz'"):
        pipeline.judge(ledger, "correct", "claim:x/zz", correction=Correction("8"))
    assert ledger.judgements() == []


def test_corrections_of_before_have_their_value_in_the_note(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    ledger.judge("correct", ref, None, "8", "reviewer")
    assert _held(ledger, ref).value == "8"


# -- several people -----------------------------------------------------------------------------------------------


def test_unsure_is_kept_and_changes_nothing(ledger: SqlLedger) -> None:
    before = state(ledger)
    numbers = [
        pipeline.judge(ledger, "unsure", claim(ledger, SURGEON, "casualties.injured"), person="ada"),
        pipeline.judge(ledger, "unsure", *pair(ledger, "Serhiy Lysak", "Olena Bondar"), person="ada"),
        pipeline.judge(ledger, "unsure", *_event_pair(ledger, "governor", "stryi"), person="ada"),
    ]
    assert [(j["id"], j["decision"]) for j in ledger.judgements()] == [(n, "unsure") for n in numbers]
    assert state(ledger) == before


def test_where_people_disagree_nothing_takes_effect_until_somebody_adjudicates(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "reject", ref, person="ada")
    assert set(_counts(ledger)) == {"8"}
    pipeline.judge(ledger, "accept", ref, person="ben")
    assert set(_counts(ledger)) == {"8", "12"}
    ruled = pipeline.judge(ledger, "reject", ref, person="cyd", adjudicates=True)
    assert set(_counts(ledger)) == {"8"}
    pipeline.judge(ledger, "accept", ref, person="ada")
    assert set(_counts(ledger)) == {"8"}
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert set(_counts(ledger)) == {"8"}
    pipeline.undo(ledger, ruled)
    assert set(_counts(ledger)) == {"8", "12"}


def test_the_last_adjudication_holds(ledger: SqlLedger) -> None:
    names = pair(ledger, "Serhiy Lysak", "Olena Bondar")
    pipeline.judge(ledger, "same", *names, person="ada", adjudicates=True)
    last = pipeline.judge(ledger, "different", *names[::-1], person="ben", adjudicates=True)
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak"}
    pipeline.undo(ledger, last)
    assert entity(ledger, "Serhiy Lysak") == {"Serhiy Lysak", "Olena Bondar"}


def test_two_corrections_that_differ_take_no_effect(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    for person, value in (("ada", "9"), ("ben", "10")):
        pipeline.judge(ledger, "correct", ref, person=person, correction=Correction(value))
    assert set(_counts(ledger)) == {"8", "12"}
    pipeline.judge(ledger, "correct", ref, person="ben", correction=Correction("9"))
    assert set(_counts(ledger)) == {"8", "9"}


def test_who_becomes_unsure_leaves_it_to_the_others(ledger: SqlLedger) -> None:
    ref = claim(ledger, SURGEON, "casualties.injured")
    pipeline.judge(ledger, "reject", ref, person="ada")
    pipeline.judge(ledger, "accept", ref, person="ben")
    pipeline.judge(ledger, "unsure", ref, person="ben")
    assert set(_counts(ledger)) == {"8"}


PEOPLE = ("ada", "ben", "cyd")
ITEMS = 5
decision = st.one_of(
    st.tuples(
        st.integers(0, ITEMS - 1),
        st.sampled_from(PEOPLE),
        st.sampled_from(["yes", "no", "right", "other right", "unsure"]),
        st.booleans(),
    ),
    st.tuples(st.just("undo"), st.integers(0, 20)),
    st.just(("link again",)),
)
WORDS = {"claim": {"yes": "accept", "no": "reject"}, "pair": {"yes": "same", "no": "different"}}


def expected(rows: list[dict[str, Any]], item: int) -> tuple[str, Correction | None] | None:
    """By the rules as the documentation states them, written without regard to speed."""
    mine = [r for r in rows if r["item"] == item and not r["undone"]]
    ruled = [r for r in mine if r["adjudicates"]]
    if ruled:
        return ruled[-1]["decision"], ruled[-1]["correction"]
    last = [[r for r in mine if r["person"] == p][-1:] for p in PEOPLE]
    said = [(r["decision"], r["correction"]) for some in last for r in some if r["decision"] != "unsure"]
    return said[0] if said and all(s == said[0] for s in said) else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(decision, min_size=1, max_size=14))
def test_what_takes_effect_is_what_the_rules_say(rules: Reader, steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "x.db") as ledger:
        put(ledger, rules, *FIRST)
        items: list[tuple[str, ...]] = [
            (claim(ledger, SURGEON, "casualties.injured"),),
            (claim(ledger, GOVERNOR, "casualties.injured"),),
            pair(ledger, "Serhiy Lysak", "Olena Bondar"),
            pair(ledger, "Dmitry Peskov", "Petro Havryliuk"),
            _event_pair(ledger, "governor", "stryi"),
        ]
        rows: list[dict[str, Any]] = []
        kept: list[Any] = []
        for step in steps:
            if step[0] == "undo":
                if rows:
                    rows[step[1] % len(rows)]["undone"] = True
                    pipeline.undo(ledger, step[1] % len(rows) + 1)
            elif step[0] == "link again":
                before = exported(ledger)
                ledger.forget_derived()
                link_and_weigh(ledger)
                assert exported(ledger) == before
            else:
                _decide(ledger, items, rows, step)
            now = [dict(j) for j in ledger.judgements()]
            assert now[: len(kept)] == kept and len(now) == len(rows)
            kept = now
            _agrees(ledger, items, rows)


def _decide(ledger: SqlLedger, items: list[tuple[str, ...]], rows: list[dict[str, Any]], step: tuple[Any, ...]) -> None:
    item, person, word, adjudicates = step
    refs_, value = items[item], {"right": "20", "other right": "21"}.get(word)
    kind = "claim" if len(refs_) == 1 else "pair"
    if value and kind == "pair":
        word, value = ("yes" if word == "right" else "no"), None
    what = "correct" if value else WORDS[kind].get(word, word)
    correction = Correction(value) if value else None
    adjudicates = adjudicates and what != "unsure"
    turned = refs_[::-1] if len(rows) % 2 else refs_
    pipeline.judge(ledger, what, *turned, person=person, correction=correction, adjudicates=adjudicates)
    rows.append(
        {"item": item, "person": person, "decision": what, "correction": correction, "adjudicates": adjudicates, "undone": False}
    )  # fmt: skip


def _agrees(ledger: SqlLedger, items: list[tuple[str, ...]], rows: list[dict[str, Any]]) -> None:
    wanted = [expected(rows, n) for n in range(ITEMS)]
    with ledger.engine.connect() as connection:
        found = judging.rulings(connection, [ref for refs_ in items for ref in refs_])
        n = derived.names.c
        identity = dict(connection.execute(select(n.id, n.identity)).tuples().all())
    for refs_, want in zip(items, wanted, strict=True):
        ruling = found.get(judging.item_of(refs_[0], refs_[1] if len(refs_) > 1 else None))
        assert ((ruling.decision, ruling.correction) if ruling else None) == want
        if len(refs_) == 1:
            seen = _held(ledger, refs_[0])
            assert seen.judged == (want[0] if want else None)
            assert (seen.value in {"20", "21"}) == (want is not None and want[0] == "correct")
        elif refs_[0].startswith("name:"):
            one, other = (identity[r.removeprefix("name:")] for r in refs_)
            assert (one == other) == (want is not None and want[0] == "same")


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


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
                right = Correction(stance="doubts") if what == "correct" else None
                made.append(pipeline.judge(ledger, what, f"claim:{row['document_id']}/{row['id']}", correction=right))
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
