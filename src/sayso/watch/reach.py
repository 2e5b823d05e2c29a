"""Whether a mail server may be asked: only public addresses, as ingest asks no others, but where the user allows his own."""

from __future__ import annotations

import socket
from collections.abc import Callable

from sayso.errors import AddressError


def check_host(host: str, port: int, allow: Callable[[str], bool] | None) -> None:
    """Raises AddressError for a name that leads to an address that `allow` refuses; None lets all through."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressError(f"the name {host!r} cannot be resolved ({error})") from error
    refused = sorted({str(a[4][0]) for a in answers if allow is not None and not allow(str(a[4][0]))})
    if refused:
        raise AddressError(
            f"{host} leads to {', '.join(refused)}, which is no public address; set allow_private = true if the server is yours"
        )
