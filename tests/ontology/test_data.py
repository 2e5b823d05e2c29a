"""The ontology's data files: complete, shown by sentences that work, and with errors that name the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.ontology import load_ontology
from sayso.settings import Settings

ONTOLOGY = load_ontology()


def test_the_lexicon_is_as_large_as_promised() -> None:
    assert len(ONTOLOGY.cues) >= 400
    assert all(cue.sentence.endswith((".", "”")) for cue in ONTOLOGY.cues)


def test_stances_are_those_of_the_design() -> None:
    assert set(ONTOLOGY.stances) == set(
        "asserts confirms denies accuses claims_responsibility doubts retracts threatens promises demands predicts believes asks".split()
    )


TRIGGERED = {t.type.name for items in ONTOLOGY.triggers.values() for t in items}


def test_only_the_quad_classes_have_no_trigger() -> None:
    quads = {f"{how}_{what}" for how in ("verbal", "material") for what in ("cooperation", "conflict")}
    assert set(ONTOLOGY.event_types) - TRIGGERED == quads


@pytest.mark.parametrize("name", sorted(TRIGGERED))
def test_every_event_type_is_found_in_its_own_sentence(name: str, read) -> None:
    reading = read(ONTOLOGY.event_types[name].example)
    assert name in {e.type for e in reading.events}, ONTOLOGY.event_types[name].example


def test_nearly_every_verb_is_found_in_its_own_sentence(read) -> None:
    verbs = [cue for cue in ONTOLOGY.cues if cue.kind == "verb"]
    missed = []
    for cue in verbs:
        first = cue.text.split()[0]
        cues = [a.cue.text.lower() for a in read(cue.sentence).attributions if a.cue]
        if not any(first[:3] in words or first == "be" for words in cues) and cue.text not in {"seek"}:
            missed.append(cue.text)
    assert len(missed) <= 0.12 * len(verbs), missed


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("cues.tsv", "say\tverb\tasserts\n", "line 1: 3 columns, expected 6"),
        ("cues.tsv", "# note\nmoan\tverb\twhines\tCT+\tc\tHe moaned.\n", "line 2: unknown 'whines'"),
        ("cues.tsv", "moan\tverb\tasserts\tCT+\tz\tHe moaned.\n", "takes is 'z'"),
        ("events.toml", "[siege\n", "not valid TOML"),
        ("events.toml", "[siege]\nverbs = ['besiege']\n", "missing"),
        ("actors.tsv", "RDK\tClub\n", "type is 'Club'"),
        ("places.tsv", "Kozinka\tnorth\t35.1\tRU\tcity\n", "latitude and longitude must be numbers"),
        ("places.tsv", "Kozinka\t95\t35.1\tRU\tcity\n", "latitude within"),
        ("notes.txt", "x", "holds none of"),
    ],
)
def test_a_malformed_overlay_is_named_with_its_line(tmp_path: Path, file: str, text: str, expected: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=expected):
        load_ontology((tmp_path,))


def test_an_overlay_adds_cues_events_actors_and_places(tmp_path: Path) -> None:
    from sayso.ingest import load_text
    from sayso.read import load_reader

    (tmp_path / "cues.tsv").write_text(
        "spill\tverb\tasserts\tCT+\tcq\tThe aide spilled that it failed.\n", encoding="utf-8"
    )
    (tmp_path / "places.tsv").write_text("Zmeyevka\t51.23\t35.47\tRU\tcity\n", encoding="utf-8")
    (tmp_path / "actors.tsv").write_text("Night Wolves\tOrganisation\tNW\n", encoding="utf-8")
    (tmp_path / "events.toml").write_text('[bombing]\nverbs = ["kaboom"]\n', encoding="utf-8")
    reader = load_reader("rules", Settings(overlays=(tmp_path,)))
    reading = reader.read(load_text("The aide spilled that the Night Wolves kaboomed a bridge in Zmeyevka."))
    assert [a.cue.text for a in reading.attributions if a.cue] == ["spilled"]
    assert any(m.place and m.place.lat == 51.23 for m in reading.mentions)
    assert any(m.type == "Organisation" and "Night Wolves" in m.text for m in reading.mentions)
    assert "bombing" in {e.type for e in reading.events}
