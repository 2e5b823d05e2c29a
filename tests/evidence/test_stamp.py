"""Time stamps by a real authority: `openssl ts`, made in the test, asked over loopback HTTP."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.evidence import ask, verify, write_bag
from sayso.evidence.stamp import ANSWER, AUTHORITY, QUERY_TYPE, check
from sayso.ingest.fetch import Fetcher
from sayso.settings import Limits

pytest.importorskip("rfc3161_client", reason="the extra `evidence` is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

_CONFIG = """
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    folder: Path
    url: str
    certificate: bytes

    def openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def answer(self, request: bytes) -> bytes:
        (self.folder / "q").write_bytes(request)
        self.openssl("ts", "-reply", "-config", "c", "-section", "here", "-queryfile", "q", "-signer", "leaf.pem", "-inkey", "leaf.key", "-out", "r")  # fmt: skip
        return (self.folder / "r").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("authority")
    (folder / "c").write_text(_CONFIG)
    (folder / "serial").write_text("01")
    here = Authority(folder, "", b"")
    key = ("-newkey", "rsa:2048", "-nodes", "-config", "c")
    here.openssl("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Example Root", "-extensions", "root", "-days", "2")  # fmt: skip
    here.openssl("req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=Example Stamps")
    here.openssl("x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "leaf.pem", "-extfile", "c", "-extensions", "leaf", "-set_serial", "7", "-days", "2")  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = here.answer(body) if self.headers["Content-Type"] == QUERY_TYPE else b""
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here.url = f"http://127.0.0.1:{server.server_port}/"
    here.certificate = (folder / "root.pem").read_bytes()
    yield here
    server.shutdown()


def post(url: str, body: bytes) -> bytes:
    fetcher = Fetcher(Limits(fetch_interval=0.0), allow=lambda _: True)
    return fetcher.post(url, body, {"Content-Type": QUERY_TYPE}).body


def bag(path: Path, authority: Authority, certificates: bytes) -> Path:
    with path.open("w+b") as out:
        write_bag(
            out,
            "bag",
            [("a.txt", [b"The army denied it."])],
            (),
            lambda m: ask(m, authority.url, post, certificates)[1],
        )
    return path


def told(path: Path, certificates: bytes = b"") -> list[tuple[str, str]]:
    return [(f.status, f.text) for f in verify(path, certificates) if "stamp" in f.text or "existed" in f.text]


def test_a_stamp_holds_with_the_authority_s_certificate_and_openssl_agrees(
    authority: Authority, tmp_path: Path
) -> None:
    path = bag(tmp_path / "bag.zip", authority, authority.certificate)
    ((status, text),) = told(path, authority.certificate)
    assert status == "holds" and "by Example Stamps" in text and "certificates you gave" in text
    shutil.unpack_archive(path, tmp_path)
    authority.openssl("ts", "-verify", "-data", str(tmp_path / "bag" / "manifest-sha256.txt"), "-in", str(tmp_path / "bag" / ANSWER), "-CAfile", "root.pem")  # fmt: skip
    assert (tmp_path / "bag" / AUTHORITY).read_bytes() == authority.certificate


def test_without_a_certificate_that_one_trusts_it_is_a_note(authority: Authority, tmp_path: Path) -> None:
    ((status, text),) = told(bag(tmp_path / "own.zip", authority, authority.certificate))
    assert status == "note" and "in the bag itself" in text
    ((status, text),) = told(bag(tmp_path / "none.zip", authority, b""))
    assert status == "note" and "was not checked" in text


def test_another_authority_s_certificate_does_not_do(authority: Authority, tmp_path: Path) -> None:
    authority.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", "c", "-keyout", "o.key", "-out", "other.pem", "-subj", "/CN=Example Root", "-extensions", "root")  # fmt: skip
    other = (authority.folder / "other.pem").read_bytes()
    ((status, text),) = told(bag(tmp_path / "bag.zip", authority, b""), other)
    assert status == "altered" and "does not hold" in text
    with pytest.raises(DataError, match="not in PEM"):
        ask(b"m", authority.url, post, b"no certificate")


def test_a_stamp_of_something_else_is_told(authority: Authority) -> None:
    _, files = ask(b"one manifest", authority.url, post)
    answer = dict(files)[ANSWER]
    assert check(answer, b"one manifest", authority.certificate).trusted
    with pytest.raises(DataError, match="of another manifest"):
        check(answer, b"another")


def test_answers_that_are_no_stamps_of_this_request_are_refused(authority: Authority) -> None:
    _, files = ask(b"m", authority.url, post)
    old = dict(files)[ANSWER]
    for answer, words in ((b"", "cannot be read"), (b"<html>", "cannot be read"), (old, "not made for this request")):
        with pytest.raises(DataError, match=words):
            ask(b"m", "http://authority.example", lambda _, __, a=answer: a)
    refused = authority.answer(b"\x30\x03\x02\x01\x01")
    with pytest.raises(DataError, match=r"gave no time stamp|cannot be read"):
        check(refused, b"m")


def test_every_flipped_bit_of_the_signed_part_breaks_the_signature(authority: Authority) -> None:
    _, files = ask(b"m", authority.url, post)
    answer = dict(files)[ANSWER]
    for place in range(0, len(answer), 37):
        other = bytearray(answer)
        other[place] ^= 1
        try:
            stamp = check(bytes(other), b"m", authority.certificate)
        except DataError:
            continue
        assert stamp.time == check(answer, b"m").time  # what is outside the signature changes nothing that is told
