"""A bag → findings in plain words: what holds, what was altered, is missing or was added, and what cannot be judged.

Nothing is unpacked. The archive's own bytes are compared with the only ones they can be, every file with its hash, every hash list
with how it is written; so one flipped bit anywhere is found. What nothing in a file can show is that all of it was made
anew; for that stand its time stamp, or its SHA-256 noted elsewhere.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from sayso.errors import DataError, LimitError, UsageError
from sayso.evidence import stamp
from sayso.evidence.bag import DECLARATION, MANIFEST, PAYLOAD, TAGS, listed
from sayso.evidence.contents import ARCHIVE
from sayso.evidence.layout import DAMAGES, differences, open_zip, sha256_of
from sayso.evidence.records import records_hold
from sayso.records.terms import plain
from sayso.settings import MEGABYTE

Status = Literal["holds", "altered", "missing", "added", "note"]
_TAG_BYTES = 64 * MEGABYTE
_CHUNK = 1 << 20
_IN_MEMORY = 8 * MEGABYTE
_SHOWN = 20
"""differences of the zip's own records up to which each is told"""


@dataclass(frozen=True, slots=True)
class Finding:
    """status: holds; altered, missing, added: something was changed; note: to be known, neither of these."""

    status: Status
    text: str

    @property
    def bad(self) -> bool:
        return self.status in {"altered", "missing", "added"}


def verify(path: Path, certificates: bytes = b"", sha256: str | None = None) -> list[Finding]:
    """Check a bag. certificates: the time-stamping authority's, in PEM; sha256: the file's, as it was noted when it was made.

    Whatever is wrong is a finding, an archive that looks like a bomb too: then nothing of it is read. Raises LimitError for a
    single record too large to be one.
    """
    with path.open("rb") as file:
        found = [*_noted(file, sha256)]
        try:
            archive = open_zip(file)
        except (DataError, LimitError) as error:
            return [*found, _unreadable(error)]
        with archive:
            files = _Files(archive)
            found += [*_layout(file, archive), *files.findings]
            found += (
                Finding(status, text) for status, text in records_hold(files.unaltered, files.read, files.spooled)
            )
            return [*found, *_stamped(files, certificates)]


@contextmanager
def archive_of(path: Path) -> Iterator[BinaryIO]:
    """The ledger's archive in a bag, a file to seek in. Raises DataError when the bag has none; `verify` it before."""
    with path.open("rb") as file, open_zip(file) as archive:
        files = _Files(archive)
        if f"{PAYLOAD}{ARCHIVE}" not in files.unaltered:
            raise DataError(f"the bag holds no {ARCHIVE} as it was made; take another copy")
        with files.spooled(f"{PAYLOAD}{ARCHIVE}") as stream:
            yield stream


def _noted(file: BinaryIO, sha256: str | None) -> Iterator[Finding]:
    actual = sha256_of(file)
    if sha256 is None:
        yield Finding(
            "note",
            f"the file’s SHA-256 is {actual}; compare it with what was noted when it was made (or give it with --sha256)",
        )
    elif sha256.strip().lower() == actual:
        yield Finding("holds", "the file is the one whose SHA-256 was noted")
    else:
        yield Finding(
            "altered", f"the file’s SHA-256 is {actual}, and {plain(sha256)} was noted: it is another file, or altered"
        )


def intact(file: BinaryIO) -> list[Finding]:
    """Whether the archive and the bag are as they were made, whatever the files say."""
    try:
        archive = open_zip(file)
    except (DataError, LimitError) as error:
        return [_unreadable(error)]
    with archive:
        return [*_layout(file, archive), *_Files(archive).findings]


def _unreadable(error: Exception) -> Finding:
    return Finding("altered", plain(f"the file cannot be checked any further: {error}"))


def _layout(file: BinaryIO, archive: zipfile.ZipFile) -> Iterator[Finding]:
    odd = [plain(d) for d in differences(file, archive)]
    if len(odd) > _SHOWN:
        text = f"the zip archive itself was packed anew by another program, or altered in many places: {len(odd):,} of its records are not as Sayso writes them; the first: {odd[0]}"
        yield Finding("altered", text)
    else:
        yield from (Finding("altered", f"the zip archive itself: {told}") for told in odd)
    if not odd:
        text = "the zip archive is written bit for bit as Sayso writes it; nothing stands beside its files"
        yield Finding("holds", text)


class _Files:
    """The bag's files against its manifests. unaltered: names (without the bag's folder) of those that fit both."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.findings: list[Finding] = []
        self.unaltered: set[str] = set()
        self.folder = ""
        names = [i.filename for i in archive.infolist()]
        try:
            self._check(names)
        except DataError as error:
            self.findings.append(Finding("altered", plain(str(error))))

    def _check(self, names: list[str]) -> None:
        folders = {n.partition("/")[0] for n in names}
        hostile = [n for n in names if n.startswith("/") or "\\" in n or ":" in n or {"..", "."} & set(n.split("/"))]
        if hostile:
            raise DataError(f"the name {hostile[0]!r} leads out of the bag; do not unpack it")
        if len(names) != len(set(names)):
            raise DataError("two files of the archive have one name")
        if len(folders) != 1 or any("/" not in n for n in names):
            raise DataError("it is no bag of Sayso’s: its files do not stand in one folder")
        self.folder = f"{folders.pop()}/"
        present = {n.removeprefix(self.folder) for n in names if not n.endswith("/")}
        for name in {"bagit.txt", MANIFEST, TAGS} - present:
            self.findings.append(Finding("missing", f"{name}, without which it is no bag"))
        if {"bagit.txt", MANIFEST, TAGS} - present:
            return
        if self.read("bagit.txt", _TAG_BYTES) != DECLARATION:
            self.findings.append(Finding("altered", "bagit.txt does not say what Sayso writes there"))
        payload = {n for n in present if n.startswith(PAYLOAD)}
        self._against(TAGS, present - payload - {TAGS})
        tags = len(self.unaltered)
        self._against(MANIFEST, payload)
        files = len(self.unaltered) - tags
        if not self.findings:
            text = f"all {files:,} files and {tags} tag files are as they were when the bag was made (SHA-256)"
            self.findings.append(Finding("holds", text))
        elif files:
            self.findings.append(
                Finding("holds", f"{files:,} files of {len(payload):,} have the SHA-256 that the manifest gives")
            )

    def _against(self, manifest: str, present: set[str]) -> None:
        told = listed(self.read(manifest, _TAG_BYTES), manifest)
        for name in sorted(set(told) - present):
            self.findings.append(Finding("missing", f"{plain(name)}, which {manifest} lists"))
        for name in sorted(present - set(told)):
            self.findings.append(Finding("added", f"{plain(name)}, which {manifest} does not list"))
        for name in sorted(present & set(told)):
            try:
                found, fits = self._hash(name)
            except DataError as error:
                self.findings.append(Finding("altered", plain(str(error))))
                continue
            if found != told[name]:
                text = f"{plain(name)}: {manifest} gives SHA-256 {told[name]}, and the file’s is {found}"
                self.findings.append(Finding("altered", text))
                continue
            self.unaltered.add(name)
            if not fits:
                text = f"the zip’s own checksum of {plain(name)} was altered; the file is not"
                self.findings.append(Finding("altered", text))

    def _hash(self, name: str) -> tuple[str, bool]:
        """SHA-256 of the bytes that are there, and whether the zip's own checksum is of them."""
        info = copy(self._archive.getinfo(self.folder + name))
        told, info.CRC = info.CRC, None  # type: ignore[assignment]
        digest, crc = hashlib.sha256(), 0
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
                    crc = zlib.crc32(chunk, crc)
        except DAMAGES as error:
            raise DataError(f"{name} cannot be read ({error})") from error
        return digest.hexdigest(), crc == told

    def read(self, name: str, most: int = 600 * MEGABYTE) -> bytes:
        """Raises DataError when it cannot be read, LimitError when it is larger."""
        try:
            with self._archive.open(self.folder + name) as stream:
                data = stream.read(most + 1)
        except (KeyError, *DAMAGES) as error:
            raise DataError(f"{name}: it cannot be read ({error})") from error
        if len(data) > most:
            raise LimitError(f"{name} is larger than {most:,} bytes")
        return data

    def spooled(self, name: str) -> BinaryIO:
        """A file to seek in; it is the caller's to close."""
        out = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
        with self._archive.open(self.folder + name) as stream:
            shutil.copyfileobj(stream, out, _CHUNK)
        out.seek(0)
        return out


def _stamped(files: _Files, certificates: bytes) -> Iterator[Finding]:
    if stamp.ANSWER not in files.unaltered:
        if certificates:
            yield Finding("note", "it has no time stamp that could be checked with the authority’s certificates")
        return
    if MANIFEST not in files.unaltered:
        yield Finding("note", "its time stamp was not checked: the manifest that it stands on was altered")
        return
    try:
        own = files.read(stamp.AUTHORITY, MEGABYTE) if stamp.AUTHORITY in files.unaltered else b""
        found = stamp.check(files.read(stamp.ANSWER, MEGABYTE), files.read(MANIFEST, _TAG_BYTES), certificates or own)
    except UsageError as error:
        yield Finding("note", f"its time stamp was not checked: {error}")
    except DataError as error:
        yield Finding("altered", plain(str(error)))
    else:
        if certificates:
            yield Finding(
                "holds",
                f"the manifest existed before {plain(found.told)}; the signature holds with the certificates you gave",
            )
        elif found.trusted:
            text = f"a time stamp says that the manifest existed before {plain(found.told)}; its signature holds with the certificates in the bag itself, so that whoever made the bag could have made them: give the authority’s own with --authority"
            yield Finding("note", text)
        else:
            text = f"a time stamp says that the manifest existed before {plain(found.told)}; its signature was not checked: give the authority’s certificates with --authority"
            yield Finding("note", text)
