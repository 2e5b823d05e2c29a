"""Denials and contradictions: multi-report cases of our own (`benchmarks/cases/relations-*.toml`), read, linked and scored.

Each case is a ledger of its own. A link of the key is found when a link of that relation stands between the two
documents and overlaps the key's words on both sides; one to one. F1 over denies, contradicts, retracts and supersedes,
micro-averaged; links of cases that expect none count as wrong.
"""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.counts import Counts
from sayso.ingest import load_bytes
from sayso.ledger import open_ledger
from sayso.link import link
from sayso.pipeline import add_documents
from sayso.read import Reader
from sayso.records import Link

CASES = Path(__file__).parent / "cases"
SCORED = ("denies", "contradicts", "retracts", "supersedes")


def cases(half: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((CASES / f"relations-{half}.toml").read_text(encoding="utf-8"))["case"]
    return found


def linked(case: dict[str, Any], reader: Reader) -> tuple[list[Link], dict[str, str]]:
    """(links, document id → report id) of a case read into a ledger of its own."""
    lines = [
        json.dumps({"id": r["id"], "outlet": r["outlet"], "date": r["date"], "text": r["text"].strip("\n")})
        for r in case["report"]
    ]
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "case.db") as ledger:
        add_documents(load_bytes("\n".join(lines).encode(), "case.jsonl"), ledger, reader)
        links = list(link(ledger))
        names = {d["id"]: str(d["path"]).rpartition("#")[2] for d in ledger.documents()}
    return links, names


def score(case: dict[str, Any], links: list[Link], reports: dict[str, str]) -> tuple[Counts, list[str]]:
    texts = {r["id"]: r["text"].strip("\n") for r in case["report"]}
    wanted = [k for k in case.get("link", []) if k["relation"] in SCORED]
    found = [k for k in links if k.relation in SCORED]
    open_ = list(found)
    right, notes = 0, []
    for key in wanted:
        match = next(
            (
                k
                for k in open_
                if k.relation == key["relation"]
                and _meets(k.left, key["left"], texts, reports)
                and _meets(k.right, key["right"], texts, reports)
            ),
            None,
        )
        if match:
            open_.remove(match)
            right += 1
        else:
            notes.append(
                f"missed {key['relation']} {key['left']['report']}: {key['left']['words']!r} → {key['right']['report']}: {key['right']['words']!r}"
            )
    notes += [
        f"wrong {k.relation} [{k.field}] {reports[k.left.document]}: {k.left.text!r} → {reports[k.right.document]}: {k.right.text!r}"
        for k in open_
    ]
    return Counts(right, len(wanted), len(found)), notes


def _meets(end: Any, key: dict[str, str], texts: dict[str, str], reports: dict[str, str]) -> bool:
    start = texts[key["report"]].find(key["words"])
    return reports[end.document] == key["report"] and end.start < start + len(key["words"]) and start < end.end


def evaluate(half: str, reader: Reader) -> Iterator[tuple[dict[str, Any], Counts, list[str]]]:
    for case in cases(half):
        links, reports = linked(case, reader)
        yield case, *score(case, links, reports)


def run(data: Path, reader: Reader) -> dict[str, float]:
    result: dict[str, float] = {}
    for half in ("dev", "more", "third", "held"):
        total = Counts()
        for _, counts, _ in evaluate(half, reader):
            total.add(counts.right, counts.gold, counts.predicted)
        result |= {f"relations.{half}.{k}": v for k, v in total.row().items()}
    return result
