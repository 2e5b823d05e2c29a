"""Names: found by their words, and the dossier of whom they name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection

from sayso.export.dossier import dossier_of
from sayso.ledger import naming
from sayso.web.api.models import Model
from sayso.web.desk import reading
from sayso.web.params import Words

router = APIRouter(tags=["names"])
Ledger = Annotated[Connection, Depends(reading)]


class Name(Model):
    id: str
    name: str
    type: str
    documents: int | None = None


class Spelling(Model):
    id: str
    name: str
    documents: int


class Entry(Model):
    """An actor of the registry."""

    id: str
    kind: str
    name: str
    aliases: list[str]
    countries: list[str]
    part_of: str | None
    source: str


class Passage(Model):
    """Where words stand: offsets in code points of a document's text."""

    document: str
    path: str | None
    outlet: str | None
    published: str | None
    start: int
    end: int


class Telling(Passage):
    """A sentence that tells of it, and who says so (null: the outlet's own voice)."""

    text: str
    speaker: str | None


class NamedClaim(Passage):
    claim: str
    speaker: str | None
    stance: str
    holds: bool
    event: str | None
    event_type: str | None
    field: str
    value: str
    words: str


class Said(Passage):
    stance: str
    text: str


class Perhaps(Model):
    id: str
    name: str
    score: float
    reasons: list[str | list[str | float]]


class Judged(Model):
    id: int
    decision: str
    subject: str
    object: str | None
    note: str | None
    person: str
    at: str
    marks: list[str]


class Dossier(Model):
    """What reports say of one actor or place; each item stands on words of a document. Nothing here is Sayso's own finding."""

    id: str
    name: str
    type: str
    names: list[Spelling]
    registry: list[Entry]
    documents: int
    mentions: int
    all_mentions: bool
    leaders: list[Telling]
    strength: list[Telling]
    founding: list[Telling]
    symbols: list[Telling]
    designations: list[Telling]
    ties: list[Telling]
    deeds: list[NamedClaim]
    suffered: list[NamedClaim]
    said: list[Said]
    perhaps_also: list[Perhaps]
    judgements: list[Judged]


@router.get("/names")
def found(connection: Ledger, q: Words = None, type: Words = None) -> list[Name]:
    """Names of this spelling in any script, else those that hold it; without `q` those that the newest documents name."""
    if q is None:
        return [Name.model_validate(dict(r)) for r in naming.recent_names(connection)]
    rows = naming.find_names(connection, q, type)
    return [Name(id=r["id"], name=r["name"], type=r["type"]) for r in rows]


@router.get("/names/{name}")
def dossier(name: str, connection: Ledger, limit: Annotated[int, Query(ge=1, le=100)] = 12) -> Dossier:
    """The dossier of whom the name of this id names."""
    return Dossier.model_validate(dossier_of(connection, name, limit))
