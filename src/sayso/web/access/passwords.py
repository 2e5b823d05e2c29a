"""What a name and a password must be like, and the hashing (argon2id at its library's own cost)."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sayso.errors import AccessError

LEAST = 12
"""characters of a password"""
MOST = 1024
_NAME = re.compile(r"\w[\w.@-]{0,63}")
_HASHER = PasswordHasher()
_TURN = BoundedSemaphore(4)  # each hash takes 64 MiB; a crowd at the door must not take all memory


def plain_name(name: str) -> str:
    """The one way to write it: `Ann` and `ann` are one person."""
    return _plain(name.strip()).casefold()


def valid_name(name: str) -> str:
    """The name as it is kept. Raises AccessError."""
    plain = plain_name(name)
    if not _NAME.fullmatch(plain):
        raise AccessError(
            f"{name!r} cannot be a user’s name; take up to 64 letters and digits, with . _ @ - between them"
        )
    return plain


def hash_password(name: str, password: str) -> str:
    """Raises AccessError when the password is too short, too long, or the name."""
    if not LEAST <= len(_plain(password)) <= MOST:
        raise AccessError(f"the password must have {LEAST} to {MOST} characters; a sentence of four words will do")
    if plain_name(password) == plain_name(name):
        raise AccessError("the password must not be the user’s name; choose another")
    with _TURN:
        return _HASHER.hash(_plain(password))


def matches(hashed: str | None, password: str) -> bool:
    """`None` for a name that does not exist: takes as long as for one that does, so that the time tells nothing."""
    if len(password) > MOST:
        return False
    try:
        with _TURN:
            return _HASHER.verify(hashed or _nobody(), _plain(password)) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hashed: str) -> bool:
    return _HASHER.check_needs_rehash(hashed)


def rehash(password: str) -> str:
    with _TURN:
        return _HASHER.hash(_plain(password))


def secret() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a random token. 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(words: str) -> str:
    """The same characters from every keyboard, lone surrogates made harmless."""
    return unicodedata.normalize("NFKC", words).encode("utf-8", "replace").decode()


@cache
def _nobody() -> str:
    return _HASHER.hash(secret())
