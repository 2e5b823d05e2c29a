"""Bytes → text: UTF-8 strictly first, then what a byte-order mark or the caller says, then detection."""

from __future__ import annotations

import codecs

from sayso.errors import IngestError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DETECTION_SAMPLE = 200_000


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of the bytes, nothing stripped. Raises IngestError for binary data or an unknowable encoding."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_other(data, declared)
    if "\0" in text:
        raise IngestError("it looks like binary data, not text; give it the right file name extension")
    return text


def _decode_other(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _try(data, encoding)
    if declared:
        try:
            return data.decode(codecs.lookup(declared).name)
        except (LookupError, UnicodeDecodeError):
            pass
    if data.count(b"\0") > len(data) // 50:
        raise IngestError("it looks like binary data, not text; give it the right file name extension")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_DETECTION_SAMPLE]).best()
    if best is None:
        raise IngestError("its character encoding cannot be told; save it as UTF-8")
    return data.decode(best.encoding, errors="replace")


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise IngestError(f"it begins as {encoding} but is damaged ({error.reason}); save it again") from error
