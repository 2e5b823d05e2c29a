"""Corrections as training data: readings with decisions applied keep the schema and every span; brat's files say the same spans."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso import pipeline
from sayso.errors import UsageError
from sayso.export import FORMATS, SUBJECTS, check, fits, records, write
from sayso.export.brat import fragments
from sayso.export.corrected import corrected
from sayso.export.mending import mended
from sayso.ledger import SqlLedger, open_ledger
from sayso.ledger.judging import Ruling
from sayso.pipeline import add_paths, link_and_weigh
from sayso.read import Reader
from sayso.records import Claim, Correction, Reading, Span
from sayso.records.json import decode_reading, encode_reading, reading_schema
from tests.conftest import EXAMPLES
from tests.export.interchange.valid import Pieces, standoff
from tests.spans import assert_exact, assert_references

STANCES = ("asserts", "denies", "accuses", "doubts")


@pytest.fixture
def ledger(tmp_path: Path, rules: Reader) -> Iterable[SqlLedger]:
    with open_ledger(tmp_path / "corrected.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        link_and_weigh(opened)
        yield opened


@pytest.fixture(scope="module")
def read_examples(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> list[Reading]:
    with open_ledger(tmp_path_factory.mktemp("read") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        return list(opened.readings())


def valid(reading: Reading) -> Reading:
    """The reading again, when it keeps the schema and its spans."""
    row = json.loads(encode_reading(reading))
    jsonschema.Draft202012Validator(reading_schema()).validate(row)
    assert_exact(reading)
    assert_references(reading)
    return reading


def of_field(readings: Iterable[Reading], field: str, **wanted: Any) -> tuple[Reading, Claim]:
    return next(
        (r, c)
        for r in readings
        for c in r.claims
        if c.field == field and all(getattr(c, k) == v for k, v in wanted.items())
    )


def after(reading: Reading, claim: Claim, decision: str, correction: Correction | None = None) -> Reading:
    return valid(mended(reading, {claim.id: Ruling(decision, correction)}))


def claim_of(reading: Reading, claim: Claim) -> Claim:
    (found,) = [c for c in reading.claims if c.id == claim.id]
    return found


# -- what is exported ---------------------------------------------------------------------------------------------


def test_only_documents_with_decisions_in_effect_are_exported(ledger: SqlLedger) -> None:
    def judged() -> list[str]:
        with ledger.engine.connect() as connection:
            return [r.document.path or "" for r in corrected(connection)]

    readings = list(ledger.readings())
    refs = [f"claim:{r.document.id}/{r.claims[0].id}" for r in readings[:3]]
    assert judged() == []
    pipeline.judge(ledger, "accept", refs[0], person="ada")
    number = pipeline.judge(ledger, "reject", refs[1], person="ada")
    pipeline.judge(ledger, "unsure", refs[2], person="ada")
    assert judged() == [r.document.path for r in readings[:2]]
    pipeline.judge(ledger, "accept", refs[1], person="ben")
    assert judged() == [readings[0].document.path]
    pipeline.undo(ledger, number)
    assert judged() == [r.document.path for r in readings[:2]]


def test_an_accepted_reading_is_exported_as_it_is_one_line_of_its_schema(ledger: SqlLedger) -> None:
    reading = next(iter(ledger.readings()))
    pipeline.judge(ledger, "accept", f"claim:{reading.document.id}/{reading.claims[0].id}", person="ada")
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        assert write(records("corrections", connection), out, "jsonl").rows == 1
    assert decode_reading(out.getvalue()) == reading


def test_each_subject_says_which_formats_hold_it() -> None:
    for subject in SUBJECTS:
        for form in FORMATS:
            if fits(subject, form):
                check(subject, form)
            else:
                with pytest.raises(UsageError, match=f"{form} holds .*, not {subject}; export {subject} as "):
                    check(subject, form)
    assert {f for f in FORMATS if fits("corrections", f)} == {"jsonl", "annotation", "brat", "labelstudio"}
    assert {s for s in SUBJECTS if fits(s, "brat")} == {"readings", "corrections"}


# -- rejected -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "items"),
    [
        ("actor", "arguments"), ("actor_organisation", "arguments"), ("target", "arguments"), ("when", "when"), ("where", "where"),
        ("casualties.injured", "casualties"), ("responsibility", "responsibility"), ("realis", "realis"),
    ],
)  # fmt: skip
def test_a_rejected_claim_leaves_with_its_item(read_examples: list[Reading], field: str, items: str) -> None:
    reading, claim = of_field(read_examples, field)
    found = after(reading, claim, "reject")
    assert claim.id not in {c.id for c in found.claims} and len(found.claims) < len(reading.claims)
    before, now = ([len(getattr(e, items)) for e in r.events if e.id == claim.event] for r in (reading, found))
    assert now[0] == before[0] - 1


def test_a_rejected_fate_leaves_the_one_who_had_it(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "fate")
    found = after(reading, claim, "reject")
    (before,), (now,) = ([e.arguments for e in r.events if e.id == claim.event] for r in (reading, found))
    assert (
        len(now) == len(before) and sum(a.fate is not None for a in now) == sum(a.fate is not None for a in before) - 1
    )


def test_who_is_rejected_takes_his_fate_along(read_examples: list[Reading]) -> None:
    reading, fate = of_field(read_examples, "fate")
    (role,) = [c for c in reading.claims if c.event == fate.event and c.spans == fate.spans and c.field == "victim"]
    assert {fate.id, role.id}.isdisjoint(c.id for c in after(reading, role, "reject").claims)


def test_a_rejected_content_leaves_with_its_attribution(read_examples: list[Reading]) -> None:
    reading, claim = next(
        (r, c) for r in read_examples for c in r.claims if c.field == "content" and not any(c.attribution in e.attributed_to for e in r.events)
    )  # fmt: skip
    found = after(reading, claim, "reject")
    assert claim.attribution not in {a.id for a in found.attributions}
    assert len(found.attributions) == len(reading.attributions) - 1


# -- corrected ----------------------------------------------------------------------------------------------------


def test_a_corrected_count_is_the_casualties(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "casualties.injured")
    found = after(reading, claim, "correct", Correction("60–"))
    (toll,) = [t for e in found.events for t in e.casualties if (t.low, t.high) == (60, None)]
    assert (toll.start, toll.end) == (claim.spans[0].start, claim.spans[-1].end)
    assert claim_of(found, claim).value == "60–"


def test_a_corrected_stance_is_the_attributions_and_its_other_claims(read_examples: list[Reading]) -> None:
    reading, claim = next(
        (r, c) for r in read_examples for c in r.claims if c.attribution and c.stance == "asserts" and sum(o.attribution == c.attribution for o in r.claims) > 2
    )  # fmt: skip
    found = after(reading, claim, "correct", Correction(stance="denies"))
    (said,) = [a for a in found.attributions if a.id == claim.attribution]
    assert said.stance == "denies"
    assert {(c.stance, c.holds) for c in found.claims if c.attribution == claim.attribution} == {("denies", False)}


def test_a_corrected_span_moves_the_argument(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "actor_organisation")
    mention = next(m for m in reading.mentions if m.entity and m.named and m.text != claim.value)
    found = after(reading, claim, "correct", Correction(spans=((mention.start, mention.end),)))
    (moved,) = [
        a for e in found.events for a in e.arguments if e.id == claim.event and (a.start, a.end) == (mention.start, mention.end) and a.role == claim.field
    ]  # fmt: skip
    assert (moved.text, moved.entity) == (mention.text, mention.entity) and claim_of(found, claim).value == mention.text


def test_a_corrected_name_is_looked_for_in_the_text(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "responsibility")
    name = next(m.text for m in reading.mentions if m.named and m.type == "Location")
    found = after(reading, claim, "correct", Correction(f"{name}: possible"))
    (item,) = [i for e in found.events for i in e.responsibility if i.confidence == "possible"]
    assert item.text == name == claim_of(found, claim).spans[0].text


def test_corrected_contents_may_be_words_apart(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "content")
    found = after(reading, claim, "correct", Correction(spans=((0, 5), (9, 14))))
    (said,) = [a for a in found.attributions if a.id == claim.attribution]
    text = reading.document.text
    assert [s.text for s in said.content] == [text[0:5], text[9:14]]
    assert claim_of(found, claim).value == f"{text[0:5]} … {text[9:14]}"


def test_a_corrected_day_and_place_reach_their_mentions(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "when")
    found = after(reading, claim, "correct", Correction("2023-05-21"))
    (when,) = [w for e in found.events if e.id == claim.event for w in e.when if w.start == "2023-05-21"]
    assert next(m for m in found.mentions if m.id == when.mention).timex.value == "2023-05-21"  # type: ignore[union-attr]
    reading, claim = of_field(read_examples, "where")
    found = after(reading, claim, "correct", Correction("Kursk"))
    where = next(w for e in found.events if e.id == claim.event for w in e.where if w.name == "Kursk")
    assert abs(where.lat - 51.7) < 0.5
    gone = after(reading, claim, "correct", Correction("Xyzzyville"))
    assert sum(len(e.where) for e in gone.events) == sum(len(e.where) for e in reading.events) - 1


def test_a_denied_event_is_realis_denied(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "realis", holds=True)
    found = after(reading, claim, "correct", Correction(holds=False))
    values = [
        r.value for e in found.events if e.id == claim.event for r in e.realis if r.attribution == claim.attribution
    ]
    assert "denied" in values and not claim_of(found, claim).holds


def test_another_speaker_of_a_pronoun_is_another_entity(read: Callable[..., Reading]) -> None:
    reading = read("Ivan Petrenko met Olena Bondar in Sumy. He said that the army shelled Kharkiv.", "2024-03-05")
    said = reading.attributions[0]
    claim = next(c for c in reading.claims if c.attribution == said.id)
    assert said.source is not None and said.source.text == "He"
    bondar = next(e.id for e in reading.entities if e.name == "Olena Bondar")
    found = after(reading, claim, "correct", Correction(speaker="Olena Bondar")).attributions[0]
    assert found.source is not None and (found.source.text, found.source.entity) == ("He", bondar)


def test_another_speaker_of_a_name_stands_elsewhere(read: Callable[..., Reading]) -> None:
    reading = read("Olena Bondar was in Sumy. Ivan Petrenko said that the army shelled Kharkiv.", "2024-03-05")
    claim = next(c for c in reading.claims if c.attribution)
    found = after(reading, claim, "correct", Correction(speaker="Olena Bondar")).attributions[0]
    assert found.source is not None and found.source.text == "Olena Bondar"
    unknown = after(reading, claim, "correct", Correction(speaker="Nobody Here")).attributions[0]
    assert unknown.source is None


def test_the_outlets_voice_and_a_voice_that_was_missed(read: Callable[..., Reading]) -> None:
    reading = read("Ivan Petrenko said that the army shelled Kharkiv on Monday.", "2024-03-05")
    claim = next(c for c in reading.claims if c.field == "realis")
    alone = after(reading, claim, "correct", Correction(speaker=""))
    assert claim_of(alone, claim).attribution is None and None in {
        r.attribution for e in alone.events for r in e.realis
    }
    reading = read("The army shelled Kharkiv on Monday. Ivan Petrenko was there.", "2024-03-05")
    claim = next(c for c in reading.claims if c.field == "realis" and c.attribution is None)
    found = after(reading, claim, "correct", Correction(speaker="Ivan Petrenko"))
    (said,) = [a for a in found.attributions if a.source and a.source.text == "Ivan Petrenko"]
    assert claim_of(found, claim).attribution == said.id and said.id in found.events[0].attributed_to


VALUES = {
    "when": "2024-01-02/2024-01-05",
    "where": "Kursk",
    "realis": "attack: attempted",
    "responsibility": "Kyiv: possible",
}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_decided_the_reading_stays_valid(read_examples: list[Reading], data: st.DataObject) -> None:
    reading = data.draw(st.sampled_from(read_examples))
    length = len(reading.document.text)
    rulings = {}
    for claim in data.draw(st.lists(st.sampled_from(reading.claims), max_size=12, unique=True)):
        decision = data.draw(st.sampled_from(["accept", "reject", "correct"]))
        edges = sorted(data.draw(st.lists(st.integers(0, length), min_size=4, max_size=4, unique=True)))
        value = "7–9" if claim.field.startswith("casualties.") else VALUES.get(claim.field, "Belgorod")
        correction = Correction(
            value=data.draw(st.sampled_from([None, value])),
            stance=data.draw(st.sampled_from([None, *STANCES])),
            holds=data.draw(st.sampled_from([None, True, False])),
            speaker=data.draw(st.sampled_from([None, "", "Gladkov", "Nobody Here"])),
            spans=data.draw(
                st.sampled_from([(), ((edges[0], edges[1]),), ((edges[0], edges[1]), (edges[2], edges[3]))])
            ),
        )
        rulings[claim.id] = Ruling(decision, correction if decision == "correct" else None)
    found = valid(mended(reading, rulings))
    rejected = {id_ for id_, r in rulings.items() if r.decision == "reject"}
    assert rejected.isdisjoint(c.id for c in found.claims)
    assert sorted(parsed(found)[0]["Content"]) == sorted({_pieces(found, a.content) for a in found.attributions} - {()})


# -- brat ---------------------------------------------------------------------------------------------------------


def parsed(reading: Reading) -> tuple[dict[str, list[Pieces]], list[str], str]:
    """(type → fragments of each text-bound annotation, all other lines, annotation.conf), as the manual says to read them."""
    out = io.BytesIO()
    write([json.loads(encode_reading(reading))], out, "brat")
    with zipfile.ZipFile(out) as archive:
        texts = {n: archive.read(n).decode() for n in archive.namelist()}
    text = texts[f"{reading.document.id}.txt"]
    assert text == reading.document.text
    bound, rest = standoff(text, texts[f"{reading.document.id}.ann"])
    for group in ("[entities]", "[relations]", "[events]", "[attributes]"):
        assert group in texts["annotation.conf"]
    return bound, rest, texts["annotation.conf"]


def _pieces(reading: Reading, spans: Iterable[Any]) -> Pieces:
    return tuple(fragments(reading.document.text, spans))


def test_brat_files_give_back_the_same_spans(read_examples: list[Reading]) -> None:
    for reading in read_examples:
        bound, lines, conf = parsed(reading)
        for type_, wanted in (
            ("Content", [a.content for a in reading.attributions]),
            ("Cue", [(a.cue,) for a in reading.attributions if a.cue]),
            ("Source", [(a.source,) for a in reading.attributions if a.source]),
            *((m.type, [(o,) for o in reading.mentions if o.type == m.type]) for m in reading.mentions),
            *((e.type, [(t,) for o in reading.events if o.type == e.type for t in o.shown]) for e in reading.events),
        ):
            assert sorted(bound.get(type_, [])) == sorted({_pieces(reading, spans) for spans in wanted}), type_
            assert type_ in conf or not wanted
        for said in reading.attributions:
            assert any(line.startswith("A") and line.endswith(f" {said.stance}") for line in lines)


def test_discontinuous_words_and_lines_are_fragments(read_examples: list[Reading]) -> None:
    reading, claim = of_field(read_examples, "content")
    line = reading.document.text.index("\n", 10)
    found = after(reading, claim, "correct", Correction(spans=((0, 4), (line - 3, line + 4))))
    pieces = next(p for p in parsed(found)[0]["Content"] if p[0] == (0, 4))
    assert pieces[1] == (line - 3, line) and pieces[-1][1] == line + 4 and len(pieces) == 3


def test_fragments_leave_out_what_no_line_can_hold() -> None:
    text = "a\tb\r\nc\u2028\U0001f600d"
    assert fragments(text, [Span(0, len(text), text)]) == [(0, 1), (2, 3), (5, 6), (7, 9)]


def test_an_attribution_is_an_event_of_its_cue(read: Callable[..., Reading]) -> None:
    reading = read("The army denied that it had shelled Kharkiv.", "2024-03-05")
    lines = parsed(reading)[1]
    event = next(line for line in lines if re.match(r"E\d+\tCue:T\d+ Source:T\d+ Content:T\d+$", line))
    id_ = event.partition("\t")[0]
    assert any(re.match(rf"A\d+\tStance {id_} denies$", line) for line in lines)
    assert any(re.match(rf"A\d+\tPolarity {id_} positive$", line) for line in lines)


def test_the_same_readings_give_the_same_archive(read_examples: list[Reading]) -> None:
    rows = [json.loads(encode_reading(r)) for r in read_examples]
    one, other = io.BytesIO(), io.BytesIO()
    report = write(rows, one, "brat")
    write(rows, other, "brat")
    assert one.getvalue() == other.getvalue() and report.rows == len(rows) and report.losses


def test_brat_refuses_what_is_no_reading() -> None:
    with pytest.raises(UsageError, match="sayso export corrections"):
        write([{"id": "x"}], io.BytesIO(), "brat")
