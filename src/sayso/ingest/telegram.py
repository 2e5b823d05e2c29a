"""Telegram Desktop's export (`result.json`): one document a message; the channel it was forwarded from is the origin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sayso.errors import IngestError
from sayso.ingest.articles import article
from sayso.ingest.charset import decode
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings


def load(source: Source, settings: Settings) -> Iterator[Document | Failure]:
    import msgspec

    try:
        export = msgspec.json.decode(decode(source.data))
    except (msgspec.DecodeError, RecursionError) as error:
        raise IngestError(f"it is no complete JSON ({error}); export the channel again") from error
    chats = export["chats"].get("list", []) if isinstance(export.get("chats"), dict) else [export]
    found = False
    for chat in chats:
        for message in chat.get("messages", ()) if isinstance(chat, dict) else ():
            if not isinstance(message, dict) or message.get("type", "message") != "message":
                continue
            text = message_text(message.get("text"))
            if not text.strip():
                continue
            found = True
            values = {
                "text": text,
                "outlet": _text(chat.get("name")),
                "author": _text(message.get("author") or message.get("from")),
                "origin": _text(message.get("forwarded_from")),
                "published": _text(message.get("date")),
            }
            member = f"{chat.get('id', '')}/{message.get('id', '')}"
            try:
                yield article(
                    source,
                    settings,
                    values,
                    member,
                    msgspec.json.encode(message),
                    "application/vnd.telegram.message+json",
                )
            except IngestError as error:
                yield Failure(f"{source.name}#{member}", "ingest", str(error))
    if not found:
        raise IngestError("this export holds no message with text")


def _text(value: Any) -> str | None:
    return str(value) if value is not None else None


def message_text(value: Any) -> str:
    """The plain words of a message, whose marked-up parts Telegram writes as objects."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(
            part if isinstance(part, str) else str(part.get("text", "")) if isinstance(part, dict) else ""
            for part in value
        )
    return ""
