"""Who says what: sentences of our own, each with the source, cue, stance and content that it must give."""

from __future__ import annotations

import pytest

CASES = [
    ("The mayor said the bridge had been hit.", ("The mayor", "said", "asserts", "the bridge had been hit")),
    ("“We saw the flash,” said Olena Marchuk, a nurse at the hospital.", ("Olena Marchuk, a nurse at the hospital", "said", "asserts", "“We saw the flash,”")),
    ("According to the ministry, nine people were hurt.", ("the ministry", "According to", "asserts", "nine people were hurt")),
    ("Nine people were hurt, according to the ministry.", ("the ministry", "according to", "asserts", "Nine people were hurt")),
    ("The army denied that it had fired on the village.", ("The army", "denied", "denies", "that it had fired on the village")),
    ("The ministry did not confirm the report.", ("The ministry", "did not confirm", "confirms", "the report")),
    ("The River Brigade claimed responsibility for the bombing.", ("The River Brigade", "claimed responsibility", "claims_responsibility", "for the bombing")),
    ("Moscow accused Kyiv of shelling a school.", ("Moscow", "accused", "accuses", "Kyiv of shelling a school")),
    ("The bus was empty, the driver told police.", ("the driver", "told", "asserts", "The bus was empty")),
    ("Ivan Petrov, the governor of the region, said two drones fell.", ("Ivan Petrov, the governor of the region", "said", "asserts", "two drones fell")),
    ("The group threatened to kill the hostages.", ("The group", "threatened", "threatens", "to kill the hostages")),
    ("Police suspect the front of planting the bomb.", ("Police", "suspect", "accuses", "the front of planting the bomb")),
    ("The agency retracted its report.", ("The agency", "retracted", "retracts", "its report")),
    ("Kyiv “had nothing to do with the operation,” Mykola Bondar said.", ("Mykola Bondar", "said", "denies", "Kyiv “had nothing to do with the operation,”")),
    ("Analysts doubted that the town had fallen.", ("Analysts", "doubted", "doubts", "that the town had fallen")),
    ("“Who fired first?” asked the judge.", ("the judge", "asked", "asks", "“Who fired first?”")),
    ("The envoy urged both sides to talk.", ("The envoy", "urged", "demands", "both sides to talk")),
    ("A soldier known as ‘Raven’, the spokesman of the unit, said the road was open.", ("A soldier known as ‘Raven’, the spokesman of the unit", "said", "asserts", "the road was open")),
    ("Israel denied bombing the church.", ("Israel", "denied", "denies", "bombing the church")),
    ("The army held the rebels responsible.", ("The army", "held the rebels responsible", "accuses", "the rebels responsible")),
    ("The Front said it was behind the attack.", ("The Front", "said", "claims_responsibility", "it was behind the attack")),
    ("The adviser argued that it was the work of rebels.", ("The adviser", "argued", "accuses", "that it was the work of rebels")),
    ("The minister called the report “nonsense”.", ("The minister", "called", "denies", "the report “nonsense”")),
    ("A doctor, who asked not to be named, said nine had died.", ("A doctor, who asked not to be named", "said", "asserts", "nine had died")),
    ("The doctor said more than 50 were dead.", ("The doctor", "said", "asserts", "more than 50 were dead")),
    ("The general reportedly fled abroad.", (None, "reportedly", "asserts", "The general … fled abroad")),
    ("The men are believed to be local.", (None, "are believed", "believes", "The men … to be local")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[c[0][:40] for c in CASES])
def test_a_sentence_gives_its_attribution(text: str, wanted: tuple[str | None, str, str, str], read) -> None:
    found = [
        (
            a.source.text if a.source else None,
            a.cue.text if a.cue else None,
            a.stance,
            " … ".join(s.text for s in a.content),
        )
        for a in read(text).attributions
    ]
    assert wanted in found


def test_negation_is_kept_beside_the_stance(read) -> None:
    (said,) = read("The ministry did not confirm the report.").attributions
    assert said.negated and said.stance == "confirms"


def test_nobody_is_no_speaker(read) -> None:
    reading = read("No group has claimed responsibility for the bombing.")
    assert all(a.negated and (a.source is None or a.source.entity is None) for a in reading.attributions)
    assert all(not e.responsibility for e in reading.events)


def test_an_inner_speaker_names_the_outer_one(read) -> None:
    outer, inner = read("Police said that witnesses saw two gunmen run away.").attributions
    assert (outer.source.text, inner.source.text) == ("Police", "witnesses")
    assert inner.via == outer.id and outer.via is None


def test_the_speaker_is_carried_to_the_next_sentence(read) -> None:
    reading = read("Governor Pavlo Hnatiuk said two drones fell. He added that nobody was hurt.")
    first, second = reading.attributions
    assert second.source.text == "He" and second.source.entity == first.source.entity


def test_a_quotation_that_goes_on_is_one_content(read) -> None:
    (said,) = read("“We left,” she said. “There was no water and no light in the whole town.”").attributions
    assert [s.text for s in said.content] == ["“We left,”", "“There was no water and no light in the whole town.”"]
    assert said.kind == "direct"


def test_a_participle_takes_the_subject_of_the_verb_before(read) -> None:
    reading = read("The adviser denied the report, arguing that it was the work of others.")
    assert [a.source.text for a in reading.attributions] == ["The adviser", "The adviser"]


def test_the_outlets_own_voice_is_no_attribution(read) -> None:
    reading = read("Two shells hit the station at noon.")
    assert reading.attributions == ()
    assert reading.claims and all(c.attribution is None for c in reading.claims)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("He said it was “a wound”.", "mixed"),
        ("“It is a wound,” he said.", "direct"),
        ("He said that it was a wound.", "indirect"),
    ],
)
def test_kinds_of_quotation(text: str, kind: str, read) -> None:
    assert [a.kind for a in read(text).attributions] == [kind]


def test_a_source_line_is_the_origin_and_no_statement(read) -> None:
    reading = read("The army denied it.\nSource: Mill Gazette\n")
    assert reading.document.origin == "Mill Gazette"
    assert len(reading.attributions) == 1
