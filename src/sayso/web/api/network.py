"""The network of who has to do with whom, and the statements behind an edge."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection

from sayso.ledger import network as ties
from sayso.ledger.network import TIES, NetworkFilter, Tie
from sayso.web.access.refusal import Refusal
from sayso.web.api.models import Model
from sayso.web.desk import reading
from sayso.web.params import Cursor, Days, Limit, Words, cursor, from_cursor
from sayso.web.render import link_query

router = APIRouter(tags=["network"])
Ledger = Annotated[Connection, Depends(reading)]
LIMIT_TIES = 50


class Node(Model):
    """weight: how many of the ties considered touch it."""

    id: str
    name: str
    type: str
    weight: int
    href: str


class Edge(Model):
    """`source` does it to `target`, so many statements say; `registry`: none does, the registry knows it."""

    source: str
    target: str
    relation: str
    count: int
    first_said: str | None
    last_said: str | None
    registry: bool
    href: str


class Network(Model):
    """total: ties considered, the newest; cut: older ties or lighter nodes are not shown."""

    nodes: list[Node]
    edges: list[Edge]
    total: int
    cut: bool


class Statements(Model):
    items: list[Tie]
    next: str | None


def network_filter(
    days: Days,
    of: Words = None,
    relation: Annotated[list[str] | None, Query(max_length=10)] = None,
    event: Words = None,
    nodes: Annotated[int, Query(ge=2, le=2000)] = 200,
) -> NetworkFilter:
    """of: the id of a name; relation: repeat it for several; nodes: at most so many, those with most ties."""
    for name in relation or ():
        if name not in TIES:
            raise Refusal(422, "invalid", f"relation {name!r} is not known", f"there are: {', '.join(TIES)}")
    return NetworkFilter(of, tuple(relation or ()), days[0], days[1], event, nodes)


Wanted = Annotated[NetworkFilter, Depends(network_filter)]


@router.get("/network")
def network(wanted: Wanted, connection: Ledger) -> Network:
    """Who accuses, denies, contradicts, confirms, commands or belongs to whom, as reports say."""
    return Network.model_validate(network_of(connection, wanted))


@router.get("/network/edge")
def edge(
    source: str, target: str, relation: str, connection: Ledger, after: Cursor = None, limit: Limit = LIMIT_TIES
) -> Statements:
    """The statements behind one edge, each with its exact words."""
    place = from_cursor(after, 1)
    start = max(0, place[0]) if place else 0
    rows = edge_of(connection, source, target, relation, limit + 1, start)
    return Statements.model_validate(
        {"items": rows[:limit], "next": cursor(start + limit) if len(rows) > limit else None}
    )


def network_of(connection: Connection, wanted: NetworkFilter) -> dict[str, Any]:
    """With an address for every node and edge."""
    found = ties.network(connection, wanted)
    nodes = [
        {"id": n.id, "name": n.name, "type": n.type, "weight": n.weight, "href": f"/names/{n.id}"} for n in found.nodes
    ]
    edges = [
        {
            "source": e.source, "target": e.target, "relation": e.relation, "count": e.count, "first_said": e.first_said,
            "last_said": e.last_said, "registry": e.registry,
            "href": link_query("/network/edge", {"source": e.source, "target": e.target, "relation": e.relation}),
        }
        for e in found.edges
    ]  # fmt: skip
    return {"nodes": nodes, "edges": edges, "total": found.total, "cut": found.cut}


def edge_of(connection: Connection, source: str, target: str, relation: str, limit: int, after: int) -> list[Tie]:
    if relation not in TIES:
        raise Refusal(422, "invalid", f"relation {relation!r} is not known", f"there are: {', '.join(TIES)}")
    return ties.edge(connection, source, target, relation, limit, after)
