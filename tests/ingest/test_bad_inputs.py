"""Bad input gives a failure that names the thing and the remedy; the rest of the batch is unharmed."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.ingest import FORMATS, load, load_bytes
from sayso.records import Document, Failure
from sayso.settings import Limits, Settings
from tests.conftest import FIXTURES

BINARY = {
    "pdf": "report.pdf",
    "docx": "report.docx",
    "xlsx": "articles.xlsx",
    "zip": "reports.zip",
    "gz": "report.txt.gz",
    "wacz": "site.wacz",
}


def only_failure(data: bytes, name: str, settings: Settings | None = None) -> str:
    found = list(load_bytes(data, name, settings))
    assert len(found) == 1 and isinstance(found[0], Failure), found
    assert found[0].path.startswith(name)
    return found[0].reason


def _zip(members: dict[str, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize("extension", sorted({e for f in FORMATS.values() for e in f.extensions if e}))
def test_an_empty_file_says_so(extension: str) -> None:
    reason = only_failure(b"", f"empty{extension}")
    assert "empty" in reason or "nothing" in reason or "no WARC" in reason or "damaged" in reason


@pytest.mark.parametrize("extension", sorted(BINARY))
def test_a_truncated_file_says_that_it_is_damaged(extension: str) -> None:
    data = (FIXTURES / BINARY[extension]).read_bytes()
    found = list(load_bytes(data[: len(data) // 2], f"cut.{extension}"))
    assert found and isinstance(found[-1], Failure) and "damaged" in found[-1].reason


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"plain words", "report.pdf", "named “.pdf” but holds"),
        ((FIXTURES / "report.pdf").read_bytes(), "report.txt", "named “.txt” but holds PDF"),
        (b"plain words", "report.docx", "named “.docx” but holds"),
        ((FIXTURES / "encrypted.pdf").read_bytes(), "secret.pdf", "encrypted; save a copy without a password"),
        ((FIXTURES / "scan.pdf").read_bytes(), "scan.pdf", "OCR"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.docx", "encrypted, or an old .doc"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old.xlsx", "encrypted, or an old .xls"),
        (b"\x00\x01\x02\x03" * 100, "picture.txt", "binary"),
        (b"\x7fELF" + b"\0" * 50, "program", "program"),
        (b"\xff\xfe\x00", "odd.txt", "damaged"),
        (b"   \n\t ", "blank.txt", "no text"),
        (b"{not json", "x.jsonl", "no JSON"),
        (b'{"name": "x"}\n', "x.jsonl", "name it with --field"),
        (b"name;size\n1;2\n", "x.csv", "name it with --field"),
        (b"<html><body></body></html>", "x.html", "no article text"),
        (b"<note><to>x</to></note>", "x.xml", "feed"),
        (b"no headers here", "x.eml", "no e-mail"),
        (b"{\\rtf1 }", "x.rtf", "no text"),
        (b'{"messages": [], "name": "x"}', "result.json", "no message"),
        (b"PK\x03\x04" + b"\0" * 30, "x.zip", "damaged"),
    ],
)
def test_bad_input_is_named_with_its_remedy(data: bytes, name: str, expected: str) -> None:
    assert expected in only_failure(data, name)


def test_deep_nesting_is_refused() -> None:
    assert "nested" in only_failure(b"<html><body>" + b"<div>" * 1_000_000 + b"x", "deep.html")
    assert "nested" in only_failure(b"<rss><channel>" + b"<item>" * 1_000_000, "deep.xml")
    assert only_failure(b"[" * 1_000_000, "deep.jsonl")


def test_a_large_text_is_refused_whole(tmp_path: Path) -> None:
    settings = Settings(limits=Limits(text_bytes=10_000))
    assert "more than the limit" in only_failure(b"word " * 5_000, "large.txt", settings)
    (tmp_path / "huge.txt").write_bytes(b"word " * 5_000)
    (failure,) = load([tmp_path / "huge.txt"], Settings(limits=Limits(file_bytes=20_000)))
    assert isinstance(failure, Failure) and "--max-size" in failure.reason


def test_a_hundred_megabytes_of_text_are_a_clear_failure(tmp_path: Path) -> None:
    (tmp_path / "hundred.txt").write_bytes(b"The army denied it. " * 5_000_000)
    (failure,) = load([tmp_path / "hundred.txt"])
    assert isinstance(failure, Failure) and "split it" in failure.reason


def test_bombs_do_not_go_off() -> None:
    assert "bomb" in only_failure(_zip({"zeros.txt": b"\0" * 60_000_000}), "bomb.zip")
    assert "bomb" in only_failure(gzip.compress(b"\0" * 60_000_000), "bomb.txt.gz")
    assert "bomb" in only_failure(_zip({"word/document.xml": b" " * 60_000_000}), "bomb.docx")
    inner = _zip({"a.txt": b"words"})
    for _ in range(5):
        inner = _zip({"inner.zip": inner})
    assert "nested" in only_failure(inner, "nested.zip")


def test_an_archive_cannot_reach_outside() -> None:
    (document,) = load_bytes(_zip({"../../etc/passwd.txt": b"The army denied it."}), "evil.zip")
    assert isinstance(document, Document) and document.text == "The army denied it."


def test_xml_entities_read_no_file() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>t</title><item><title>a</title><description>before &x; after the raid</description></item></channel></rss>'
    for found in load_bytes(evil, "evil.xml"):
        assert "root:" not in str(found)


def test_a_parser_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif 'sayso.ingest.worker' in sys.argv[0:1] or any('worker' in a for a in sys.orig_argv):\n    import time; time.sleep(60)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    settings = Settings(limits=replace(Limits(), parse_seconds=0.5))
    assert "longer than 0.5 seconds" in only_failure((FIXTURES / "report.html").read_bytes(), "slow.html", settings)


def test_a_parser_that_dies_costs_its_file_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif any('worker' in a for a in sys.orig_argv):\n    os.abort()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, data in (("a.html", (FIXTURES / "report.html").read_bytes()), ("b.txt", b"The army denied it.")):
        (tmp_path / name).write_bytes(data)
    found = list(load([tmp_path / "a.html", tmp_path / "b.txt"]))
    assert isinstance(found[0], Failure) and "broke its parser" in found[0].reason
    assert isinstance(found[1], Document)


def test_the_rest_of_the_batch_is_unharmed(tmp_path: Path) -> None:
    for name, data in {
        "a.txt": b"The army denied it.",
        "b.pdf": b"no",
        "c.txt": b"",
        "d.txt": b"The army denied that.",
    }.items():
        (tmp_path / name).write_bytes(data)
    found = list(load([tmp_path]))
    assert [type(f) for f in found] == [Document, Failure, Failure, Document]


def test_invalid_utf8_is_decoded_or_refused_but_never_lost_silently() -> None:
    (document,) = load_bytes(
        "Der Bürgermeister sagte, zwei Menschen seien verletzt; die Brücke ist größtenteils zerstört.".encode(
            "latin-1"
        ),
        "a.txt",
    )
    assert isinstance(document, Document) and "Bürgermeister" in document.text


def test_lone_surrogates_from_json_do_not_break_the_output(rules) -> None:
    from sayso.records.json import encode_reading

    found = list(load_bytes(b'{"text": "The army \\ud800 denied it."}\n', "x.jsonl"))
    for item in found:
        if isinstance(item, Document):
            assert encode_reading(rules.read(item))


def test_the_working_folder_is_never_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msgspec.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    (tmp_path / "a.html").write_bytes((FIXTURES / "report.html").read_bytes())
    monkeypatch.chdir(tmp_path)
    (found,) = load(["a.html"])
    assert isinstance(found, Document) and not (tmp_path / "ran").exists()


def test_repeated_comments_are_looked_at_once() -> None:
    for name in ("x.txt", "x.html", "x"):
        assert list(load_bytes(b"<!---->" * 20_000 + b"x", name))


def test_names_that_are_no_utf8_are_written_down(tmp_path: Path, rules) -> None:
    from sayso.records.json import encode_reading

    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xcf\xf0.txt"))
    odd.write_text("The army denied it.")
    (document,) = load([odd])
    assert isinstance(document, Document)
    assert "\ufffd" in encode_reading(rules.read(document)).decode()


@pytest.mark.parametrize("address", ["http://[bad", "http://x.example:port/", "http://[::1"])
def test_a_malformed_address_is_a_failure(address: str) -> None:
    (failure,) = load([address])
    assert isinstance(failure, Failure)


def test_one_odd_record_costs_itself_only() -> None:
    lines = '{"text": "The army denied it.", "date": "²²²²²²²²²"}\n{"text": "The army denied that."}\n'
    assert [type(f) for f in load_bytes(lines.encode(), "x.jsonl")] == [Document, Document]


def test_a_forwarded_mail_is_read() -> None:
    from email.message import EmailMessage

    inner, outer = EmailMessage(), EmailMessage()
    inner["Subject"], outer["Subject"] = "inner", "outer"
    inner.set_content("The army denied it.")
    outer.set_content("See below.")
    outer.add_attachment(inner)
    assert [d.title for d in load_bytes(outer.as_bytes(), "x.eml") if isinstance(d, Document)] == ["outer", "inner"]


def test_a_nul_is_shown_as_what_it_is_not(rules) -> None:  # type: ignore[no-untyped-def]
    """Databases end a text there: what stands behind it would be lost from its own words."""
    (document,) = load_bytes(b'{"text": "The army denied it.\\u0000 Nobody else spoke."}', "x.jsonl")
    assert document.text == "The army denied it.\ufffd Nobody else spoke."
