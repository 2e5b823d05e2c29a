"""Corrections: whether one can be kept, in the form in which claims write it, and what a corrected claim then says.

`checked` is asked before a decision is recorded; `holders` and the export of training data ask the rest, so that a corrected
claim counts as it is exported.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from sayso.errors import NotFoundError, UsageError
from sayso.ledger import schema
from sayso.ontology import load_ontology
from sayso.records import Correction

LONGEST = 5_000
"""characters of a span, of a value and of a name"""
_MOST_SPANS = 50
REALIS = ("happened", "attempted", "planned", "threatened", "hypothetical")
RESPONSIBILITY = ("reported_as_fact", "claimed", "accused", "accused_by_authorities", "possible", "denied")
_COUNT = re.compile(r"(\d+(?:\.\d+)?)?(–)?(\d+(?:\.\d+)?)?")


def checked(connection: Connection, ref: str, correction: Correction | None) -> Correction:
    """The correction as the ledger keeps it. Raises UsageError when it cannot be kept, NotFoundError when there is no such claim."""
    if correction is None or correction.empty:
        raise UsageError("a correction needs what is right: a value, a stance, a speaker, spans, or whether it is held")
    c, d = schema.claims.c, schema.documents.c
    document, _, claim = ref.partition(":")[2].partition("/")
    row = connection.execute(
        select(c.field, c.value, c.event_type, func.length(d.text).label("length"))
        .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
        .where(c.document_id == document, c.id == claim)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"no claim {claim!r} in document {document!r}; `sayso claims --format csv` shows their ids")
    stances = load_ontology().stances
    if correction.stance is not None and correction.stance not in stances:
        raise UsageError(f"no stance is called {correction.stance!r}; there are: {', '.join(stances)}")
    if correction.speaker is not None and len(correction.speaker) > LONGEST:
        raise UsageError(f"a speaker's name of {len(correction.speaker)} characters; at most {LONGEST} can be kept")
    spans = _spans(correction.spans, row.length)
    speaker = correction.speaker if correction.speaker is None else " ".join(correction.speaker.split())
    return replace(correction, value=_value(row, correction.value), spans=spans, speaker=speaker)


def _spans(spans: tuple[tuple[int, int], ...], length: int) -> tuple[tuple[int, int], ...]:
    if len(spans) > _MOST_SPANS:
        raise UsageError(f"{len(spans)} spans; at most {_MOST_SPANS} can be kept")
    for start, end in spans:
        if not 0 <= start < end <= length:
            raise UsageError(f"the span {start}:{end} is not in the text, which has {length} characters: 0 to {length}")
        if end - start > LONGEST:
            raise UsageError(f"the span {start}:{end} has {end - start} characters; at most {LONGEST} can be marked")
    ordered = tuple(sorted(set(spans)))
    for (_, end), (start, _) in zip(ordered, ordered[1:], strict=False):
        if start < end:
            raise UsageError(f"the spans overlap before {end}; mark each word once")
    return ordered


def _value(row: Any, value: str | None) -> str | None:
    if value is None:
        return None
    value = value.strip()
    if not value or len(value) > LONGEST:
        raise UsageError(f"a value has 1 to {LONGEST} characters, and this one {len(value)}")
    if row.field.startswith("casualties."):
        return _count(value)
    if row.field == "when":
        return _days(value)
    if row.field == "realis":
        told = value.rpartition(": ")[2].lower()
        if told not in REALIS:
            raise UsageError(f"{told!r} is not known of whether it happened; there are: {', '.join(REALIS)}")
        return f"{row.event_type}: {told}"
    if row.field == "responsibility" and value.rpartition(": ")[2] not in RESPONSIBILITY:
        return f"{value}: {row.value.rpartition(': ')[2]}"
    return value


def _count(value: str) -> str:
    written = re.sub(r"\s*[-–—]\s*", "–", value.replace(",", ""))
    match = _COUNT.fullmatch(written)
    if match is None or not (match[1] or match[3]):
        raise UsageError(f"{value!r} is no count; write 8, 8-12, 8- (at least) or -20 (at most)")
    return written


def _days(value: str) -> str:
    """As claims write days: a month or year from its first to its last day."""
    try:
        spans = [_first_last(part) for part in value.split("/")]
    except ValueError as error:
        raise UsageError(f"{value!r} is no day; write 2023-05-22, or 2023-05-22/2023-05-24 for several") from error
    return "/".join(dict.fromkeys((spans[0][0], spans[-1][1])))


def _first_last(day: str) -> tuple[str, str]:
    if "T" in day:
        datetime.fromisoformat(day)
        return day, day
    if re.fullmatch(r"\d{4}", day):
        return f"{day}-01-01", f"{day}-12-31"
    if re.fullmatch(r"\d{4}-\d{2}", day):
        year, month = int(day[:4]), int(day[5:])
        return date(year, month, 1).isoformat(), f"{day}-{monthrange(year, month)[1]:02}"
    return date.fromisoformat(day).isoformat(), date.fromisoformat(day).isoformat()


def value_after(value: str, old_words: str, new_words: str) -> str:
    """The value of a claim whose words were marked anew: one that repeats its words follows them ("the army: accused")."""
    if value == old_words:
        return new_words
    head, told = f"{old_words}: ", value.rpartition(": ")[2]
    return f"{new_words}: {told}" if value.startswith(head) else value


def holds_after(correction: Correction, holds: bool, stance: str) -> bool:
    """Whether the corrected claim is held: as it was said to be, else as its new stance has it."""
    if correction.holds is not None:
        return correction.holds
    if correction.stance is None:
        return holds
    stances = load_ontology().stances
    was = stances[stance].holds if stance in stances else True
    return stances[correction.stance].holds and (holds or not was)
