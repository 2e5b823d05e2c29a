"""A page that changes: each new version of its text is a report of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from sayso.ingest.source import Source, now
from sayso.records import Document, Failure
from sayso.watch.plan import Page
from sayso.watch.sources.desk import Arrival, Desk, SourceTrouble
from sayso.watch.sources.feed import conditional, validators


def arrivals(page: Page, desk: Desk) -> Iterator[Arrival]:
    answer = desk.ask(page.url, conditional(desk))
    if answer is None:
        return
    settings = replace(desk.settings, outlet=page.outlet, language=page.language)
    source = Source(answer.body, None, answer.url, answer.headers.get("content-type"), now())
    documents = desk.read(source, settings)
    found = [d for d in documents if isinstance(d, Document)]
    if not found:
        raise SourceTrouble(f"{page.url}: {'; '.join(d.reason for d in documents if isinstance(d, Failure))}")
    text = hashlib.sha256("\0".join(d.text for d in found).encode()).hexdigest()
    if text in desk.state.marks(page.name, [text]):
        yield Arrival(memory=validators(answer))
    else:
        yield Arrival(tuple(documents), text, memory=validators(answer))
