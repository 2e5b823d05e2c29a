"""What every reader promises, and which readers there are."""

from __future__ import annotations

from typing import Protocol

from sayso.records import Document, Reading


class Reader(Protocol):
    """Document → Reading. The same document gives the same reading; nothing is kept between documents.

    `name` and `version` are written into every reading's run.
    """

    name: str
    version: str

    def read(self, document: Document) -> Reading: ...


READERS = {"rules": "sayso.read.rules:RulesReader"}
"""reader name → module:class; made with one Settings"""
DEFAULT_READER = "rules"
