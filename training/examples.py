"""Reference data → examples: word pieces with the labels that each data set has.

A data set labels only what it was made for; every example names its task, and the losses look at nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from benchmarks.reading import need, read_text
from tokenizers import Tokenizer

from benchmarks import muc, places, polnear, spans
from sayso.read import load_reader
from sayso.read.compact import labels
from sayso.read.compact.pieces import Pieces, cut

IGNORED = -100

Labels = npt.NDArray[np.int64]


@dataclass(slots=True)
class Cue:
    """A cue's pieces [first, last) and, by piece ranges, its source and content; `stance` is IGNORED when unknown."""

    first: int
    last: int
    source: list[tuple[int, int]]
    content: list[tuple[int, int]]
    stance: int = IGNORED


@dataclass(slots=True)
class Filler:
    """A string that fills a role: pieces [first, last), and what the keys say of it. `entity` numbers the fillers."""

    first: int
    last: int
    role: int
    entity: int
    templates: frozenset[int]
    kinds: frozenset[int]
    responsibility: int = IGNORED
    fate: int = IGNORED
    stage: int = IGNORED


@dataclass(slots=True)
class Example:
    """One text of one task: `tags` has one row for each token head that the task trains."""

    task: str
    name: str
    pieces: Pieces
    tags: dict[str, Labels] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)
    fillers: list[Filler] = field(default_factory=list)
    templates: list[tuple[int, list[int]]] = field(default_factory=list)
    """(incident kind, the entities that fill it)"""
    quad: int = IGNORED


def _bio(pieces: Pieces, marked: list[tuple[int, int, int]]) -> Labels:
    """(start, end, kind) in characters → BIO numbers; longer spans last, so that of nested ones the outer stays."""
    row = np.zeros(len(pieces), dtype=np.int64)
    for start, end, kind in sorted(marked, key=lambda m: m[1] - m[0]):
        first, last = pieces.inside(start, end)
        if last > first:
            row[first:last] = 2 + 2 * kind
            row[first] = 1 + 2 * kind
    return row


def _ranges(pieces: Pieces, marked: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in (pieces.inside(s, e) for s, e in marked) if b > a]


def polnear_examples(data: Path, split: str, tokenizer: Tokenizer, stances: bool = True) -> Iterator[Example]:
    """PolNeAR articles. Stances are the lexicon's own where the `rules` reader knows the cue: the head spreads them
    to cues that the lexicon does not list."""
    rules = load_reader("rules") if stances else None
    for number, (text, triples) in enumerate(polnear.gold(data / "polnear" / split)):
        pieces = cut(text, tokenizer)
        known = {}
        if rules:
            for a in read_text(rules, text).attributions:
                if a.cue and not a.negated:
                    known[pieces.inside(a.cue.start, a.cue.end)[0]] = labels.STANCES.index(a.stance)
        example = Example("polnear", f"{split}-{number}", pieces)
        marks: dict[str, list[tuple[int, int]]] = {"source": [], "content": []}
        cues = []
        for t in triples:
            marks["source"] += t.source
            marks["content"] += t.content
            if t.cue:
                start, end = min(s for s, _ in t.cue), max(e for _, e in t.cue)
                cues.append((start, end, 0))
                first, last = pieces.inside(start, end)
                if last > first:
                    stance = next((known[k] for k in range(first, last) if k in known), IGNORED)
                    example.cues.append(Cue(first, last, _ranges(pieces, t.source), _ranges(pieces, t.content), stance))
        example.tags["cue"] = _bio(pieces, cues)
        for kind, marked in marks.items():
            row = np.zeros(len(pieces), dtype=np.int64)
            for a, b in _ranges(pieces, marked):
                row[a:b] = 1
            example.tags[kind] = row
        yield example


def _locate(text: str, words: str) -> list[tuple[int, int]]:
    """Every place where the words of a key stand, whatever the white space and letter case."""
    parts = [re.escape(w) for w in words.split()]
    if not parts:
        return []
    pattern = r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)"
    return [m.span() for m in re.finditer(pattern, text, re.IGNORECASE)]


_SLOT_FATES = {"DEATH": "killed", "INJURY": "injured", "NO INJURY": "unharmed", "NO INJURY OR DEATH": "unharmed"}
_STAGE = {"ACCOMPLISHED": 0, "ATTEMPTED": 1, "THREATENED": 2}


def muc_examples(data: Path, split: str, tokenizer: Tokenizer) -> Iterator[Example]:
    """MUC-4 reports as they came over the wire, with the raw keys. `split`: train (the 1,300) or dev (tst1 and tst2)."""
    folder = data / "muc4"
    if split == "train":
        texts = sorted((need(folder / "dev")).glob("dev-muc3-*"))
        keys = sorted((folder / "dev").glob("key-*"))
    else:
        texts = [folder / "tst1/tst1-muc3", folder / "tst2/tst2-muc4"]
        keys = [folder / "tst1/key-tst1.v7", folder / "tst2/key-tst2.v4"]
    filled: dict[str, list[muc.Key]] = {}
    for path in keys:
        for name, found in muc.raw_keys(path).items():
            filled[name.split()[0]] = found
    for path in texts:
        for name, text in muc.raw_texts(path):
            yield _muc_example(name, text, filled.get(name, []), tokenizer)


_ROLE_SLOTS = {"PerpInd": 9, "PerpOrg": 10, "Target": 12, "Victim": 18, "VictimDescribed": 19, "Weapon": 6}


def _strings(fill: str) -> list[str]:
    return [m.replace('\\"', '"') for m in re.findall(r'"((?:[^"\\]|\\.)*)"', fill)]


def _muc_example(name: str, text: str, keys: list[muc.Key], tokenizer: Tokenizer) -> Example:
    pieces = cut(text, tokenizer)
    example = Example("muc", name, pieces)
    entities: list[tuple[int, set[str]]] = []
    facts: list[dict[str, object]] = []
    number = 0
    for key in keys:
        kind = next((k for k in key.slots.get(4, []) if k not in {"*", "-"}), None)
        if kind is None or kind.lstrip("? ").lower() not in labels.INCIDENTS:
            continue
        kind_number = labels.INCIDENTS.index(kind.lstrip("? ").lower())
        stage = next((_STAGE[s] for s in key.slots.get(5, []) if s in _STAGE), IGNORED)
        members = []
        for role, slot in _ROLE_SLOTS.items():
            for fill in key.slots.get(slot, []):
                strings = {s.lower() for s in _strings(fill.split(":")[0] if slot == 18 and ":" in fill else fill)}
                if slot == 18 and ":" in fill:  # "NAME": "TITLE"
                    strings = {s.lower() for s in _strings(fill.split(":")[0])}
                if not strings or (fill.startswith("?") and slot not in {9, 10}):
                    strings = strings if strings else set()
                if not strings:
                    continue
                role_number = labels.ROLES.index(role)
                at = next((k for k, (r, known) in enumerate(entities) if r == role_number and known & strings), None)
                if at is None:
                    at = len(entities)
                    entities.append((role_number, set()))
                    facts.append({"templates": set(), "kinds": set(), "optional": True})
                entities[at][1].update(strings)
                fact = facts[at]
                fact["templates"].add(number)  # type: ignore[attr-defined]
                fact["kinds"].add(kind_number)  # type: ignore[attr-defined]
                fact["optional"] = bool(fact["optional"]) and fill.startswith("?")
                fact.setdefault("stage", stage)
                if slot == 10:
                    _add_label(fact, key, strings)
                if slot in {18, 19}:
                    _add_fate(fact, key, strings)
                members.append(at)
        example.templates.append((kind_number, sorted(set(members))))
        number += 1
    row = np.zeros(len(pieces), dtype=np.int64)
    spans_: list[tuple[int, int, int, int]] = []
    for at, (role, strings) in enumerate(entities):
        for words in strings:
            spans_ += [(s, e, role, at) for s, e in _locate(text, words)]
    taken: list[tuple[int, int]] = []
    for start, end, role, at in sorted(spans_, key=lambda x: (x[0] - x[1], x[0])):
        if any(s < end and start < e for s, e in taken):
            continue
        taken.append((start, end))
        first, last = pieces.inside(start, end)
        if last <= first:
            continue
        fact = facts[at]
        if fact["optional"]:
            row[first:last] = IGNORED
            continue
        row[first:last] = 2 + 2 * role
        row[first] = 1 + 2 * role
        example.fillers.append(
            Filler(
                first,
                last,
                role,
                at,
                frozenset(fact["templates"]),  # type: ignore[arg-type]
                frozenset(fact["kinds"]),  # type: ignore[arg-type]
                fact.get("label", IGNORED),  # type: ignore[arg-type]
                fact.get("fate", IGNORED),  # type: ignore[arg-type]
                fact.get("stage", IGNORED),  # type: ignore[arg-type]
            )
        )
    example.fillers.sort(key=lambda f: f.first)
    example.tags["role"] = row
    return example


def _add_label(fact: dict[str, object], key: muc.Key, strings: set[str]) -> None:
    for fill in key.slots.get(11, []):
        label, _, names = fill.lstrip("? ").partition(":")
        first = label.split("/")[0].strip().strip("(")
        if first in muc.LABELS and {s.lower() for s in _strings(names)} & strings:
            fact.setdefault("label", labels.RESPONSIBILITY.index(muc.LABELS[first]))


def _add_fate(fact: dict[str, object], key: muc.Key, strings: set[str]) -> None:
    fact.setdefault("fate", 0)
    for fill in key.slots.get(23, []):
        effect, _, names = fill.lstrip("? ").partition(":")
        effect = effect.split("/")[0].strip()
        if {s.lower() for s in _strings(names)} & strings:
            if effect in _SLOT_FATES:
                fact["fate"] = labels.FATES.index(_SLOT_FATES[effect])
            elif effect == "REGAINED FREEDOM":
                fact["fate"] = labels.FATES.index("released")


def re3d_examples(data: Path, split: str, tokenizer: Tokenizer) -> Iterator[Example]:
    for number, (text, marked) in enumerate(spans.sentences(data / "re3d" / f"{split}.conll")):
        pieces = cut(text, tokenizer)
        kinds = [
            (s, e, labels.MENTIONS.index("MilitaryPlatform" if k == "Vehicle" else k))
            for s, e, k in marked
            if k in labels.MENTIONS or k == "Vehicle"
        ]
        yield Example("re3d", f"{split}-{number}", pieces, {"mention": _bio(pieces, kinds)})


def cameo_examples(data: Path, split: str, tokenizer: Tokenizer) -> Iterator[Example]:
    for number, (text, marked) in enumerate(spans.sentences(data / "cameo/ner_train.conll")):
        if spans.held_out(number) == (split == "dev"):
            pieces = cut(text, tokenizer)
            kinds = [(s, e, labels.PARTIES.index(k)) for s, e, k in marked if k in labels.PARTIES]
            yield Example("cameo", f"{split}-{number}", pieces, {"party": _bio(pieces, kinds)})


def quad_examples(data: Path, split: str, tokenizer: Tokenizer) -> Iterator[Example]:
    for number, line in enumerate(need(data / "cameo/class_train.tsv").read_text(encoding="utf-8").splitlines()):
        text, _, quad = line.rpartition("\t")
        if text and quad.strip().isdigit() and spans.held_out(number) == (split == "dev"):
            yield Example("quad", f"{split}-{number}", cut(text, tokenizer), quad=int(quad))


def toponym_examples(data: Path, split: str, tokenizer: Tokenizer) -> Iterator[Example]:
    for number, (text, marked) in enumerate(places.gold(data / "geoparsing/lgl.xml")):
        if spans.held_out(number) == (split == "dev"):
            pieces = cut(text, tokenizer)
            row = _bio(pieces, [(t.start, t.end, 0) for t in marked])
            yield Example("toponym", f"{split}-{number}", pieces, {"toponym": row})


READERS = {
    "polnear": polnear_examples,
    "muc": muc_examples,
    "re3d": re3d_examples,
    "cameo": cameo_examples,
    "quad": quad_examples,
    "toponym": toponym_examples,
}
"""task → its data reader; (data folder, "train" or "dev", tokenizer) → examples"""
