"""Passwords and tokens: sources.toml names where they are and never holds them; nothing prints them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import WatchError

_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret is: in an environment variable or alone in a file. It is read when it is used, so that it can be changed."""

    what: str
    variable: str = ""
    file: Path | None = None

    @property
    def place(self) -> str:
        return f"the environment variable {self.variable}" if self.variable else f"the file {self.file}"

    def read(self) -> str:
        """Raises WatchError where there is none."""
        if self.file is None:
            found = os.environ.get(self.variable, "")
        else:
            try:
                with self.file.open(encoding="utf-8") as file:
                    found = file.read(_LONGEST).strip("\r\n")
            except (OSError, UnicodeError) as error:
                reason = getattr(error, "strerror", None) or "it is no text"
                raise WatchError(f"{self.what}: {self.file} cannot be read ({reason}); put the secret there") from error
        if not found or any(c in found for c in "\r\n\0"):
            raise WatchError(f"{self.what}: {self.place} is empty or has several lines; put the secret there, alone")
        return found
