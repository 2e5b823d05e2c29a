"""Plain text and Markdown: the document's text is the decoded file, unchanged."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.errors import IngestError
from sayso.ingest.charset import decode
from sayso.ingest.source import Source, make_document
from sayso.records import Document
from sayso.settings import Settings


def load(source: Source, settings: Settings) -> Iterator[Document]:
    if not source.data:
        raise IngestError("it is empty")
    yield make_document(source, settings, decode(source.data), "text/plain")
