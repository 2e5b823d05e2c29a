"""Readings as JSON, one a line, and their JSON Schema; corrections as the ledger keeps them. The order of keys is that of the records."""

from __future__ import annotations

from typing import Any

import msgspec

from sayso.errors import DataError
from sayso.records.corrections import Correction
from sayso.records.reading import SCHEMA, Reading


def encode_reading(reading: Reading) -> bytes:
    """Compact UTF-8 JSON without a line end; the same reading gives the same bytes."""
    return msgspec.json.encode(reading)


def decode_reading(line: bytes | str) -> Reading:
    """Raises DataError when the line is no reading of this schema."""
    try:
        reading = msgspec.json.decode(line, type=Reading)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(f"not a reading: {error}") from error
    if reading.schema != SCHEMA:
        raise DataError(f"a reading of schema {reading.schema!r}; this version knows {SCHEMA!r}")
    return reading


def reading_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one line."""
    schema = msgspec.json.schema(Reading)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **schema}


def encode_correction(correction: Correction) -> str:
    return msgspec.json.encode(correction).decode()


def decode_correction(text: str) -> Correction:
    """Raises DataError when the text is no correction; keys that are missing are parts that were not corrected."""
    try:
        return msgspec.json.decode(text, type=Correction)
    except msgspec.DecodeError as error:
        raise DataError(f"not a correction: {error}; its keys are value, stance, holds, speaker and spans") from error
