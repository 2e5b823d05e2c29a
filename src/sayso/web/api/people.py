"""For admins: who may log in, and the audit log."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from sayso.web.access.dependencies import require
from sayso.web.access.rows import Entry, User
from sayso.web.api.models import Model
from sayso.web.desk import desk_of
from sayso.web.params import Cursor, Limit, cursor, from_cursor

router = APIRouter(tags=["people"], dependencies=[Depends(require("admin"))])


class Trail(Model):
    items: list[Entry]
    next: str | None


@router.get("/people")
def people(request: Request) -> list[User]:
    """Users are made and changed on the page for it, or by `sayso user`."""
    return desk_of(request).people.users()


@router.get("/audit")
def audit(request: Request, after: Cursor = None, limit: Limit = 100) -> Trail:
    """Logins, accounts, reports brought in, exports; the last first. Decisions are under `judgements`."""
    place = from_cursor(after, 1)
    rows = desk_of(request).people.trail(limit + 1, place[0] if place else None)
    return Trail.model_validate(
        {"items": rows[:limit], "next": cursor(rows[limit - 1].id) if len(rows) > limit else None}
    )
