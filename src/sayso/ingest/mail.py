"""E-mail (EML): the body with its subject, sender and date; attachments are read as files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

from sayso.errors import IngestError
from sayso.ingest.articles import iso_date
from sayso.ingest.html import fragment_text
from sayso.ingest.source import Source, make_document
from sayso.records import Document
from sayso.settings import Settings


def load(source: Source, settings: Settings) -> Iterator[Document]:
    message = _parse(source.data)
    text = _body(message, settings)
    if text.strip():
        yield make_document(
            source,
            settings,
            text,
            "message/rfc822",
            title=_header(message, "subject"),
            author=_header(message, "from"),
            published=iso_date(_header(message, "date")),
        )
    elif not any(True for _ in attachments(source)):
        raise IngestError("this mail has no text and no attachment that could be read")


def attachments(source: Source) -> Iterator[Source]:
    """The attached files, each as a source of its own."""
    for number, part in enumerate(_parse(source.data).iter_attachments(), 1):
        try:
            forwarded = part.get_content_type() == "message/rfc822"
            payload = part.get_content().as_bytes() if forwarded else part.get_payload(decode=True)
        except (ValueError, LookupError, AttributeError, TypeError):
            continue
        if isinstance(payload, bytes) and payload:
            yield source.inner(payload, part.get_filename() or f"attachment-{number}{'.eml' if forwarded else ''}")


def _parse(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise IngestError("it is no e-mail: it has no headers")
    return message


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        return str(message[name]) if message[name] else None
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        return None  # a header so malformed that the library cannot parse it


def _body(message: EmailMessage, settings: Settings) -> str:
    try:
        part = message.get_body(preferencelist=("plain", "html"))
        if part is None:
            return ""
        content = part.get_content()
    except (KeyError, LookupError, ValueError, AttributeError, TypeError):
        payload = message.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if not isinstance(content, str):
        return ""
    return fragment_text(content, settings) if part.get_content_type() == "text/html" else content.replace("\r\n", "\n")
