"""The network: who accuses, denies, confirms, commands, belongs to whom; and the words behind one of its edges."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from sayso.ledger import naming
from sayso.ledger.network import TIES
from sayso.web.api.network import LIMIT_TIES, Wanted, edge_of, network_of
from sayso.web.desk import reading
from sayso.web.params import Cursor, cursor, from_cursor
from sayso.web.render import page

router = APIRouter()
Ledger = Annotated[Connection, Depends(reading)]


@router.get("/network")
def network(wanted: Wanted, request: Request, connection: Ledger) -> HTMLResponse:
    found = network_of(connection, wanted)
    of = next((n["name"] for n in found["nodes"] if n["id"] == wanted.of), None) if wanted.of else None
    return page(request, "network.html.j2", found=found, wanted=wanted, relations=TIES, of=of)


@router.get("/network/edge")
def edge(
    source: str, target: str, relation: str, request: Request, connection: Ledger, after: Cursor = None
) -> HTMLResponse:
    """The statements of one edge, each with its words."""
    place = from_cursor(after, 1)
    rows = edge_of(connection, source, target, relation, LIMIT_TIES + 1, place[0] if place else 0)
    following = cursor((place[0] if place else 0) + LIMIT_TIES) if len(rows) > LIMIT_TIES else None
    names = [naming.cluster_of(connection, naming.identity_of(connection, n)) for n in (source, target)]
    return page(
        request,
        "edge.html.j2",
        rows=rows[:LIMIT_TIES],
        relation=relation,
        source=names[0][0],
        target=names[1][0],
        next=following,
    )
