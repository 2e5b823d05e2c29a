"""Bringing reports in: files, pasted text, addresses; each a job whose progress can be watched."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import anyio
from fastapi import APIRouter, Depends, File, Request, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, Field, StringConstraints

from sayso.ingest import load, load_text
from sayso.records import Document, Failure
from sayso.web.access.dependencies import require
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor
from sayso.web.api.models import Model
from sayso.web.desk import Desk, desk_of
from sayso.web.jobs import Job as Work
from sayso.web.params import is_day

router = APIRouter(tags=["bringing in"])
Bringer = Annotated[Visitor, Depends(require("reviewer"))]
Reader = Annotated[Visitor, Depends(require("reader"))]
_PIECE = 1 << 20
_GLANCE = 0.1
"""seconds between two looks at a job that somebody watches"""
MOST_FILES = 500
_LONGEST_NAME, _LONGEST_ENDING = 200, 20
"""bytes"""


class Item(Model):
    """outcome: read, copy, known or failed."""

    name: str
    outcome: str
    reason: str


class Job(Model):
    """stage: waiting, reading, linking, done or failed."""

    id: str
    what: str
    person: str
    stage: str
    finished: bool
    message: str
    documents: int
    copies: int
    known: int
    failures: int
    claims: int
    linked: int
    to_link: int
    version: int
    items: list[Item]


class Text(Model):
    text: Annotated[str, StringConstraints(min_length=1, max_length=5_000_000)]
    title: Annotated[str, StringConstraints(max_length=400)] | None = None
    outlet: Annotated[str, StringConstraints(max_length=200)] | None = None
    published: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(is_day)] | None = None


class Addresses(Model):
    addresses: Annotated[list[Annotated[str, StringConstraints(max_length=2_000)]], Field(min_length=1, max_length=100)]


@router.get("/jobs")
def jobs(request: Request, _: Reader) -> list[Job]:
    """What was brought in since the server started, the last first."""
    return [Job.model_validate(j.told()) for j in desk_of(request).jobs.all()]


@router.get("/jobs/{job}")
def job(job: str, request: Request, _: Reader) -> Job:
    return Job.model_validate(found(desk_of(request), job).told())


_STREAM = {
    200: {
        "description": "Server-sent events: `data` is a Job, one event each time it changes, until it is finished.",
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object", "required": ["data"],
                    "properties": {"data": {"type": "string", "contentMediaType": "application/json"}},
                }
            }
        },
    }
}  # fmt: skip


@router.get("/jobs/{job}/stream", responses=_STREAM, response_class=StreamingResponse)  # type: ignore[arg-type]
def watch(job: str, request: Request, _: Reader) -> StreamingResponse:
    """Follow a job."""
    work = found(desk_of(request), job)
    return StreamingResponse(_events(work), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def _events(work: Work) -> AsyncIterator[str]:
    """Asks now and then, and holds no thread meanwhile: any number of people may leave the page of a job open."""
    seen, quiet = -1, 0
    while True:
        if work.version > seen:
            seen, quiet = work.version, 0
            told = work.told()
            yield f"data: {json.dumps(told)}\n\n"
            if told["finished"]:
                return
        elif (quiet := quiet + 1) % 100 == 0:
            yield ": still there\n\n"
        await anyio.sleep(_GLANCE)


@router.post("/jobs/files", status_code=202)
def files(request: Request, visitor: Bringer, files: Annotated[list[UploadFile], File()]) -> Job:
    """Read files: any format that `sayso add` reads."""
    return Job.model_validate(bring_files(desk_of(request), visitor, files).told())


@router.post("/jobs/text", status_code=202)
def text(body: Text, request: Request, visitor: Bringer) -> Job:
    """Read pasted text."""
    return Job.model_validate(bring_text(desk_of(request), visitor, body).told())


@router.post("/jobs/addresses", status_code=202)
def addresses(body: Addresses, request: Request, visitor: Bringer) -> Job:
    """Fetch and read web addresses; those of private networks are refused."""
    return Job.model_validate(bring_addresses(desk_of(request), visitor, body.addresses).told())


# -- what pages and API do alike ----------------------------------------------------------------------------------


def found(desk: Desk, id_: str) -> Work:
    work = desk.jobs.job(id_)
    if work is None:
        raise Refusal(
            404,
            "not_found",
            f"no job {id_!r}",
            "the server forgets jobs when it stops; what they read is in the ledger",
        )
    return work


def bring_files(desk: Desk, visitor: Visitor, uploads: list[UploadFile]) -> Work:
    """Kept in a folder of their own until they are read. Raises Refusal when they are too many or too large."""
    _allowed(desk, visitor)
    named = [u for u in uploads if u.filename]
    if not named:
        raise Refusal(422, "invalid", "no file was given", "choose one or more files")
    if len(named) > MOST_FILES:
        raise Refusal(
            413,
            "too_many",
            f"{len(named)} files at once",
            f"bring at most {MOST_FILES} at a time, or use `sayso add FOLDER`",
        )
    folder = Path(tempfile.mkdtemp(prefix="sayso-upload-"))
    try:
        most = desk.settings.limits.file_bytes
        paths = [_keep(upload, folder / f"{number:04d}", most) for number, upload in enumerate(named)]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    told = _name(named[0].filename) if len(named) == 1 else f"{len(named)} files"
    desk.people.audit(visitor.name, "upload", told)
    return desk.jobs.start(visitor.name, told, lambda: _unfolded(paths, folder, desk), folder)


def _keep(upload: UploadFile, folder: Path, most: int) -> Path:
    """Under the name that it came with, as far as that is a plain name; one folder each, so that equal names do not meet."""
    folder.mkdir()
    path = folder / _name(upload.filename)
    size = 0
    with path.open("wb") as out:
        while piece := upload.file.read(_PIECE):
            size += len(piece)
            if size > most:
                raise Refusal(
                    413,
                    "too_large",
                    f"{_name(upload.filename)} is larger than {most:,} bytes",
                    "split it, or use `sayso add`",
                )
            out.write(piece)
    return path


def _name(given: str | None) -> str:
    """The last part of a file name that a browser sent, without what a path could do, as long as file systems allow."""
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip().lstrip(".")
    stem, dot, ending = last.encode("utf-8", "replace").rpartition(b".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = stem + dot + ending, b"", b""
    cut = stem[: _LONGEST_NAME - len(ending)].decode("utf-8", "ignore")
    return cut + (dot + ending).decode() or "report"


def _unfolded(paths: list[Path], folder: Path, desk: Desk) -> Iterator[Document | Failure]:
    """Documents under the names that their files came with, not those of the folder where they waited."""
    for found in load(paths, desk.settings):
        path = found.path or ""
        where = path.removeprefix(f"{folder}/").partition("/")[2] if path.startswith(f"{folder}/") else path
        yield replace(found, path=where or path)


def bring_text(desk: Desk, visitor: Visitor, body: Text) -> Work:
    _allowed(desk, visitor)
    document = load_text(body.text, desk.settings)
    document = replace(
        document,
        title=body.title or document.title,
        outlet=body.outlet or document.outlet,
        published=body.published or document.published,
        date_from="option" if body.published else document.date_from,
        path=f"pasted {document.id[:8]}",
    )
    told = body.title or " ".join(body.text.split())[:60]
    desk.people.audit(visitor.name, "paste", told)
    return desk.jobs.start(visitor.name, told, lambda: [document])


def bring_addresses(desk: Desk, visitor: Visitor, given: list[str]) -> Work:
    _allowed(desk, visitor)
    wanted = list(dict.fromkeys(a.strip() for a in given if a.strip()))
    for address in wanted:
        if not address.startswith(("http://", "https://")):
            raise Refusal(422, "invalid", f"{address!r} is no web address", "write it with https:// at its start")
    if not wanted:
        raise Refusal(422, "invalid", "no address was given", "write one a line")
    told = wanted[0] if len(wanted) == 1 else f"{len(wanted)} addresses"
    desk.people.audit(visitor.name, "fetch", " ".join(wanted)[:400])
    return desk.jobs.start(visitor.name, told, lambda: load(wanted, desk.settings))


def _allowed(desk: Desk, visitor: Visitor) -> None:
    desk.uploads.take(visitor.name)
