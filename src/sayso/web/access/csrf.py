"""A request that changes something must come from a page of ours: by its Origin, and by the token that only our pages know.

Forms of up to 64 kB are read here and handed on unread; so no route can forget the check. Everything larger, and JSON and
multipart bodies, must carry the header.
"""

from __future__ import annotations

from hmac import compare_digest
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message, Receive

from sayso.web.access.refusal import Refusal, is_api

HEADER = "X-Sayso-CSRF"
FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = "application/x-www-form-urlencoded"
_LARGEST_FORM = 64 * 1024
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def check_site(request: Request) -> None:
    """What the browser itself says of where the request came from; programs that are no browsers say nothing. Raises Refusal."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none") and not _is_link(request):
        raise _elsewhere()
    origin = request.headers.get("origin")
    if origin is not None and request.method not in SAFE and not _is_ours(request, origin):
        raise _elsewhere()


async def checked(request: Request, receive: Receive, token: str | None) -> Receive:
    """The body still to be read, once header or form field hold the token. `None`: a small form is asked for, with no token
    (before the login there is none). Raises Refusal."""
    given = request.headers.get(HEADER)
    if given is not None and token is not None:
        _require(given, token)
        return receive
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise _missing() if token is not None else Refusal(415, "not_a_form", "a form is expected here")
    body = await _small_body(request, receive)
    if token is not None:
        _require(_field(body), token)
    return _replay(body, receive)


def _is_link(request: Request) -> bool:
    """A link on a page elsewhere may lead to a page of ours, but not into a frame, a picture or a script."""
    headers = request.headers
    return (
        request.method in SAFE
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest") == "document"
        and not is_api(request.url.path)
    )


def _is_ours(request: Request, origin: str) -> bool:
    """Same host and port. A proxy may have taken https off on the way, but never puts it on."""
    scheme, _, place = origin.lower().partition("://")
    if scheme not in _DEFAULT_PORTS or (request.url.scheme == "https" and scheme == "http"):
        return False
    host = request.headers["host"].lower()
    return place.removesuffix(_DEFAULT_PORTS[scheme]) == host.removesuffix(_DEFAULT_PORTS[scheme])


def _require(given: str | None, token: str) -> None:
    if given is None:
        raise _missing()
    if not compare_digest(given.encode("utf-8", "replace"), token.encode()):
        raise Refusal(
            403, "wrong_csrf", f"the {HEADER} of this request is of another session", "reload the page and try again"
        )


async def _small_body(request: Request, receive: Receive) -> bytes:
    too_large = Refusal(
        413, "too_large", f"a form may have {_LARGEST_FORM // 1024} kB", f"send it with the header {HEADER}"
    )
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:12]) > _LARGEST_FORM:
        raise too_large
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Refusal(400, "cut_off", "the request ended before its form")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LARGEST_FORM:
            raise too_large
    return bytes(body)


def _field(body: bytes) -> str | None:
    try:
        pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, max_num_fields=2_000)
    except ValueError as error:
        raise Refusal(400, "bad_form", "this form has too many fields") from error
    return next((value for name, value in pairs if name == FIELD), None)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _missing() -> Refusal:
    return Refusal(
        403,
        "csrf_missing",
        "this request changes something and does not show that it comes from the workbench",
        f"send the header {HEADER}, or the form field {FIELD}; scripts use an API token instead (`sayso user token`)",
    )


def _elsewhere() -> Refusal:
    return Refusal(403, "cross_site", "this request came from a page elsewhere", "use the workbench’s own pages")
