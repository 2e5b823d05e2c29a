"""Mutated files of every format: no crash, no hang. SAYSO_MUTATIONS=10000 runs the long form."""

from __future__ import annotations

import os
import random

import pytest

from sayso.ingest.isolate import Isolated
from sayso.ingest.load import read_source
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings
from tests.conftest import FIXTURES

COUNT = int(os.environ.get("SAYSO_MUTATIONS", "340"))
FILES = sorted(p.name for p in FIXTURES.iterdir() if p.suffix not in {".md", ".py"})


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A few random edits: bytes changed, removed, repeated, moved, or another file's bytes put in."""
    body = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(body) + 1)
        length = chance.randint(1, 64)
        kind = chance.randrange(6)
        if kind == 0 and body:
            body[at % len(body)] = chance.randrange(256)
        elif kind == 1:
            del body[at : at + length]
        elif kind == 2:
            body[at:at] = body[at : at + length] * chance.randint(1, 50)
        elif kind == 3:
            body[at:at] = chance.randbytes(length)
        elif kind == 4:
            body[at:at] = chance.choice(
                [
                    b"<div>" * 500,
                    b"\0" * 99,
                    b'"' * 50,
                    b"{" * 50,
                    b"\xff\xfe",
                    b"]]>",
                    b"&#x0;",
                    b"%PDF-",
                    b"PK\x03\x04",
                ]
            )
        else:
            body = body[: at or 1]
    return bytes(body)


@pytest.mark.parametrize("name", FILES)
def test_mutations_give_documents_or_failures(name: str, rules) -> None:
    chance = random.Random(name)
    data = (FIXTURES / name).read_bytes()
    settings = Settings()
    with Isolated(settings) as isolated:
        for _ in range(max(1, COUNT // len(FILES))):
            for found in read_source(Source(mutate(data, chance), path=name), settings, isolated):
                assert isinstance(found, Document | Failure)
                if isinstance(found, Document):
                    assert "root:x:0" not in found.text
                    rules.read(found)
