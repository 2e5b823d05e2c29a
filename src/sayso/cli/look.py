"""How things look in the terminal: the colours of stances, spans in their text, one console for all commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STANCE_COLOURS = {
    "asserts": "blue",
    "confirms": "green",
    "denies": "red",
    "accuses": "magenta",
    "claims_responsibility": "yellow",
    "doubts": "bright_black",
    "retracts": "bright_red",
    "threatens": "bright_magenta",
    "promises": "cyan",
    "demands": "bright_cyan",
    "predicts": "bright_blue",
    "believes": "white",
    "asks": "bright_yellow",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def plain(words: str | None) -> str:
    """Words of a document for the terminal: escape sequences and direction marks shown, never obeyed."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join((words or "").split()))


def document_name(path: str | None, url: str | None, fallback: str) -> str:
    """The file's own name, with its member: `result.json#1000001/1`."""
    file, mark, member = (path or "").partition("#")
    return plain(file.rsplit("/", 1)[-1] + mark + member if path else url or fallback)


def stance_text(stance: str, holds: bool = True) -> Text:
    from rich.text import Text

    return Text(stance.replace("_", " "), style=f"bold {STANCE_COLOURS.get(stance, 'default')}")


def shorten(words: str, most: int) -> str:
    words = plain(words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
