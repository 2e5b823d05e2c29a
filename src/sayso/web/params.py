"""What a request asks for, as the ledger's filters; pages and API read the same parameters. A blank field is none."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from sayso.ledger import ClaimFilter
from sayso.ledger.views import EventFilter
from sayso.ontology import load_ontology
from sayso.web.access.refusal import Refusal
from sayso.weigh.signals import STATUSES


def _blank(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def is_day(value: str | None) -> str | None:
    """Raises ValueError for a day that no calendar has, or that is written otherwise."""
    if value is not None:
        try:
            right = date.fromisoformat(value).isoformat() == value
        except ValueError:
            right = False
        if not right:
            raise ValueError("write a day as 2023-05-22")
    return value


def _plain(value: str | None) -> str | None:
    if value is not None and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ValueError("this holds characters that are no text")
    return value


# limits stand on the inner type: on the optional one they would be asked of None as well, and fail
_Words = Annotated[str, StringConstraints(max_length=400)]
Words = Annotated[_Words | None, BeforeValidator(_blank), AfterValidator(_plain), Query()]
Day = Annotated[
    str | None, BeforeValidator(_blank), AfterValidator(is_day), Query(description="ISO 8601 day: 2023-05-22")
]
Flag = Annotated[bool, BeforeValidator(lambda v: False if v == "" else v)]
Limit = Annotated[int, Query(ge=1, le=500)]
Number = Annotated[int, Query(ge=0, le=2**53)]


def day_range(since: Day = None, until: Day = None) -> tuple[str | None, str | None]:
    if since and until and since > until:
        raise Refusal(422, "invalid", f"since {since} is after until {until}", "swap them")
    return since, until


Days = Annotated[tuple[str | None, str | None], Depends(day_range)]


def claim_filter(
    days: Days,
    who: Words = None,
    stance: Words = None,
    about: Words = None,
    field: Words = None,
    event_type: Words = None,
    document: Words = None,
    attributed: Flag = False,
    speaker: Words = None,
    outlet: Words = None,
    event: Words = None,
    place: Words = None,
    status: Words = None,
) -> ClaimFilter:
    """who, about: words anywhere; speaker, outlet, place: exactly, as facets give them; event: a linked event's id."""
    _known("stance", stance, load_ontology().stances)
    _known("event_type", event_type, load_ontology().event_types)
    _known("status", status, STATUSES)
    return ClaimFilter(
        who=who, stance=stance, about=about, field=field, event_type=event_type, document=document, since=days[0], until=days[1],
        attributed=attributed, speaker=speaker, outlet=outlet, event=event, place=place, status=status,
    )  # fmt: skip


def event_filter(
    days: Days,
    disputed: Flag = False,
    shared: Flag = False,
    near: Words = None,
    kilometres: Annotated[Annotated[float, Field(gt=0, le=2000)] | None, BeforeValidator(_blank), Query()] = None,
    type: Words = None,
    status: Words = None,
    place: Words = None,
    document: Words = None,
) -> EventFilter:
    """near: a place known to the gazetteer; shared: told by at least two documents."""
    _known("type", type, load_ontology().event_types)
    _known("status", status, STATUSES)
    return EventFilter(disputed, near, kilometres, days[0], days[1], type, shared, document, None, status, place)


Claims = Annotated[ClaimFilter, Depends(claim_filter)]
Events = Annotated[EventFilter, Depends(event_filter)]


def _known(name: str, value: str | None, known: Any) -> None:
    if value is not None and value not in known:
        raise Refusal(422, "invalid", f"{name} {value!r} is not known", f"there are: {', '.join(known)}")


# -- cursors: where a page ends, opaque to who carries them -------------------------------------------------------

_Cursor = Annotated[str, StringConstraints(max_length=200)]
Cursor = Annotated[_Cursor | None, BeforeValidator(_blank), Query(description="`next` of the page before")]


def cursor(*parts: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def from_cursor(text: str | None, parts: int) -> tuple[int, ...] | None:
    """Raises Refusal when it is none of ours."""
    if text is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, UnicodeError):
        found = None
    fits = isinstance(found, list) and len(found) == parts and all(type(n) is int and abs(n) < 2**53 for n in found)
    if not fits:
        raise Refusal(422, "invalid", "this is no cursor of ours", "take `next` of the page before, unchanged")
    return tuple(found)


Row = Annotated[int, Path(ge=0, le=2**53)]
"""a row's number, in a path"""
