"""Readings as W3C Web Annotations (JSON-LD): one collection, an annotation a claim, that leads to its exact words.

After the Web Annotation Data Model and its JSON-LD context (W3C Recommendations, 23 February 2017). The target's source is the
document's text by its SHA-256 (a `ni:` name, RFC 6920), since offsets belong to that text and not to the page it came from; `via` is
that page. Of each span there are two selectors, either of which finds it: TextPositionSelector in code points, and TextQuoteSelector
with as much text around it as it takes to find no other place. Who says it is a body of its own, by the words that name the speaker.
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sayso.export import LossReport, Record
from sayso.export.readings import readings_in
from sayso.ledger.rows import speaker_name
from sayso.records import Attribution, Claim, DocumentInfo, Reading, Source, Span
from sayso.records.terms import field_name

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = (32, 64, 128, 256)
"""characters before and after a quotation, more where fewer do not tell it from other places"""


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """An AnnotationCollection with one page. Raises UsageError for records that are no readings."""
    report = LossReport()
    total = 0
    head = {"@context": CONTEXT, "id": "urn:sayso:claims", "type": "AnnotationCollection", "label": "Claims"}
    page = {"id": "urn:sayso:claims:1", "type": "AnnotationPage", "startIndex": 0, "partOf": "urn:sayso:claims"}
    out.write(f'{_json(head)[:-1]}, "first": {_json(page)[:-1]}, "items": ['.encode())
    for reading in readings_in(rows, "the format of Web Annotations"):
        if not reading.claims:
            report.lose("documents without a claim", reading.document.id)
            continue
        for annotation in annotated(reading, report):
            out.write((",\n" if total else "\n").encode() + _json(annotation).encode("utf-8", "replace"))
            total += 1
        report.rows += 1
    out.write(f'\n]}}, "total": {total}}}\n'.encode())
    if report.rows:
        report.losses.append(
            "Web Annotations hold the claims; events, roles, nested attributions, entities, codes and warnings are in JSON Lines"
        )
    return report


def annotated(reading: Reading, report: LossReport) -> Iterator[Record]:
    """One for each claim, in order."""
    source = text_resource(reading.document)
    said = {a.id: a for a in reading.attributions}
    names = {e.id: e.name for e in reading.entities}
    for claim in reading.claims:
        id_ = f"{reading.document.id}/{claim.id}"
        voice = said.get(claim.attribution or "")
        targets = [_target(source, reading.document.text, s, id_, report) for s in claim.spans]
        body = [*_tags(claim), _sentence(claim, voice, names, reading.document)]
        if voice and voice.source:
            selected = _target(source, reading.document.text, _span(voice.source), id_, report)
            body.append({**selected, "purpose": "identifying"})
        yield {
            "id": f"urn:sayso:claim:{id_}",
            "type": "Annotation",
            "motivation": "describing",
            "generator": {
                "id": f"urn:sayso:reader:{reading.run.reader}:{reading.run.version}",
                "type": "Software",
                "name": f"Sayso, reader {reading.run.reader} {reading.run.version}",
            },
            "body": body,
            "target": targets if len(targets) > 1 else targets[0],
        }


def text_resource(document: DocumentInfo) -> Record:
    """The document's text, named by the SHA-256 of its UTF-8 bytes."""
    digest = hashlib.sha256(document.text.encode("utf-8", "replace")).digest()
    found: Record = {
        "id": f"ni:///sha-256;{urlsafe_b64encode(digest).decode().rstrip('=')}",
        "type": "Text",
        "format": "text/plain",
    }
    if document.language:
        found["language"] = document.language
    if document.url:
        found["via"] = document.url
    return found


def _span(source: Source) -> Span:
    return Span(source.start, source.end, source.text)


def _target(source: Record, text: str, span: Span, id_: str, report: LossReport) -> Record:
    return {"type": "SpecificResource", "source": source, "selector": selectors(text, span, id_, report)}


def selectors(text: str, span: Span, id_: str = "", report: LossReport | None = None) -> list[Record]:
    """Quotation and position; both find the same words."""
    for around in _AROUND:
        prefix, suffix = text[max(0, span.start - around) : span.start], text[span.end : span.end + around]
        quoted = f"{prefix}{span.text}{suffix}"
        if text.find(quoted, text.find(quoted) + 1) < 0:
            break
    else:
        if report is not None:
            report.lose("quotations that stand in several places with the same words around (see their position)", id_)
    return [
        {"type": "TextQuoteSelector", "exact": span.text, "prefix": prefix, "suffix": suffix},
        {"type": "TextPositionSelector", "start": span.start, "end": span.end},
    ]


def _tags(claim: Claim) -> Iterator[Record]:
    told = {"field": claim.field, "value": claim.value, "stance": claim.stance, "holds": "yes" if claim.holds else "no"}
    for name, value in told.items():
        yield {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": f"{name}: {value}"}


def _sentence(claim: Claim, voice: Attribution | None, names: dict[str, str], document: DocumentInfo) -> Record:
    """Who says it, first: nothing is said in anybody else's voice."""
    who = speaker_name(voice, names) or ("an unnamed source" if voice else document.outlet or "the report itself")
    value = f"{who} {claim.stance.replace('_', ' ')}: {field_name(claim.field)}: {claim.value}"
    return {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": value}


def _json(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False)
