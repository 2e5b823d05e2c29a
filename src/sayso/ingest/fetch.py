"""Fetches web addresses politely and safely.

Every connection is checked where the socket is opened: the name is resolved once, an address that is not public
is refused, and the connection goes to the very address that was checked, so that neither a redirect nor a second
answer of the name server can lead inside. robots.txt is obeyed; one host is asked at most once a second.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpcore

from sayso.errors import AddressError, IngestError, LimitError
from sayso.ingest.source import Source, now
from sayso.settings import Limits

USER_AGENT = "sayso/0.1 (+reads reports for a ledger of claims)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_BYTES = 500_000


def is_address(name: str) -> bool:
    return name.lower().startswith(("http://", "https://"))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback, link-local, multicast or reserved."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(self, allow: Callable[[str], bool]) -> None:
        self._allow = allow
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise AddressError(f"the name {host!r} cannot be resolved ({error})") from error
        addresses = list(dict.fromkeys(str(a[4][0]) for a in answers))
        refused = [a for a in addresses if not self._allow(a)]
        if refused or not addresses:
            raise AddressError(
                f"{host} leads to {', '.join(refused) or 'nowhere'}, which is no public address; Sayso never asks private networks"
            )
        return self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise AddressError("sockets of this machine are never asked")

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. url: where redirects led; headers by their lower-case names."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Fetcher:
    """Fetches any number of addresses. `allow` decides on IP addresses (tests let loopback through)."""

    limits: Limits
    allow: Callable[[str], bool] = is_public
    _asked: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)

    def fetch(self, url: str) -> Source:
        """The bytes behind an address, redirects followed. Raises AddressError, LimitError or IngestError."""
        answer = self.ask(url)
        if answer.status != 200:
            raise IngestError(f"the server answered {answer.status}; open it in a browser and save the page if you can")
        return Source(answer.body, None, answer.url, answer.headers.get("content-type") or None, now())

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """What the server answers, whatever its status, redirects followed and robots.txt obeyed.

        headers: further ones, such as those of a conditional request (RFC 9110, 13). Raises as `fetch` does.
        """
        deadline = time.monotonic() + self.limits.fetch_seconds
        with self._pool() as pool:
            for _ in range(self.limits.fetch_redirects + 1):
                self._check(pool, url, deadline)
                answer = self._request(pool, url, deadline, self.limits.file_bytes, headers=headers)
                if answer.status not in _REDIRECTS or "location" not in answer.headers:
                    return answer
                url = _joined(url, answer.headers["location"])
        raise AddressError(f"it redirects more than {self.limits.fetch_redirects} times")

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What the server answers to one POST; redirects are not followed. Raises AddressError, LimitError or IngestError."""
        _site(url)
        deadline = time.monotonic() + self.limits.fetch_seconds
        with self._pool() as pool:
            return self._request(pool, url, deadline, _ROBOTS_BYTES, cut=True, headers=headers, body=body)

    def crawl_delay(self, url: str) -> float:
        """Seconds between two requests that the site's robots.txt asks for; 0 where it asks for nothing or was not read yet."""
        rules = self._robots.get(_site(url))
        return float(rules.crawl_delay(USER_AGENT) or 0) if rules else 0.0

    def _pool(self) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(network_backend=CheckedBackend(self.allow), max_connections=2)

    def _check(self, pool: httpcore.ConnectionPool, url: str, deadline: float) -> None:
        site = _site(url)
        if site not in self._robots:
            self._robots[site] = self._read_robots(pool, site, deadline)
        if not self._robots[site].can_fetch(USER_AGENT, url):
            raise AddressError("the site’s robots.txt asks programs not to fetch it; save the page by hand")

    def _read_robots(self, pool: httpcore.ConnectionPool, site: str, deadline: float) -> RobotFileParser:
        """RFC 9309: no file means no limits, a server in trouble means that nothing may be fetched."""
        rules = RobotFileParser()
        url = f"{site}/robots.txt"
        for _ in range(self.limits.fetch_redirects + 1):
            answer = self._request(pool, url, deadline, _ROBOTS_BYTES, cut=True)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                break
            url = _joined(url, answer.headers["location"])
            if not is_address(url):
                break
        if answer.status >= 500:
            rules.disallow_all = True  # type: ignore[attr-defined]
        rules.parse(answer.body.decode("utf-8", "replace").splitlines() if answer.status == 200 else [])
        return rules

    def _request(
        self,
        pool: httpcore.ConnectionPool,
        url: str,
        deadline: float,
        most: int,
        cut: bool = False,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        host = urlsplit(url).hostname or ""
        pause = self._asked.get(host, 0) + self.limits.fetch_interval - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._asked[host] = time.monotonic()
        left = max(0.1, deadline - time.monotonic())
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), left)
        try:
            sent = [
                (b"Host", _host_header(url)),
                (b"User-Agent", USER_AGENT.encode()),
                (b"Accept", b"text/html,application/xhtml+xml,application/pdf,*/*;q=0.5"),
                (b"Accept-Encoding", b"identity"),
                *((name.encode("ascii"), value.encode("latin-1")) for name, value in (headers or {}).items()),
            ]
            with pool.stream(
                "GET" if body is None else "POST", url, headers=sent, content=body, extensions={"timeout": timeouts}
            ) as response:
                answered = {k.lower().decode("latin-1"): v.decode("latin-1") for k, v in response.headers}
                parts, size = [], 0
                for chunk in response.iter_stream():
                    size += len(chunk)
                    if size > most and cut:
                        break
                    if size > most:
                        raise LimitError(f"it is larger than {most:,} bytes")
                    if time.monotonic() > deadline:
                        raise LimitError(f"fetching it took longer than {self.limits.fetch_seconds:g} seconds")
                    parts.append(chunk)
                return Answer(response.status, url, answered, b"".join(parts))
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise LimitError(f"the server did not answer within {self.limits.fetch_seconds:g} seconds") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            OSError,
            UnicodeError,
            ValueError,
        ) as error:
            raise IngestError(f"it cannot be fetched ({type(error).__name__}: {error})") from error


def _site(url: str) -> str:
    """Scheme, host and port. Raises AddressError for what is no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressError(f"it is no well-formed address ({error})") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise AddressError("only http and https addresses are fetched")
    if parts.username or parts.password:
        raise AddressError("addresses with a user name or password are not fetched")
    return f"{parts.scheme}://{parts.hostname}{f':{port}' if port else ''}"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise AddressError(f"it redirects to what is no address ({error})") from error


def _host_header(url: str) -> bytes:
    return urlsplit(url).netloc.rpartition("@")[2].encode("idna" if not urlsplit(url).netloc.isascii() else "ascii")
