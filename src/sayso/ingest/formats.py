"""Which formats there are, and which one a given input is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.errors import IngestError
from sayso.ingest.source import Source


@dataclass(frozen=True, slots=True)
class Format:
    """loader: module:function taking (Source, Settings). container: it yields sources, not documents.

    isolated: parsed by a large library from hostile bytes, so in a process that can be stopped.
    """

    label: str
    extensions: tuple[str, ...]
    loader: str
    isolated: bool = False
    container: bool = False
    media_types: tuple[str, ...] = ()


FORMATS: dict[str, Format] = {
    "text": Format(
        "plain text",
        (".txt", ".text", ".md", ".markdown", ""),
        "sayso.ingest.text:load",
        media_types=("text/plain", "text/markdown"),
    ),
    "html": Format(
        "HTML",
        (".html", ".htm", ".xhtml"),
        "sayso.ingest.html:load",
        isolated=True,
        media_types=("text/html", "application/xhtml+xml"),
    ),
    "pdf": Format("PDF", (".pdf",), "sayso.ingest.pdf:load", isolated=True, media_types=("application/pdf",)),
    "docx": Format("Word", (".docx",), "sayso.ingest.office:load_docx", isolated=True),
    "rtf": Format(
        "RTF", (".rtf",), "sayso.ingest.office:load_rtf", isolated=True, media_types=("application/rtf", "text/rtf")
    ),
    "csv": Format("CSV", (".csv", ".tsv"), "sayso.ingest.articles:load_csv", media_types=("text/csv",)),
    "xlsx": Format("Excel", (".xlsx",), "sayso.ingest.articles:load_xlsx", isolated=True),
    "eml": Format("e-mail", (".eml",), "sayso.ingest.mail:load", isolated=True, media_types=("message/rfc822",)),
    "jsonl": Format(
        "JSON",
        (".jsonl", ".ndjson", ".json"),
        "sayso.ingest.articles:load_jsonl",
        media_types=("application/json", "application/x-ndjson"),
    ),
    "telegram": Format("Telegram export", (), "sayso.ingest.telegram:load"),
    "feed": Format(
        "feed",
        (".rss", ".atom", ".xml"),
        "sayso.ingest.feeds:load",
        isolated=True,
        media_types=(
            "application/rss+xml",
            "application/atom+xml",
            "application/xml",
            "text/xml",
            "application/rdf+xml",
        ),
    ),
    "warc": Format("WARC", (".warc",), "sayso.ingest.warc:responses", container=True),
    "wacz": Format("WACZ", (".wacz",), "sayso.ingest.warc:wacz_members", container=True),
    "zip": Format(
        "zip", (".zip",), "sayso.ingest.archives:zip_members", container=True, media_types=("application/zip",)
    ),
    "tar": Format("tar", (".tar", ".tgz"), "sayso.ingest.archives:tar_members", container=True),
    "gzip": Format("gzip", (".gz",), "sayso.ingest.archives:gunzip", container=True, media_types=("application/gzip",)),
}

_BY_EXTENSION = {extension: name for name, f in FORMATS.items() for extension in f.extensions}
_BY_MEDIA_TYPE = {kind: name for name, f in FORMATS.items() for kind in f.media_types}
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TELEGRAM = re.compile(rb'"messages"\s*:\s*\[|"chats"\s*:\s*\{')
_ZIPPED = {"docx", "xlsx", "wacz", "zip"}
_EXECUTABLE = (b"MZ", b"\x7fELF")


def detect(source: Source) -> str:
    """The format's name. Raises IngestError when name and content disagree, or the content is of no known kind."""
    if not source.data:
        raise IngestError("it is empty")
    named = _BY_EXTENSION.get(extension_of(source)) if extension_of(source) else None
    inside = _by_content(source.data[:4096])
    if named in _ZIPPED and inside == "zip":
        return named
    if named == "gzip" and inside == "gzip":
        return "tar" if (source.path or "").lower().endswith((".tar.gz", ".tgz")) else "gzip"
    if named == "tar" and inside in {"tar", "gzip"}:
        return "tar"
    if named in {"docx", "xlsx"} and source.data.startswith(b"\xd0\xcf\x11\xe0"):
        return named  # its loader says that it is encrypted
    if named == "warc" or inside == "warc":
        return "warc"
    if named == "jsonl" and _TELEGRAM.search(source.data[:4096]) and source.data.lstrip()[:1] == b"{":
        return "telegram"
    if named == "feed" and inside not in {"feed", None}:
        raise _mismatch(source, inside or "")
    if inside in {"pdf", "zip", "gzip", "tar", "rtf"} and named not in {None, inside}:
        raise _mismatch(source, inside)
    if inside is None and named in {"pdf", *_ZIPPED, "gzip", "tar"}:
        raise _mismatch(source, "something else")
    if named:
        return named
    declared = _BY_MEDIA_TYPE.get((source.media_type or "").split(";")[0].strip().lower())
    if inside == "zip":
        return _kind_of_zip(source.data)
    return (
        inside
        or declared
        or (
            "jsonl" if source.data.lstrip()[:1] == b"{" and source.depth == 0 and _is_json_line(source.data) else "text"
        )
    )


def extension_of(source: Source) -> str:
    name = (source.path or "").rsplit("#", 1)[-1] if source.path and not source.url else ""
    base = name.rsplit("/", 1)[-1].lower()
    if base.endswith(".warc.gz"):
        return ".warc"
    return "." + base.rsplit(".", 1)[1] if "." in base[1:] else ""


def _by_content(head: bytes) -> str | None:
    if head.startswith(_EXECUTABLE):
        raise IngestError("it is a program, not a report")
    if head.startswith(b"%PDF-") or b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, name in (
        (b"PK\x03\x04", "zip"),
        (b"PK\x05\x06", "zip"),
        (b"\x1f\x8b", "gzip"),
        (b"{\\rtf", "rtf"),
        (b"WARC/", "warc"),
    ):
        if head.startswith(magic):
            return name
    if head[257:262] == b"ustar":
        return "tar"
    start = _markup(head)
    if _FEED.match(start):
        return "feed"
    return "html" if _HTML.match(start) else None


def _markup(head: bytes) -> bytes:
    """From the first tag on: byte-order mark, XML declaration and comments left out, each looked at once."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for opening, closing in ((b"<?xml", b"?>"), *[(b"<!--", b"-->")] * 64):
        if head.startswith(opening):
            head = head.partition(closing)[2].lstrip()
    return head


def _kind_of_zip(data: bytes) -> str:
    for mark, name in ((b"word/document.xml", "docx"), (b"xl/workbook.xml", "xlsx"), (b"datapackage.json", "wacz")):
        if mark in data:
            return name
    return "zip"


def _is_json_line(data: bytes) -> bool:
    line = data.lstrip().split(b"\n", 1)[0].rstrip()
    return line.endswith(b"}") and b'":' in line.replace(b" ", b"")


def _mismatch(source: Source, inside: str) -> IngestError:
    label = FORMATS[inside].label if inside in FORMATS else inside
    return IngestError(
        f"it is named “{extension_of(source)}” but holds {label}; give it the right extension or save it again"
    )
