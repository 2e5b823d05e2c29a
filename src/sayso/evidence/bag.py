"""The BagIt bag (RFC 8493, version 1.0) in the archive: payload under `data/`, its manifest, tag files and theirs.

Written straight into the archive, hashed on the way, so that nothing is unpacked to a folder; whatever validates bags
(`bagit.py --validate`, `sha256sum -c`) can check it once it is unzipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

from sayso import __version__
from sayso.errors import DataError
from sayso.evidence.layout import Entry, Writer, sha256_of

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
PAYLOAD = "data/"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was made. manifest: the bytes that a time stamp is of; files: payload files; size: bytes of the archive."""

    manifest: bytes
    files: int
    size: int
    sha256: str


def write_bag(
    out: BinaryIO,
    folder: str,
    members: Iterable[tuple[str, Iterable[bytes]]],
    info: Iterable[tuple[str, str]],
    stamped: Callable[[bytes], Iterable[tuple[str, bytes]]] = lambda _: (),
) -> Sealed:
    """Write the bag as a zip archive to a seekable file that can be read too.

    folder: the bag's own name, the one folder of the archive. members: payload files, as (name under data/, pieces of bytes).
    info: what bag-info.txt says. stamped: given the manifest's bytes, further tag files that stand on them.
    """
    zip_ = Writer(out)
    payload = [zip_.put(f"{folder}/{PAYLOAD}{name}", pieces) for name, pieces in members]
    manifest = listing((e.name.removeprefix(f"{folder}/"), e.sha256) for e in payload)
    oxum = f"{sum(e.size for e in payload)}.{len(payload)}"
    facts = (("Bag-Software-Agent", f"Sayso {__version__}"), *info, ("Payload-Oxum", oxum))
    tags: list[Entry] = []
    for name, data in (
        ("bagit.txt", DECLARATION),
        (INFO, "".join(f"{k}: {_one_line(v)}\n" for k, v in facts if v).encode("utf-8", "replace")),
        (MANIFEST, manifest),
        *stamped(manifest),
    ):
        tags.append(zip_.put(f"{folder}/{name}", [data]))
    zip_.put(f"{folder}/{TAGS}", [listing((e.name.removeprefix(f"{folder}/"), e.sha256) for e in tags)])
    zip_.close()
    size = out.tell()
    return Sealed(manifest, len(payload), size, sha256_of(out))


def _one_line(value: str) -> str:
    return " ".join(value.split())


def listing(hashes: Iterable[tuple[str, str]]) -> bytes:
    """(path, SHA-256) → the bytes of a manifest, which `sha256sum -c` reads as well: in order of the paths."""
    return "".join(f"{sha256}  {_escaped(path)}\n" for path, sha256 in sorted(hashes)).encode()


def listed(manifest: bytes, name: str) -> dict[str, str]:
    """The paths of a manifest with their SHA-256. Raises DataError, naming the line, when it is not one as `listing` writes."""
    found: dict[str, str] = {}
    try:
        lines = manifest.decode().split("\n")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is no text in UTF-8 ({error})") from error
    if lines.pop() != "":
        raise DataError(f"{name} breaks off in its last line")
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise DataError(f"line {number} of {name} is not a hash and a path: {line[:100]!r}")
        found[re.sub("%(0A|0D|25)", lambda m: chr(int(m[1], 16)), match[2])] = match[1]
    if listing(found.items()) != manifest:
        raise DataError(f"{name} is not written as Sayso writes it: out of order, doubled, or otherwise spelt")
    return found


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
