"""An Atom feed (RFC 4287) in a file: written anew from what is remembered, so that each alert stands in it once."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from sayso.errors import UsageError
from sayso.export import target
from sayso.records.terms import plain
from sayso.watch.plan import Atom
from sayso.watch.senders.post import Outcome, Post, text

_NAMESPACE = "http://www.w3.org/2005/Atom"
_IDS = uuid.UUID("5f1c3a6e-8d5b-4c0e-9f0b-6a2d7c4e9b31")
"""under which the ids of feeds and entries are made"""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""characters that XML 1.0 cannot hold"""


def send(feed: Atom, alerts: list[dict[str, Any]], post: Post) -> Iterator[Outcome]:
    path = post.plan.within(feed.path)
    try:
        with target.writing(path) as file:
            file.write(document(feed, post.newest(feed.name, feed.keep)))
            file.flush()
            os.fsync(file.fileno())
    except (OSError, UsageError) as error:
        fault = str(error) if isinstance(error, UsageError) else f"{path} cannot be written ({error.strerror or error})"
        yield from (Outcome(a["id"], fault) for a in alerts)
        return
    yield from (Outcome(a["id"]) for a in alerts)


def document(feed: Atom, alerts: list[dict[str, Any]]) -> bytes:
    """The feed with these alerts, the newest first."""
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}feed")
    _add(root, "title", feed.title)
    _add(root, "id", uuid.uuid5(_IDS, feed.name).urn)
    _add(root, "updated", max((a["made"] for a in alerts), default="1970-01-01T00:00:00Z"))
    _add(_add(root, "author"), "name", "Sayso")
    for alert in alerts:
        entry = _add(root, "entry")
        _add(entry, "title", plain(alert["summary"])[:300])
        _add(entry, "id", uuid.uuid5(_IDS, alert["id"]).urn)
        _add(entry, "updated", alert["made"])
        _add(entry, "published", alert["made"])
        _add(entry, "category").set("term", _clean(alert["rule"]))
        if alert["links"] and alert["links"]["event"]:
            _add(entry, "link").set("href", _clean(alert["links"]["event"]))
        _add(entry, "content", text(alert)).set("type", "text")
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, name: str, words: str | None = None) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    found.text = _clean(words) if words else None
    return found


def _clean(words: str) -> str:
    return _NOT_XML.sub("\ufffd", words)
