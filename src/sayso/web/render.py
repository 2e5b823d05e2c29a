"""Records → HTML. Words of documents are text here and nothing else: escaped, with what hides in them made visible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from markupsafe import Markup, escape

from sayso import __version__
from sayso.export.templates import templates_of
from sayso.ontology import load_ontology
from sayso.records import Correction
from sayso.records.terms import CREDIBILITY, correction_words, document_name, field_name

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""characters that change how others look, or do not show at all: controls, direction marks, zero-width ones"""


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page from `templates/`; every template knows the visitor, the address and the ledger's name."""
    from sayso.web.desk import desk_of

    desk = desk_of(request)
    visitor = request.scope.get("state", {}).get("visitor")
    html = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            visitor=visitor,
            here=request.url.path,
            ledger_name=desk.name,
            local=desk.local,
            **context,
        )
    )
    return HTMLResponse(html, status)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = templates_of("sayso.web")
    environment.filters |= {
        "shown": shown, "plain": plain, "short": short, "many": many, "address": address, "day": day, "spaced": spaced, "segment": quote_segment,
    }  # fmt: skip
    environment.globals |= {
        "version": __version__, "field_name": field_name, "corrected": lambda told: shown(correction_words(Correction(**told))), "document_name": document_name, "credibility": CREDIBILITY,
        "with_query": with_query, "drawings": drawings_built, "stances": load_ontology().stances, "link_query": link_query, "event_types": lambda: list(load_ontology().event_types),
    }  # fmt: skip
    return environment


def drawings_built() -> bool:
    """Whether map, network and chart were built with the package; without them their tables stand alone."""
    return (resources.files("sayso.web") / "static" / "built" / "COMPLETE").is_file()


def shown(text: str | None) -> Markup:
    """Text with its hidden characters in sight, each by its code point, never obeyed."""
    parts, last = [], 0
    words = text or ""
    for found in _HIDDEN.finditer(words):
        parts.append(escape(words[last : found.start()]))
        parts.append(_named(found[0]))
        last = found.end()
    return Markup("").join([*parts, escape(words[last:])])


def plain(text: object) -> str:
    """The same for where no markup can be: the page's title, labels that are read out, hints."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))


def _named(character: str) -> Markup:
    name = unicodedata.name(character, "control character").lower()
    return Markup('<span class="hidden-character" data-chars="1" title="{}">U+{:04X}</span>').format(
        name, ord(character)
    )


def short(text: str | None, most: int = 160) -> Markup:
    """On one line, cut at a word."""
    flat = " ".join((text or "").split())
    if len(flat) > most:
        flat = flat[:most].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return shown(flat)


def many(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def spaced(code: str | None) -> str:
    """A code as words: claims_responsibility → claims responsibility."""
    return (code or "").replace("_", " ")


def day(first: str | None, last: str | None = None) -> str:
    first, last = (first or "")[:10], (last or "")[:10]
    return first if not last or first == last else f"{first} – {last}"


def address(url: str | None) -> Markup:
    """A web address that can be followed, as text: its host in the letters that computers read where it has others than ours,
    so that a look-alike is seen to be one. Other schemes than http and https are never made links."""
    if not url:
        return Markup("")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        plain = host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        return shown(url)
    note = (
        Markup(' <span class="look-alike">letters beyond a–z: {}</span>').format(plain) if plain != host else Markup("")
    )
    if parts.scheme not in {"http", "https"} or not host:
        return shown(url) + note
    return Markup('<a class="outside" href="{}" rel="noopener noreferrer nofollow external">{}</a>{}').format(
        url, shown(url), note
    )


def quote_segment(text: str) -> str:
    """As one segment of a path."""
    return quote(text, safe="")


def with_query(request: Request, **changes: Any) -> str:
    """This page's address with these parameters changed; null takes one away, and the cursor always goes."""
    params = [(k, v) for k, v in request.query_params.multi_items() if k not in changes and k != "after"]
    params += [(k, str(v)) for k, v in changes.items() if v not in (None, "")]
    return "?" + urlencode(params) if params else request.url.path


def link_query(path: str, params: Mapping[str, Any]) -> str:
    """An address with those of the parameters that have a value."""
    given = {k: v for k, v in params.items() if v not in (None, "", False)}
    return f"{path}?{urlencode(given)}" if given else path
