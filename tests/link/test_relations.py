"""How claims of two reports relate: who denies, contradicts, retracts, supersedes, repeats whose words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sayso.ledger import SqlLedger, open_ledger
from sayso.read import Reader
from sayso.records import Document
from tests.link.ledgers import event_of, links, positions, put, report, texts, told

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (f"2024-03-0{d}" for d in (4, 5, 6, 7))

ACCUSED = report(
    "accused",
    "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that Russian troops had shelled Nikopol on Monday and that 8 people "
    "were wounded in the shelling of Nikopol.",
    TUESDAY,
    "Dnipro Herald",
)
AT_LEAST = report(
    "at-least",
    "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that Russian troops had shelled Nikopol on Monday and that at least 8 "
    "people were wounded in the shelling of Nikopol.",
    TUESDAY,
    "Dnipro Herald",
)
DENIED = report(
    "denied",
    "MOSCOW, March 6, 2024 - Russia's Defence Ministry denied that Russian troops had shelled Nikopol on Monday.",
    WEDNESDAY,
    "Northern Wire",
)
NOTHING_TO_DO = report(
    "nothing",
    "MOSCOW, March 6, 2024 - Russia had nothing to do with the shelling of Nikopol on Monday, the Kremlin spokesman Dmitry "
    "Peskov said.",
    WEDNESDAY,
    "Northern Wire",
)
TWELVE = report(
    "twelve",
    "KYIV, March 5, 2024 - A doctor at the hospital in Nikopol, Olena Bondar, said that 12 people were wounded when Nikopol was shelled "
    "on Monday.",
    TUESDAY,
    "Capital Post",
)
LATER = report(
    "later",
    "DNIPRO, March 6, 2024 - Governor Serhiy Lysak said on Tuesday that 13 people were wounded in Monday's shelling of Nikopol.",
    WEDNESDAY,
    "Capital Post",
)
RETRACTED = report(
    "retracted",
    "DNIPRO, March 7, 2024 - Governor Serhiy Lysak retracted his statement that Russian troops had shelled Nikopol on Monday.",
    THURSDAY,
    "Capital Post",
)
REPRINT = report(
    "reprint", f"{ACCUSED.text}\n\nAll rights reserved by the River Gazette.\n", WEDNESDAY, "River Gazette"
)
ELSEWHERE = report(
    "elsewhere",
    "KHARKIV, March 5, 2024 - Three people were killed on Monday when shells hit the railway station of Kupiansk, said Oleh Syniehubov, "
    "who heads the region. He blamed the Russian army for the shelling of Kupiansk.",
    TUESDAY,
    "Capital Post",
)
SAME_WORDS = report(
    "same-words",
    "KHARKIV, March 5, 2024 - Governor Oleh Syniehubov said that Russian troops had shelled Kupiansk on Monday and that 3 people "
    "were killed in the shelling of Kupiansk.",
    TUESDAY,
    "Capital Post",
)
ALL = (ACCUSED, DENIED, NOTHING_TO_DO, TWELVE, LATER, RETRACTED, REPRINT, ELSEWHERE)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "relations.db") as opened:
        yield opened


def told_of(row: dict, *names: str) -> bool:  # type: ignore[type-arg]
    return (row["left"]["path"], row["right"]["path"]) == tuple(f"{n}.txt" for n in names)


@pytest.mark.parametrize(
    ("denial", "field", "words"),
    [
        (DENIED, "realis", "that Russian troops had shelled Nikopol on Monday"),
        (NOTHING_TO_DO, "responsibility", "Russia had nothing to do with the shelling of Nikopol on Monday"),
    ],
    ids=["specific", "general"],
)
def test_a_denial_finds_the_accusation_in_another_report(
    ledger: SqlLedger, rules: Reader, denial: Document, field: str, words: str
) -> None:
    put(ledger, rules, ACCUSED, denial)
    (found,) = links(ledger, "denies")
    assert told_of(found, denial.path.removesuffix(".txt"), "accused")  # type: ignore[union-attr]
    assert found["field"] == field and found["left"]["text"] == words
    assert found["right"]["text"].startswith("that Russian troops had shelled Nikopol on Monday")
    assert found["reasons"][0]["kind"] == "denial" and words in found["reasons"][0]["text"]


def test_a_denial_that_comes_into_the_ledger_first_finds_it_too(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, DENIED)
    assert links(ledger) == []
    put(ledger, rules, ACCUSED)
    (found,) = links(ledger, "denies")
    assert told_of(found, "denied", "accused")


def test_other_counts_contradict(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, TWELVE)
    (found,) = links(ledger, "contradicts")
    assert told_of(found, "twelve", "accused") and found["field"] == "casualties.injured"
    assert (found["left"]["text"], found["right"]["text"]) == ("12 people were wounded", "8 people were wounded")
    assert "12 against 8" in found["reasons"][0]["text"]


def test_at_least_eight_and_twelve_do_not_contradict(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, AT_LEAST, TWELVE)
    event = event_of(ledger, "at-least", "twelve")
    assert set(positions(event, "casualties.injured")) == {"at least 8", "12"}
    assert links(ledger, "contradicts", "supersedes", "denies") == []
    assert event["fields"]["casualties.injured"]["status"] == "single-source"


def test_a_later_count_of_the_same_source_supersedes(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, LATER)
    (found,) = links(ledger, "supersedes", "contradicts")
    assert found["relation"] == "supersedes" and told_of(found, "later", "accused")
    counts = positions(event_of(ledger, "later", "accused"), "casualties.injured")
    assert {value: p["superseded"] for value, p in counts.items()} == {"8": True, "13": False}


def test_a_later_count_of_another_source_does_not(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, TWELVE, LATER)
    assert [k["relation"] for k in links(ledger, "supersedes", "contradicts")] == ["contradicts"]


def test_a_retraction_finds_what_it_takes_back(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, RETRACTED)
    (found,) = links(ledger, "retracts")
    assert told_of(found, "retracted", "accused") and links(ledger, "denies", "contradicts") == []
    assert positions(event_of(ledger, "accused", "retracted"), "actor")["Russian troops"]["superseded"]


def test_a_reprint_repeats_and_neither_confirms_nor_contradicts(ledger: SqlLedger, rules: Reader) -> None:
    source, copy = put(ledger, rules, ACCUSED, REPRINT)
    found = links(ledger)
    assert found and {k["relation"] for k in found} == {"repeats"}
    assert all(told_of(k, "reprint", "accused") for k in found)
    assert {o["document"]: o["parent"] for o in told(ledger, "origins")} == {source: None, copy: source}


def test_two_incidents_of_one_day_in_two_cities_stay_two(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, ELSEWHERE)
    members = [{m["path"] for m in e["members"]} for e in told(ledger, "events")]
    assert {frozenset(m) for m in members} == {frozenset({"accused.txt"}), frozenset({"elsewhere.txt"})}
    assert links(ledger) == []


def test_a_denial_does_not_deny_a_sentence_that_reports_another_denial(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, DENIED, NOTHING_TO_DO)
    assert {k["right"]["path"] for k in links(ledger, "denies")} == {"accused.txt"}


def test_two_short_reports_in_set_phrases_have_two_origins(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, SAME_WORDS)
    assert [o["parent_path"] for o in told(ledger, "origins")] == [None, None]


def test_a_denial_is_no_copy_of_what_it_denies(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, DENIED)
    assert [o["parent_path"] for o in told(ledger, "origins")] == [None, None]


def test_a_report_of_another_town_does_not_split_the_event(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, TWELVE, SAME_WORDS)
    event_of(ledger, "accused", "twelve")
    assert [k["field"] for k in links(ledger, "contradicts")] == ["casualties.injured"]


def test_a_denial_of_the_one_does_not_deny_the_other(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, ELSEWHERE, DENIED, NOTHING_TO_DO)
    denied = {k["right"]["path"] for k in links(ledger, "denies")}
    assert "accused.txt" in denied
    assert "elsewhere.txt" not in {k[side]["path"] for k in links(ledger) for side in ("left", "right")}


BLAMED_REBELS = report(
    "rebels",
    "DNIPRO, March 5, 2024 - The shelling of Nikopol on Monday was the work of rebels, a mayor of a nearby town, Ihor Bondar, said.",
    TUESDAY,
    "Capital Post",
)
NEVER = report(
    "never",
    "MOSCOW, March 7, 2024 - Russia's soldiers do not fire at civilians, the Kremlin spokesman Dmitry Peskov said.",
    THURSDAY,
    "Northern Wire",
)
FELL_HERE = report(
    "nikopol",
    "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that Russian troops had shot down a transport helicopter near Nikopol on Monday.",
    TUESDAY,
    "Dnipro Herald",
)
FELL_THERE = report(
    "kryvyi-rih",
    "DNIPRO, March 6, 2024 - A deputy, Olha Koval, said that the transport helicopter that Russian troops had shot down on Monday fell "
    "near Kryvyi Rih.",
    WEDNESDAY,
    "River Gazette",
)


def test_two_who_are_blamed_contradict(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, BLAMED_REBELS)
    (found,) = links(ledger, "contradicts")
    assert told_of(found, "rebels", "accused") and found["field"] == "responsibility"
    assert "rebels" in found["reasons"][0]["text"] and "Russian troops" in found["reasons"][0]["text"]


def test_a_denial_of_all_such_deeds_finds_the_accusation(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, ACCUSED, ELSEWHERE, NEVER)
    assert {k["left"]["path"] for k in links(ledger, "denies")} == {"never.txt"}


def test_a_denial_has_no_say_in_what_is_one_event(ledger: SqlLedger, rules: Reader) -> None:
    """It follows the likest of what it denies, and two events that it could deny stay two."""
    put(ledger, rules, ACCUSED, TWELVE, SAME_WORDS, NEVER)
    one, other = event_of(ledger, "accused", "twelve"), event_of(ledger, "same-words")
    assert one["id"] != other["id"]


def test_one_place_against_another(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, FELL_HERE, FELL_THERE)
    (found,) = links(ledger, "contradicts")
    assert told_of(found, "kryvyi-rih", "nikopol") and found["field"] == "where"
    assert "Kryvyi Rih against Nikopol" in found["reasons"][0]["text"]


def test_who_can_not_have_done_it_alone_is_no_contradiction(ledger: SqlLedger, rules: Reader) -> None:
    """ "Gunmen" may be anybody's."""
    gunmen = report(
        "gunmen",
        "DNIPRO, March 5, 2024 - Nikopol was shelled on Monday by gunmen, a doctor, Olena Bondar, said.",
        TUESDAY,
        "Capital Post",
    )
    put(ledger, rules, ACCUSED, gunmen)
    assert [k for k in links(ledger, "contradicts") if k["field"] == "responsibility"] == []


def test_every_end_of_every_link_is_exact(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, *ALL)
    known, found = texts(ledger), links(ledger)
    assert {k["relation"] for k in found} >= {"denies", "contradicts", "retracts", "supersedes", "repeats"}
    claims = {c["id"]: c["document_id"] for c in told(ledger, "claims")}
    for link in found:
        for end in (link["left"], link["right"]):
            assert end["text"] and known[end["document"]][end["start"] : end["end"]] == end["text"]
            assert claims[end["claim"]] == end["document"]
        assert 0 < link["score"] <= 1 and link["reasons"]
        assert all(r["text"].strip() for r in link["reasons"])


def test_texts_with_letters_beyond_the_basic_plane_keep_their_offsets(ledger: SqlLedger, rules: Reader) -> None:
    """Offsets are code points, also where the store counts otherwise."""
    marked = [
        report(d.path.removesuffix(".txt"), f"🛰️ 𝔑ews Köln\n\n{d.text}", d.published, d.outlet)
        for d in (ACCUSED, DENIED)
    ]  # type: ignore[union-attr, arg-type]
    put(ledger, rules, *marked)
    known, found = texts(ledger), links(ledger, "denies")
    assert found
    for end in (e for k in found for e in (k["left"], k["right"])):
        assert known[end["document"]][end["start"] : end["end"]] == end["text"] and "shelled Nikopol" in end["text"]
