"""A zip archive (PKWARE APPNOTE 6.3) in the one way in which its bytes can be: given its files, every bit of it is known.

Nothing is packed, nothing has a time or a comment, nothing stands between the records. So a change that programs which open
zip archives pass over, in a name, a time, a comment or behind the end, is one that `differences` finds.
"""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sayso.errors import DataError, LimitError
from sayso.settings import Limits

_FLAGS = 0x0800
"""names are UTF-8"""
_DAY = 0x0021
"""1 January 1980, the first day there is"""
_MODE = 0o100644 << 16
_MOST_BYTES, _MOST_MEMBERS = 0xFFFF_FFFE, 0xFFFE
_CHUNK = 1 << 20
_RATIO_FREE = 10_000_000
"""bytes up to which a high ratio is harmless"""
_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_FIELDS = (
    ("mark", 4), ("version", 2), ("flags", 2), ("method", 2), ("time", 2), ("date", 2), ("checksum", 4), ("packed size", 4),
    ("size", 4), ("length of the name", 2), ("length of extra data", 2),
)  # fmt: skip
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_CENTRAL_FIELDS = (
    ("mark", 4), ("maker’s version", 2), ("version", 2), ("flags", 2), ("method", 2), ("time", 2), ("date", 2), ("checksum", 4),
    ("packed size", 4), ("size", 4), ("length of the name", 2), ("length of extra data", 2), ("length of the comment", 2),
    ("disk", 2), ("inner attributes", 2), ("outer attributes", 4), ("place", 4),
)  # fmt: skip
_END = struct.Struct("<4s4H2LH")
DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, IndexError, struct.error,
)  # fmt: skip
"""what zipfile raises for files that are none"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the archive: where its record begins, its size, CRC-32 and SHA-256."""

    name: str
    place: int
    size: int
    crc: int
    sha256: str = ""

    def local(self) -> bytes:
        name = self.name.encode()
        crc_and_sizes = self.crc, self.size, self.size
        return _LOCAL.pack(b"PK\x03\x04", 20, _FLAGS, 0, 0, _DAY, *crc_and_sizes, len(name), 0) + name

    def central(self) -> bytes:
        name = self.name.encode()
        head = _CENTRAL.pack(
            b"PK\x01\x02", 0x0314, 20, _FLAGS, 0, 0, _DAY, self.crc, self.size, self.size, len(name), 0, 0, 0, 0, _MODE, self.place
        )  # fmt: skip
        return head + name


class Writer:
    """Writes files into a new archive, one after another. Raises LimitError above 4 GB or 65,534 files."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.entries: list[Entry] = []

    def put(self, name: str, chunks: Iterable[bytes]) -> Entry:
        """The file's entry, with the SHA-256 of what was written."""
        place = self._out.tell()
        self._out.write(Entry(name, place, 0, 0).local())
        digest, crc, size = hashlib.sha256(), 0, 0
        for chunk in chunks:
            self._out.write(chunk)
            digest.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            if self._out.tell() > _MOST_BYTES:
                raise LimitError("the bundle would be larger than 4 GB; bundle fewer documents at a time")
        end = self._out.tell()
        entry = Entry(name, place, size, crc, digest.hexdigest())
        self._out.seek(place)
        self._out.write(entry.local())
        self._out.seek(end)
        self.entries.append(entry)
        if len(self.entries) > _MOST_MEMBERS:
            raise LimitError("the bundle would hold more than 65,534 files; bundle fewer documents at a time")
        return entry

    def close(self) -> None:
        self._out.write(_tail(self.entries, self._out.tell()))


def sha256_of(file: BinaryIO) -> str:
    """Of the whole file, as `sha256sum` gives it."""
    digest = hashlib.sha256()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _tail(entries: list[Entry], place: int) -> bytes:
    directory = b"".join(e.central() for e in entries)
    count = len(entries)
    return directory + _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), place, 0)


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Raises DataError when it is no zip archive, LimitError when it looks like a bomb."""
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGES as error:
        raise DataError(f"it cannot be opened as a zip archive ({error})") from error
    limits, infos = Limits(), archive.infolist()
    if len(infos) > limits.archive_members:
        raise LimitError(f"it has {len(infos):,} files, more than the limit of {limits.archive_members:,}")
    if sum(i.file_size for i in infos) > max(limits.archive_bytes, _MOST_BYTES):
        raise LimitError(f"unpacked it would take more than {_MOST_BYTES:,} bytes")
    for info in infos:
        if info.file_size > _RATIO_FREE and info.file_size > limits.archive_ratio * max(1, info.compress_size):
            raise LimitError(f"its {info.filename!r} unpacks to over {limits.archive_ratio} times its size: a bomb")
    return archive


def differences(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[str]:
    """How the archive's bytes differ from the only ones that they can be, but for its files' own; nothing for a sound one."""
    place, entries = 0, []
    size = file.seek(0, 2)
    for info in archive.infolist():
        try:
            entry = Entry(info.orig_filename, place, info.file_size, info.CRC)
            wanted = entry.local()
        except (struct.error, UnicodeEncodeError):
            yield f"the record of {info.orig_filename!r} has numbers or a name that cannot be"
            return
        told = f"the record before {entry.name} (byte {place:,})"
        yield from _compare(_at(file, place, len(wanted)), wanted, told, _LOCAL_FIELDS)
        entries.append(entry)
        place += len(wanted) + entry.size
        if place > size:
            yield f"the file ends before {entry.name} does: {size:,} bytes, and that ends at {place:,}"
            return
    yield from _tail_differences(file, entries, place, size)


def _tail_differences(file: BinaryIO, entries: list[Entry], place: int, size: int) -> Iterator[str]:
    start = place
    for entry in entries:
        wanted = entry.central()
        told = f"the directory’s line on {entry.name} (byte {place:,})"
        yield from _compare(_at(file, place, len(wanted)), wanted, told, _CENTRAL_FIELDS)
        place += len(wanted)
    wanted = _tail(entries, start)[-_END.size :]
    found = _at(file, place, len(wanted))
    if found != wanted:
        yield f"the zip’s end record (byte {place:,}) is {found.hex()} and should be {wanted.hex()}"
    if size != place + len(wanted):
        more = size - place - len(wanted)
        yield f"{more:,} bytes were put in or behind its end" if more > 0 else f"{-more:,} bytes are missing at its end"


def _at(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)


def _compare(found: bytes, wanted: bytes, told: str, fields: tuple[tuple[str, int], ...]) -> Iterator[str]:
    if found == wanted:
        return
    at = 0
    for name, length in (*fields, ("name", len(wanted) - sum(n for _, n in fields))):
        have, want = found[at : at + length], wanted[at : at + length]
        if have != want:
            yield f"{told}: its {name} is {have.hex() or 'cut off'} and should be {want.hex()}"
        at += length
