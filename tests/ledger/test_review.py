"""The review queue: what is proposed, to whom it is shown, and what a reviewer is given to decide by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from sayso import pipeline
from sayso.errors import NotFoundError
from sayso.ledger import SqlLedger, derived, open_ledger, review, schema, views
from sayso.ledger.proposing import proposal_id
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.records import Correction
from tests.conftest import EXAMPLES
from tests.link.ledgers import put, report

NAMES = (
    report("one", "KYIV, March 5, 2024 - Andriy Bondar said that a bridge near Sumy was hit on Monday.", "2024-03-05"),
    report("two", "KYIV, March 6, 2024 - Andrii Bondarenko said on Tuesday that a school was hit.", "2024-03-06"),
)


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "review.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        link_and_weigh(opened)
        put(opened, rules, *NAMES)
        yield opened


def queue(ledger: SqlLedger, person: str = "ada", **options: Any) -> list[dict[str, Any]]:
    with ledger.engine.connect() as connection:
        return review.queue(connection, person, **options)


def first(ledger: SqlLedger, kind: str) -> dict[str, Any]:
    return queue(ledger, kind=kind)[0]


def detail(ledger: SqlLedger, row: dict[str, Any]) -> dict[str, Any]:
    with ledger.engine.connect() as connection:
        return review.detail(connection, review.proposal(connection, row["id"]))


def statuses(ledger: SqlLedger, event: str) -> dict[str, str]:
    with ledger.engine.connect() as connection:
        return {a.field: a.status for a in views.assessed(connection, event)}


def leading(ledger: SqlLedger, event: str, field: str) -> str | None:
    with ledger.engine.connect() as connection:
        found = [a for a in views.assessed(connection, event) if a.field == field]
    return next((p.value for a in found for p in a.positions if not p.superseded), None)


# -- what is proposed ---------------------------------------------------------------------------------------------


def test_there_are_proposals_of_every_kind_by_what_they_would_change(ledger: SqlLedger) -> None:
    rows = queue(ledger)
    assert {r["kind"] for r in rows} == {"claim", "event", "name"}
    assert [r["impact"] for r in rows] == sorted((r["impact"] for r in rows), reverse=True)
    assert all(r["impact"] > 0 and r["id"] == proposal_id((r["subject"], r["object"])) for r in rows)
    with ledger.engine.connect() as connection:
        assert review.waiting(connection) == len(rows)


def test_each_claim_that_is_proposed_changes_what_it_is_said_to_change(ledger: SqlLedger) -> None:
    rows = queue(ledger, kind="claim")
    assert rows
    for row in rows:
        before, head = statuses(ledger, row["event"])[row["field"]], leading(ledger, row["event"], row["field"])
        number = pipeline.judge(ledger, "reject", row["subject"], person="ada")
        after = statuses(ledger, row["event"]).get(row["field"])
        if f"from {before} to " in row["effect"]:
            assert f"from {before} to {after}" in row["effect"]
        elif "in place of" in row["effect"]:
            assert f"put “{leading(ledger, row['event'], row['field'])}” in place of “{head}”" in row["effect"]
        else:
            assert "leave nobody" in row["effect"] and after is None
        pipeline.undo(ledger, number)


def test_no_event_has_more_than_six_claims_and_two_parts_to_look_at(ledger: SqlLedger) -> None:
    rows = queue(ledger, limit=1000)
    for kind, most in (("claim", 6), ("event", 2)):
        events = [r["event"] for r in rows if r["kind"] == kind]
        assert all(events.count(e) <= most for e in events)


def test_a_part_that_is_split_off_leaves_as_many_documents_as_was_said(ledger: SqlLedger) -> None:
    (row, *_) = [r for r in queue(ledger, kind="event") if "in place of" in r["effect"]]
    with ledger.engine.connect() as connection:
        members = views.members(connection, row["event"])
        rest = {f"event:{m['document_id']}/{m['ref']}" for m in members} - {row["subject"]}
    documents = {ref.partition(":")[2].partition("/")[0] for ref in rest}
    assert f"leave the event with {len(documents)} document" in row["effect"]
    assert row["effect"].endswith(f"in place of {len({m['document_id'] for m in members})}")


def test_names_are_proposed_with_the_documents_that_use_them(ledger: SqlLedger, rules: Reader) -> None:
    row = first(ledger, "name")
    sides = detail(ledger, row)["sides"]
    assert {s["name"] for s in sides} == {"Andriy Bondar", "Andrii Bondarenko"}
    assert row["effect"] == "merging them would join 1 and 1 document"
    put(ledger, rules, report("three", "KYIV, March 8, 2024 - “No,” said Andriy Bondar.", "2024-03-08"))
    assert first(ledger, "name")["effect"] == "merging them would join 2 and 1 documents"
    number = pipeline.judge(ledger, "same", row["subject"], row["object"], person="ada")
    assert not queue(ledger, "ben", kind="name")
    pipeline.undo(ledger, number)
    assert first(ledger, "name")["effect"] == "merging them would join 2 and 1 documents"


def test_linking_again_proposes_the_same(ledger: SqlLedger) -> None:
    before = queue(ledger, limit=1000)
    ledger.forget_derived()
    link_and_weigh(ledger)
    assert sorted(r["id"] for r in queue(ledger, limit=1000)) == sorted(r["id"] for r in before)


def test_what_is_removed_is_proposed_no_more(ledger: SqlLedger) -> None:
    for document in [d["id"] for d in ledger.documents()]:
        pipeline.remove(ledger, document)
        assert not [r for r in queue(ledger, limit=1000) if document in f"{r['subject']} {r['object']}"]
    assert queue(ledger) == []


# -- to whom ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "decision"), [("claim", "accept"), ("event", "same"), ("name", "different")])
def test_what_is_decided_waits_for_nobody_until_it_is_undone(ledger: SqlLedger, kind: str, decision: str) -> None:
    row = first(ledger, kind)
    number = pipeline.judge(ledger, decision, row["subject"], row["object"], person="ada")
    for person in ("ada", "ben"):
        assert row["id"] not in {r["id"] for r in queue(ledger, person, limit=1000)}
    with ledger.engine.connect() as connection, pytest.raises(NotFoundError, match="go back to the queue"):
        review.proposal(connection, row["id"])
    pipeline.undo(ledger, number)
    assert {r["id"]: r["effect"] for r in queue(ledger, limit=1000)}[row["id"]] == row["effect"]


@pytest.mark.parametrize("kind", ["claim", "event", "name"])
def test_who_is_unsure_is_not_asked_again_but_others_are(ledger: SqlLedger, kind: str) -> None:
    row = first(ledger, kind)
    pipeline.judge(ledger, "unsure", row["subject"], row["object"], person="ada")
    assert row["id"] not in {r["id"] for r in queue(ledger, "ada", limit=1000)}
    assert row["id"] in {r["id"] for r in queue(ledger, "ben", limit=1000)}


def test_what_two_disagree_about_waits_for_a_third(ledger: SqlLedger) -> None:
    row = first(ledger, "claim")
    pipeline.judge(ledger, "accept", row["subject"], person="ada")
    pipeline.judge(ledger, "reject", row["subject"], person="ben")
    shown = {p: row["id"] in {r["id"] for r in queue(ledger, p, limit=1000)} for p in ("ada", "ben", "cyd")}
    assert shown == {"ada": False, "ben": False, "cyd": True}
    assert row["id"] not in {r["id"] for r in queue(ledger, "cyd", limit=1000, double=True)}
    pipeline.judge(ledger, "accept", row["subject"], person="dee", adjudicates=True)
    assert row["id"] not in {r["id"] for r in queue(ledger, "cyd", limit=1000)}


@pytest.mark.parametrize(("kind", "decision"), [("claim", "reject"), ("event", "different"), ("name", "same")])
def test_a_second_reviewer_is_shown_what_one_has_judged(ledger: SqlLedger, kind: str, decision: str) -> None:
    row = first(ledger, kind)
    number = pipeline.judge(ledger, decision, row["subject"], row["object"], person="ada")
    (second,) = [r for r in queue(ledger, "ben", limit=1000, double=True) if r["id"] < 0]
    assert (second["id"], second["kind"], second["impact"]) == (-number, kind, 0.0)
    assert {second["subject"], second["object"]} == {row["subject"], row["object"]}
    assert detail(ledger, second)["others"][0]["person"] == "ada"
    assert not [r for r in queue(ledger, "ada", limit=1000, double=True) if r["id"] < 0]
    assert not [r for r in queue(ledger, "ben", limit=1000) if r["id"] < 0]
    pipeline.judge(ledger, decision, second["subject"], second["object"], person="ben")
    assert not [r for r in queue(ledger, "cyd", limit=1000, double=True) if r["id"] < 0]


def test_pages_follow_each_other_without_gap_or_repetition(ledger: SqlLedger) -> None:
    for row in queue(ledger)[:2]:
        decision = "accept" if row["kind"] == "claim" else "same"
        pipeline.judge(ledger, decision, row["subject"], row["object"], person="ada")
    whole = queue(ledger, "ben", limit=1000, double=True)
    assert [r["id"] for r in whole if r["id"] < 0] == [-1, -2]
    pages, after = [], None
    while page := queue(ledger, "ben", limit=2, after=after, double=True):
        pages += page
        after = page[-1]["impact"], page[-1]["id"]
    assert [r["id"] for r in pages] == [r["id"] for r in whole]


def test_the_queue_of_one_event_and_one_kind(ledger: SqlLedger) -> None:
    event = first(ledger, "claim")["event"]
    assert {r["event"] for r in queue(ledger, event=event)} == {event}
    assert {r["kind"] for r in queue(ledger, event=event, kind="event")} <= {"event"}


# -- what a reviewer sees -----------------------------------------------------------------------------------------


def texts(ledger: SqlLedger) -> dict[str, str]:
    with ledger.engine.connect() as connection:
        return dict(connection.execute(select(schema.documents.c.id, schema.documents.c.text)).tuples().all())


def test_a_claim_comes_with_its_words_its_speaker_and_why(ledger: SqlLedger) -> None:
    known = texts(ledger)
    for row in queue(ledger, kind="claim"):
        found = detail(ledger, row)
        claim, text = found["claim"], known[found["document"]["id"]]
        assert " … ".join(text[s:e] for s, e in claim["spans"]) == claim["words"]
        assert found["event_title"] and {"confidence"} <= {w["kind"] for w in found["why"]}
        if found["attribution"]:
            said = found["attribution"]
            assert " … ".join(text[s:e] for s, e in said["spans"]) == said["content"]
            assert {"cue", "quotation"} & {w["kind"] for w in found["why"]}
        for link in found["links"]:
            other = link["other"]
            assert known[other["document"]][other["start"] : other["end"]] == other["text"]


def test_a_cue_is_told_by_its_entry_of_the_lexicon(ledger: SqlLedger) -> None:
    with ledger.engine.connect() as connection:
        c, d = schema.claims.c, schema.documents.c
        query = select(c.document_id, c.id).join(schema.documents, d.id == c.document_id).where(c.cue == "has denied")
        document, id_ = connection.execute(query.limit(1)).one()
    pipeline.judge(ledger, "unsure", f"claim:{document}/{id_}", person="ada")
    (row,) = [r for r in queue(ledger, "ben", limit=1000, double=True) if r["subject"].endswith(id_)]
    (why,) = [w["text"] for w in detail(ledger, row)["why"] if w["kind"] == "cue"]
    assert "“deny” (verb) for “denies”" in why


def test_both_parts_of_an_event_come_with_their_words_and_the_features_in_words(ledger: SqlLedger) -> None:
    known = texts(ledger)
    found = detail(ledger, first(ledger, "event"))
    assert found["score"] is not None and found["why"] and all(w["text"] != w["kind"] for w in found["why"])
    for side in found["sides"]:
        text = known[side["document"]["id"]]
        for words in (*side["triggers"], side["sentence"]):
            assert text[words["start"] : words["end"]] == words["text"]
        assert side["sentence"]["start"] <= side["triggers"][0]["start"] < side["sentence"]["end"]


def test_both_names_come_with_their_mentions_and_the_rule(ledger: SqlLedger) -> None:
    known = texts(ledger)
    found = detail(ledger, first(ledger, "name"))
    assert found["why"][0]["text"] and found["verdict"] in {"same", "unsure"}
    for side in found["sides"]:
        assert side["documents"] == 1 and side["type"] == "person" and side["mentions"]
        for m in side["mentions"]:
            assert known[m["document_id"]][m["start"] : m["end"]] == m["text"]
            assert m["text"] in m["sentence"]["text"]


def test_what_others_decided_is_there(ledger: SqlLedger) -> None:
    row = first(ledger, "claim")
    told = Correction(stance="doubts")
    pipeline.judge(ledger, "correct", row["subject"], note="she asks", person="ada", correction=told)
    pipeline.judge(ledger, "accept", row["subject"], person="ben")
    (other, last) = detail(ledger, row)["others"]
    assert (other["person"], other["decision"], other["note"]) == ("ada", "correct", "she asks")
    assert other["correction"]["stance"] == "doubts" and last["decision"] == "accept"


def test_what_has_gone_is_told(ledger: SqlLedger) -> None:
    row = first(ledger, "claim")
    with ledger.engine.connect() as connection:
        pipeline.remove(ledger, row["subject"].partition(":")[2].partition("/")[0])
        with pytest.raises(NotFoundError, match="not in the ledger any more"):
            review.detail(connection, row)
        assert connection.scalar(select(derived.proposals.c.id).where(derived.proposals.c.id == row["id"])) is None
