"""Under which name the server is asked for, and from where. Alone on loopback there is no login, so this is what protects it."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address

from starlette.requests import Request

from sayso.errors import AccessError
from sayso.web.access.people import People
from sayso.web.access.refusal import Refusal

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::\d{1,5})?")


def is_loopback(host: str | None) -> bool:
    """Of an address to listen at or to be asked from; a name other than localhost is not."""
    if host == "localhost":
        return True
    try:
        address = ip_address((host or "").strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def refuse_without_users(people: People, host: str) -> None:
    """Raises AccessError when the server would listen for others while nobody has to log in."""
    if not is_loopback(host) and not people.any_users():
        raise AccessError(
            f"will not listen at {host}: there are no users, so that anybody could read and change this ledger; "
            "`sayso user add NAME --role admin` makes one, `--host 127.0.0.1` serves this machine alone"
        )


def check_host(request: Request, allowed: Collection[str] | None) -> None:
    """`allowed`: names without port; None for any. A page elsewhere whose name is made to resolve to this machine (DNS
    rebinding) is of the same origin for the browser; only the Host header tells. Raises Refusal."""
    given = request.headers.getlist("host")
    found = _HOST.fullmatch(given[0].lower()) if len(given) == 1 else None
    if found is None:
        raise Refusal(400, "bad_host", "the request does not say for which host it is")
    if allowed is not None and found[1] not in allowed:
        raise Refusal(
            421,
            "wrong_host",
            f"this server does not answer for the name {found[1]}",
            f"open it as {' or '.join(sorted(allowed))}, with its port",
        )


def check_asker(request: Request) -> None:
    """Without a login only this machine itself is answered, whatever address the server was made to listen at."""
    asker = request.client.host if request.client else None
    try:
        ip_address(asker or "")
    except ValueError:
        return  # a Unix socket or a test has no address
    if not is_loopback(asker):
        raise Refusal(
            403,
            "users_needed",
            "there are no users, so only this machine itself is answered",
            "`sayso user add` makes one",
        )
