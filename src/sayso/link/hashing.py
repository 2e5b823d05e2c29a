"""Short stable hashes: 63-bit ones for block keys, text ones for ids."""

from __future__ import annotations

import hashlib


def key_hash(key: str) -> int:
    """63 bits, so that it fits a signed integer column of every store."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


def text_id(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
