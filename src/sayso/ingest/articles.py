"""Articles as fields: JSON Lines, JSON, CSV and Excel, with the common names of fields recognised."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sayso.errors import IngestError, LimitError
from sayso.ingest.archives import check_members
from sayso.ingest.charset import decode
from sayso.ingest.source import Source, make_document
from sayso.records import Document, Failure
from sayso.settings import Settings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS: dict[str, tuple[str, ...]] = {
    "text": (
        "text",
        "body",
        "content",
        "article",
        "fulltext",
        "full_text",
        "maintext",
        "main_text",
        "article_text",
        "story",
        "articlebody",
        "article_body",
        "doctext",
        "message",
    ),
    "title": ("title", "headline", "head", "heading", "article_title"),
    "author": ("author", "authors", "byline", "by", "creator"),
    "outlet": (
        "outlet",
        "source",
        "publisher",
        "publication",
        "newspaper",
        "site",
        "site_name",
        "source_name",
        "domain",
        "media",
        "source_domain",
        "channel",
    ),
    "origin": ("origin", "agency", "wire", "forwarded_from"),
    "url": ("url", "link", "href", "source_url", "article_url"),
    "published": (
        "published",
        "date",
        "pub_date",
        "publication_date",
        "published_at",
        "publishedat",
        "date_publish",
        "datetime",
        "created_at",
        "pubdate",
        "article_date",
        "datepublished",
        "time",
    ),
    "language": ("language", "lang"),
    "id": ("id", "uid", "article_id", "doc_id", "docid", "document_id"),
}
_LARGEST_CELL = 50_000_000


def load_jsonl(source: Source, settings: Settings) -> Iterator[Document | Failure]:
    """One article a line; also one JSON array, or an object that holds one."""
    import msgspec

    text = decode(source.data)
    if not text.strip():
        raise IngestError("it is empty")
    try:
        whole = msgspec.json.decode(text.lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError):
        yield from _lines(source, settings, text)
        return
    records = _records(whole)
    if not records:
        raise IngestError("it is JSON without articles; expected objects with a text field, one a line or in a list")
    for number, record in enumerate(records, 1):
        raw = msgspec.json.encode(record)
        yield from _one(source, settings, record, str(number), raw, "application/json")


def _lines(source: Source, settings: Settings, text: str) -> Iterator[Document | Failure]:
    import msgspec

    good = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = msgspec.json.decode(line.lstrip("\ufeff"))
        except (msgspec.DecodeError, RecursionError) as error:
            if number == 1:
                raise IngestError(f"its first line is no JSON ({error}); expected one JSON object a line") from error
            yield Failure(f"{source.name}#{number}", "ingest", f"line {number} is no JSON: {error}")
            continue
        good = True
        yield from _one(source, settings, record, str(number), line.encode("utf-8", "replace"), "application/json")
    if not good:
        raise IngestError("it holds no articles")


def _records(whole: Any) -> list[Any]:
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        for key in ("articles", "documents", "items", "results", "data", "posts", "hits", "docs"):
            if isinstance(whole.get(key), list):
                return list(whole[key])
        return [whole]
    return []


def _one(
    source: Source, settings: Settings, record: Any, number: str, raw: bytes, media_type: str
) -> Iterator[Document | Failure]:
    if not isinstance(record, Mapping):
        yield Failure(f"{source.name}#{number}", "ingest", "it is no object with named fields")
        return
    fields = match_fields(list(record), settings)
    if "text" not in fields:
        yield Failure(f"{source.name}#{number}", "ingest", _no_text_field([str(k) for k in record]))
        return
    values = {ours: _text_of(record[theirs]) for ours, theirs in fields.items()}
    try:
        yield article(source, settings, values, values.get("id") or number, raw, media_type)
    except IngestError as error:
        yield Failure(f"{source.name}#{number}", "ingest", str(error))


def article(
    source: Source, settings: Settings, values: Mapping[str, str | None], member: str, raw: bytes, media_type: str
) -> Document:
    """A document from named values; `raw` are the bytes of its own line or row."""
    member = re.sub(r"[^\w.:@/+-]+", "_", member)[:120]
    return make_document(
        source,
        settings,
        values.get("text") or "",
        media_type,
        member=member,
        original=raw,
        title=values.get("title"),
        author=values.get("author"),
        outlet=values.get("outlet"),
        origin=values.get("origin"),
        url=values.get("url"),
        language=values.get("language"),
        published=iso_date(values.get("published")),
    )


def match_fields(names: list[Any], settings: Settings) -> dict[str, Any]:
    """Our field → theirs: the caller's mapping first, then the common names in their order."""
    lower = {re.sub(r"[\s-]+", "_", str(name).strip().lower().lstrip("\ufeff")): name for name in reversed(names)}
    chosen: dict[str, Any] = {}
    for ours, theirs in settings.fields:
        if theirs in names:
            chosen[ours] = theirs
        elif theirs.lower() in lower:
            chosen[ours] = lower[theirs.lower()]
    for ours, candidates in FIELDS.items():
        if ours not in chosen:
            found = next((lower[c] for c in candidates if c in lower and lower[c] not in chosen.values()), None)
            if found is not None:
                chosen[ours] = found
    return chosen


def _no_text_field(names: list[str]) -> str:
    return f"none of its fields is known to hold the text (it has: {', '.join(names[:12]) or 'none'}); name it with --field text=NAME"


def _text_of(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return "\n".join(t for v in value if (t := _text_of(v)))
    if isinstance(value, dict):
        return next((_text_of(value[k]) for k in ("name", "title", "text", "value") if k in value), None)
    return str(value)


_PRINT, _FAR = 1400, 3000
_DAY_FIRST = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})\b")


def iso_date(value: str | None) -> str | None:
    """ISO 8601 of the usual ways to write a publication date; null for anything doubtful ("03/04/2023")."""
    if not value:
        return None
    text = value.strip()
    if match := re.match(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d\d:\d\d(?::\d\d)?))?", text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := re.match(r"^(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?$", text):
        return _valid(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first > 12 or text[len(match[1])] == ".":
            return _valid(year, second, first)
        return _valid(year, first, second) if second > 12 or first == second else None
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        seconds = int(text) / (1000 if len(text) > 11 else 1)
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds < 4e9 else None
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(text).date()
        return _valid(found.year, found.month, found.day)
    except (TypeError, ValueError, IndexError, OverflowError):
        pass
    for pattern in ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%B %d %Y"):
        try:
            found = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return _valid(found.year, found.month, found.day)
    return None


def _valid(year: int, month: int, day: int) -> str | None:
    """Null for a day that is none, and for years in which nothing was or will have been published."""
    try:
        return date(year, month, day).isoformat() if _PRINT <= year < _FAR else None
    except ValueError:
        return None


def load_csv(source: Source, settings: Settings) -> Iterator[Document | Failure]:
    """One article a row; the first row names the columns. Comma, semicolon, tab or bar."""
    text = decode(source.data).lstrip("\ufeff")
    if not text.strip():
        raise IngestError("it is empty")
    csv.field_size_limit(_LARGEST_CELL)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000].split("\n")[0], delimiters=",;\t|")
        dialect.doublequote, dialect.escapechar = True, None
    except csv.Error:
        dialect = csv.excel
    consumed: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            consumed.append(line)
            yield line

    rows = csv.reader(lines(), dialect)
    try:
        header = next(rows)
        consumed.clear()
        fields = match_fields(header, settings)
        if "text" not in fields:
            raise IngestError(_no_text_field(header))
        places = {ours: header.index(theirs) for ours, theirs in fields.items()}
        for number, row in enumerate(rows, 1):
            raw = "".join(consumed).encode("utf-8", "replace")
            consumed.clear()
            if any(cell.strip() for cell in row):
                yield from _row(source, settings, row, places, number, raw, "text/csv")
    except csv.Error as error:
        raise IngestError(f"it is no well-formed CSV ({error}); save it again as CSV UTF-8") from error


def _row(
    source: Source, settings: Settings, row: list[str], places: dict[str, int], number: int, raw: bytes, media_type: str
) -> Iterator[Document | Failure]:
    values = {ours: row[at] for ours, at in places.items() if at < len(row)}
    try:
        yield article(source, settings, values, values.get("id") or f"row-{number}", raw, media_type)
    except IngestError as error:
        yield Failure(f"{source.name}#row-{number}", "ingest", str(error))


def load_xlsx(source: Source, settings: Settings) -> Iterator[Document | Failure]:
    """One article a row of every sheet that has a text column."""
    import msgspec
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if source.data.startswith(b"\xd0\xcf\x11\xe0"):
        raise IngestError("it is encrypted, or an old .xls; save a copy as .xlsx without a password")
    try:
        check_members(zipfile.ZipFile(io.BytesIO(source.data)), settings.limits)
        book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        sheets = [
            (sheet.title, [[_cell(c) for c in row] for row in sheet.iter_rows(values_only=True)])
            for sheet in book.worksheets
        ]
    except LimitError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
        EOFError,
    ) as error:
        raise IngestError(f"it is damaged or no Excel file ({error}); open it and save it again") from error
    found = False
    for title, rows in sheets:
        if not rows:
            continue
        header = rows[0]
        fields = match_fields(header, settings)
        if "text" not in fields:
            continue
        found = True
        places = {ours: header.index(theirs) for ours, theirs in fields.items()}
        for number, row in enumerate(rows[1:], 1):
            if any(row):
                yield from _row(source, settings, row, places, number, msgspec.json.encode([title, number, row]), XLSX)
    if not found:
        raise IngestError(_no_text_field(sheets[0][1][0] if sheets and sheets[0][1] else []))


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)
