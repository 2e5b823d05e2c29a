"""Runs a reader over a benchmark's texts, and fails loudly when it cannot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sayso.ingest import load_text
from sayso.read import Reader, load_reader, read_one
from sayso.records import Failure, Reading
from sayso.settings import Settings


class MissingData(Exception):
    """The data folder lacks what a benchmark needs; the message says what."""


def need(path: Path) -> Path:
    if not path.exists():
        raise MissingData(
            f"{path} is missing; --data must name the folder of the reference data (see benchmarks/README.md)"
        )
    return path


def read_text(reader: Reader, text: str, date: str | None = None) -> Reading:
    document = load_text(text, Settings(date=date))
    result = read_one(replace(document, date_from="option" if date else None), reader)
    if isinstance(result, Failure):
        raise RuntimeError(f"the reader failed: {result.reason}")
    return result


def dated_reader(name: str, date: str | None) -> Reader:
    return load_reader(name, Settings(date=date))
