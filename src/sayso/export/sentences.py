"""What a sentence is made of: pieces that rest on holders, and those holders as the sentence names them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sayso.export.phrases import OWN_VOICE, many, number_word, speaker_words
from sayso.records import Holder, Position

NAMED = 4
"""so many are named before "and 3 others" """


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, with those on whose words it rests; none for the words that join the parts."""

    text: str
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about one field, "" for the sentence across fields. Its pieces joined are its text."""

    field: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(p.text for p in self.pieces)


@dataclass(slots=True)
class Informant:
    """One informant by the name that the sentences give him, with all that he says here."""

    name: str
    holders: list[Holder] = field(default_factory=list)

    @property
    def shown(self) -> str:
        voices = len({h.informant for h in self.holders})
        return (
            f"{number_word(voices)} reports in their own voice" if self.name == OWN_VOICE and voices > 1 else self.name
        )

    @property
    def party(self) -> bool:
        return any(h.interested for h in self.holders)

    @property
    def rank(self) -> int:
        """Those the ledger knows by name first, reports in their own voice last."""
        return 0 if self.holders[0].informant.startswith("name:") else 1 if self.holders[0].speaker else 2


def sentence(field: str, bits: Iterable[Piece]) -> Sentence:
    """With a capital and a full stop; pieces that rest on nobody flow together."""
    joined: list[Piece] = []
    for bit in (*bits, Piece(".")):
        if joined and not bit.holders and not joined[-1].holders:
            joined[-1] = Piece(joined[-1].text + bit.text)
        elif bit.text:
            joined.append(bit)
    first = joined[0]
    return Sentence(field, (Piece(first.text[:1].upper() + first.text[1:], first.holders), *joined[1:]))


def people(holders: Iterable[Holder]) -> list[Informant]:
    """Each name once."""
    found: dict[str, Informant] = {}
    for holder in holders:
        name = speaker_words(holder)
        found.setdefault(name.casefold(), Informant(name)).holders.append(holder)
    return sorted(found.values(), key=lambda who: who.rank)


def who(holders: Iterable[Holder], most: int = NAMED) -> list[Piece]:
    """ "Kyiv (a party to the event), a doctor and 3 others"."""
    everybody = people(holders)
    most = len(everybody) if len(everybody) <= most + 1 else most  # one more is named rather than counted
    together = len(everybody) > 1 and all(w.party for w in everybody)
    items: list[list[Piece]] = []
    for one in everybody[:most]:
        mark = " (a party to the event)" if one.party and not together else ""
        items.append([Piece(one.shown, tuple(one.holders)), Piece(mark)])
    if rest := everybody[most:]:
        items.append([Piece(f"{len(rest)} others", tuple(h for w in rest for h in w.holders))])
    whole = f" ({'both' if len(everybody) == 2 else 'all'} of them parties to the event)"
    return [*in_a_row(items), Piece(whole if together else "")]


def in_a_row(items: Sequence[list[Piece]]) -> list[Piece]:
    """ "a", "a and b", "a, b and c"."""
    found: list[Piece] = []
    for number, item in enumerate(items):
        between = "" if not number else " and " if number == len(items) - 1 else ", "
        found += [Piece(between), *item]
    return found


def reprints(position: Position) -> list[Piece]:
    """For what one informant alone says: how often it was printed."""
    if position.documents < 2 or position.informants > 1 or len(people(position.holders)) != 1:
        return []
    return [Piece(f" (printed in {position.documents} documents)", position.holders)]


def several(position: Position) -> Piece:
    """ "Eleven independent informants, in 9 documents of 6 origins,"."""
    where = (
        f"in {many(position.documents, 'document')} of {many(position.origins, 'origin')}"
        if position.documents > 1
        else "in the same document"
    )
    return Piece(f"{number_word(position.informants)} independent informants, {where},", position.holders)


def alike(positions: Iterable[Position]) -> list[list[Position]]:
    """Held positions by who holds them: what the same few say is told in one breath."""
    found: dict[tuple[str, ...], list[Position]] = {}
    for position in positions:
        if position.holders:
            key = tuple(sorted({f"{speaker_words(h)}\0{h.informant}" for h in position.holders}))
            found.setdefault(key if len(people(position.holders)) < NAMED else (position.value,), []).append(position)
    return list(found.values())
