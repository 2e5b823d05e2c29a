"""Web pages: the body without boilerplate, and title, author, outlet and date where the page states them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sayso.errors import IngestError, LimitError
from sayso.ingest.charset import decode
from sayso.ingest.source import Source, make_document
from sayso.records import Document
from sayso.settings import Settings

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*?(/?)>")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td th tr option dt dd".split()
)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]*\blang=[\"']?([a-zA-Z]{2,3})", re.IGNORECASE)


def load(source: Source, settings: Settings) -> Iterator[Document]:
    if not source.data.strip():
        raise IngestError("it is empty")
    declared = _CHARSET.search(source.data[:4096])
    html = decode(source.data, declared.group(1).decode("ascii", "ignore") if declared else None)
    yield read_page(source, settings, html)


def read_page(source: Source, settings: Settings, html: str, **known: Any) -> Document:
    """The document of a page; `known` metadata (from a feed, a web archive) goes before the page's own."""
    check_nesting(html, settings.limits.nesting)
    meta = _extract(html, source.url)
    if not (meta.text or "").strip():
        raise IngestError("no article text was found in this page; save the article as text and add that")
    text, doubled = undouble(meta.text)
    warnings = (("doubled_body", "The page gave its body twice; one copy was kept."),) if doubled else ()
    language = _LANGUAGE.search(html[:2000])
    facts = {
        "title": meta.title,
        "author": meta.author,
        "outlet": meta.sitename or meta.hostname,
        "published": meta.date,
        "url": source.url or meta.url,
        "language": language.group(1).lower() if language else None,
        **{key: value for key, value in known.items() if value},
    }
    return make_document(source, settings, text, "text/html", warnings=warnings, **facts)


def _extract(html: str, url: str | None) -> Any:
    from trafilatura import bare_extraction
    from trafilatura.settings import Extractor

    options = Extractor(
        output_format="python",
        comments=False,
        tables=True,
        dedup=False,
        with_metadata=True,
        url=url,
        date_params={"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%d"},  # type: ignore[dict-item]
    )
    document = bare_extraction(html, options=options)
    if document is None:
        raise IngestError("no article text was found in this page; save the article as text and add that")
    return document


def fragment_text(html: str, settings: Settings) -> str:
    """The plain text of a piece of HTML (a feed's entry, a mail's body), paragraphs kept."""
    check_nesting(html, settings.limits.nesting)
    from lxml.etree import ParserError
    from lxml.html import fromstring

    broken = re.sub(r"(?i)<br\s*/?>|</(?:p|div|li|h[1-6]|tr|blockquote)>", "\n\n", html)
    try:
        tree = fromstring(f"<div>{broken}</div>")
    except (ParserError, ValueError):
        return ""
    for element in tree.xpath(".//script|.//style|.//noscript|.//template"):
        element.drop_tree()
    text = re.sub(r"[ \t\u00a0]+", " ", tree.text_content())
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", text).strip()


def check_nesting(html: str, limit: int) -> None:
    """Raises LimitError for tags nested so deeply that no honest page has them."""
    depth = 0
    for match in _TAG.finditer(html):
        closing, name, empty = match.groups()
        if empty or name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > limit:
            raise LimitError(f"its tags are nested more than {limit:,} deep; this is no ordinary page")


def undouble(text: str) -> tuple[str, bool]:
    """(text, whether it stood twice): some pages carry their article twice, once for print or for search engines."""
    paragraphs = [p for p in text.split("\n") if p.strip()]
    half = len(paragraphs) // 2
    if len(paragraphs) >= 2 and len(paragraphs) % 2 == 0 and paragraphs[:half] == paragraphs[half:] and len(text) > 200:
        return "\n".join(paragraphs[:half]), True
    return text, False
