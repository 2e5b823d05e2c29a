"""The files that people name for what is written: there when they are complete, and never in place of a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sayso.errors import UsageError

_SQLITE = b"SQLite format 3\x00"
_LOGS = ("-wal", "-shm", "-journal")


def check(target: Path) -> None:
    """Raises UsageError when nothing should be written there: a folder, none to write in, a device, a ledger or what stands beside one."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise UsageError(f"cannot write {target}: the folder {target.parent} does not exist; make it, or name another")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is a device or a pipe, which a file cannot take the place of; name a file")
    name = next((target.name.removesuffix(end) for end in _LOGS if target.name.endswith(end)), target.name)
    if _is_database(target) or (name != target.name and _is_database(target.with_name(name))):
        raise UsageError(f"{target} is a ledger or another database, which nothing is written over; name another file")


def _is_database(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False


@contextmanager
def writing(target: Path) -> Iterator[BinaryIO]:
    """The file to write, which can be read back; it takes its name when all is written, and leaves nothing when that fails.

    Raises UsageError as `check`, and where writing is not allowed.
    """
    check(target)
    partial = target.with_name(target.name + ".partial")
    try:
        file = partial.open("w+b")
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}; name another place") from error
    try:
        with file:
            yield file
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
