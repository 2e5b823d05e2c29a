"""What the login page does, but for its looks."""

from __future__ import annotations

from urllib.parse import urlsplit

from sayso.web.access.limits import Limiter, network
from sayso.web.access.passwords import plain_name
from sayso.web.access.people import People
from sayso.web.access.refusal import Refusal
from sayso.web.access.rows import Session


def log_in(people: People, limiter: Limiter, name: str, password: str, address: str | None) -> Session:
    """Slow on purpose: call it from a plain `def` route. Raises Refusal, in the same words for an unknown name, a wrong
    password and a disabled user; 429 after too many attempts from this address or at this name."""
    limiter.take(f"address {network(address)}", f"name {plain_name(name)}")
    session = people.log_in(name, password, address)
    if session is None:
        raise Refusal(
            401,
            "wrong_login",
            "name and password do not belong together",
            "try again, or ask an admin for a new password",
        )
    return session


def safe_next(address: str | None) -> str:
    """Where to go after the login: a path on this server, else the start page."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return "/"
    if "\\" in address or any(c <= " " or c == "\x7f" for c in address):  # browsers read `/\` and `/<tab>/` as `//`
        return "/"
    try:
        found = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if found.scheme or found.netloc or found.path == "/login" else address
