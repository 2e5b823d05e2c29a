"""Bring reports in: drop files, paste text, give addresses; and the page of a job, which follows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import AfterValidator

from sayso.web.access.dependencies import require
from sayso.web.access.roles import Visitor
from sayso.web.api import jobs
from sayso.web.desk import desk_of
from sayso.web.params import is_day
from sayso.web.render import page

router = APIRouter()
Bringer = Annotated[Visitor, Depends(require("reviewer"))]


@router.get("/add")
def form(request: Request, _: Bringer) -> HTMLResponse:
    return page(request, "bring.html.j2", jobs=[j.told() for j in desk_of(request).jobs.all()[:20]])


@router.post("/add/files")
def files(request: Request, visitor: Bringer, files: Annotated[list[UploadFile], File()]) -> RedirectResponse:
    work = jobs.bring_files(desk_of(request), visitor, files)
    return RedirectResponse(f"/jobs/{work.id}", 303)


@router.post("/add/text")
def text(
    request: Request,
    visitor: Bringer,
    text: Annotated[str, Form(min_length=1, max_length=5_000_000)],
    title: Annotated[str, Form(max_length=400)] = "",
    outlet: Annotated[str, Form(max_length=200)] = "",
    published: Annotated[str | None, AfterValidator(is_day), Form()] = None,
) -> RedirectResponse:
    body = jobs.Text(text=text, title=title or None, outlet=outlet or None, published=published)
    return RedirectResponse(f"/jobs/{jobs.bring_text(desk_of(request), visitor, body).id}", 303)


@router.post("/add/addresses")
def addresses(
    request: Request, visitor: Bringer, addresses: Annotated[str, Form(max_length=50_000)]
) -> RedirectResponse:
    work = jobs.bring_addresses(desk_of(request), visitor, addresses.splitlines()[:100])
    return RedirectResponse(f"/jobs/{work.id}", 303)


@router.get("/jobs/{job}")
def job(job: str, request: Request) -> HTMLResponse:
    return page(request, "job.html.j2", job=jobs.found(desk_of(request), job).told())
