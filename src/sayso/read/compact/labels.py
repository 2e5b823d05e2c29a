"""The label sets that the trained heads speak in, in the order of their outputs. Changing one means training anew."""

from __future__ import annotations

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "VictimDescribed", "Weapon")
"""MUC-4's string slots; human targets named (`Victim`) and only described apart"""
INCIDENTS = ("attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage")
RESPONSIBILITY = ("reported_as_fact", "claimed", "accused", "accused_by_authorities", "possible", "denied")
FATES = ("unknown", "killed", "injured", "unharmed", "released")
STAGES = ("happened", "attempted", "threatened")
COUNTS = 4
"""classes of how many incidents of a kind a text tells: 0, 1, 2, 3 or more"""
MENTIONS = (
    "Person",
    "Organisation",
    "Location",
    "Nationality",
    "Temporal",
    "Quantity",
    "Money",
    "Weapon",
    "MilitaryPlatform",
    "DocumentReference",
)
PARTIES = ("S", "T")
"""who acts and at whom it is aimed, in a sentence that tells a political event"""
QUADS = 5
"""0 none, 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict"""


def bio(kinds: tuple[str, ...]) -> int:
    """How many outputs a BIO head has: O, then B and I of each kind."""
    return 1 + 2 * len(kinds)


TAGS = {
    "cue": 3,
    "source": 2,
    "content": 2,
    "mention": bio(MENTIONS),
    "party": bio(PARTIES),
    "role": bio(ROLES),
    "toponym": 3,
}
"""token heads, in the order of the encoder's `tags` output → their number of outputs"""
STANCES = (
    "asserts",
    "confirms",
    "denies",
    "accuses",
    "claims_responsibility",
    "doubts",
    "retracts",
    "threatens",
    "promises",
    "demands",
    "predicts",
    "believes",
    "asks",
)
JOIN = ("none", "source", "content")
"""what a piece is to a cue"""
PAIRS = ("different", "same incident", "same filler")
"""what two fillers of roles are to each other"""


def columns() -> dict[str, slice]:
    """Where each token head lies in the `tags` output."""
    result, at = {}, 0
    for name, width in TAGS.items():
        result[name] = slice(at, at + width)
        at += width
    return result
