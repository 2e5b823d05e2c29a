"""What is compared of two events, in words: links between events keep the features' names only, of which there are millions."""

from __future__ import annotations

FEATURES_TOLD = {
    "bias": "",
    "kind": "the same kind of event",
    "family": "kinds of event under which reports tell one incident",
    "force": "uses of force that reports may tell as one",
    "other_kind": "kinds of event that no one incident has",
    "statement": "a statement about an event that it does not describe",
    "day_same": "the same day",
    "day_near": "a day apart",
    "day_far": "different days",
    "day_loose": "one has no date of its own; the reports appeared within days",
    "undated": "one is spoken of long after, without a date",
    "place_same": "the same place",
    "place_near": "places of which one may lie in the other",
    "place_far": "different places, and few rare words in common",
    "by_share": "the same actors",
    "by_conflict": "different actors are named",
    "on_share": "the same people or things were hit",
    "on_conflict": "different people or things are named as hit",
    "by_wording": "words for those who acted in common",
    "on_wording": "words for those who were hit in common",
    "on_wording_day": "the same were hit on the same day",
    "count_share": "the same count",
    "count_conflict": "different counts",
    "wording": "telling words in common",
    "wording_strong": "much the same words",
    "wording_rare": "several telling words in common",
    "published_gap": "the time between the reports",
    "day_and_place": "day and place together",
    "place_and_wording": "place and wording together",
    "denial": "one denies what the other tells, for those whom it names",
}
"""feature of `link.similarity` → what it says"""
