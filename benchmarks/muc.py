"""MUC-4: templates by the metric of Du, Rush and Cardie (2021), and the raw keys' responsibility, date, place and fate."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any

from benchmarks.counts import Counts
from benchmarks.reading import need, read_text
from sayso.read import Reader
from sayso.records import Reading

SLOTS = {
    "PerpInd": "actor",
    "PerpOrg": "actor_organisation",
    "Target": "target",
    "Victim": "victim",
    "Weapon": "instrument",
}
LABELS = {
    "REPORTED AS FACT": "reported_as_fact",
    "CLAIMED OR ADMITTED": "claimed",
    "SUSPECTED OR ACCUSED": "accused",
    "SUSPECTED OR ACCUSED BY AUTHORITIES": "accused_by_authorities",
    "POSSIBLE": "possible",
    "ACQUITTED": "denied",
}
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MOST_PERMUTED = 6
Template = dict[str, Any]
"""{"incident_type": str, slot: [[mention, …], …]}"""


def normal(text: str) -> str:
    """Lower-cased, without punctuation, articles and extra space."""
    return " ".join(_ARTICLES.sub(" ", re.sub(r"[^\w\s]", " ", text.lower())).split())


def gold_templates(path: Path) -> Iterator[tuple[str, str, list[Template]]]:
    """(id, text, templates) of `processed`, identical templates once."""
    for line in need(path).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        seen: list[Template] = []
        for raw in record["templates"]:
            template = {
                "incident_type": raw["incident_type"],
                **{s: [[m[0] for m in entity] for entity in raw.get(s, [])] for s in SLOTS},
            }
            if template not in seen:
                seen.append(template)
        yield record["docid"], record["doctext"], seen


def predicted_templates(reading: Reading) -> list[Template]:
    templates = []
    for event in reading.events:
        if not event.codes.muc4:
            continue
        template: Template = {"incident_type": event.codes.muc4}
        for slot, role in SLOTS.items():
            template[slot] = [[a.text] for a in event.arguments if a.role == role and (slot != "Victim" or a.named)]
        templates.append(template)
    return templates


def pair_counts(wanted: Template, got: Template) -> Counts:
    """Fillers of one aligned pair; the type is one more filler."""
    counts = Counts(1, 1, 1)
    for slot in SLOTS:
        open_ = [{normal(m) for m in entity} for entity in wanted[slot]]
        right = 0
        for filler in got[slot]:
            match = next((e for e in open_ if normal(filler[0]) in e), None)
            if match is not None:
                open_.remove(match)
                right += 1
        counts.add(right, len(wanted[slot]), len(got[slot]))
    return counts


def _size(template: Template) -> int:
    return 1 + sum(len(template[slot]) for slot in SLOTS)


def template_counts(wanted: list[Template], got: list[Template]) -> Counts:
    """The one-to-one alignment with the highest total; types must agree (the predicted one contained in gold's)."""
    scores = {
        (i, j): pair_counts(w, g).right
        for i, w in enumerate(wanted)
        for j, g in enumerate(got)
        if g["incident_type"] in w["incident_type"]
    }
    right = _best(scores, len(wanted), len(got))
    return Counts(right, sum(map(_size, wanted)), sum(map(_size, got)))


def _best(scores: dict[tuple[int, int], float], rows: int, columns: int) -> float:
    """Exact for few templates, best pair first for many."""
    if min(rows, columns) == 0 or not scores:
        return 0
    if max(rows, columns) <= _MOST_PERMUTED:
        small, large, flip = (rows, columns, False) if rows <= columns else (columns, rows, True)
        return max(
            sum(scores.get((j, i) if flip else (i, j), 0) for i, j in enumerate(p))
            for p in permutations(range(large), small)
        )
    total, used_rows, used_columns = 0.0, set(), set()
    for (i, j), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        if i not in used_rows and j not in used_columns:
            total += score
            used_rows.add(i)
            used_columns.add(j)
    return total


@dataclass(slots=True)
class Key:
    """One template of the raw keys: slot number → its lines of fills."""

    slots: dict[int, list[str]] = field(default_factory=dict)


def raw_keys(path: Path) -> dict[str, list[Key]]:
    keys: dict[str, list[Key]] = {}
    current, slot = None, -1
    for line in need(path).read_text(encoding="latin-1").splitlines():
        match = re.match(r"^(\d+)\.\s+[A-Z: ]+?\s{2,}(.*)$", line)
        if match:
            slot, fill = int(match[1]), match[2].strip()
            if slot == 0:
                current = Key()
                keys.setdefault(fill, []).append(current)
            elif current is not None:
                current.slots.setdefault(slot, []).append(fill)
        elif line.startswith(" ") and line.strip() and current is not None and slot > 0:
            if line.strip().startswith("/") or current.slots[slot][-1].endswith("/"):
                current.slots[slot][-1] += " " + line.strip()
            else:
                current.slots[slot].append(line.strip())
        elif not line.strip():
            slot = -1
    return keys


def strings(fill: str) -> set[str]:
    return {normal(m.replace('\\"', '"')) for m in re.findall(r'"((?:[^"\\]|\\.)*)"', fill)}


def gold_responsibility(keys: list[Key]) -> list[tuple[set[str], set[str]]]:
    """Distinct (an organisation's alternatives, right labels); fills marked `?` are left out."""
    pairs: list[tuple[set[str], set[str]]] = []
    for key in keys:
        for fill in key.slots.get(11, []):
            if fill in {"-", "*"} or fill.startswith("?") or ":" not in fill:
                continue
            labels, _, names = fill.partition(":")
            right = {LABELS[label.strip()] for label in labels.split("/") if label.strip() in LABELS}
            pair = (strings(names), right)
            if pair[0] and right and not any(pair[0] & p[0] and p[1] == right for p in pairs):
                pairs.append(pair)
    return pairs


def responsibility_counts(wanted: list[tuple[set[str], set[str]]], got: set[tuple[str, str]]) -> Counts:
    open_ = list(wanted)
    right = 0
    for name, label in sorted(got):
        match = next((w for w in open_ if name in w[0] and label in w[1]), None)
        if match is not None:
            open_.remove(match)
            right += 1
    return Counts(right, len(wanted), len(got))


def predicted_responsibility(reading: Reading) -> set[tuple[str, str]]:
    return {(normal(r.text), r.confidence) for e in reading.events if e.codes.muc4 for r in e.responsibility}


def slot_counts(keys: list[Key], reading: Reading) -> dict[str, Counts]:
    """Dates, places and victims' fates over a report: distinct values on either side.

    date: the key's single days against the days of violent events; place: the most specific name of a key's place
    against the names of the events'; fate: kinds (death → killed, injury → injured) against victims' fates and tolls.
    """
    days = {d for k in keys for f in k.slots.get(2, []) if (d := _day(f))}
    places = {normal(f.split(":")[-1].split("(")[0]) for k in keys for f in k.slots.get(3, []) if f not in {"-", "*"}}
    fates = {
        kind
        for k in keys
        for f in k.slots.get(23, [])
        for word, kind in (("DEATH", "killed"), ("INJURY", "injured"))
        if word in f and "NO INJURY" not in f
    }
    violent = [e for e in reading.events if e.codes.muc4]
    got_days = {w.start for e in violent for w in e.when if w.precision == "day" and w.start}
    texts = {m.id: m.text for m in reading.mentions}
    got_places = {normal(texts[w.mention]) for e in violent for w in e.where}
    got_fates = {a.fate for e in violent for a in e.arguments if a.fate in {"killed", "injured"}} | {
        c.kind for e in violent for c in e.casualties if c.kind in {"killed", "injured"} and c.high != 0
    }
    return {
        "date": Counts(len(days & got_days), len(days), len(got_days)),
        "place": Counts(len(places & got_places), len(places), len(got_places)),
        "fate": Counts(len(fates & got_fates), len(fates), len(got_fates)),
    }


_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()


def _day(fill: str) -> str | None:
    match = re.match(r"^(\d{1,2}) ([A-Z]{3}) (\d{2})$", fill.strip())
    return (
        f"19{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}" if match and match[2] in _MONTHS else None
    )


def raw_texts(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of the raw reports, as they came over the wire."""
    parts = re.split(
        r"^((?:DEV|TST\d)-MUC\d-\d{4})[^\n]*\n", need(path).read_text(encoding="latin-1"), flags=re.MULTILINE
    )
    for number in range(1, len(parts) - 1, 2):
        yield parts[number], parts[number + 1].strip("\n")


def run(data: Path, reader: Reader) -> dict[str, float]:
    """Template filling over `processed/dev.jsonl` (tst1 and tst2) as given and over the raw texts; the raw keys' slots."""
    folder = data / "muc4"
    texts = {i: t for f in ("tst1/tst1-muc3", "tst2/tst2-muc4") for i, t in raw_texts(folder / f)}
    keys = {**raw_keys(folder / "tst1/key-tst1.v7"), **raw_keys(folder / "tst2/key-tst2.v4")}
    totals = {
        name: Counts() for name in ("templates", "templates.lower_case", "responsibility", "date", "place", "fate")
    }
    for identifier, lowered, wanted in gold_templates(folder / "processed/dev.jsonl"):
        reading = read_text(reader, texts[identifier])
        lower = read_text(reader, lowered)
        found = {
            "templates": template_counts(wanted, predicted_templates(reading)),
            "templates.lower_case": template_counts(wanted, predicted_templates(lower)),
            "responsibility": responsibility_counts(
                gold_responsibility(keys.get(identifier, [])), predicted_responsibility(reading)
            ),
            **slot_counts(keys.get(identifier, []), reading),
        }
        for name, counts in found.items():
            totals[name].add(counts.right, counts.gold, counts.predicted)
    return {f"muc4.{name}": round(c.f1, 1) for name, c in totals.items()}
