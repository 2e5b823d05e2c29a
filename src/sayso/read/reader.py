"""What every reader promises, and which readers there are."""

from __future__ import annotations

from typing import Protocol

from sayso.records import Document, Reading


class Reader(Protocol):
    """Document → Reading. The same document gives the same reading; nothing is kept between documents.

    `name`, `version` and the weights' digest (None without weights) are written into every reading's run.
    """

    name: str
    version: str
    weights_sha256: str | None

    def read(self, document: Document) -> Reading: ...


READERS = {"rules": "sayso.read.rules:RulesReader", "compact": "sayso.read.compact.reader:CompactReader"}
"""reader name → module:class; made with one Settings"""
DEFAULT_READER = "compact"
