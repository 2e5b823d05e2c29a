"""Loads the ontology's data files, a user's folders laid over them, and says exactly which line is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from sayso.errors import DataError
from sayso.ontology.inflect import Irregular, past_forms, plural, verb_forms
from sayso.ontology.model import Actor, Cue, CueForm, EventType, Ontology, Stance, Trigger
from sayso.records import Codes

DATA = Path(__file__).parent / "data"
_CUE_KINDS = {"verb", "noun", "preposition", "adverb", "passive"}
_FACTUALITY = {"CT+", "CT-", "PR+", "PR-", "PS+", "PS-", "Uu"}
_CODES = ("plover", "plover_mode", "acled", "acled_sub", "ucdp", "muc4")
_OBJECTS = {"harm", "recipient", "target", "victim", "theme"}
_BE = ("is", "was", "are", "were", "be", "been", "being", "am")


@lru_cache(maxsize=4)
def load_ontology(overlays: tuple[Path, ...] = ()) -> Ontology:
    """Sayso's ontology with the files of the given folders laid over it, later ones over earlier ones.

    Raises DataError naming the file and line when a file is malformed, or a folder holds none of the known files.
    """
    folders = (DATA, *overlays)
    for folder in overlays:
        known = [n for n in ("cues.tsv", "events.toml", "actors.tsv", "places.tsv") if (folder / n).is_file()]
        if not known:
            raise DataError(f"overlay {folder}: holds none of cues.tsv, events.toml, actors.tsv, places.tsv")
    irregular: Irregular = {row[0]: (row[1], row[2]) for _, row in _rows(DATA / "irregular.tsv", 3)}
    stances = {row[0]: Stance(row[0], row[1] == "true", row[2]) for _, row in _rows(DATA / "stances.tsv", 3)}
    cues = {(c.text, c.kind): c for folder in folders for c in _cues(folder / "cues.tsv", stances)}
    types: dict[str, EventType] = {}
    triggers: dict[str, list[Trigger]] = {}
    for folder in folders:
        _events(folder / "events.toml", types, triggers, irregular)
    terms = _terms(DATA / "terms.toml")
    verb_tags, nominal = _verb_tags(cues.values(), triggers, terms, irregular)
    return Ontology(
        stances=stances,
        cues=tuple(cues.values()),
        cue_forms=_cue_forms(cues.values(), irregular),
        event_types=types,
        triggers={word: tuple(sorted(items, key=lambda t: -len(t.rest))) for word, items in triggers.items()},
        terms=terms,
        verb_tags=verb_tags,
        nominal_verbs=nominal,
        actors=tuple(a for folder in overlays for a in _actors(folder / "actors.tsv")),
        places=tuple(p for folder in overlays for p in _places(folder / "places.tsv")),
    )


def _rows(path: Path, columns: int) -> Iterator[tuple[int, list[str]]]:
    if not path.is_file():
        return
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 ({error}); save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = [cell.strip() for cell in line.split("\t")]
        if len(row) < columns:
            raise DataError(f"{path}, line {number}: {len(row)} columns, expected {columns} separated by tabs")
        yield number, row


def _cues(path: Path, stances: dict[str, Stance]) -> Iterator[Cue]:
    for number, (text, kind, stance, factuality, takes, sentence, *_) in _rows(path, 6):
        for value, allowed in ((kind, _CUE_KINDS), (stance, stances), (factuality, _FACTUALITY)):
            if value not in allowed:
                raise DataError(f"{path}, line {number}: unknown {value!r}; known: {', '.join(sorted(allowed))}")
        if not set(takes) <= set("cqnia"):
            raise DataError(f"{path}, line {number}: takes is {takes!r}; use the letters c q n i a")
        yield Cue(text.lower(), kind, stance, factuality, frozenset(takes), sentence)


def _cue_forms(cues: Any, irregular: Irregular) -> dict[str, tuple[CueForm, ...]]:
    forms: dict[str, list[CueForm]] = {}
    for cue in cues:
        first, *rest = cue.text.split()
        if cue.kind == "verb" and first != "be":
            inflected = verb_forms(first, irregular)
        elif cue.kind in {"verb", "passive"}:
            inflected = dict.fromkeys(_BE, "past")
        elif cue.kind == "noun":
            inflected = {first: "noun", plural(first): "noun"}
        else:
            inflected = {first: cue.kind}
        for word, form in inflected.items():
            forms.setdefault(word, []).append(CueForm(cue, tuple(rest), form))
    return {word: tuple(sorted(items, key=lambda f: -len(f.rest))) for word, items in forms.items()}


def _events(path: Path, types: dict[str, EventType], triggers: dict[str, list[Trigger]], irregular: Irregular) -> None:
    for name, table in _toml(path).items():
        if name not in types:
            codes = table.get("codes", {})
            unknown = set(codes) - set(_CODES)
            missing = {"family", "object", "example"} - set(table)
            if unknown or missing or table.get("object") not in _OBJECTS:
                raise DataError(
                    f"{path}, [{name}]: unknown codes {sorted(unknown)}, missing {sorted(missing)}; "
                    f"object must be one of {', '.join(sorted(_OBJECTS))}"
                )
            record = Codes(*(codes.get(code) for code in _CODES))
            types[name] = EventType(name, record, table["family"], table["object"], table["example"])
        weak = set(table.get("weak", ()))
        for verb in table.get("verbs", ()):
            first, *rest = verb.split("+")
            for word, form in verb_forms(first, irregular).items():
                gap = (
                    4
                    if rest
                    and rest[0]
                    in {
                        "fire",
                        "ablaze",
                        "afire",
                        "hostage",
                        "prisoner",
                        "up",
                        "down",
                        "terrorist",
                        "extremist",
                        "into",
                    }
                    else 0
                )
                triggers.setdefault(word, []).append(Trigger(types[name], tuple(rest), form, gap, verb in weak))
        for noun in table.get("nouns", ()):
            for text in {noun, plural(noun)}:
                first, *rest = text.split()
                triggers.setdefault(first, []).append(Trigger(types[name], tuple(rest), "noun", 0, noun in weak))


def _toml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not valid TOML: {error}") from error


def _terms(path: Path) -> dict[str, frozenset[str]]:
    terms = {}
    for name, table in _toml(path).items():
        words = {word.lower() if not name.startswith("known_") else word for word in table["words"]}
        if table.get("plural"):
            words |= {plural(word) for word in words}
        terms[name] = frozenset(words)
    return terms


def _verb_tags(
    cues: Any, triggers: dict[str, list[Trigger]], terms: dict[str, frozenset[str]], irregular: Irregular
) -> tuple[dict[str, str], frozenset[str]]:
    tags = {word: t.form for word, items in triggers.items() for t in items if t.form != "noun"}
    bases = {c.text.split()[0] for c in cues if c.kind == "verb"} - {"be"}
    for verb in sorted(bases | terms["common_verbs"] | set(irregular) - {"be"}):
        tags.update(verb_forms(verb, irregular))
    nominal = set()
    nouns = {word for word, items in triggers.items() for t in items if t.form == "noun" and not t.rest}
    for verb in terms["verb_or_noun"] | (nouns & {w for w, t in tags.items() if t == "base"}) | {"exile"}:
        past = past_forms(verb, irregular)
        nominal |= {
            form
            for form, kind in verb_forms(verb, irregular).items()
            if kind in {"base", "third"} or (kind == "past" and form == verb and past[0] == verb)
        }
    return tags, frozenset(nominal)


def _actors(path: Path) -> Iterator[Actor]:
    for number, row in _rows(path, 2):
        if row[1] not in {"Person", "Organisation"}:
            raise DataError(f"{path}, line {number}: type is {row[1]!r}; use Person or Organisation")
        aliases = tuple(a.strip() for a in row[2].split("|") if a.strip()) if len(row) > 2 else ()
        yield Actor(row[0], row[1], aliases)


def _places(path: Path) -> Iterator[tuple[str, float, float, str, str]]:
    for number, (name, lat, lon, country, kind, *_) in _rows(path, 5):
        try:
            place = (name, float(lat), float(lon), country.upper(), kind)
        except ValueError as error:
            raise DataError(f"{path}, line {number}: latitude and longitude must be numbers") from error
        if not (-90 <= place[1] <= 90 and -180 <= place[2] <= 180) or kind not in {
            "city",
            "district",
            "province",
            "country",
        }:
            raise DataError(
                f"{path}, line {number}: latitude within ±90, longitude within ±180, "
                "kind one of city, district, province, country"
            )
        yield place
