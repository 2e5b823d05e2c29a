"""What routes ask of the guard: who is here, and that their role is high enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request

from sayso.web.access.csrf import SAFE
from sayso.web.access.refusal import Refusal
from sayso.web.access.roles import Visitor, may, rank
from sayso.web.access.rows import By


def visitor(request: Request) -> Visitor:
    """Raises Refusal where there is none: on the login page, or when the guard was left out."""
    found = request.scope.get("state", {}).get("visitor")
    if not isinstance(found, Visitor):
        raise Refusal(401, "login_needed", "you are not logged in", "log in, or send an API token")
    return found


def acting(request: Request) -> By:
    """The visitor, as the audit log names them."""
    return By(visitor(request).name, request.client.host if request.client else None)


def require(role: str) -> Callable[[Request], Visitor]:
    """A dependency that gives the visitor, of at least this role. Raises Refusal 403."""
    rank(role)

    def required(request: Request) -> Visitor:
        found = visitor(request)
        if not may(found, role):
            told = f"this needs the role {role}; {found.name} is {found.role} here"
            raise Refusal(403, "role_too_low", told, "ask an admin for the role")
        return found

    required.sayso_role = role  # type: ignore[attr-defined]
    return required


def routes_without_role(app: FastAPI) -> list[str]:
    """Routes that change something and say nowhere which role that needs."""
    from fastapi.routing import iter_route_contexts

    return [
        f"{' '.join(sorted(route.methods - SAFE))} {route.path}"
        for route in iter_route_contexts(app.routes)
        if route.methods and route.methods - SAFE and not _needs_role(getattr(route, "dependant", None))
    ]


def _needs_role(dependant: Any) -> bool:
    if dependant is None:  # a plain route of Starlette has no dependencies
        return False
    return hasattr(dependant.call, "sayso_role") or any(_needs_role(d) for d in dependant.dependencies)
