"""A reading with people's decisions on its claims applied: what was rejected leaves with the part that it stands for, what was
corrected is replaced in the claim and in the part that it came from. Every span stays exact words of the text.

Claims keep their ids: they say which claim of the ledger was judged. Where a decision leaves a part without words in the text (a
speaker whom the document does not name), the part is left out rather than guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sayso.export.mending_parts import Parts, hull, mended_item
from sayso.ledger.correcting import holds_after, value_after
from sayso.ledger.judging import Ruling
from sayso.records import Argument, Attribution, Claim, Correction, Reading, Responsibility, Source, Span

_WORDS = (Argument, Responsibility)
"""items whose value repeats their words"""


def mended(reading: Reading, rulings: Mapping[str, Ruling]) -> Reading:
    """rulings: claim's id → what holds of it."""
    mender = _Mender(reading, rulings)
    for claim in reading.claims:
        ruling = rulings.get(claim.id)
        if ruling and ruling.decision == "reject":
            mender.reject(claim)
        elif ruling and ruling.correction:
            mender.correct(claim, ruling.correction)
    return mender.reading()


class _Mender:
    """The reading on its way: its parts, and its claims by their ids."""

    def __init__(self, reading: Reading, rulings: Mapping[str, Ruling]) -> None:
        self.read = reading
        self.text = reading.document.text
        self.rulings = rulings
        self.parts = Parts(reading)
        self.claims: dict[str, Claim] = {c.id: c for c in reading.claims}
        self.places = {c.id: self.parts.places_of(c) for c in reading.claims}

    def reading(self) -> Reading:
        return self.parts.reading(tuple(self.claims.values()))

    # -- rejected ---------------------------------------------------------------------------------------------

    def reject(self, claim: Claim) -> None:
        self.claims.pop(claim.id, None)
        if claim.field == "content":
            self.parts.drop_content(claim.attribution)
        for place in self.places[claim.id]:
            item = self.parts.at(place)
            if claim.field == "fate" and isinstance(item, Argument):
                self.parts.put(place, replace(item, fate=None))
                continue
            self.parts.put(place, None)
            for other in self._beside(claim):
                self.claims.pop(other.id, None)

    def _beside(self, claim: Claim) -> list[Claim]:
        """Other claims that stand for the same item: an argument and its fate."""
        mine = set(self.places[claim.id])
        return [c for c in self.claims.values() if c.id != claim.id and mine & set(self.places[c.id])]

    # -- corrected --------------------------------------------------------------------------------------------

    def correct(self, claim: Claim, told: Correction) -> None:
        now = self.claims.get(claim.id)
        if now is None:
            return  # its item left with another claim
        if told.speaker is not None:
            now = self._say(now, told)
            if now is None:
                return
        spans = self._spans(now, told)
        value = told.value or value_after(now.value, _joined(now.spans), _joined(spans))
        right = replace(
            now,
            value=value,
            spans=spans,
            stance=told.stance or now.stance,
            holds=holds_after(told, now.holds, now.stance),
        )
        self._stand(now, told)
        for place in self.places[claim.id]:
            item = self.parts.at(place)
            if item is not None:
                self.parts.put(place, mended_item(self.parts, item, now, right))
        if now.field == "content" and spans != now.spans:
            self.parts.set_content(now.attribution, spans)
        if now.field == "realis" and now.event and spans != now.spans:
            self.parts.move_trigger(now.event, now.spans[0], hull(self.text, spans))
        for other in self._beside(now):
            moved = value_after(other.value, _joined(now.spans), _joined(spans))
            self.claims[other.id] = replace(other, value=moved, spans=spans)
        self.claims[claim.id] = right

    def _spans(self, claim: Claim, told: Correction) -> tuple[Span, ...]:
        """Where the claim's words are: as marked, else where the corrected name stands next to the old one."""
        if told.spans:
            return tuple(Span(s, e, self.text[s:e]) for s, e in told.spans)
        items = [self.parts.at(place) for place in self.places[claim.id]]
        if told.value is not None and (claim.field == "content" or any(isinstance(i, _WORDS) for i in items)):
            name = told.value.rpartition(": ")[0] if claim.field in {"responsibility", "fate"} else told.value
            found = self.parts.nearest(name, claim.spans[0].start) if name and name != _joined(claim.spans) else None
            return (found,) if found else claim.spans
        return claim.spans

    def _stand(self, claim: Claim, told: Correction) -> None:
        """The stance, in the attribution and in the other claims that it makes, but for those that people judged themselves."""
        said = self.parts.attributions.get(claim.attribution or "")
        if said is None or told.stance is None:
            return
        self.parts.attributions[said.id] = replace(said, stance=told.stance, negated=False)
        for other in self._of(said.id, claim):
            holds = holds_after(Correction(stance=told.stance), other.holds, other.stance)
            self.claims[other.id] = replace(other, stance=told.stance, holds=holds)

    def _of(self, attribution: str, but: Claim) -> list[Claim]:
        return [
            c
            for c in self.claims.values()
            if c.attribution == attribution and c.id != but.id and c.id not in self.rulings
        ]

    def _say(self, claim: Claim, told: Correction) -> Claim | None:
        """In whose mouth it is; None when it leaves, a free content that nobody says."""
        said = self.parts.attributions.get(claim.attribution or "")
        if not told.speaker:
            if claim.field == "content":
                self.reject(claim)
                return None
            return self._ascribe(claim, None)
        near = said.cue.start if said and said.cue else claim.spans[0].start
        if said is not None:
            kept = said.source if said.source and not self.parts.names_somebody(said.source) else None
            source = self.parts.speaker(told.speaker, near, kept)
            self.parts.attributions[said.id] = replace(said, source=source)
            return claim
        source = self.parts.speaker(told.speaker, near, None)
        return self._ascribe(claim, self._new(claim, source, told.stance or "asserts"))

    def _new(self, claim: Claim, source: Source | None, stance: str) -> str:
        id_ = self.parts.free_id("a", self.parts.attributions)
        self.parts.attributions[id_] = Attribution(id_, source, None, claim.spans, "indirect", stance, False, None, 1.0)
        return id_

    def _ascribe(self, claim: Claim, attribution: str | None) -> Claim:
        for place in self.places[claim.id]:
            item: Any = self.parts.at(place)
            if item is not None:
                self.parts.put(place, replace(item, attribution=attribution))
        for other in self._beside(claim):
            self.claims[other.id] = replace(other, attribution=attribution)
        return replace(claim, attribution=attribution)


def _joined(spans: tuple[Span, ...]) -> str:
    return " … ".join(s.text for s in spans)
