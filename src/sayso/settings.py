"""One frozen object of settings, made once by the caller and passed in. Nothing reads it at import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost before it becomes a `Failure`. Sizes in bytes, times in seconds."""

    file_bytes: int = 200 * MEGABYTE
    """largest file or download that is read at all"""
    text_bytes: int = 50 * MEGABYTE
    """largest document; a longer one is refused, not cut"""
    archive_bytes: int = 2_000 * MEGABYTE
    """all members of one archive together, unpacked"""
    archive_members: int = 200_000
    archive_ratio: int = 200
    """unpacked over packed size of one member, above which it is taken for a bomb"""
    archive_depth: int = 3
    parse_seconds: float = 60.0
    """one file in the isolated parser"""
    parse_memory: int = 3_000 * MEGABYTE
    nesting: int = 2_000
    """open tags at once in HTML and XML"""
    fetch_seconds: float = 30.0
    fetch_redirects: int = 5
    fetch_interval: float = 1.0
    """least seconds between two requests to one host"""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run can be told.

    date: ISO 8601 publication date for documents that bring none; overrules a dateline in the text.
    overlays: folders with the user's own places, cues, actors and event types.
    fields: for tables and JSON Lines, our field name → theirs (`{"text": "body"}`).
    """

    date: str | None = None
    language: str | None = None
    outlet: str | None = None
    overlays: tuple[Path, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    weights: Path | None = None
    """a folder of weights for the compact reader in place of those that come with the package"""
    threads: int | None = None
    """how many the compact reader's network runs on; as many as the process has cores when it is not said"""
    isolate: bool = True
    """parse PDF, HTML and office files in a separate process that can be stopped"""
    limits: Limits = Limits()
