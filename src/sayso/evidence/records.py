"""Whether a bag's records agree with each other: originals with their hashes, claims with their words, the archive with both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO, Literal

import msgspec

from sayso.errors import DataError
from sayso.evidence.bag import PAYLOAD
from sayso.evidence.contents import ARCHIVE, CLAIMS, DOCUMENTS, ORIGINALS, READINGS
from sayso.export.phrases import many
from sayso.ledger.archive.opening import open_archive
from sayso.ledger.exact import misplaced
from sayso.records import Reading
from sayso.records.json import decode_reading

Told = tuple[Literal["holds", "altered", "missing", "note"], str]
Read = Callable[[str], bytes]
Spooled = Callable[[str], BinaryIO]


def records_hold(unaltered: Collection[str], read: Read, spooled: Spooled) -> Iterator[Told]:
    """Of the files that fit their manifest. read: a file's bytes by its name; spooled: the file itself, to seek in."""
    needed = {f"{PAYLOAD}{name}" for name in (DOCUMENTS, CLAIMS, ARCHIVE)}
    if not needed <= set(unaltered):
        yield (
            "note",
            "originals, claims and archive were not compared with each other: their records are missing or altered",
        )
        return
    try:
        documents = [msgspec.json.decode(line) for line in read(f"{PAYLOAD}{DOCUMENTS}").splitlines()]
        yield from _originals(documents, unaltered, read)
        readings = {d["id"]: f"{PAYLOAD}{READINGS}{d['id']}.json" for d in documents}
        yield from _claims(readings, unaltered, read)
        yield from _archive(set(readings), spooled)
    except (msgspec.MsgspecError, DataError, KeyError, TypeError, ValueError, AttributeError) as error:
        yield "altered", f"the bag’s records cannot be read as Sayso writes them ({error})"


def _originals(documents: list[dict[str, Any]], unaltered: Collection[str], read: Read) -> Iterator[Told]:
    good, copies, checked = set(), 0, dict[str, str]()
    for document in documents:
        name = f"{PAYLOAD}{document['original']}"
        if name not in unaltered:
            yield "missing", f"the original of document {document['id']} is not there as its record gives it ({name})"
            continue
        if name not in checked:
            checked[name] = hashlib.sha256(read(name)).hexdigest()
        if checked[name] == document["sha256"]:
            good.add(name)
        else:
            yield (
                "altered",
                f"{name}: the record of document {document['id']} gives SHA-256 {document['sha256']}, and the file’s is {checked[name]}",
            )
        copies += len(document["copies"])
    originals = {n for n in unaltered if n.startswith(f"{PAYLOAD}{ORIGINALS}")}
    if len(good) == len(originals):
        yield (
            "holds",
            f"originals with the SHA-256 that their records give: {len(good)}; records of when and from where they came: {copies}",
        )
    for name in sorted(originals - set(checked)):
        yield "altered", f"{name} belongs to no document of the records"


def _claims(readings: dict[str, str], unaltered: Collection[str], read: Read) -> Iterator[Told]:
    """Every claim and every other span on its exact words, and the list of claims as the readings have it."""
    said: dict[str, list[dict[str, Any]]] = {}
    for line in read(f"{PAYLOAD}{CLAIMS}").splitlines():
        record = msgspec.json.decode(line)
        said.setdefault(record["document_id"], []).append(record)
    count, bad = 0, 0
    for document, name in readings.items():
        if name not in unaltered:
            yield "missing", f"the reading of document {document} is not there as it was made ({name})"
            bad += 1
            continue
        reading = decode_reading(read(name))
        count += len(reading.claims)
        for odd in (*misplaced(reading), *_otherwise(reading, said.pop(document, []))):
            bad += 1
            yield "altered", f"{odd} of document {document} does not stand on the words of its text"
    for document in said:
        bad += 1
        yield "altered", f"{CLAIMS} has claims of document {document}, which is not in the bag"
    if not bad:
        yield "holds", f"claims that stand on their exact words in the texts: {count}"


def _otherwise(reading: Reading, listed: list[dict[str, Any]]) -> Iterator[str]:
    """Claims that the list has otherwise than the reading."""
    text = reading.document.text
    own = {c.id: (c.field, c.value, c.holds, [[s.start, s.end] for s in c.spans]) for c in reading.claims}
    for record in listed:
        words = " … ".join(text[start:end] for start, end in record["spans"])
        told = (record["field"], record["value"], record["holds"], record["spans"])
        if own.pop(record["id"], None) != told or words != record["words"]:
            yield f"claim {record['id']}"
    yield from (f"claim {id_}" for id_ in own)


def _archive(documents: set[str], spooled: Spooled) -> Iterator[Told]:
    try:
        with spooled(f"{PAYLOAD}{ARCHIVE}") as file, open_archive(file) as archive:
            archive.check()
            held = archive.manifest.members["documents.jsonl"].rows or 0
    except DataError as error:
        yield "altered", f"{ARCHIVE}: {error}"
        return
    if held != len(documents):
        yield "altered", f"{ARCHIVE} holds {many(held, 'document')}, and the records {len(documents)}"
    else:
        yield "holds", f"{ARCHIVE} is whole: `sayso import` takes {many(held, 'document')} from it"
