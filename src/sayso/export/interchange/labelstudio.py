"""Readings as tasks of Label Studio, a region a claim, and the same tasks read back after people corrected them.

After its manual (labelstud.io/guide/task_format, tags Text, Labels, Choices, TextArea). Claims are predictions, so that an annotator
starts from what was read; offsets are code points. A claim's region has the claim's id, further spans of it `ID-1`, `ID-2` …; its
stance, whether it is held, value and speaker are answers on the first. `data.exported` keeps what was exported: by it is known
what somebody changed. `CONFIG` is the labelling interface that shows all of this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from sayso.errors import DataError
from sayso.export import LossReport, Record
from sayso.export.interchange.told import Sheet, Told
from sayso.export.readings import readings_in
from sayso.ledger.rows import speaker_name
from sayso.ontology import load_ontology
from sayso.records import Claim, Reading

FIELDS = (
    "content", "realis", "actor", "actor_organisation", "recipient", "victim", "target", "instrument", "fate", "when", "where",
    "casualties.killed", "casualties.injured", "casualties.missing", "casualties.detained", "casualties.displaced", "casualties.unharmed",
    "responsibility",
)  # fmt: skip
_HELD = {True: "held", False: "denied"}
_ACCEPTED = "accepted"
_ID = re.compile(r"(?P<claim>[0-9a-f]{1,24})(?:-\d+)?(?:#.*)?")
"""of a region; after # Label Studio puts the annotation that it belongs to"""


def _choices(name: str, values: Iterable[str]) -> str:
    inside = "".join(f'\n    <Choice value="{value}"/>' for value in values)
    return f'  <Choices name="{name}" toName="text" perRegion="true" choice="single-radio">{inside}\n  </Choices>'


def _area(name: str) -> str:
    return f'  <TextArea name="{name}" toName="text" perRegion="true" editable="true" maxSubmissions="1"/>'


CONFIG = "\n".join(
    (
        "<View>",
        "  <Style>.htx-text {white-space: pre-wrap;}</Style>",
        '  <Labels name="label" toName="text">',
        *(f'    <Label value="{field}"/>' for field in FIELDS),
        "  </Labels>",
        '  <Text name="text" value="$text"/>',
        _choices("stance", load_ontology().stances),
        _choices("holds", _HELD.values()),
        _area("value"),
        _area("speaker"),
        _choices("verdict", (_ACCEPTED,)),
        "</View>",
    )
)


# -- out ----------------------------------------------------------------------------------------------------------


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """A JSON list of tasks. Raises UsageError for records that are no readings."""
    report = LossReport()
    out.write(b"[")
    for reading in readings_in(rows, "Label Studio’s format"):
        out.write(b",\n" if report.rows else b"\n")
        out.write(json.dumps(_task(reading, report), ensure_ascii=False).encode("utf-8", "replace"))
        report.rows += 1
    out.write(b"\n]\n")
    if report.rows:
        report.losses.append(
            "Label Studio’s tasks hold the claims; mentions, entities, cues, nesting, codes and warnings are in JSON Lines"
        )
    return report


def _task(reading: Reading, report: LossReport) -> Record:
    d = reading.document
    told = {claim.id: _told(reading, claim) for claim in reading.claims}
    for claim in reading.claims:
        if claim.field not in FIELDS:
            report.lose("claims of a field without a label", f"{d.id}/{claim.id}")
    regions = [r for c in reading.claims if c.field in FIELDS for r in _regions(c.id, c.field, told[c.id], d.text)]
    data = {
        "text": d.text,
        "document": d.id,
        **{name: getattr(d, name) for name in ("title", "outlet", "published", "url")},
        "exported": {c.id: _kept(told[c.id]) for c in reading.claims if c.field in FIELDS},
    }
    version = f"sayso {reading.run.reader} {reading.run.version}"
    return {"data": data, "predictions": [{"model_version": version, "result": regions}]}


def _told(reading: Reading, claim: Claim) -> Told:
    said = next((a for a in reading.attributions if a.id == claim.attribution), None)
    names = {e.id: e.name for e in reading.entities}
    spans = tuple((s.start, s.end) for s in claim.spans)
    speaker = " ".join((speaker_name(said, names) or "").split())
    return Told(spans, " ".join(claim.value.split()), claim.stance, claim.holds, speaker)


def _kept(told: Told) -> Record:
    return {name: getattr(told, name) for name in ("spans", "value", "stance", "holds", "speaker")}


def _regions(id_: str, field: str, told: Told, text: str) -> Iterator[Record]:
    for n, (start, end) in enumerate(told.spans):
        place = {"start": start, "end": end, "text": text[start:end]}
        region = {"id": f"{id_}-{n}" if n else id_, "to_name": "text"}
        yield {**region, "from_name": "label", "type": "labels", "value": {**place, "labels": [field]}}
        if n == 0:
            for name, choice in (("stance", told.stance), ("holds", _HELD[bool(told.holds)])):
                yield {**region, "from_name": name, "type": "choices", "value": {**place, "choices": [choice]}}
            for name, words in (("value", told.value), ("speaker", told.speaker)):
                if words:
                    yield {**region, "from_name": name, "type": "textarea", "value": {**place, "text": [words]}}


# -- back ---------------------------------------------------------------------------------------------------------


def sheets(tasks: object) -> Iterator[tuple[str, Sheet]]:
    """(text, what became of each claim) of every task that somebody annotated, from Label Studio's JSON export.

    Of several annotations the last one that was not skipped counts. Raises DataError naming the task when it is damaged.
    """
    if not isinstance(tasks, list):
        raise DataError("no list of tasks; export the project from Label Studio as JSON (not JSON-MIN)")
    for number, task in enumerate(tasks, 1):
        name = f"task {task.get('id', number)}" if isinstance(task, dict) else f"task {number}"
        try:
            yield from _sheet(task, name)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            reason = f"it has no {error}" if isinstance(error, KeyError) else str(error)
            raise DataError(
                f"{name} is none of `sayso export readings --format labelstudio` ({reason}); export it again as JSON"
            ) from error


def _sheet(task: Mapping[str, Any], name: str) -> Iterator[tuple[str, Sheet]]:
    data = task["data"]
    text, exported = data["text"], data["exported"]
    done = [a for a in task.get("annotations") or () if not a.get("was_cancelled")]
    if not done:
        return
    sheet = Sheet(str(data["document"]))
    if len(done) > 1:
        sheet.missed.append(f"{name}: {len(done) - 1} of {len(done)} annotations: the last one counts")
    last = max(done, key=lambda a: str(a.get("updated_at") or ""))
    parts: dict[str, list[Mapping[str, Any]]] = {}
    fresh = set()
    for part in last["result"]:
        found = _ID.fullmatch(str(part.get("id", "")))
        if found and found["claim"] in exported:
            parts.setdefault(found["claim"], []).append(part)
        elif part["type"] == "labels":
            fresh.add(part["id"])
    if fresh:
        sheet.missed.append(f"{len(fresh)} new regions: a judgement is on a claim that is there already")
    for id_, kept in exported.items():
        before = Told(
            tuple((int(s), int(e)) for s, e in kept["spans"]),
            str(kept["value"]), str(kept["stance"]), bool(kept["holds"]), str(kept["speaker"]),
        )  # fmt: skip
        sheet.claims[str(id_)] = before, _returned(parts.get(id_, []), before, text, name)
    yield text, sheet


def _returned(parts: list[Mapping[str, Any]], before: Told, text: str, name: str) -> Told | None:
    """A claim's regions and answers; None when its regions were deleted. An answer that was emptied is as it was, but for the speaker."""
    regions = [p for p in parts if p["type"] == "labels"]
    spans = sorted({(int(p["value"]["start"]), int(p["value"]["end"])) for p in regions})
    for region in regions:
        _check(region["value"], text, name)
    if not spans:
        return None
    answers = {p["from_name"]: _answer(p) for p in parts if p["type"] != "labels"}
    held = {word: holds for holds, word in _HELD.items()}
    notes = [n for p in regions for n in (p.get("meta") or {}).get("text", [])]
    return Told(
        tuple(spans),
        answers.get("value") or before.value,
        answers.get("stance") or before.stance,
        held.get(answers.get("holds", ""), before.holds),
        answers.get("speaker", ""),
        answers.get("verdict") == _ACCEPTED,
        " ".join(str(n) for n in notes) or None,
    )


def _answer(part: Mapping[str, Any]) -> str:
    value = part["value"].get("choices" if part["type"] == "choices" else "text") or [""]
    return " ".join((value if isinstance(value, str) else " ".join(map(str, value))).split())


def _check(value: Mapping[str, Any], text: str, name: str) -> None:
    start, end, words = int(value["start"]), int(value["end"]), value.get("text")
    there = text[start:end] if 0 <= start < end <= len(text) else None
    if there is None or (isinstance(words, str) and "".join(words.split()) != "".join(there.split())):
        raise DataError(
            f"{name}: the words at {start}:{end} are not those of its region; offsets are code points of `text`"
            " (Label Studio 1.5 and later write them so)"
        )
