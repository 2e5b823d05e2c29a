"""How things look in the terminal: the colours of stances, spans in their text, one console for all commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.records.terms import document_name, plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

__all__ = ["STANCE_COLOURS", "console", "document_name", "plain", "shorten", "stance_text"]

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


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def stance_text(stance: str, holds: bool = True) -> Text:
    from rich.text import Text

    return Text(stance.replace("_", " "), style=f"bold {STANCE_COLOURS.get(stance, 'default')}")


def shorten(words: str, most: int) -> str:
    words = plain(words)
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
