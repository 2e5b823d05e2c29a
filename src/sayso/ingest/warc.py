"""Web archives: WARC, and WACZ (a zip that holds WARCs). Every HTML, text or PDF response is a document."""

from __future__ import annotations

import io
from collections.abc import Iterator

from sayso.errors import IngestError
from sayso.ingest.archives import zip_members
from sayso.ingest.source import Source
from sayso.settings import Settings

_READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")


def responses(source: Source, settings: Settings) -> Iterator[Source]:
    """The successful responses of a WARC as sources with their address and time of retrieval."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for record in ArchiveIterator(io.BytesIO(source.data)):
            if record.rec_type not in {"response", "resource"}:
                continue
            if record.http_headers is not None:
                if record.http_headers.get_statuscode() != "200":
                    continue
                kind = record.http_headers.get_header("Content-Type") or ""
            else:
                kind = record.rec_headers.get_header("Content-Type") or ""
            media_type = kind.split(";")[0].strip().lower()
            if media_type not in _READABLE:
                continue
            data = record.content_stream().read(settings.limits.file_bytes + 1)
            if len(data) > settings.limits.file_bytes:
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            moment = record.rec_headers.get_header("WARC-Date") or source.retrieved
            path = f"{source.path}#{url}" if source.path else None
            yield Source(data, path, url, media_type, moment, "", source.depth + 1)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError, KeyError, AttributeError, UnicodeError) as error:
        raise IngestError(f"it is damaged or no WARC ({error}); what stood before the damage was read") from error


def wacz_members(source: Source, settings: Settings) -> Iterator[Source]:
    """The WARC files in a WACZ."""
    for member in zip_members(source, settings):
        if (member.path or "").rsplit("#", 1)[-1].startswith("archive/"):
            yield member
