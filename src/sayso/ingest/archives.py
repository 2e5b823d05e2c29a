"""Zip, tar and gzip: their members one by one, never to disk, with limits against bombs."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from sayso.errors import IngestError, LimitError
from sayso.ingest.source import Source
from sayso.settings import Limits, Settings

_CHUNK = 1 << 16
_RATIO_FREE = 10_000_000
"""bytes up to which a high ratio is harmless"""


def check_members(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Raises LimitError when the declared sizes are those of a bomb, IngestError when a member is encrypted."""
    infos = archive.infolist()
    if len(infos) > limits.archive_members:
        raise LimitError(f"it has {len(infos):,} members, more than the limit of {limits.archive_members:,}")
    if sum(i.file_size for i in infos) > limits.archive_bytes:
        raise LimitError(f"unpacked it would take more than {limits.archive_bytes:,} bytes")
    for info in infos:
        if info.flag_bits & 1:
            raise IngestError("it is encrypted; save a copy without a password")
        if info.file_size > _RATIO_FREE and info.file_size > limits.archive_ratio * max(1, info.compress_size):
            raise LimitError(
                f"its member {info.filename!r} unpacks to over {limits.archive_ratio} times its size; it looks like a bomb"
            )


def zip_members(source: Source, settings: Settings) -> Iterator[Source]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise IngestError(f"it is damaged or no zip archive ({error})") from error
    check_members(archive, settings.limits)
    total = 0
    for info in sorted(archive.infolist(), key=lambda i: i.filename):
        if info.is_dir() or _hidden(info.filename):
            continue
        try:
            with archive.open(info) as stream:
                data = _bounded(stream, min(settings.limits.file_bytes, settings.limits.archive_bytes - total))
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise IngestError(f"its member {info.filename!r} is damaged ({error})") from error
        total += len(data)
        yield source.inner(data, info.filename)


def tar_members(source: Source, settings: Settings) -> Iterator[Source]:
    """Regular files only: links and devices are passed over, so nothing outside the archive can be reached."""
    total = count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(source.data), mode="r:*") as archive:
            for info in archive:
                if not info.isfile() or _hidden(info.name):
                    continue
                count += 1
                total += info.size
                if (
                    count > settings.limits.archive_members
                    or total > settings.limits.archive_bytes
                    or info.size > settings.limits.file_bytes
                ):
                    raise LimitError(
                        f"unpacked it is larger than the limits ({settings.limits.archive_bytes:,} bytes, {settings.limits.archive_members:,} members)"
                    )
                stream = archive.extractfile(info)
                if stream is not None:
                    yield source.inner(_bounded(stream, settings.limits.file_bytes), info.name)
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError, ValueError) as error:
        raise IngestError(f"it is damaged or no tar archive ({error})") from error


def gunzip(source: Source, settings: Settings) -> Source:
    """The one file in a gzip; as a member its name loses `.gz`."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.data)) as stream:
            data = _bounded(
                stream, settings.limits.file_bytes, len(source.data) * settings.limits.archive_ratio + _RATIO_FREE
            )
    except (EOFError, zlib.error, lzma.LZMAError, OSError, ValueError) as error:
        raise IngestError(f"it is damaged or no gzip file ({error})") from error
    name = (source.path or "content").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return source.inner(data, name.removesuffix(".gz") if name.endswith(".gz") else "content")


def _bounded(stream, most: int, bomb: int | None = None) -> bytes:  # type: ignore[no-untyped-def]
    parts, size = [], 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > most or (bomb is not None and size > bomb):
            raise LimitError(
                f"unpacked it is larger than {min(most, bomb or most):,} bytes; it looks like a bomb, or raise --max-size"
            )
        parts.append(chunk)
    return b"".join(parts)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/") if part not in {".", ".."})
