"""Walks what the caller names and turns every input into documents or failures, in sorted order of paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from sayso.errors import IngestError, UsageError
from sayso.ingest.fetch import Fetcher, is_address
from sayso.ingest.formats import FORMATS, Format, detect
from sayso.ingest.isolate import Isolated
from sayso.ingest.source import Source, make_document, now, shown
from sayso.records import Document, Failure
from sayso.settings import Settings

Loader = Callable[[Source, Settings], Any]


def load(paths: Iterable[str | Path], settings: Settings | None = None) -> Iterator[Document | Failure]:
    """Documents and failures of files, folders (recursively), archives, web addresses and "-" (standard input).

    Raises UsageError before anything is read when a path does not exist.
    """
    settings = settings or Settings()
    names = check_paths(paths)
    local = {name: list(walk(Path(name))) for name in names if name != "-" and not is_address(name)}
    for name, found in local.items():
        if not found:
            yield Failure(
                shown(name), "ingest", "there is no file in this folder (hidden files and links are left out)"
            )
    files = sorted({file for found in local.values() for file in found})
    with Isolated(settings) as isolated:
        for path in files:
            yield from _file(path, settings, isolated)
        fetcher = Fetcher(settings.limits)
        for name in names:
            if is_address(name):
                yield from _address(name, fetcher, settings, isolated)
            elif name == "-":
                yield from _standard_input(settings, isolated)


def check_paths(paths: Iterable[str | Path]) -> list[str]:
    """The paths as strings. Raises UsageError for one that does not exist."""
    names = [str(p) for p in paths]
    for name in names:
        if "://" in name and not is_address(name):
            raise UsageError(f"{name}: only http and https addresses are fetched")
        if name != "-" and not is_address(name) and not os.path.lexists(name):
            raise UsageError(f"no such file or folder: {name}")
    return names


def load_bytes(data: bytes, name: str, settings: Settings | None = None) -> Iterator[Document | Failure]:
    """Documents of bytes in hand, as if they had been a file of that name."""
    settings = settings or Settings()
    with Isolated(settings) as isolated:
        yield from read_source(Source(data, path=name, retrieved=now()), settings, isolated)


def load_text(text: str, settings: Settings | None = None) -> Document:
    """A document of text in hand. Raises IngestError when it is blank."""
    return make_document(
        Source(text.encode("utf-8", "replace"), retrieved=now()), settings or Settings(), text, "text/plain"
    )


def walk(path: Path) -> Iterator[str]:
    """Files below a folder in sorted order. Hidden ones and links are passed over: nothing outside is read."""
    if not path.is_dir():
        yield str(path)
        return
    for folder, subfolders, files in os.walk(path, followlinks=False):
        subfolders[:] = sorted(d for d in subfolders if not d.startswith("."))
        for name in sorted(files):
            inner = Path(folder) / name
            if not name.startswith(".") and not inner.is_symlink():
                yield str(inner)


def _file(name: str, settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    path = Path(name)
    label = shown(name)
    try:
        if not path.is_file():
            yield Failure(label, "ingest", "it is a broken link" if path.is_symlink() else "it is no ordinary file")
            return
        size = path.stat().st_size
        if size > settings.limits.file_bytes:
            yield Failure(
                label,
                "ingest",
                f"it has {size:,} bytes, more than the limit of {settings.limits.file_bytes:,}; split it or raise --max-size",
            )
            return
        data = path.read_bytes()
    except OSError as error:
        yield Failure(label, "ingest", f"{error.strerror or error}")
        return
    yield from read_source(Source(data, path=label, retrieved=now()), settings, isolated)


def _standard_input(settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    data = sys.stdin.buffer.read(settings.limits.file_bytes + 1)
    if len(data) > settings.limits.file_bytes:
        yield Failure(
            "standard input", "ingest", f"it is longer than the limit of {settings.limits.file_bytes:,} bytes"
        )
    else:
        yield from read_source(Source(data, retrieved=now()), settings, isolated)


def _address(url: str, fetcher: Fetcher, settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    try:
        source = fetcher.fetch(url)
    except IngestError as error:
        yield Failure(url, "fetch", str(error))
        return
    yield from read_source(source, settings, isolated)


def read_source(source: Source, settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    """The documents of one input, containers opened; every fault becomes a Failure that names the input."""
    try:
        name = detect(source)
        form = FORMATS[name]
        if form.container:
            yield from _container(form, source, settings, isolated)
        elif form.isolated and settings.isolate:
            yield from isolated.run(name, source)
        else:
            yield from loader_of(form)(source, settings)
        if name == "eml":
            yield from _attachments(source, settings, isolated)
    except IngestError as error:
        yield Failure(source.name, "ingest", str(error))
    except (RecursionError, MemoryError) as error:
        yield Failure(source.name, "ingest", f"it is too deep or too large to read ({type(error).__name__})")
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, AssertionError) as error:
        yield Failure(
            source.name,
            "ingest",
            f"it is damaged in a way that its parser does not foresee ({type(error).__name__}: {error})",
        )


def _container(form: Format, source: Source, settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    if source.depth >= settings.limits.archive_depth:
        raise IngestError(
            f"archives are nested more than {settings.limits.archive_depth} deep here; unpack it yourself"
        )
    members = loader_of(form)(source, settings)
    for member in [members] if isinstance(members, Source) else members:
        yield from read_source(member, settings, isolated)


def _attachments(source: Source, settings: Settings, isolated: Isolated) -> Iterator[Document | Failure]:
    from sayso.ingest.mail import attachments

    if source.depth < settings.limits.archive_depth:
        for inner in attachments(source):
            yield from read_source(inner, settings, isolated)


def loader_of(form: Format) -> Loader:
    module, _, function = form.loader.partition(":")
    return cast(Loader, getattr(import_module(module), function))
