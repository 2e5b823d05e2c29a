"""Roles, in their order, and the visitor that every request has."""

from __future__ import annotations

from dataclasses import dataclass
from getpass import getuser
from typing import Literal

ROLES = ("reader", "reviewer", "admin")
"""each may do what those before it may"""

Via = Literal["local", "session", "token"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. `csrf` is what a request that changes something must carry; it is empty for a token, which needs none."""

    name: str
    role: str
    csrf: str
    via: Via


def rank(role: str) -> int:
    """Raises ValueError for a role that does not exist, so that a typo never lets anybody in."""
    return ROLES.index(role)


def lower(one: str, other: str) -> str:
    return min(one, other, key=rank)


def may(visitor: Visitor, needed: str) -> bool:
    return rank(visitor.role) >= rank(needed)


def person_here() -> str:
    """Who sits at this machine, for the audit log and for judgements made without a login."""
    try:
        return getuser()
    except (KeyError, OSError, ImportError):  # no entry for this user id, as in some containers
        return "local"
