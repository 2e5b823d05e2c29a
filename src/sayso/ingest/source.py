"""Bytes on their way to becoming documents, and the one place where a Document is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sayso.errors import IngestError, LimitError
from sayso.records import Document, Original
from sayso.records.document import document_id
from sayso.settings import Settings

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""halves of characters cannot be encoded, and databases end a text at a NUL"""


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its bytes and how they came. `member`: where inside a larger file they stood."""

    data: bytes
    path: str | None = None
    url: str | None = None
    media_type: str | None = None
    retrieved: str = ""
    member: str = ""
    depth: int = 0

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return self.path or self.url or "standard input"

    def inner(self, data: bytes, member: str) -> Source:
        """The bytes of one member of this source (of an archive, of a mail)."""
        path = f"{self.path}#{shown(member)}" if self.path else None
        return Source(data, path, self.url, None, self.retrieved, "", self.depth + 1)


def now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def make_document(
    source: Source,
    settings: Settings,
    text: str,
    media_type: str,
    *,
    member: str = "",
    original: bytes | None = None,
    **known: Any,
) -> Document:
    """A Document of `text`; `known` are its title, author, outlet, origin, url, language, published, warnings.

    member: for one of several in the bytes, its place there; then `original` are the member's own bytes.
    Raises IngestError when there is no text, LimitError when there is too much.
    """
    if not text.strip():
        raise IngestError("it holds no text")
    if len(text) > settings.limits.text_bytes:
        raise LimitError(
            f"its text has {len(text):,} characters, more than the limit of {settings.limits.text_bytes:,}; split it"
        )
    text = _UNSTORABLE.sub("\ufffd", text)
    data = source.data if original is None else original
    stored = Original.of(data, source.media_type or media_type, source.retrieved)
    path = f"{source.path}#{member}" if source.path and member else source.path
    given: dict[str, Any] = {key: _clean(value) if isinstance(value, str) else value for key, value in known.items()}
    published = given.pop("published", None)
    url = given.pop("url", None) or source.url
    return Document(
        id=document_id(stored.sha256, "" if original is not None else member),
        text=text,
        original=stored,
        path=path,
        url=url,
        published=published or settings.date,
        date_from="metadata" if published else "option" if settings.date else None,
        outlet=given.pop("outlet", None) or settings.outlet,
        language=given.pop("language", None) or settings.language,
        **given,
    )


def shown(path: str) -> str:
    """A file name as it can be written down: bytes that are no UTF-8 become replacement characters."""
    return _UNSTORABLE.sub("\ufffd", path)


def _clean(value: str) -> str | None:
    return _UNSTORABLE.sub("\ufffd", " ".join(value.split())) or None
