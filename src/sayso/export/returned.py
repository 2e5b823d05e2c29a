"""Corrections made in brat or Label Studio → judgements: what somebody changed, deleted or accepted of the claims that were exported.

A file is compared with what it says was exported, and its texts with the ledger's, so that nothing is judged but what a person
touched. What a judgement cannot hold (a new annotation, another type) is told and left out.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, and_, select

from sayso.errors import DataError, UsageError
from sayso.export.interchange import labelstudio, standoff
from sayso.export.interchange.told import Namer, Pieces, Sheet, change
from sayso.ledger import schema
from sayso.ledger.correcting import checked
from sayso.records import Correction, Reading
from sayso.records.json import decode_reading

_LARGEST = 200_000_000
"""bytes of a file, or of a member of an archive"""
_ENDINGS = (".txt", ".ann", ".exported")


@dataclass(frozen=True, slots=True)
class Return:
    """A judgement to record. decision: accept, correct or reject; ref: "claim:DOCUMENT/ID"; note: what was written beside the claim."""

    decision: str
    ref: str
    correction: Correction | None = None
    note: str | None = None


def returned(path: Path, connection: Connection, tell: Callable[[str], None] | None = None) -> list[Return]:
    """The judgements in a brat archive or a Label Studio export, in order of its documents; none for what was left as it was.

    tell: given a sentence for each change that no judgement can hold. Raises UsageError when the file does not belong to this
    ledger (an unknown document, another text, claims of another reading) or a correction cannot be kept, DataError when it is damaged.
    """
    found: list[Return] = []
    for sheet, known in _sheets(path, connection):
        for id_, (before, after) in sheet.claims.items():
            if id_ not in known:
                raise UsageError(
                    f"{path.name}: document {sheet.document} was read again since this was exported, and has no claim {id_} now;"
                    " export it again"
                )
            ref = f"claim:{sheet.document}/{id_}"
            if after is None:
                found.append(Return("reject", ref))
            elif not (told := change(before, after)).empty:
                _check(connection, ref, told, path.name)
                found.append(Return("correct", ref, told, after.note))
            elif after.accepted and not before.accepted:
                found.append(Return("accept", ref, None, after.note))
        for missed in sheet.missed if tell else ():
            tell(f"{sheet.document}: {missed}")  # type: ignore[misc]
    return found


def _check(connection: Connection, ref: str, told: Correction, name: str) -> None:
    """Before anything is recorded, so that a file is taken whole or not at all."""
    try:
        checked(connection, ref, told)
    except UsageError as error:
        raise UsageError(f"{name}, {ref}: {error}") from error


def _sheets(path: Path, connection: Connection) -> Iterator[tuple[Sheet, set[str]]]:
    """Each document of the file with the ids of its claims in the ledger."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; name the zip archive of brat, or Label Studio’s JSON") from error
    if not path.is_file() or size > _LARGEST:
        raise UsageError(f"{path} is {'larger than 200 MB' if path.is_file() else 'no file'}; import it in parts")
    yield from _brat(path, connection) if zipfile.is_zipfile(path) else _label_studio(path, connection)


def _label_studio(path: Path, connection: Connection) -> Iterator[tuple[Sheet, set[str]]]:
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is neither a zip archive of brat’s nor Label Studio’s JSON: {error}") from error
    try:
        for text, sheet in labelstudio.sheets(tasks):
            reading = _reading(connection, sheet.document, path.name)
            if text != reading.document.text.encode("utf-8", "replace").decode():
                raise _other_text(path.name, sheet.document)
            yield sheet, {c.id for c in reading.claims}
    except DataError as error:
        raise DataError(f"{path.name}, {error}") from error


def _brat(path: Path, connection: Connection) -> Iterator[tuple[Sheet, set[str]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for document, members in _documents(archive, path.name).items():
                reading = _reading(connection, document, path.name)
                text = reading.document.text
                parts = {ending: _member(archive, members[ending], path.name) for ending in _ENDINGS}
                if parts[".txt"] != text.encode("utf-8", "replace"):
                    raise _other_text(path.name, document)
                was, now = (
                    standoff.parsed(_decoded(parts[e], members[e].filename), text, members[e].filename)
                    for e in (".exported", ".ann")
                )
                yield standoff.compared(document, was, now, text, _namer(reading)), {c.id for c in reading.claims}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path.name} is damaged: {error}; zip the folder again") from error


def _documents(archive: zipfile.ZipFile, name: str) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """Document → its files by their endings, in whatever folder they lie."""
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for info in archive.infolist():
        member = PurePosixPath(info.filename)
        if member.suffix in _ENDINGS and "__MACOSX" not in member.parts:
            if member.suffix in found.setdefault(member.stem, {}):
                raise DataError(f"{name} has {member.name} twice; zip one annotator’s folder at a time")
            found[member.stem][member.suffix] = info
    for document, members in found.items():
        if missing := [e for e in _ENDINGS if e not in members]:
            raise DataError(
                f"{name}: {document}{missing[0]} is missing; zip the folder as `sayso export` wrote it, with its .txt, .ann and .exported"
            )
    if not found:
        raise UsageError(f"{name} holds no brat files; `sayso export readings --format brat` writes such an archive")
    return found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(info) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise DataError(f"{name}: {info.filename} is larger than 200 MB")
    return data


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not UTF-8: {error.reason} at byte {error.start}") from error


def _reading(connection: Connection, document: str, name: str) -> Reading:
    d, r = schema.documents.c, schema.readings.c
    query = select(r.json).join(schema.documents, and_(d.id == r.document_id, d.current_run == r.run_id))
    packed = connection.scalar(query.where(d.id == document))
    if packed is None:
        raise UsageError(
            f"{name}: this ledger has no document {document[:40]!r}; name the ledger that it was exported from"
        )
    return decode_reading(zlib.decompress(packed))


def _other_text(name: str, document: str) -> UsageError:
    return UsageError(f"{name}: the text of document {document} is not the ledger’s, so offsets would be wrong")


def _namer(reading: Reading) -> Namer:
    """Whoever the words stand for by the reading's entities, else the words themselves."""
    mentions = {(m.start, m.end): m.entity for m in reading.mentions if m.entity}
    mentions |= {(s.start, s.end): s.entity for a in reading.attributions if (s := a.source) and s.entity}
    names = {e.id: e.name for e in reading.entities}
    text = reading.document.text

    def name(pieces: Pieces) -> str:
        start, end = pieces[0][0], pieces[-1][1]
        known = names.get(mentions.get((start, end)) or "")
        return " ".join((known or " ".join(text[a:b] for a, b in pieces)).split())

    return name
