"""Fits the weights by which events of different reports are found to be one: `python -m training events --data DIR`.

Pairs come from two places: MUC-4's keys (as `benchmarks/linking.py` has them), which know dense series of like events,
and the development half of our own multi-report cases, which know denials and statements. The cases stand for
the small piles that users bring, and weigh a third as much. Written to `event_weights.toml`.
"""

from __future__ import annotations

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
from benchmarks.linking import PRIOR, SHIFT, candidates, fit, matrix, read_reports, see
from benchmarks.relations import cases

from sayso.ingest import load_bytes
from sayso.link.accounts import Profile, profiles
from sayso.link.similarity import FEATURES
from sayso.read import Reader, load_reader, read_one
from sayso.records import Reading

OUT = Path(__file__).parent.parent / "src/sayso/link/event_weights.toml"
_CASES = 0.3
"""the weight of all cases' positive pairs together, beside those of MUC-4"""
MEANINGS = Path(__file__).parent / "event_features.json"


def case_pairs(reader: Reader) -> tuple[list[Profile], list[tuple[int, int]], list[float]]:
    """Pairs over the reports of the development cases: those of the linked words are one event; those of other cases are not."""
    items: list[Profile] = []
    pairs: list[tuple[int, int]] = []
    right: list[float] = []
    cased: list[list[int]] = []
    for case in cases("dev"):
        texts = {r["id"]: r["text"].strip("\n") for r in case["report"]}
        lines = [
            json.dumps({"id": r["id"], "outlet": r["outlet"], "date": r["date"], "text": texts[r["id"]]})
            for r in case["report"]
        ]
        readings = [read_one(d, reader) for d in load_bytes("\n".join(lines).encode(), "case.jsonl")]
        found: dict[str, list[tuple[int, Profile]]] = {}
        numbers = []
        for report, reading in zip(case["report"], readings, strict=True):
            assert isinstance(reading, Reading)
            for profile in profiles(reading):
                numbers.append(len(items))
                found.setdefault(report["id"], []).append((len(items), profile))
                items.append(profile)
        positive = set()
        for link in case.get("link", []):
            ends = [_told(found[link[s]["report"]], readings, case, link[s]) for s in ("left", "right")]
            positive |= {tuple(sorted(p)) for p in product(*ends)}
        pairs += sorted(positive)  # type: ignore[arg-type]
        right += [1.0] * len(positive)
        cased.append(numbers)
    for one, other in combinations(cased, 2):
        pairs += [(i, j) for i, j in product(one, other) if _near(items[i], items[j])]
    return items, pairs, right + [0.0] * (len(pairs) - len(right))


def _near(a: Profile, b: Profile) -> bool:
    return bool({w for w, _ in a.words[:10]} & {w for w, _ in b.words[:10]})


def _told(found: list[tuple[int, Profile]], readings: list[object], case: dict, end: dict) -> list[int]:  # type: ignore[type-arg]
    """The profiles whose events stand in the sentence of the key's words."""
    at = next(k for k, r in enumerate(case["report"]) if r["id"] == end["report"])
    reading = readings[at]
    assert isinstance(reading, Reading)
    start = reading.document.text.find(end["words"])
    stop = start + len(end["words"])
    inside = {e.id for e in reading.events if any(start - 40 <= t.start < stop + 40 for t in e.shown)}
    inside |= {a.id for a in reading.attributions if any(s.start < stop and start < s.end for s in a.content)}
    return [n for n, p in found if p.ref in inside]


def fit_events(data: Path) -> None:
    """Read all reports of MUC-4 and the cases, fit, write the weights. Takes some four minutes."""
    reader = load_reader()
    seen = see(data / "muc4", read_reports(data / "muc4", reader))
    refs = sorted(seen.profiles)
    known = [seen.profiles[r] for r in refs]
    pairs = candidates(known)
    rows = [matrix(known, pairs)]
    right = [np.array([float(seen.gold[refs[i]] == seen.gold[refs[j]]) for i, j in pairs])]
    items, more, told = case_pairs(reader)
    rows.append(matrix(items, more))
    right.append(np.array(told))
    weight = [np.ones(len(right[0])), np.where(right[1] > 0, _CASES * right[0].sum() / max(1.0, right[1].sum()), 1.0)]
    w = fit(np.concatenate(rows), np.concatenate(right), prior=PRIOR, weight=np.concatenate(weight))
    w[0] += SHIFT
    write({name: round(float(v), 3) for name, v in zip(FEATURES, w, strict=True)})


def write(weights: dict[str, float]) -> None:
    meanings: dict[str, str] = json.loads(MEANINGS.read_text(encoding="utf-8"))
    lines = [
        "# Weights of the logistic regression in similarity.py: the log-odds that two events of different reports are one.",
        "# Fitted by `python -m training events`; those marked * are set by hand (benchmarks/linking.py says why).",
        "",
        "[weights]",
        *(f"{name} = {value}  # {'* ' if name in PRIOR else ''}{meanings[name]}" for name, value in weights.items()),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
