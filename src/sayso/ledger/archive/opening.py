"""An archive of a ledger (`ledger.archive.writing`), opened: its manifest, and its members as rows, each checked before it is used.

It may come from a stranger: what it says of itself is checked, sizes are limited, and nothing in it is taken for a path.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import msgspec

from sayso.errors import DataError, LimitError
from sayso.ledger.archive.kept import FORMAT, KEPT, MANIFEST, NEWEST, ORIGINALS, Manifest, Row
from sayso.settings import MEGABYTE, Limits

_CHUNK = 1 << 20
_MANIFEST_BYTES = 256 * MEGABYTE
_LINE_BYTES = 600 * MEGABYTE
"""the longest line: the reading of a text as long as the limits allow"""
_RATIO_FREE = 200 * MEGABYTE
"""bytes up to which a high ratio is harmless: they are streamed"""
_ORIGINAL = re.compile(rf"{ORIGINALS}([0-9a-f]{{64}})")
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, IndexError, KeyError,
)  # fmt: skip
"""what zipfile raises for files that are none"""
RowType = TypeVar("RowType", bound=Row)


class Archive:
    """An archive that was opened: its manifest, and its members as rows. Raises DataError, where and what, for damage."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.manifest = self._read_manifest()
        self._check_names()

    def _read_manifest(self) -> Manifest:
        try:
            with self._file.open(MANIFEST) as stream:
                data = stream.read(_MANIFEST_BYTES + 1)
            if len(data) > _MANIFEST_BYTES:
                raise LimitError(f"its {MANIFEST} is larger than {_MANIFEST_BYTES:,} bytes; it looks like a bomb")
            told = msgspec.json.decode(data)
            name, _, number = str(told["format"]).partition("/")
            if name != FORMAT:
                raise DataError(f"it is a {name[:40]!r}, and no archive of a ledger")
            if not number.isdecimal() or int(number) > NEWEST:
                raise DataError(
                    f"it was made by a newer Sayso (format {number[:10]}; this one knows {NEWEST}); update Sayso"
                )
            return msgspec.convert(told, Manifest)
        except KeyError as error:
            raise DataError(f"it is no archive of a ledger: it has no {MANIFEST}, or that says no format") from error
        except (msgspec.MsgspecError, TypeError, *_DAMAGES) as error:
            raise DataError(f"its {MANIFEST} is damaged ({error}); take another copy") from error

    def _check_names(self) -> None:
        """What is there is what the manifest names, and nothing of it is a bomb."""
        infos = self._file.infolist()
        present = [i.filename for i in infos]
        told = {MANIFEST, *self.manifest.members}
        if len(present) != len(set(present)):
            raise DataError("it has two members of one name; take another copy")
        if extra := sorted(set(present) - told):
            raise DataError(f"it has a member that its manifest does not name: {extra[0]!r}; take another copy")
        if missing := sorted(({f"{n}.jsonl" for n in KEPT} | told) - set(present)):
            raise DataError(f"its member {missing[0]!r} is missing; take another copy")
        ratio = Limits().archive_ratio
        for info in infos:
            original = _ORIGINAL.fullmatch(info.filename)
            if not original and info.filename not in {MANIFEST, *(f"{n}.jsonl" for n in KEPT)}:
                raise DataError(f"its member {info.filename!r} belongs to no archive of a ledger")
            if original and info.file_size > Limits().file_bytes:
                raise LimitError(f"its {info.filename} would take more than {Limits().file_bytes:,} bytes unpacked")
            if info.file_size > _RATIO_FREE and info.file_size > ratio * max(1, info.compress_size):
                raise LimitError(f"its {info.filename} unpacks to over {ratio} times its size; it looks like a bomb")

    def check(self, told: Callable[[int, int], None] | None = None) -> None:
        """Every member against its size and SHA-256. told: called with members checked and members."""
        members = self.manifest.members
        for number, (name, said) in enumerate(members.items(), 1):
            digest, size = hashlib.sha256(), 0
            with self._open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > said.size:
                        break
                    digest.update(chunk)
            if size != said.size or digest.hexdigest() != said.sha256:
                raise DataError(f"its member {name!r} was altered: it is not what the manifest says; take another copy")
            original = _ORIGINAL.fullmatch(name)
            if original and original[1] != said.sha256:
                raise DataError(f"its member {name!r} holds other bytes than its name says; take another copy")
            if told:
                told(number, len(members))

    @contextmanager
    def _open(self, name: str) -> Iterator[Any]:
        try:
            with self._file.open(name) as stream:
                yield stream
        except _DAMAGES as error:
            raise DataError(f"its member {name!r} is damaged ({error}); take another copy") from error

    def original(self, sha256: str) -> bytes:
        with self._open(f"{ORIGINALS}{sha256}") as stream:
            return cast(bytes, stream.read(Limits().file_bytes))

    def rows(self, name: str, made: type[RowType]) -> Iterator[RowType]:
        """The lines of a member, one at a time."""
        decoder = msgspec.json.Decoder(made)
        with self._open(f"{name}.jsonl") as stream:
            number = 0
            while line := stream.readline(_LINE_BYTES):
                number += 1
                try:
                    yield decoder.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                    raise DataError(f"line {number} of its {name}.jsonl is damaged ({error})") from error


@contextmanager
def open_archive(file: BinaryIO | Path) -> Iterator[Archive]:
    """Raises DataError when the file is no archive, is damaged or is of a newer version; LimitError when it looks like a bomb."""
    try:
        opened = zipfile.ZipFile(file)
    except _DAMAGES as error:
        raise DataError(f"it is damaged or no zip archive ({error}); take another copy") from error
    with opened:
        yield Archive(opened)
