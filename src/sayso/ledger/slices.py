"""Long lists in pieces: engines take only so many values in one question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

Value = TypeVar("Value")


def slices(values: list[Value], size: int = 400) -> Iterator[list[Value]]:
    return (values[k : k + size] for k in range(0, len(values), size))
