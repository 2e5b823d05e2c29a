"""What fields of an event come to: who counts as an informant, which status arises, and on which words."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sayso.ledger import SqlLedger, open_ledger, views
from sayso.ledger.holders import held
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.weigh import weigh
from sayso.weigh.positions import FIELDS, field_of
from sayso.weigh.signals import STATUSES, assess, credibility
from tests.conftest import EXAMPLES
from tests.link.ledgers import event_of, positions, put, report, texts, told

MONDAY_SHELLING = (
    "DNIPRO, March 5, 2024 - Governor Serhiy Lysak said that Russian troops had shelled Nikopol on Monday and that 8 people were "
    "wounded in the shelling of Nikopol. Ambulances came from two districts, and the bridge was closed until the evening."
)
GOVERNOR = report("governor", MONDAY_SHELLING, "2024-03-05", "Dnipro Herald")
REPRINTS = [
    report(f"reprint-{n}", f"{MONDAY_SHELLING}\n\n{line}\n", f"2024-03-0{5 + n}", outlet)
    for n, (line, outlet) in enumerate(
        (
            ("All rights reserved.", "Lake Courier"),
            ("More in our Sunday edition.", "Hill Post"),
            ("Read on page 7.", "Bay News"),
        ),
        1,
    )
]
SURGEON = report(
    "surgeon",
    "In the hospital of Nikopol nobody slept. Olena Bondar, a surgeon, said that 8 people were wounded when the Russian army shelled "
    "Nikopol on Monday.",
    "2024-03-06",
    "Capital Post",
)
OTHER_COUNT = report("other-count", SURGEON.text.replace("8 people", "12 people"), "2024-03-06", "Capital Post")
KREMLIN = report(
    "kremlin",
    "MOSCOW, March 6, 2024 - Russia had nothing to do with the shelling of Nikopol on Monday, the Kremlin spokesman Dmitry Peskov said.",
    "2024-03-06",
    "Northern Wire",
)
LATER = report(
    "later",
    "The toll has grown, Governor Serhiy Lysak told journalists on Wednesday: he said that 13 people were wounded in Monday's shelling of "
    "Nikopol.",
    "2024-03-07",
    "River Gazette",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "weigh.db") as opened:
        yield opened


@pytest.fixture
def raid(ledger: SqlLedger, rules: Reader) -> SqlLedger:
    add_paths([EXAMPLES], ledger, reader=rules)
    link_and_weigh(ledger)
    return ledger


def injured(event: dict[str, Any]) -> dict[str, Any]:
    return event["fields"]["casualties.injured"]


# -- informants ---------------------------------------------------------------------------------------------------


def test_three_reprints_count_one_informant(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, *REPRINTS)
    event = event_of(ledger, "governor", "reprint-1", "reprint-2", "reprint-3")
    eight = positions(event, "casualties.injured")["8"]
    assert (eight["documents"], eight["origins"], eight["informants"]) == (4, 1, 1)
    assert {h["origin"] for h in eight["holders"]} == {GOVERNOR.id}
    assert injured(event)["status"] == "single-source"
    assert "printed in 4 documents" in injured(event)["reasons"][0]["text"]


def test_an_outlets_own_voice_in_reprints_is_one_informant_too(ledger: SqlLedger, rules: Reader) -> None:
    text = "Shells hit the brewery of Nikopol on Monday. 8 people were wounded in the shelling of Nikopol, and the roof of the school burned."
    put(
        ledger,
        rules,
        *(report(f"own-{n}", f"{text}\n\nEdition {n}.\n", f"2024-03-0{5 + n}", f"Paper {n}") for n in range(4)),
    )
    eight = positions(event_of(ledger, "own-0", "own-3"), "casualties.injured")["8"]
    assert (eight["documents"], eight["informants"], eight["outlets"]) == (4, 1, 4)


def test_two_speakers_in_two_reports_are_two(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, SURGEON)
    event = event_of(ledger, "governor", "surgeon")
    eight = positions(event, "casualties.injured")["8"]
    assert eight["informants"] == 2
    assert {h["speaker"] for h in eight["holders"]} == {"Serhiy Lysak", "Olena Bondar"}
    assert injured(event)["status"] == "corroborated"
    assert injured(event)["reasons"][0]["kind"] == "independent"


def test_one_speaker_in_two_reports_of_their_own_is_one(ledger: SqlLedger, rules: Reader) -> None:
    again = report(
        "again",
        "Standing before the ruined market, Governor Serhiy Lysak said that 8 people were wounded in the shelling of Nikopol on Monday.",
        "2024-03-06",
        "Capital Post",
    )
    put(ledger, rules, GOVERNOR, again)
    eight = positions(event_of(ledger, "governor", "again"), "casualties.injured")["8"]
    assert (eight["documents"], eight["informants"]) == (2, 1)


def test_two_short_reports_with_speakers_of_their_own_have_two_origins(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, SURGEON)
    assert positions(event_of(ledger, "governor", "surgeon"), "casualties.injured")["8"]["origins"] == 2


def test_an_outlets_own_voice_beside_a_speaker_who_says_the_same_is_no_second_informant(
    ledger: SqlLedger, rules: Reader
) -> None:
    both = report(
        "both",
        "Russian troops shelled Nikopol on Monday. Governor Serhiy Lysak said that Russian troops had shelled Nikopol on Monday.",
        "2024-03-05",
        "Dnipro Herald",
    )
    put(ledger, rules, both)
    happened = positions(event_of(ledger, "both"), "realis")["happened"]
    assert {h["speaker"] for h in happened["holders"]} == {None, "Serhiy Lysak"}
    assert happened["informants"] == 1


def test_an_outlets_own_voice_in_another_report_is_a_second_informant(ledger: SqlLedger, rules: Reader) -> None:
    own = report(
        "own",
        "Our reporter in Nikopol saw the smoke: 8 people were wounded when Nikopol was shelled on Monday.",
        "2024-03-06",
        "Capital Post",
    )
    put(ledger, rules, GOVERNOR, own)
    assert positions(event_of(ledger, "governor", "own"), "casualties.injured")["8"]["informants"] == 2


def test_a_party_to_the_event_is_marked_and_a_stranger_is_not(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, SURGEON, KREMLIN)
    event = event_of(ledger, "governor", "surgeon", "kremlin")
    people = {h["speaker"]: h["interested"] for p in event["positions"] for h in (*p["holders"], *p["deniers"])}
    assert people["Dmitry Peskov"] is True and people["Olena Bondar"] is False
    told_ = [r["text"] for f in event["fields"].values() for r in f["reasons"] if "Dmitry Peskov" in r["text"]]
    assert told_ and all("a party to the event" in t for t in told_)


# -- status -------------------------------------------------------------------------------------------------------


def test_a_denial_disputes(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, KREMLIN)
    event = event_of(ledger, "governor", "kremlin")
    assert event["disputed"] and event["status"] == "disputed"
    assert event["fields"]["realis"]["status"] == "disputed"
    assert "denied" in {r["kind"] for r in event["fields"]["realis"]["reasons"]}
    happened = positions(event, "realis")["happened"]
    assert [h["speaker"] for h in happened["deniers"]] == ["Dmitry Peskov"]


def test_what_is_only_denied_is_denied(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, KREMLIN)
    event = event_of(ledger, "kremlin")
    realis = event["fields"]["responsibility"]
    assert (realis["status"], realis["credibility"]) == ("denied", 5)
    (position,) = positions(event, "responsibility").values()
    assert (position["informants"], position["holders"]) == (0, []) and position["deniers"]


def test_counts_that_exclude_each_other_are_disputed(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR, OTHER_COUNT)
    event = event_of(ledger, "governor", "other-count")
    assert injured(event)["status"] == "disputed" and event["disputed"]
    (reason,) = [r["text"] for r in injured(event)["reasons"] if r["kind"] == "conflict"]
    assert "“8”" in reason and "“12”" in reason


def test_one_speaker_alone_is_a_single_source(ledger: SqlLedger, rules: Reader) -> None:
    put(ledger, rules, GOVERNOR)
    event = event_of(ledger, "governor")
    assert {f["status"] for f in event["fields"].values()} == {"single-source"} and not event["disputed"]


def test_a_later_count_of_the_same_source_supersedes_and_the_field_is_not_disputed(
    ledger: SqlLedger, rules: Reader
) -> None:
    put(ledger, rules, GOVERNOR, LATER)
    event = event_of(ledger, "governor", "later")
    counts = positions(event, "casualties.injured")
    assert {v: p["superseded"] for v, p in counts.items()} == {"8": True, "13": False}
    assert injured(event)["status"] == "single-source"
    assert any(r["kind"] == "revised" and "“8”" in r["text"] for r in injured(event)["reasons"])


@pytest.fixture
def withdrawn(ledger: SqlLedger, rules: Reader) -> dict[str, Any]:
    back = report(
        "back",
        "Three days on, Governor Serhiy Lysak said that his statement on the shelling of Nikopol on Monday was made in error.",
        "2024-03-07",
        "Capital Post",
    )
    put(ledger, rules, GOVERNOR, back)
    return event_of(ledger, "governor", "back")


def test_what_its_only_source_takes_back_is_superseded(withdrawn: dict[str, Any]) -> None:
    assert withdrawn["fields"]["actor"]["status"] == "superseded"
    assert positions(withdrawn, "actor")["Russian troops"]["superseded"]


def test_the_reasons_of_a_superseded_field_say_so(withdrawn: dict[str, Any]) -> None:
    assert "revised" in {r["kind"] for r in withdrawn["fields"]["actor"]["reasons"]}


def test_every_status_has_a_credibility_between_one_and_six() -> None:
    for status in STATUSES:
        for kinds in (
            set(),
            {"independent"},
            {"interested"},
            {"conflict", "denied"},
            {"independent", "denied", "interested"},
        ):
            assert 1 <= credibility(status, kinds) <= 6
    assert credibility("corroborated", {"independent"}) < credibility("single-source", {"single"})
    assert credibility("single-source", {"single"}) < credibility("denied", {"denied"})
    assert credibility("single-source", {"single", "interested"}) == 6  # cannot be judged


# -- what always holds --------------------------------------------------------------------------------------------


def test_every_status_and_reason_is_told(raid: SqlLedger) -> None:
    for event in told(raid, "events"):
        assert event["fields"] and event["status"] in STATUSES
        for name, field in event["fields"].items():
            assert field["status"] in STATUSES and 1 <= field["credibility"] <= 6
            assert field["reasons"] and all(r["kind"] and r["text"].strip() for r in field["reasons"]), name


def test_every_holder_stands_on_exact_words(raid: SqlLedger) -> None:
    known = texts(raid)
    claims = {c["id"]: c for c in told(raid, "claims")}
    seen = 0
    for event in told(raid, "events"):
        for position in event["positions"]:
            for holder in (*position["holders"], *position["deniers"]):
                seen += 1
                claim = claims[holder["claim"]]
                assert claim["document_id"] == holder["document"]
                assert (claim["start"], claim["end"], claim["words"]) == (
                    holder["start"],
                    holder["end"],
                    holder["text"],
                )
                if " … " not in holder["text"]:
                    assert known[holder["document"]][holder["start"] : holder["end"]] == holder["text"]
    assert seen > 100


def test_counts_are_those_of_the_holders(raid: SqlLedger) -> None:
    for event in told(raid, "events"):
        assert {m["document"] for m in event["members"]} >= {
            h["document"] for p in event["positions"] for h in p["holders"]
        }
        assert event["documents"] == len({m["document"] for m in event["members"]})
        for p in event["positions"]:
            assert p["documents"] == len({h["document"] for h in p["holders"]})
            assert p["origins"] == len({h["origin"] for h in p["holders"]})
            assert (p["informants"] > 0) == bool(p["holders"])
            assert p["informants"] <= len({h["informant"] for h in p["holders"]})
            assert p["holders"] or p["deniers"]


_NO_POSITION = {"doubts", "asks", "demands", "promises", "threatens", "predicts"}


def test_nothing_is_filtered(raid: SqlLedger) -> None:
    """Each claim of a weighed field is in some position of its event, by itself or by the same words; but whom a report quotes is
    not thereby who did it."""
    missing = []
    with raid.engine.connect() as connection:
        for row in views.events(connection, views.EventFilter(limit=None)):
            shown = {
                (h.document, h.span.start)
                for a in views.assessed(connection, row["id"])
                for p in a.positions
                for h in (*p.holders, *p.deniers)
            }
            claims = held(connection, row["id"])
            quoted = {(c.document, name) for c in claims if c.attribution for name in (c.speaker, c.source)}
            for claim in claims:
                if (
                    claim.field == "actor_organisation"
                    and not claim.attribution
                    and (claim.document, claim.value) in quoted
                ):
                    continue
                weighed = field_of(claim) is not None and claim.stance not in _NO_POSITION and not claim.negated
                if weighed and (claim.document, claim.start) not in shown:
                    missing.append((claim.path, claim.field, claim.value, claim.words))
    assert missing == []


def test_fields_come_in_the_order_in_which_they_are_shown(raid: SqlLedger) -> None:
    with raid.engine.connect() as connection:
        for row in views.events(connection, views.EventFilter(limit=None)):
            ranks = [FIELDS.index(a.field.partition(".")[0]) for a in views.assessed(connection, row["id"])]
            assert ranks == sorted(ranks)


def test_weighing_again_gives_the_same(raid: SqlLedger) -> None:
    before = told(raid, "events")
    assert list(weigh(raid)) == []
    raid.forget_weighing()
    assert len(list(weigh(raid))) >= sum(len(e["fields"]) for e in before)
    assert told(raid, "events") == before


def test_a_field_without_holders_is_denied_whatever_else() -> None:
    from sayso.records import Holder, Position, Span

    denier = Holder(
        document="d", path=None, outlet="Gazette", published=None, speaker="the army", informant="x", origin="d", stance="denies",
        holds=False, interested=False, span=Span(0, 2, "no"), claim="c",
    )  # fmt: skip
    position = Position("happened", (), (denier,), 0, 0, 0, 0, None, None, False)
    status, proposed, reasons = assess("realis", (position,), 0)
    assert (status, proposed) == ("denied", 5) and "the army denies it" in reasons[0].text
