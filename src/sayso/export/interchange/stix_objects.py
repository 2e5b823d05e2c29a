"""STIX 2.1 objects with ids, times and an extension that the same ledger always gives alike.

Ids are UUIDv5 of a namespace of our own: section 2.9 keeps the standard's namespace for cyber-observables. `created` is when the
ledger got its first document, or the one document that a statement is of; `modified` when it got its last.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from sayso.export import Record

if TYPE_CHECKING:
    from stix2.v21 import _STIXBase21

_NAMESPACE = UUID("37d2af3b-8d33-5c9a-8be5-6e6c2b0f1f4e")
ALWAYS = "2026-01-01T00:00:00Z"
"""when objects were made that are the same in every ledger"""
_EPOCH = datetime.fromisoformat(ALWAYS)
_SCHEMA = (
    "Properties of Sayso’s objects. note, opinion: claim_id; document_id; words with start, end and spans (code points of the "
    "document’s text, end exclusive); field, value, stance, holds, cue, event_type; speaker; speaker_ref and named_ref, the "
    "objects of who speaks and of whom the words name. identity, location: entity_id, names, mentions; precision. "
    "incident: event_id, type, first_day, last_day, status, fields (status, credibility 1 to 6 after AJP-2.1, reasons), "
    "positions (value, holders, deniers), numbers of documents, origins and independent informants. "
    "relationship: document, start, end, claim, event of the words; or field, score, event of a link between claims. "
    "report: path, outlet, author, origin, media_type, copies; root, parent and relation of the text it was made from."
)


class Maker:
    """Called with an object's type, a key that makes its id, and its properties; null ones are left out."""

    def __init__(self) -> None:
        self._added: dict[str, str] = {}
        self._first = self._last = _EPOCH

    def seen(self, document: str, added: str) -> None:
        """Of all documents, before anything is made."""
        when = instant(added) or _EPOCH
        self._first = min(self._first, when) if self._added else when
        self._last = max(self._last, when) if self._added else when
        self._added[document] = added

    def added(self, document: str) -> str | None:
        return self._added.get(document)

    @staticmethod
    def id_of(kind: str, key: str) -> str:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{kind}--{uuid5(_NAMESPACE, f'{kind}/{digest}')}"

    @property
    def tool_id(self) -> str:
        return self.id_of("identity", "sayso")

    @property
    def _extension_id(self) -> str:
        return self.id_of("extension-definition", "1.0.0")

    def tool(self) -> _STIXBase21:
        """Sayso itself, which makes all objects and holds none of what they say."""
        return self(
            "identity",
            "sayso",
            created=ALWAYS,
            name="Sayso",
            identity_class="system",
            description="Reads reports and keeps who says what; it says nothing itself about what is true.",
        )

    def definition(self) -> _STIXBase21:
        return self(
            "extension-definition",
            "1.0.0",
            created=ALWAYS,
            name="Sayso’s claims",
            description="Which words of which document an object stands on, and what the ledger knows of them.",
            schema=_SCHEMA,
            version="1.0.0",
            extension_types=["property-extension"],
        )

    def __call__(
        self, kind: str, key: str, *, created: str | None = None, extension: Record | None = None, **properties: Any
    ) -> _STIXBase21:
        """Raises stix2's STIXError where the standard is not kept.

        created: ISO; given for what never changes, and then also when it was modified; extension: properties of our own.
        """
        given = instant(created)
        about: Record = {
            "id": self.id_of(kind, key),
            "created_by_ref": self.tool_id,
            "created": given or self._first,
            "modified": given or self._last,
            **{name: value for name, value in properties.items() if value is not None},
        }
        if extension is not None:
            about["extensions"] = {self._extension_id: {"extension_type": "property-extension", **_full(extension)}}
        return _classes()[kind](**about)


@lru_cache(maxsize=1)
def _classes() -> dict[str, Any]:
    from stix2.v21 import OBJ_MAP, ExtensionDefinition

    return {**OBJ_MAP, "extension-definition": ExtensionDefinition}


def _full(value: Any) -> Any:
    """Without nulls and empty lists, which the standard does not have (section 2.6)."""
    if isinstance(value, dict):
        return {k: _full(v) for k, v in value.items() if v is not None and v != []}
    return [_full(v) for v in value if v is not None] if isinstance(value, list | tuple) else value


def instant(value: str | None) -> datetime | None:
    """The time of an ISO 8601 date or time, UTC where it names no zone; null where it is none."""
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
