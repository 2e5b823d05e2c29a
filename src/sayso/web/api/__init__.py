"""JSON under `/api`: everything that the pages show. One module a resource; each asks the functions that the commands ask."""

from __future__ import annotations

from fastapi import APIRouter

from sayso.web.api import (
    account,
    claims,
    documents,
    events,
    jobs,
    names,
    network,
    outlets,
    people,
    review,
    start,
    takeaway,
)
from sayso.web.api.models import Problem

__all__ = ["Problem", "router"]

router = APIRouter(prefix="/api")
for _module in (start, documents, claims, events, network, names, outlets, review, takeaway, jobs, account, people):
    router.include_router(_module.router)
