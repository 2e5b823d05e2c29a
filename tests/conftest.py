"""What many tests use: the rules reader, made once, and short ways to read a text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.ingest import load_text
from sayso.read import Reader, load_reader
from sayso.records import Reading
from sayso.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "raid"


@pytest.fixture(scope="session")
def rules() -> Reader:
    return load_reader("rules")


@pytest.fixture(scope="session")
def read(rules: Reader) -> Callable[..., Reading]:
    """`read(text, date=None)` → its reading by the rules reader."""

    def _read(text: str, date: str | None = None) -> Reading:
        document = load_text(text)
        if date:
            document = replace(document, published=date, date_from="metadata")
        return rules.read(document)

    return _read


@pytest.fixture
def settings() -> Settings:
    return Settings()
