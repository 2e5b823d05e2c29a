"""The pages. One module a page: a view asks the functions that API and commands ask, and fills one template."""

from __future__ import annotations

from fastapi import APIRouter

from sayso.web.pages import (
    account,
    bring,
    claims,
    documents,
    events,
    guide,
    login,
    map,
    names,
    network,
    outlets,
    people,
    review,
    start,
    takeaway,
)

router = APIRouter()
for _module in (
    start,
    bring,
    documents,
    claims,
    events,
    map,
    network,
    names,
    outlets,
    review,
    takeaway,
    login,
    account,
    people,
    guide,
):
    router.include_router(_module.router)
