"""What is said to have happened: types, roles, casualties, responsibility and how it is known."""

from __future__ import annotations

import pytest


def _roles(reading) -> set[tuple[str, str]]:
    return {(a.role, a.text) for e in reading.events for a in e.arguments}


@pytest.mark.parametrize(
    ("text", "type_", "roles"),
    [
        ("Gunmen attacked a bus near the village.", "attack", {("actor", "Gunmen"), ("target", "a bus")}),
        ("The mayor was kidnapped by rebels on Monday.", "kidnapping", {("victim", "The mayor"), ("actor", "rebels")}),
        ("A deputy was assassinated outside his home.", "assassination", {("victim", "A deputy")}),
        ("The murder of Judge Ana Ruiz shocked the town.", "attack", {("victim", "Ana Ruiz")}),
        (
            "Soldiers killed three farmers with rifles.",
            "attack",
            {("actor", "Soldiers"), ("victim", "three farmers"), ("instrument", "rifles")},
        ),
        (
            "The Hill Front attacked a water tower.",
            "attack",
            {("actor_organisation", "The Hill Front"), ("target", "a water tower")},
        ),
        ("Police arrested two men at the checkpoint.", "arrest", {("recipient", "two men")}),
    ],
)
def test_an_event_with_its_roles(text: str, type_: str, roles: set[tuple[str, str]], read) -> None:
    reading = read(text)
    assert type_ in {e.type for e in reading.events}
    assert roles <= _roles(reading)


@pytest.mark.parametrize(
    ("text", "kind", "low", "high"),
    [
        ("The shelling killed two civilians and injured at least five others.", "killed", 2, 2),
        ("The shelling killed two civilians and injured at least five others.", "injured", 5, None),
        ("Twelve people were killed in the attack.", "killed", 12, 12),
        ("The attack left 30 people wounded.", "injured", 30, 30),
        ("No one was injured in the attack.", "injured", 0, 0),
        ("Up to 40 soldiers were killed in the bombing.", "killed", None, 40),
    ],
)
def test_casualties_are_ranges(text: str, kind: str, low: float | None, high: float | None, read) -> None:
    found = {(c.kind, c.low, c.high) for e in read(text).events for c in e.casualties}
    assert (kind, low, high) in found


def test_those_who_kill_are_not_counted_as_killed(read) -> None:
    found = {(c.kind, c.low) for e in read("Two gunmen killed at least 12 civilians.").events for c in e.casualties}
    assert found == {("killed", 12)}


def test_a_claim_that_it_happened_stands_on_that_speakers_words(read) -> None:
    reading = read("A shell hit the school in an attack at noon. “The attack killed nobody,” Colonel Ivan Petrov said.")
    text = reading.document.text
    for claim in reading.claims:
        said = next((a for a in reading.attributions if a.id == claim.attribution), None)
        if claim.field == "realis" and said:
            assert any(s.start <= claim.spans[0].start < s.end for s in said.content), text


@pytest.mark.parametrize(
    ("text", "organisation", "how"),
    [
        ("The River Brigade bombed the bridge.", "The River Brigade", "reported_as_fact"),
        (
            "A bomb destroyed the bridge. The River Brigade claimed responsibility for the attack.",
            "The River Brigade",
            "claimed",
        ),
        (
            "A bomb destroyed the bridge. Police accused the River Brigade of planting the bomb.",
            "the River Brigade",
            "accused_by_authorities",
        ),
        (
            "A bomb destroyed the bridge. A farmer accused the River Brigade of planting the bomb.",
            "the River Brigade",
            "accused",
        ),
        (
            "A bomb destroyed the bridge. The River Brigade denied any part in the attack.",
            "The River Brigade",
            "denied",
        ),
        (
            "A bomb destroyed the bridge. Analysts believe that the River Brigade was responsible for the attack.",
            "the River Brigade",
            "possible",
        ),
    ],
)
def test_how_responsibility_is_known(text: str, organisation: str, how: str, read) -> None:
    found = {(r.text, r.confidence) for e in read(text).events for r in e.responsibility}
    assert (organisation, how) in found


def test_one_event_can_hold_a_quarrel(read) -> None:
    reading = read(
        "Shells hit the school. The army said that the Brigade was responsible for the attack. The Brigade denied any part in the attack."
    )
    (event,) = [e for e in reading.events if e.codes.muc4]
    assert {r.confidence for r in event.responsibility} >= {"accused_by_authorities", "denied"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Gunmen attacked the bus.", "happened"), ("Gunmen planned to attack the bus.", "planned"), ("The army did not attack the town.", "denied"),
        ("They threatened to kill the mayor.", "threatened"), ("If they attack the town, people will flee.", "hypothetical"),
        ("An assassination attempt on the mayor failed.", "attempted"), ("The army denied that soldiers killed the mayor.", "denied"),
    ],
)  # fmt: skip
def test_realis(text: str, value: str, read) -> None:
    assert value in {r.value for e in read(text).events for r in e.realis}


def test_what_a_denial_says_is_not_held(read) -> None:
    claims = read("The army denied that it had attacked the village.").claims
    assert claims and all(c.stance == "denies" and not c.holds for c in claims if c.attribution)


def test_the_doer_before_the_cue_is_the_denials_own(read) -> None:
    reading = read("Israel denied bombing the church.")
    assert {(r.text, r.confidence) for e in reading.events for r in e.responsibility} == {("Israel", "denied")}
    assert all(c.attribution and not c.holds for c in reading.claims)


def test_two_attacks_on_other_days_stay_two(read) -> None:
    reading = read("On May 3, 2023 gunmen attacked a bank in Lima. On May 9, 2023 rebels attacked a bridge in Cusco.")
    assert len([e for e in reading.events if e.type == "attack"]) == 2


def test_a_second_telling_is_the_same_event(read) -> None:
    reading = read("Gunmen attacked a bus near the village. The attack took place at noon.")
    (event,) = [e for e in reading.events if e.type == "attack"]
    assert [t.text for t in event.triggers] == ["attacked", "attack"]


def test_no_date_is_invented(read) -> None:
    reading = read("Gunmen attacked a bus on Monday. In March they had killed a judge.")
    assert all(w.start is None and w.precision == "unresolved" for e in reading.events for w in e.when)
