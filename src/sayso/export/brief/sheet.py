"""What a brief is made of: frozen records, the same for every way of setting it out."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.records.terms import plain


@dataclass(frozen=True, slots=True)
class Footnote:
    """The exact words of somebody in a document. before, after: the text around them; start, end: code points of the document's text."""

    number: int
    words: str
    before: str
    after: str
    speaker: str
    document: str
    name: str
    outlet: str | None
    published: str | None
    address: str | None
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a line, with the numbers of the footnotes set behind it."""

    text: str
    notes: tuple[int, ...] = ()

    @property
    def marks(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What is printed for the numbers, and the numbers it stands for: "3", "7", and "9–12" for four in a row."""
        runs: list[list[int]] = []
        for number in sorted(set(self.notes)):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        split = [part for run in runs for part in ([run] if len(run) > 2 else [[number] for number in run])]
        return tuple((f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}", tuple(r)) for r in split)


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One value of a field. holders, deniers: each name with its footnotes."""

    value: str
    holders: Line
    deniers: Line
    informants: int
    origins: int
    documents: int
    said: str
    superseded: bool


@dataclass(frozen=True, slots=True)
class FieldTable:
    field: str
    name: str
    status: str
    credibility: str
    reasons: tuple[str, ...]
    positions: tuple[PositionRow, ...]


@dataclass(frozen=True, slots=True)
class Toll:
    """One count as somebody gave it. denied: he denies that count."""

    day: str
    kind: str
    count: str
    who: Words
    denied: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Who denied, contradicted, retracted or revised whose words, and when."""

    day: str
    line: Line


@dataclass(frozen=True, slots=True)
class Report:
    """One document behind the event. how: by which way its text came from its origin."""

    document: str
    name: str
    outlet: str | None
    published: str | None
    address: str | None
    sha256: str
    how: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Documents whose text goes back to one origin."""

    name: str
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """One event on paper. status: a line of counts; left_out: what a section does not show, in a sentence each."""

    event: str
    title: str
    days: str
    place: str | None
    status: str
    counts: str
    said: str
    last_said: str | None
    quarrel: tuple[Line, ...]
    fields: tuple[FieldTable, ...]
    tolls: tuple[Toll, ...]
    changes: tuple[Change, ...]
    origins: tuple[Origin, ...]
    footnotes: tuple[Footnote, ...]
    left_out: tuple[str, ...]
    version: str

    @property
    def care(self) -> str:
        return (
            "This brief reports who said what, on which words. Statuses are counts with their reasons and no verdicts: "
            "Sayso does not say what is true."
        )


def one_line(words: str) -> str:
    """Neutral as `plain` makes it, with a blank kept at either end: for words that stand between others."""
    neutral = plain(words)
    return f"{' ' if words[:1].isspace() and neutral else ''}{neutral}{' ' if words[-1:].isspace() else ''}"
