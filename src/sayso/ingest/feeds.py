"""RSS and Atom: every entry that carries text is a document; entries with a summary only are read as that."""

from __future__ import annotations

from collections.abc import Iterator
from time import strftime
from typing import Any

from sayso.errors import IngestError
from sayso.ingest.articles import article
from sayso.ingest.html import check_nesting, fragment_text
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings


def load(source: Source, settings: Settings) -> Iterator[Document | Failure]:
    import feedparser
    import msgspec

    check_nesting(source.data.decode("utf-8", "replace"), settings.limits.nesting)
    feed = feedparser.parse(source.data, sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        raise IngestError("it is damaged, or a feed without entries")
    outlet = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        html = _content(entry)
        values = {
            "text": fragment_text(html, settings),
            "title": entry.get("title"),
            "author": entry.get("author"),
            "outlet": outlet,
            "url": entry.get("link"),
            "published": _date(entry),
            "language": None,
        }
        raw = msgspec.json.encode({**values, "html": html, "guid": entry.get("id")})
        member = str(entry.get("id") or number)
        try:
            yield article(source, settings, values, member, raw, "application/feed+json")
        except IngestError as error:
            yield Failure(f"{source.name}#{member}", "ingest", str(error))


def _content(entry: Any) -> str:
    parts = [c.get("value", "") for c in entry.get("content", ())]
    return str(max([*parts, entry.get("summary", "")], key=len))


def _date(entry: Any) -> str | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return strftime("%Y-%m-%d", moment) if moment else None
    except (ValueError, TypeError, OverflowError):
        return None
