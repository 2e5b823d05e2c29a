"""Claims: pages of them by any condition, and how they are spread."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection

from sayso.export.claims import record
from sayso.ledger import ClaimFilter, browse, judging
from sayso.web import params
from sayso.web.api.models import Claims, Model
from sayso.web.desk import desk_of, reading
from sayso.web.params import Cursor, Limit, cursor, from_cursor

router = APIRouter(tags=["claims"])


class Facet(Model):
    value: str
    claims: int
    label: str


class Facets(Model):
    """claims: how many were counted, the newest first; `whole` is false where there are more of them."""

    facets: dict[str, list[Facet]]
    claims: int
    whole: bool


@router.get("/claims")
def claims(
    wanted: params.Claims,
    request: Request,
    connection: Annotated[Connection, Depends(reading)],
    after: Cursor = None,
    limit: Limit = 50,
) -> Claims:
    """Claims that fulfil all conditions, of the last added document first, in the order of its text."""
    place = from_cursor(after, 2)
    found = browse.claim_page(connection, resolved(request, wanted), (place[0], place[1]) if place else None, limit)
    return Claims.model_validate(
        {
            "items": in_context(connection, found.claims),
            "next": cursor(*found.next) if found.next else None,
            "walked": found.walked,
        }
    )


def in_context(connection: Connection, claims: list[Any]) -> list[dict[str, Any]]:
    """Claims as records, with what stands around their words, and what people decided of them."""
    around = zip(ruled(connection, claims), browse.contexts(connection, claims), strict=True)
    return [{**c, "before": before, "after": after} for c, (before, after) in around]


def ruled(connection: Connection, claims: list[Any]) -> list[dict[str, Any]]:
    """Claims as records, with what people decided of them."""
    held = judging.on_claims(connection, {c["document_id"] for c in claims})
    return [
        {
            **record(c),
            "attribution": c["attribution"],
            "ruling": _told(held.get(f"{c['document_id']}/{c['id']}")),
        }
        for c in claims
    ]


def _told(ruling: judging.Ruling | None) -> dict[str, Any] | None:
    if ruling is None:
        return None
    correction = judging.parts_of(ruling.correction)
    return {"decision": ruling.decision, "correction": correction, "adjudicated": ruling.adjudicated}


@router.get("/claims/facets")
def facets(wanted: params.Claims, request: Request, connection: Annotated[Connection, Depends(reading)]) -> Facets:
    """The most frequent values among the newest claims that fulfil all conditions."""
    found = browse.claim_facets(connection, resolved(request, wanted))
    told = {
        name: [Facet(value=v, claims=n, label=label) for v, n, label in some] for name, some in found.counts.items()
    }
    return Facets(facets=told, claims=found.claims, whole=found.whole)


def resolved(request: Request, wanted: ClaimFilter) -> ClaimFilter:
    """With the document's id in place of the path or address by which it was asked for. Raises NotFoundError."""
    if wanted.document is None:
        return wanted
    return replace(wanted, document=desk_of(request).ledger.find_document(wanted.document)["id"])
