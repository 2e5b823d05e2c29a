"""What the people's file gives back: one frozen record for each of its tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and from where: an address, or "command line"."""

    person: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    role: str
    created: str
    disabled: str | None
    """since when; None for one who may log in"""


@dataclass(frozen=True, slots=True)
class Session:
    """A login. `token` is known only here and in the browser's cookie; the file has its hash."""

    token: str
    name: str
    role: str
    csrf: str
    seconds: int
    """how long it lasts"""


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of an API token: never the token."""

    id: int
    user: str
    name: str
    role: str
    created: str
    last4: str
    revoked: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    id: int
    at: str
    person: str
    action: str
    subject: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Search:
    id: int
    page: str
    name: str
    query: str
    created: str
