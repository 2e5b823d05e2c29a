"""PolNeAR: token F1 of source, cue and content, and whole attributions, as docs/measures.md defines them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.counts import Counts
from benchmarks.reading import need, read_text
from sayso.read import Reader
from sayso.records import Reading

_TOKEN = re.compile(r"\w+|[^\w\s]")
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Triple:
    source: Spans
    cue: Spans
    content: Spans


def gold(folder: Path) -> Iterator[tuple[str, list[Triple]]]:
    """(text, its attributions) of every article: the first annotator's file by name, `E` lines."""
    names = sorted(path.stem for path in need(folder / "text").glob("*.txt"))
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / "attributions").glob("*.ann")):
        stem = path.stem
        while stem not in names and "_" in stem:
            stem = stem.rsplit("_", 1)[0]
        files[stem].append(path)
    for name in names:
        text = (folder / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        if files[name]:
            yield text, _annotations(files[name][0].read_text(encoding="utf-8"))


def _annotations(lines: str) -> list[Triple]:
    spans: dict[str, Spans] = {}
    triples = []
    for line in lines.splitlines():
        parts = line.split("\t")
        if len(parts) < 2:
            continue
        if parts[0].startswith("T"):
            pieces = parts[1].split(" ", 1)[1].split(";")
            spans[parts[0]] = [(int(p.split()[0]), int(p.split()[1])) for p in pieces]
        elif parts[0].startswith("E"):
            roles: dict[str, Spans] = defaultdict(list)
            for item in parts[1].split():
                role, _, target = item.partition(":")
                roles[re.sub(r"\d+$", "", role)].extend(spans.get(target, []))
            triples.append(Triple(roles["Source"], roles["Cue"], roles["Content"]))
    return triples


def predicted(reading: Reading) -> list[Triple]:
    return [
        Triple(
            [(a.source.start, a.source.end)] if a.source else [],
            [(a.cue.start, a.cue.end)] if a.cue else [],
            [(s.start, s.end) for s in a.content],
        )
        for a in reading.attributions
    ]


def _characters(spans: Spans) -> set[int]:
    return {k for start, end in spans for k in range(start, end)}


def token_counts(text: str, wanted: list[Triple], got: list[Triple]) -> dict[str, Counts]:
    starts = [m.start() for m in _TOKEN.finditer(text)]
    result = {}
    for kind in ("source", "cue", "content"):
        left = _characters([s for t in wanted for s in getattr(t, kind)])
        right = _characters([s for t in got for s in getattr(t, kind)])
        g, p = {s for s in starts if s in left}, {s for s in starts if s in right}
        result[kind] = Counts(len(g & p), len(g), len(p))
    return result


def whole_counts(wanted: list[Triple], got: list[Triple]) -> Counts:
    """One to one, first come."""
    open_ = [(_characters(t.source), _characters(t.cue), _characters(t.content)) for t in got]
    used: set[int] = set()
    for triple in wanted:
        source, cue, content = _characters(triple.source), _characters(triple.cue), _characters(triple.content)
        for number, (s, q, c) in enumerate(open_):
            if number in used or not _meet(source, s) or not _meet(cue, q):
                continue
            union = content | c
            if union and len(content & c) / len(union) >= 0.5:
                used.add(number)
                break
    return Counts(len(used), len(wanted), len(got))


def _meet(left: set[int], right: set[int]) -> bool:
    return bool(left & right) or (not left and not right)


def run(data: Path, reader: Reader) -> dict[str, float]:
    totals = {kind: Counts() for kind in ("source", "cue", "content", "whole")}
    for text, wanted in gold(data / "polnear" / "dev"):
        got = predicted(read_text(reader, text))
        for kind, counts in {**token_counts(text, wanted, got), "whole": whole_counts(wanted, got)}.items():
            totals[kind].add(counts.right, counts.gold, counts.predicted)
    return {f"polnear.{kind}": round(c.f1, 1) for kind, c in totals.items()}
