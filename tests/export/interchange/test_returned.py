"""Corrections made in brat and Label Studio: what nobody touched comes back as nothing, what somebody changed as that judgement."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso import pipeline
from sayso.errors import DataError, UsageError
from sayso.export import records, write
from sayso.export.interchange import standoff
from sayso.export.mending import mended
from sayso.export.returned import Return, returned
from sayso.ingest import load_bytes
from sayso.ledger import SqlLedger, open_ledger
from sayso.ledger.judging import Ruling
from sayso.pipeline import add_documents, add_paths
from sayso.read import Reader
from sayso.records import Claim, Correction, Reading, Realis
from tests.conftest import EXAMPLES

STANCES = ("asserts", "denies", "accuses", "doubts")
ODD = "\U0001f6a8 Breaking\tnews\r\n\r\nIvan Petrenko said that the army\u2028shelled Kharkiv on Monday. He denied that it was planned.\n"


@pytest.fixture(scope="module")
def ledger(rules: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    with open_ledger(tmp_path_factory.mktemp("returned") / "x.db") as opened:
        add_paths([EXAMPLES], opened, reader=rules)
        add_documents(load_bytes(ODD.encode(), "odd.txt"), opened, rules)
        yield opened


@pytest.fixture(scope="module")
def readings(ledger: SqlLedger) -> list[Reading]:
    return list(ledger.readings())


def exported(readings: Iterable[Reading], form: str) -> bytes:
    out = io.BytesIO()
    write((msgspec.to_builtins(r) for r in readings), out, form)
    return out.getvalue()


def back(ledger: SqlLedger, path: Path, data: bytes, tell: Callable[[str], None] | None = None) -> list[Return]:
    path.write_bytes(data)
    with ledger.engine.connect() as connection:
        return returned(path, connection, tell)


def ref_of(reading: Reading, claim: Claim) -> str:
    return f"claim:{reading.document.id}/{claim.id}"


# -- Label Studio -------------------------------------------------------------------------------------------------


def submitted(readings: Iterable[Reading]) -> list[Any]:
    """As Label Studio exports tasks whose predictions somebody submitted."""
    tasks = json.loads(exported(readings, "labelstudio"))
    for number, task in enumerate(tasks, 1):
        results = [{**r, "id": f"{r['id']}#Xy1", "origin": "prediction"} for r in task["predictions"][0]["result"]]
        task |= {"id": number, "annotations": [{"id": number, "was_cancelled": False, "result": results}]}
    return list(tasks)


def parts(tasks: list[Any], claim: Claim, control: str) -> list[Any]:
    return [
        r
        for t in tasks
        for r in t["annotations"][0]["result"]
        if r["from_name"] == control and re.match(rf"{claim.id}\b", r["id"])
    ]


def answer(tasks: list[Any], claim: Claim, control: str, word: str) -> None:
    """Give an answer on the claim's region, instead of what was there."""
    key = "choices" if control in {"stance", "holds", "verdict"} else "text"
    region = parts(tasks, claim, "label")[0]
    for task in tasks:
        result = task["annotations"][0]["result"]
        if region in result:
            for old in parts([task], claim, control):
                result.remove(old)
            place = {k: region["value"][k] for k in ("start", "end", "text")}
            kind = "choices" if key == "choices" else "textarea"
            if word:
                part = {"id": region["id"], "from_name": control, "to_name": "text", "type": kind}
                result.append({**part, "value": {**place, key: [word]}})


def move(tasks: list[Any], reading: Reading, claim: Claim, start: int, end: int) -> None:
    for region in parts(tasks, claim, "label")[1:]:
        for task in tasks:
            if region in task["annotations"][0]["result"]:
                task["annotations"][0]["result"].remove(region)
    parts(tasks, claim, "label")[0]["value"] |= {"start": start, "end": end, "text": reading.document.text[start:end]}


def test_what_was_left_as_it_was_gives_nothing(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    assert sum(len(r.claims) for r in readings) > 50
    for form in ("brat", "labelstudio"):
        told: list[str] = []
        assert back(ledger, tmp_path / f"x.{form}", exported(readings, form), told.append) == [] == told
    told = []
    data = json.dumps(submitted(readings)).encode()
    assert back(ledger, tmp_path / "done.json", data, told.append) == [] == told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_was_changed_in_label_studio_is_that_judgement(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path, data: st.DataObject
) -> None:
    reading = data.draw(st.sampled_from([r for r in readings if r.claims]))
    claim = data.draw(st.sampled_from(reading.claims))
    tasks = submitted([reading])
    kind = data.draw(st.sampled_from(["stance", "holds", "speaker", "value", "spans"]))
    if kind == "stance":
        correction = Correction(stance=data.draw(st.sampled_from([s for s in STANCES if s != claim.stance])))
        answer(tasks, claim, "stance", correction.stance or "")
    elif kind == "holds":
        correction = Correction(holds=not claim.holds)
        answer(tasks, claim, "holds", "denied" if claim.holds else "held")
    elif kind == "speaker":
        correction = Correction(speaker="Nobody Here")
        answer(tasks, claim, "speaker", "Nobody  Here")
    elif kind == "value":
        if claim.field in {"when", "realis"}:
            return  # those have values of their own
        correction = Correction(value="77")
        answer(tasks, claim, "value", "77")
    else:
        start, end = sorted(
            data.draw(st.lists(st.integers(0, len(reading.document.text)), min_size=2, max_size=2, unique=True))
        )
        if ((start, end),) == tuple((s.start, s.end) for s in claim.spans):
            return
        correction = Correction(spans=((start, end),))
        move(tasks, reading, claim, start, end)
    found = back(ledger, tmp_path / "x.json", json.dumps(tasks).encode())
    assert found == [Return("correct", ref_of(reading, claim), correction)]
    again = json.loads(exported([mended(reading, {claim.id: Ruling("correct", correction)})], "labelstudio"))
    kept = again[0]["data"]["exported"][claim.id]
    if kind == "spans":
        assert kept["spans"] == [[start, end]]
    elif kind in {"stance", "holds"} or (kind == "value" and claim.field.startswith("casualties.")):
        assert kept[kind] == getattr(correction, kind)


def test_deleted_accepted_and_noted(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    reading = max(readings, key=lambda r: len(r.claims))
    gone, right, wrong = reading.claims[:3]
    tasks = submitted(readings)
    for control in ("label", "stance", "holds", "value", "speaker"):
        for part in parts(tasks, gone, control):
            next(t for t in tasks if part in t["annotations"][0]["result"])["annotations"][0]["result"].remove(part)
    answer(tasks, right, "verdict", "accepted")
    answer(tasks, wrong, "stance", "doubts")
    parts(tasks, wrong, "label")[0]["meta"] = {"text": ["see the last paragraph"]}
    assert back(ledger, tmp_path / "x.json", json.dumps(tasks).encode()) == [
        Return("reject", ref_of(reading, gone)),
        Return("accept", ref_of(reading, right)),
        Return("correct", ref_of(reading, wrong), Correction(stance="doubts"), "see the last paragraph"),
    ]


def test_of_several_annotations_the_last_counts_and_new_regions_are_told(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path
) -> None:
    reading = readings[0]
    tasks = submitted([reading])
    first = json.loads(json.dumps(tasks[0]["annotations"][0]))
    answer(tasks, reading.claims[0], "stance", "doubts")
    last = tasks[0]["annotations"][0] | {"updated_at": "2024-02-02"}
    last["result"].append(
        {"id": "brand_new", "type": "labels", "from_name": "label", "value": {"start": 0, "end": 3, "labels": ["when"]}}
    )
    tasks[0]["annotations"] = [last, first | {"updated_at": "2024-01-01"}, {"was_cancelled": True, "result": []}]
    told: list[str] = []
    found = back(ledger, tmp_path / "x.json", json.dumps(tasks).encode(), told.append)
    assert [f.correction for f in found] == [Correction(stance="doubts")]
    assert any("last one counts" in t for t in told) and any("1 new regions" in t for t in told)


# -- brat ---------------------------------------------------------------------------------------------------------


def edited(data: bytes, document: str, edit: Callable[[list[str]], list[str]]) -> bytes:
    """The archive with the lines of one `.ann` as somebody left them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == f"{document}.ann":
                content = "".join(f"{line}\n" for line in edit(content.decode().split("\n")[:-1])).encode()
            new.writestr(f"corrected/{name}", content)
    return out.getvalue()


def replaced(pattern: str, by: str) -> Callable[[list[str]], list[str]]:
    def edit(lines: list[str]) -> list[str]:
        found = [re.sub(pattern, by, line) for line in lines]
        assert found != lines, pattern
        return found

    return edit


def notes(data: bytes, document: str) -> list[tuple[str, standoff.Clause]]:
    """(annotation, what is noted beside it) of every claim."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = archive.read(f"{document}.ann").decode().split("\n")
    noted = (line.split("\t") for line in lines if line.startswith("#"))
    return [(told.split(" ")[1], clause) for _, told, note in noted for clause in standoff.clauses(note)]


def test_every_claim_is_noted_beside_an_annotation(readings: list[Reading]) -> None:
    data = exported(readings, "brat")
    for reading in readings:
        assert {c.claim for _, c in notes(data, reading.document.id)} == {c.id for c in reading.claims}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_what_was_changed_in_brat_is_those_judgements(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path, data: st.DataObject
) -> None:
    reading = data.draw(st.sampled_from([r for r in readings if r.claims]))
    document, text = reading.document.id, reading.document.text
    archive = exported([reading], "brat")
    noted = notes(archive, document)
    claim = data.draw(st.sampled_from(reading.claims))
    anchor, clause = next((a, c) for a, c in noted if c.claim == claim.id)
    kind = data.draw(st.sampled_from(["stance", "spans", "gone", "accepted"] if clause.by else ["spans", "gone"]))
    beside = [c.claim for a, c in noted if a == anchor]
    if kind == "stance":
        stance = data.draw(st.sampled_from([s for s in STANCES if s != claim.stance]))
        changed = edited(archive, document, replaced(rf"Stance {clause.by} \w+$", f"Stance {clause.by} {stance}"))
        said = [c.claim for _, c in noted if c.by == clause.by]
        wanted = {i: Return("correct", f"claim:{document}/{i}", Correction(stance=stance)) for i in said}
    elif kind == "spans" and anchor.startswith("T"):
        start = data.draw(st.integers(0, len(text) - 1))
        end = start + len(re.match(r"[^\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*", text[start : start + 30])[0])  # type: ignore[index]
        if start == end or ((start, end),) == tuple((s.start, s.end) for s in claim.spans):
            return
        words = text[start:end].replace("\\", r"\\")
        changed = edited(
            archive, document, replaced(rf"^{anchor}\t(\w+) [^\t]*\t.*$", rf"{anchor}\t\1 {start} {end}\t{words}")
        )
        moved = Correction(spans=((start, end),))
        wanted = {i: Return("correct", f"claim:{document}/{i}", moved) for i in beside}
    elif kind == "accepted":
        changed = edited(archive, document, lambda lines: [*lines, f"A999\tAccepted {anchor}"])
        wanted = {i: Return("accept", f"claim:{document}/{i}") for i in beside}
    elif kind == "gone" and anchor.startswith("T") and clause.role:
        changed = edited(archive, document, lambda lines: without(lines, anchor))
        wanted = {i: Return("reject", f"claim:{document}/{i}") for i in beside}
    else:
        return
    found = back(ledger, tmp_path / "x.zip", changed)
    assert {f.ref.partition("/")[2]: f for f in found} == wanted and len(found) == len(wanted)
    rulings = {i: Ruling(r.decision, r.correction) for i, r in wanted.items()}
    again = exported([mended(reading, rulings)], "brat")
    left = {c.claim: a for a, c in notes(again, document)}
    with zipfile.ZipFile(io.BytesIO(again)) as z:
        sheet = standoff.parsed(z.read(f"{document}.ann").decode(), text, "x")
    if kind == "spans":
        assert all(sheet.pieces(left[i]) == ((start, end),) for i in beside if i in left)
        assert claim.id in left or claim.field == "where"  # words that are no known place cannot be where it was
    elif kind == "stance":
        by = next(c.by for _, c in notes(again, document) if c.claim == claim.id)
        assert sheet.attributes[by or ""]["Stance"] == stance
    elif kind == "gone":
        assert left.keys().isdisjoint(beside)


def without(lines: list[str], anchor: str) -> list[str]:
    """As brat deletes an annotation: with its notes and attributes, and out of the events that it has a role in."""
    kept = [
        line
        for line in lines
        if not line.startswith(f"{anchor}\t") and not re.match(rf"[#AR]\d+\t\w+ {anchor}\b", line)
    ]
    return [re.sub(rf" \w+:{anchor}\b", "", line) if line.startswith("E") else line for line in kept]


def one(ledger: SqlLedger, read: Callable[..., Reading], text: str, tmp_path: Path, rules: Reader) -> Any:
    """(reading, its archive, what comes back of an edit) of one text in a ledger of its own."""
    opened = open_ledger(tmp_path / "one.db")
    add_documents(load_bytes(text.encode(), "one.txt"), opened, rules)
    (reading,) = opened.readings()
    archive = exported([reading], "brat")

    def change(edit: Callable[[list[str]], list[str]], tell: Callable[[str], None] | None = None) -> list[Return]:
        return back(opened, tmp_path / "one.zip", edited(archive, reading.document.id, edit), tell)

    return opened, reading, archive, change


SAID = "Olena Bondar was in Sumy. Ivan Petrenko said that the army shelled Kharkiv. At least 8 people were killed, he said."


def test_another_source_is_another_speaker(
    ledger: SqlLedger, read: Callable[..., Reading], tmp_path: Path, rules: Reader
) -> None:
    opened, reading, archive, change = one(ledger, read, SAID, tmp_path, rules)
    noted = notes(archive, reading.document.id)
    said = next(a for a in reading.attributions if a.source and a.source.text == "Ivan Petrenko")
    by = next(c.by for _, c in noted for k in reading.claims if k.id == c.claim and k.attribution == said.id)
    mine = {f"claim:{reading.document.id}/{c.claim}" for _, c in noted if c.by == by}

    def resourced(lines: list[str]) -> list[str]:
        added = [*lines, "T900\tSource 0 12\tOlena Bondar"]
        return [re.sub(r"Source:T\d+", "Source:T900", line) if line.startswith(f"{by}\t") else line for line in added]

    told: list[str] = []
    found = change(resourced, told.append)
    assert {f.ref for f in found} == mine and {f.correction for f in found} == {Correction(speaker="Olena Bondar")}
    for f in found:
        pipeline.judge(opened, f.decision, f.ref, person="ada", correction=f.correction)
    with opened.engine.connect() as connection:
        (row,) = records("corrections", connection)
    assert row["attributions"][reading.attributions.index(said)]["source"]["text"] == "Olena Bondar"
    again = exported([msgspec.convert(row, Reading)], "brat")
    assert back(opened, tmp_path / "again.zip", again) == []
    opened.close()


def test_a_deleted_cue_is_the_outlets_voice_and_a_polarity_whether_it_is_held(
    ledger: SqlLedger, read: Callable[..., Reading], tmp_path: Path, rules: Reader
) -> None:
    opened, reading, archive, change = one(ledger, read, SAID, tmp_path, rules)
    noted = notes(archive, reading.document.id)
    by = next(c.by for a, c in noted if c.by and c.by.startswith("E") and a.startswith("T") and c.role)
    found = change(
        lambda lines: [
            line for line in lines if not line.startswith(f"{by}\t") and not re.search(rf"[ :]{by}\b(?! \")", line[:40])
        ]
    )
    assert {f.correction for f in found} == {Correction(speaker="")}
    held = change(replaced(rf"Polarity {by} positive$", f"Polarity {by} negative"))
    assert held and {f.correction for f in held} == {Correction(holds=False)}
    opened.close()


def test_counts_responsibility_and_whether_it_happened(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path
) -> None:
    archive = exported(readings, "brat")
    reading, claim = next((r, c) for r in readings for c in r.claims if c.field == "casualties.injured")
    document = reading.document.id
    value = re.escape(json.dumps(claim.value, ensure_ascii=False))
    edit = replaced(rf"(claim:{claim.id} [^;]*){value}", r'\1"60"; counted again by hand')
    assert back(ledger, tmp_path / "x.zip", edited(archive, document, edit)) == [
        Return("correct", ref_of(reading, claim), Correction("60"), "counted again by hand")
    ]
    reading, claim = next((r, c) for r in readings for c in r.claims if c.field == "responsibility")
    anchor, clause = next((a, c) for a, c in notes(archive, reading.document.id) if c.claim == claim.id)
    edit = replaced(rf"\b{clause.role}(\d*):{anchor}\b", rf"responsibility_possible\1:{anchor}")
    (found,) = back(ledger, tmp_path / "x.zip", edited(archive, reading.document.id, edit))
    assert found == Return(
        "correct", ref_of(reading, claim), Correction(f"{claim.value.rpartition(': ')[0]}: possible")
    )
    reading, anchor, clause = next(
        (r, a, c)
        for r in readings
        for a, c in notes(archive, r.document.id)
        if c.field == "realis" and c.value == "happened"
    )
    for word, correction in (("attempted", Correction("attempted")), ("denied", Correction(holds=False))):
        edit = replaced(rf"Realis {anchor} happened$", f"Realis {anchor} {word}")
        (found,) = back(ledger, tmp_path / "x.zip", edited(archive, reading.document.id, edit))
        assert (found.ref, found.correction) == (f"claim:{reading.document.id}/{clause.claim}", correction)


@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize("values", [("happened",), ("denied",), ("denied", "happened"), ("happened", "denied")])
def test_whatever_is_told_of_it_unchanged_is_unchanged(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path, holds: bool, values: tuple[str, ...]
) -> None:
    reading = next(r for r in readings if any(e.realis for e in r.events))
    told = {e.id: tuple(Realis(v, i.attribution) for i in e.realis for v in values) for e in reading.events}
    changed = replace(
        reading,
        events=tuple(replace(e, realis=told[e.id]) for e in reading.events),
        claims=tuple(replace(c, holds=holds) if c.field == "realis" else c for c in reading.claims),
    )
    assert back(ledger, tmp_path / "x.zip", exported([changed], "brat")) == []


def test_new_annotations_are_told(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    reading = readings[0]
    words = reading.document.text[:5]
    told: list[str] = []
    data = edited(
        exported([reading], "brat"), reading.document.id, lambda lines: [*lines, f"T999\tPerson 0 5\t{words}", "*\tSame T1 T2"]
    )  # fmt: skip
    assert back(ledger, tmp_path / "x.zip", data, told.append) == []
    assert len(told) == 1 and "1 new annotation" in told[0] and reading.document.id in told[0]


# -- recorded -----------------------------------------------------------------------------------------------------


def test_what_came_back_can_be_recorded_and_counts(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(str(ledger.path), copy) if hasattr(ledger, "path") else pytest.skip("no file")
    with open_ledger(copy) as opened:
        reading = max(readings, key=lambda r: len(r.claims))
        tasks = submitted(readings)
        answer(tasks, reading.claims[0], "stance", "doubts")
        for f in back(opened, tmp_path / "x.json", json.dumps(tasks).encode()):
            pipeline.judge(opened, f.decision, f.ref, person="ada", correction=f.correction)
        with opened.engine.connect() as connection:
            (row,) = records("corrections", connection)
        (task,) = json.loads(exported([msgspec.convert(row, Reading)], "labelstudio"))
        assert task["data"]["exported"][reading.claims[0].id]["stance"] == "doubts"


# -- refused ------------------------------------------------------------------------------------------------------


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", DataError, "neither"),
        (b"{}", DataError, "no list of tasks"),
        (b"[" * 100_000, DataError, "neither"),
        (b'[{"id": 7, "data": {"text": "x"}}]', DataError, "task 7"),
        (b"[3]", DataError, "task 1"),
        (zipped({"readme.md": b"x"}), UsageError, "no brat files"),
        (zipped({"x.ann": b"", "x.txt": b""}), DataError, "x.exported is missing"),
        (zipped({"a/x.ann": b"", "b/x.ann": b""}), DataError, "twice"),
        (zipped({"../../x.ann": b"", "x.txt": b"", "x.exported": b""}), UsageError, "no document 'x'"),
    ],
)
def test_other_files_are_refused(
    ledger: SqlLedger, tmp_path: Path, data: bytes, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        back(ledger, tmp_path / "other", data)


def test_a_file_that_is_not_there_and_a_folder(ledger: SqlLedger, tmp_path: Path) -> None:
    with ledger.engine.connect() as connection:
        with pytest.raises(UsageError, match=r"nowhere.zip: No such file"):
            returned(tmp_path / "nowhere.zip", connection)
        with pytest.raises(UsageError, match="is no file"):
            returned(tmp_path, connection)


@pytest.mark.parametrize(
    "line",
    [
        "T1\tPerson 0 999999\tx",
        "T1\tPerson 0 3\txyzzy",
        "T1\tPerson",
        "E1\t",
        "nonsense",
        "X1\ta b\tc",
        "T1\tPerson -4 2\tx",
    ],
)
def test_a_damaged_line_is_named(ledger: SqlLedger, readings: list[Reading], tmp_path: Path, line: str) -> None:
    document = readings[0].document.id
    data = edited(exported(readings[:1], "brat"), document, lambda _: [line])
    with pytest.raises(DataError, match=rf"{document}\.ann, line 1"):
        back(ledger, tmp_path / "x.zip", data)


def test_a_role_without_words_is_named(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    document = readings[0].document.id
    data = edited(exported(readings[:1], "brat"), document, lambda _: ["E1\tattack:T1 actor:T2"])
    with pytest.raises(DataError, match="E1 names T1, which is not there"):
        back(ledger, tmp_path / "x.zip", data)


def test_another_text_or_another_reading_is_refused(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    tasks = submitted(readings[:1])
    tasks[0]["data"]["text"] += "."
    with pytest.raises(UsageError, match="the text of document"):
        back(ledger, tmp_path / "x.json", json.dumps(tasks).encode())
    tasks = submitted(readings[:1])
    kept = tasks[0]["data"]["exported"]
    kept["abcdef0123"] = next(iter(kept.values()))
    with pytest.raises(UsageError, match="read again since"):
        back(ledger, tmp_path / "x.json", json.dumps(tasks).encode())
    archive = exported(readings[:1], "brat")
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        files = {n: old.read(n) + (b"." if n.endswith(".txt") else b"") for n in old.namelist()}
    with pytest.raises(UsageError, match="the text of document"):
        back(ledger, tmp_path / "x.zip", zipped(files))


def test_a_value_that_cannot_be_kept_is_named_before_anything_is_recorded(
    ledger: SqlLedger, readings: list[Reading], tmp_path: Path
) -> None:
    reading, claim = next((r, c) for r in readings for c in r.claims if c.field == "casualties.injured")
    tasks = submitted([reading])
    answer(tasks, claim, "value", "several")
    with pytest.raises(UsageError, match=rf"x\.json, claim:{reading.document.id}/{claim.id}: 'several' is no count"):
        back(ledger, tmp_path / "x.json", json.dumps(tasks).encode())


def test_offsets_in_other_units_are_noticed(ledger: SqlLedger, readings: list[Reading], tmp_path: Path) -> None:
    reading = next(r for r in readings if "\U0001f6a8" in r.document.text)
    tasks = submitted([reading])
    for part in parts(tasks, reading.claims[0], "label"):
        part["value"]["start"] += 1
        part["value"]["end"] += 1  # as units of UTF-16 would have them
    with pytest.raises(DataError, match=r"task 1: the words at \d+:\d+ are not those"):
        back(ledger, tmp_path / "x.json", json.dumps(tasks).encode())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_whatever_a_sheet_holds_it_is_read_or_named(lines: str) -> None:
    try:
        standoff.parsed(lines, "some text of a document", "x.ann")
    except DataError as error:
        assert "x.ann" in str(error)


@given(
    st.builds(
        standoff.Clause,
        st.text("0123456789abcdef", min_size=20, max_size=20),
        st.sampled_from(["content", "casualties.killed"]),
        st.just("killed"),
        st.just("E12"),
        st.sampled_from([None, "E3", "T4"]),
        st.one_of(st.none(), st.text(max_size=20).map(lambda t: " ".join(t.split()))),
    )
)
def test_a_note_says_its_claims_again(clause: standoff.Clause) -> None:
    assert list(standoff.clauses(f"seen; {clause.told()}; {clause.told()}")) == [clause, clause]
