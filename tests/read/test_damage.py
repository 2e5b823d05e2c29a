"""Warnings: that they come where they should, say why, and stay away where they should not."""

from __future__ import annotations

import pytest

RAID = (
    "The Russian Volunteer Corps (RDK) and the Freedom of Russia Legion were responsible for the raid. "
    "“The responsibility has been taken by citizens of Russia, in particular North Korea and the Freedom of Russia Legion,” he said."
)


def _kinds(reading) -> list[str]:
    return [w.kind for w in reading.warnings]


def test_a_country_in_a_militias_place_is_warned_of_with_the_likely_reading(read) -> None:
    (warning,) = [w for w in read(RAID).warnings if w.kind == "name_out_of_place"]
    assert warning.text == "North Korea" and "RDK" in (warning.suggestion or "") and "translation" in warning.detail


def test_a_country_that_belongs_to_the_story_is_not(read) -> None:
    text = "The Korean People's Army (KPA) fired shells. South Korea accused North Korea of an attack. Soldiers of North Korea and the KPA withdrew."
    assert "name_out_of_place" not in _kinds(read(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The raid in the Russian obalst of Bryansk ended.", "misspelling"),
        ("The raid ended. The River Brigade, also known under the pseudonym Ivan Petrov, left.", "name_out_of_place"),
        ("The raid was â€œoverâ€\x9d, he said.", "broken_encoding"),
        ("The raid in Mоscow ended.", "mixed_script"),
        (
            "They attacked the town and its stubborn defenders twice that day. Kozinka, Gora and Mill in the district of Belgorod.",
            "no_main_verb",
        ),
        (
            "The raid killed ten people in the town on that day. A second toll: the raid killed thirty people in the town on that day.",
            "numbers_contradict",
        ),
        ("The committee met on Tuesday and talked about the new library for an hour.", "not_a_conflict_report"),
        (
            "Russland wurde in der Nacht angegriffen, und die Armee hat den Angriff sofort bestätigt und weiter berichtet.",
            "other_language",
        ),
        ("They left the raid behind and said so themselves.” Nobody asked them why it was so.", "stray_quotation_mark"),
    ],
)
def test_damage_is_named(text: str, kind: str, read) -> None:
    assert kind in _kinds(read(text))


def test_a_body_that_stands_twice_is_warned_of_once(read) -> None:
    paragraph = "Shells fell on the mill district on Monday morning, the mayor said, and two people were hurt there."
    assert _kinds(read(f"{paragraph}\n\n{paragraph}\n")).count("doubled_body") == 1


def test_a_clean_report_has_no_warning(read) -> None:
    assert read("The army said on Monday that gunmen had attacked a bus near Kyiv, killing two people.").warnings == ()
