"""The other side: a web site, a receiver of webhooks, a mailbox and a mail server on this machine, speaking the real protocols."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import json
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Site:
    """Pages by path, with ETags; `status` and `headers` put the whole site into trouble. POSTs are kept in `posted`."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, bytes]] = {}
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, int]] = []
        self.posted: list[tuple[dict[str, str], bytes]] = []
        self.url = ""

    def put(self, path: str, kind: str, body: str) -> None:
        self.pages[path] = kind, body.encode()

    def alerts(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.posted]


@contextmanager
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = found.pages.get(self.path, ("", b""))
            tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
            status = 200 if kind else 404
            if found.status != 200 and self.path != "/robots.txt":
                status = found.status
            elif kind and self.headers.get("If-None-Match") == tag:
                status = 304
            found.asked.append((self.path, status))
            self._answer(status, body if status == 200 else b"", {"Content-Type": kind or "text/plain", "ETag": tag})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if found.status == 200:
                found.posted.append((dict(self.headers.items()), body))
            self._answer(found.status, b"", {})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, **(found.headers if status >= 400 else {})}.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine, made for this test, and what a server needs to use it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "cert.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(*kinds))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


class Box:
    """A mailbox: (uid, message, flags) by IMAP."""

    def __init__(self) -> None:
        self.validity = 1
        self.messages: list[tuple[int, bytes, set[str]]] = []
        self.port = 0
        self.password = "let me in"

    def put(self, message: EmailMessage) -> None:
        self.messages.append((len(self.messages) + 1, message.as_bytes(policy=policy.SMTP), set()))


@contextmanager
def mailbox(context: ssl.SSLContext) -> Iterator[Box]:
    """IMAP4rev1 over TLS, as much of it as a client needs that reads new messages."""
    box = Box()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("* OK ready")
            for raw in self.rfile:
                tag, _, line = raw.decode().strip().partition(" ")
                word = line.upper()
                if word.startswith("CAPABILITY"):
                    self._say("* CAPABILITY IMAP4rev1")
                elif word.startswith("LOGIN"):
                    if f'"{box.password}"' not in line:
                        self._say(f"{tag} NO [AUTHENTICATIONFAILED] {line}")
                        continue
                elif word.startswith(("SELECT", "EXAMINE")):
                    self._say(f"* {len(box.messages)} EXISTS")
                    self._say(f"* OK [UIDVALIDITY {box.validity}] UIDs valid")
                elif word.startswith("UID SEARCH"):
                    first = int(re.search(r"UID (\d+):\*", word)[1])  # type: ignore[index]
                    last = max((u for u, _, _ in box.messages), default=0)
                    # "n:*" holds the last message always, also when n is larger (RFC 9051, 9)
                    found = [u for u, _, _ in box.messages if u >= first or u == last]
                    self._say("* SEARCH" + "".join(f" {u}" for u in found))
                elif word.startswith("UID FETCH"):
                    self._fetch(word)
                elif word.startswith("UID STORE"):
                    uid = int(word.split()[2])
                    next(f for u, _, f in box.messages if u == uid).add("\\Seen")
                elif word.startswith("LOGOUT"):
                    self._say("* BYE")
                    self._say(f"{tag} OK done")
                    return
                self._say(f"{tag} OK done")

        def _fetch(self, word: str) -> None:
            for number, (uid, message, flags) in enumerate(box.messages, 1):
                if str(uid) != word.split()[2]:
                    continue
                if "RFC822.SIZE" in word:
                    self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(message)})")
                else:
                    if "PEEK" not in word:
                        flags.add("\\Seen")
                    head = f"* {number} FETCH (UID {uid} BODY[] {{{len(message)}}}\r\n"
                    self.wfile.write(head.encode() + message + b")\r\n")

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with _serving(Handler, context) as box.port:
        yield box


class Post:
    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.port = 0


@contextmanager
def post_office(context: ssl.SSLContext) -> Iterator[Post]:
    """SMTP over TLS that takes every message."""
    post = Post()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 ready")
            while line := self.rfile.readline().decode().strip():
                if line.upper().startswith("DATA"):
                    self._say("354 go on")
                    lines = []
                    while (data := self.rfile.readline()) != b".\r\n":
                        lines.append(data.removeprefix(b".") if data.startswith(b"..") else data)
                    post.received.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
                self._say("250 fine" if not line.upper().startswith("QUIT") else "221 bye")
                if line.upper().startswith("QUIT"):
                    return

        def _say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

    with _serving(Handler, context) as post.port:
        yield post


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler], context: ssl.SSLContext) -> Iterator[int]:
    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self) -> tuple[Any, Any]:
            plain, address = super().get_request()
            return context.wrap_socket(plain, server_side=True), address  # type: ignore[arg-type]

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]  # type: ignore[misc]
        server.shutdown()
