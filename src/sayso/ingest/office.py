"""Word (DOCX) and RTF. News archives put many articles into one such file; each becomes a document."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from sayso.errors import IngestError
from sayso.ingest.archives import check_members
from sayso.ingest.charset import decode
from sayso.ingest.clippings import split_clippings
from sayso.ingest.source import Source, make_document
from sayso.records import Document
from sayso.settings import Settings

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LEGACY = b"\xd0\xcf\x11\xe0"


def load_docx(source: Source, settings: Settings) -> Iterator[Document]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    if source.data.startswith(_LEGACY):
        raise IngestError("it is encrypted, or an old .doc; save a copy as .docx without a password")
    try:
        check_members(zipfile.ZipFile(io.BytesIO(source.data)), settings.limits)
        file = docx.Document(io.BytesIO(source.data))
        text = "\n".join(_paragraphs(file))
    except (
        PackageNotFoundError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        SyntaxError,
    ) as error:
        raise IngestError(f"it is damaged or no Word file ({error}); open it in Word and save it again") from error
    facts = file.core_properties
    yield from _documents(source, settings, text, DOCX, title=facts.title, author=facts.author)


def _paragraphs(file: Any) -> Iterator[str]:
    """Paragraphs and table rows in the order of the page."""
    from docx.table import Table

    for block in file.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield "\t".join(dict.fromkeys(cell.text.strip() for cell in row.cells))
        else:
            yield block.text


def load_rtf(source: Source, settings: Settings) -> Iterator[Document]:
    from striprtf.striprtf import rtf_to_text

    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise IngestError("it is no RTF file; give it the right file name extension")
    if source.data.count(b"{") > 2_000_000:
        raise IngestError("its groups are too many for an honest RTF file")
    try:
        text = rtf_to_text(decode(source.data), errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError, UnicodeError) as error:
        raise IngestError(f"it is damaged ({error}); open it in a word processor and save it again") from error
    yield from _documents(source, settings, re.sub(r"\n{3,}", "\n\n", text), "application/rtf")


def _documents(source: Source, settings: Settings, text: str, media_type: str, **known: Any) -> Iterator[Document]:
    clippings = split_clippings(text)
    if not clippings:
        yield make_document(source, settings, text, media_type, **known)
    for number, clip in enumerate(clippings, 1):
        yield make_document(
            source,
            settings,
            clip.text,
            media_type,
            member=f"article-{number}",
            title=clip.title,
            outlet=clip.outlet,
            author=clip.author,
            published=clip.published,
        )
