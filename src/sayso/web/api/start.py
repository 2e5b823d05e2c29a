"""What is new, what became disputed, what waits; and what this server is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from sayso import __version__
from sayso.ledger import browse, views
from sayso.ledger.review import waiting
from sayso.web.api.documents import ListedDocument
from sayso.web.api.models import Event, Model
from sayso.web.desk import desk_of, reading

router = APIRouter(tags=["start"])


class Server(Model):
    name: str
    version: str
    ledger: str
    openapi: str


class Start(Model):
    documents: int
    disputed: int
    failures: int
    unread: int
    waiting: int
    newest: list[ListedDocument]
    quarrels: list[Event]


class Failed(Model):
    path: str
    stage: str
    reason: str
    at: str


@router.get("/server")
def server(request: Request) -> Server:
    """Which program this is, over which ledger."""
    return Server(name="Sayso", version=__version__, ledger=desk_of(request).name, openapi="/api/openapi.json")


@router.get("/start")
def start(connection: Annotated[Connection, Depends(reading)]) -> Start:
    """What the start page shows."""
    return Start.model_validate(start_of(connection))


def start_of(connection: Connection) -> dict[str, Any]:
    newest, _ = browse.document_page(connection, limit=8)
    quarrels = views.events(connection, views.EventFilter(disputed=True, limit=8))
    return {**browse.totals(connection), "waiting": waiting(connection), "newest": newest, "quarrels": quarrels}


@router.get("/failures")
def failures(request: Request) -> list[Failed]:
    """What could not be read, and why."""
    return [Failed.model_validate(dict(f)) for f in desk_of(request).ledger.failures()]
