"""Footnotes: the words that a brief rests on, numbered as they are first needed, each with its document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from sayso.export.brief.sheet import Footnote, Words
from sayso.export.sentences import Piece, Sentence
from sayso.ledger import schema
from sayso.records import ClaimEnd, Holder
from sayso.records.terms import document_name

_AROUND = 140
"""characters of the document shown on each side of the words"""
Place = tuple[str, int, int, str]
"""document, start, end, speaker: by these, words are the same words"""


@dataclass(frozen=True, slots=True)
class Source:
    """A document as footnotes and lists name it."""

    id: str
    name: str
    outlet: str | None
    published: str | None
    address: str | None
    sha256: str
    origin: str | None


class Notes:
    """Numbers the words that are asked for; the same words of the same speaker have one number throughout."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers: dict[Place, int] = {}
        self._sources: dict[str, Source] = {}

    def source(self, document: str) -> Source:
        if document not in self._sources:
            d = schema.documents.c
            columns = (d.id, d.path, d.url, d.title, d.outlet, d.origin, d.published, d.sha256)
            row: Any = self._connection.execute(select(*columns).where(d.id == document)).one()
            file = document_name(row.path, row.url, document)
            name = f"{row.title} ({file})" if row.title else file
            self._sources[document] = Source(
                row.id, name, row.outlet, row.published, row.url or None, row.sha256, row.origin
            )
        return self._sources[document]

    def of(self, holders: Iterable[Holder]) -> tuple[int, ...]:
        return tuple(self._number((h.document, h.span.start, h.span.end, self.voice(h))) for h in holders)

    def of_end(self, end: ClaimEnd, speaker: str) -> int:
        return self._number((end.document, end.start, end.end, speaker))

    def voice(self, holder: Holder) -> str:
        """Whose words a footnote says they are."""
        if holder.speaker:
            return holder.speaker
        if holder.informant.startswith("unnamed:"):
            return "an unnamed source"
        return f"{holder.outlet} in its own voice" if holder.outlet else "the report in its own voice"

    def line(self, sentence: Sentence) -> tuple[Words, ...]:
        """A mark stands at the narrowest words: none on a number whose holders are all named after it."""
        return tuple(
            Words(piece.text, () if _named_later(piece, sentence.pieces[n + 1 :]) else self.of(piece.holders))
            for n, piece in enumerate(sentence.pieces)
        )

    def _number(self, place: Place) -> int:
        return self._numbers.setdefault(place, len(self._numbers) + 1)

    def footnotes(self) -> tuple[Footnote, ...]:
        """All that were asked for, in order of their numbers."""
        return tuple(self._footnote(number, place) for place, number in self._numbers.items())

    def _footnote(self, number: int, place: Place) -> Footnote:
        document, start, end, speaker = place
        source = self.source(document)
        first = max(0, start - _AROUND)
        text = schema.documents.c.text
        around: str = self._connection.execute(
            select(func.substr(text, first + 1, end - first + _AROUND)).where(schema.documents.c.id == document)
        ).scalar_one()
        before, after = around[: start - first], around[end - first :]
        return Footnote(
            number=number,
            words=around[start - first : end - first],
            before=_since(before, first > 0),
            after=_until(after, len(after) == _AROUND),
            speaker=speaker,
            document=document,
            name=source.name,
            outlet=source.outlet,
            published=source.published,
            address=source.address,
            start=start,
            end=end,
            sha256=source.sha256,
        )


def _named_later(piece: Piece, rest: tuple[Piece, ...]) -> bool:
    later = {h.claim for p in rest for h in p.holders}
    return bool(piece.holders) and bool(later) and all(h.claim in later for h in piece.holders)


def _since(before: str, cut: bool) -> str:
    """The end of the text before the words: of the same paragraph, from a whole word on."""
    same = before.rpartition("\n")[2]
    if not cut or same != before:
        return same
    return "… " + same.partition(" ")[2]


def _until(after: str, cut: bool) -> str:
    same = after.partition("\n")[0]
    if not cut or same != after:
        return same
    return same.rpartition(" ")[0] + " …"
