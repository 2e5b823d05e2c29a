"""Web addresses: only public ones, also after redirects and whatever the name server says; polite, bounded."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from sayso.errors import AddressError, IngestError, LimitError
from sayso.ingest.fetch import Fetcher, is_public
from sayso.settings import Limits

LIMITS = Limits(fetch_interval=0.0, fetch_seconds=2.0, file_bytes=10_000)


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        if self.path == "/robots.txt":
            self._answer(200, b"User-agent: *\nDisallow: /private\n", "text/plain")
        elif self.path == "/loop":
            self._redirect("/loop")
        elif self.path == "/inside":
            self._redirect("http://169.254.169.254/latest/meta-data")
        elif self.path == "/file":
            self._redirect("file:///etc/passwd")
        elif self.path == "/large":
            self._answer(200, b"x" * 50_000, "text/plain")
        elif self.path == "/slow":
            time.sleep(4)
        elif self.path == "/missing":
            self._answer(404, b"no", "text/plain")
        else:
            self._answer(200, b"<html><body>words</body></html>", "text/html")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, where: str) -> None:
        self.send_response(302)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def local() -> Fetcher:
    return Fetcher(LIMITS, allow=lambda ip: ip == "127.0.0.1")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("172.16.9.9", False), ("169.254.169.254", False), ("0.0.0.0", False),
        ("100.64.0.1", False), ("224.0.0.1", False), ("::1", False), ("fe80::1", False), ("fc00::1", False), ("::ffff:127.0.0.1", False), ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("2606:4700::1111", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://10.0.0.1/x",
    ],
)
def test_private_addresses_are_never_asked(url: str) -> None:
    with pytest.raises(IngestError, match=r"public address|cannot be"):
        Fetcher(LIMITS).fetch(url)


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *a, **k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.1.1", 80))]
    )
    with pytest.raises(AddressError, match=r"192\.168\.1\.1"):
        Fetcher(LIMITS).fetch("http://news.example/")


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, site: str, local: Fetcher
) -> None:
    port = int(site.rsplit(":", 1)[1])
    answers = iter(["127.0.0.1", "127.0.0.1", "10.0.0.1", "10.0.0.1"])
    asked: ClassVar[list[str]] = []

    def resolve(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host == "news.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert b"words" in local.fetch(f"http://news.example:{port}/page").data
    assert asked  # each connection resolved once, and connected to that answer


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/inside", AddressError),
        ("/file", AddressError),
        ("/loop", AddressError),
        ("/private/x", AddressError),
        ("/large", LimitError),
        ("/slow", LimitError),
        ("/missing", IngestError),
    ],
)
def test_what_is_refused(path: str, error: type[Exception], site: str, local: Fetcher) -> None:
    with pytest.raises(error):
        local.fetch(site + path)


def test_a_page_comes_with_its_type_and_address(site: str, local: Fetcher) -> None:
    source = local.fetch(site + "/page")
    assert (
        source.url == site + "/page"
        and source.media_type == "text/html"
        and source.data == b"<html><body>words</body></html>"
    )


def test_robots_are_asked_once_and_requests_keep_their_distance(site: str) -> None:
    fetcher = Fetcher(Limits(fetch_interval=0.2, fetch_seconds=5.0), allow=lambda ip: ip == "127.0.0.1")
    Handler.asked.clear()
    begin = time.monotonic()
    fetcher.fetch(site + "/a")
    fetcher.fetch(site + "/b")
    assert Handler.asked == ["/robots.txt", "/a", "/b"]
    assert time.monotonic() - begin >= 0.4


@pytest.mark.parametrize("url", ["ftp://x.example/", "http://user:word@x.example/", "http://x.example:port/"])
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(IngestError):
        Fetcher(LIMITS).fetch(url)
