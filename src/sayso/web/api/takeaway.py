"""Out: any subject that can be exported, in any format that holds it, under the conditions that its list takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection

from sayso.export import FORMATS, SUBJECTS, fits, records, write
from sayso.export.claims import records as claim_records
from sayso.export.events import event_record
from sayso.ledger import views
from sayso.web import params
from sayso.web.access.dependencies import acting, require
from sayso.web.access.refusal import Refusal
from sayso.web.access.rows import By
from sayso.web.api.claims import resolved
from sayso.web.desk import desk_of, reading

router = APIRouter(tags=["export"])
_IN_MEMORY = 8_000_000
_FILE = {"schema": {"type": "string", "format": "binary"}}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": dict.fromkeys((f.media_type for f in FORMATS.values()), _FILE)}
}


@router.get(
    "/export/{subject}.{format}",
    responses=_ANSWER,
    response_class=StreamingResponse,
    dependencies=[Depends(require("reader"))],
)
def take(
    subject: str,
    format: str,
    request: Request,
    connection: Annotated[Connection, Depends(reading)],
    by: Annotated[By, Depends(acting)],
    claims: params.Claims,
    events: params.Events,
) -> StreamingResponse:
    """Claims and events under the conditions that their lists take, everything else whole. Each line keeps ids and exact words."""
    if subject not in SUBJECTS or format not in FORMATS or not fits(subject, format):
        raise Refusal(404, "not_found", f"{subject!r} is not exported as {format!r}", _offered())
    out = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    write(_records(subject, request, connection, claims, events), cast(Any, out), format)
    out.seek(0)
    desk_of(request).people.audit(by.person, "export", f"{subject} as {format}", by.address)
    name = {"content-disposition": f'attachment; filename="{subject}.{FORMATS[format].ending}"'}
    return StreamingResponse(_pieces(cast(IO[bytes], out)), media_type=FORMATS[format].media_type, headers=name)


def offered() -> dict[str, list[str]]:
    """Subject → the formats that hold it."""
    return {subject: [f for f in FORMATS if fits(subject, f)] for subject in SUBJECTS}


def _offered() -> str:
    return "there are: " + "; ".join(f"{subject} as {', '.join(formats)}" for subject, formats in offered().items())


def _records(
    subject: str, request: Request, connection: Connection, claims: Any, events: Any
) -> Iterator[dict[str, Any]]:
    if subject == "claims":
        return claim_records(connection, resolved(request, claims))
    if subject == "events":
        return (event_record(connection, r) for r in views.events(connection, replace(events, limit=None)))
    return records(subject, connection)


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while piece := out.read(1 << 16):
            yield piece
