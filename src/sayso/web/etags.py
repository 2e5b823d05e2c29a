"""ETags for what the API answers, from the bytes themselves: who has them already is told so (RFC 9110, 8.8.3, 13.1.2)."""

from __future__ import annotations

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MOST = 8_000_000
"""bytes of an answer that are held back to be hashed; larger and streamed ones go out as they come"""


class ETags:
    """ASGI middleware: complete JSON answers to GET under /api get an ETag; an unchanged one becomes 304."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/api"):
            await self.app(scope, receive, send)
            return
        known = {tag.strip().removeprefix("W/") for tag in Headers(scope=scope).get("if-none-match", "").split(",")}
        held: list[Message] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = Headers(raw=message["headers"])
                whole = headers.get("content-type", "").startswith("application/json") and message["status"] == 200
                if whole and int(headers.get("content-length", _MOST)) < _MOST:
                    held.append(message)
                    return
            elif held:
                start, message = _tagged(held.pop(), message, known)
                await send(start)
            await send(message)

        await self.app(scope, receive, answer)


def _tagged(start: Message, body: Message, known: set[str]) -> tuple[Message, Message]:
    """The two messages of an answer with its tag; without the body where the tag is known."""
    tag = f'"{hashlib.sha256(body.get("body", b"")).hexdigest()[:32]}"'
    headers = MutableHeaders(raw=start["headers"])
    headers["etag"] = f"W/{tag}"  # weak: the same answer may go out compressed
    if tag not in known and "*" not in known:
        return start, body
    del headers["content-length"]
    return {**start, "status": 304}, {**body, "body": b""}
