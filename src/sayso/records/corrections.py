"""What a person says a claim really is: the parts of it that were read wrongly, as they should have been read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """Parts that are None (and no spans) stay as they were read.

    value: as claims write it ("8", "60–", "2023-05-22", "attack: attempted"). stance: one of the ontology's. holds: whether the
    speaker holds it or denies it. speaker: a name, or "" for the outlet's own voice. spans: (start, end) in the document's
    text, code points, end exclusive.
    """

    value: str | None = None
    stance: str | None = None
    holds: bool | None = None
    speaker: str | None = None
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def empty(self) -> bool:
        return self == Correction()
