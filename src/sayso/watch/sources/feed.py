"""RSS and Atom feeds: new entries, or the articles that they link to. Asked with ETag and Last-Modified (RFC 9110, 13)."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.errors import IngestError
from sayso.ingest.fetch import Answer, is_address
from sayso.ingest.source import Source, now
from sayso.records import Document, Failure
from sayso.settings import Settings
from sayso.watch.plan import Feed
from sayso.watch.sources.desk import Arrival, Desk, SourceTrouble

_TRIES = 3
"""looks at an article that cannot be fetched; then the entry's own text is read"""


def arrivals(feed: Feed, desk: Desk) -> Iterator[Arrival]:
    answer = desk.ask(feed.url, conditional(desk))
    if answer is None:
        return
    settings = _settings(feed, desk)
    entries = desk.read(Source(answer.body, None, answer.url, answer.headers.get("content-type"), now()), settings)
    if faults := [e for e in entries if isinstance(e, Failure) and e.path == answer.url]:
        raise SourceTrouble(f"{feed.url}: {faults[0].reason}")
    known = desk.state.marks(feed.name, [_key(e) for e in entries])
    whole, fetched = True, 0
    for entry in entries:
        before = known.get(_key(entry))
        if before and before["done"]:
            continue
        if not feed.articles or isinstance(entry, Failure) or not is_address(entry.url or ""):
            yield Arrival((entry,), _key(entry))
            continue
        if fetched >= feed.most or desk.stopping():
            return  # the rest at the next look, for which nothing is remembered as seen
        fetched += 1
        arrival = _article(entry, before["tries"] + 1 if before else 1, desk, settings)
        whole = whole and arrival.done
        yield arrival
    if whole:
        yield Arrival(memory=validators(answer))


def _article(entry: Document, tries: int, desk: Desk, settings: Settings) -> Arrival:
    """The page that an entry links to; the entry itself when that cannot be had."""
    assert entry.url
    try:
        answer = desk.ask(entry.url)
    except SourceTrouble as trouble:
        if trouble.after:
            raise
        reason = str(trouble)
    except IngestError as error:
        reason = str(error)
    else:
        assert answer is not None  # nothing was asked that could be unchanged
        source = Source(answer.body, None, answer.url, answer.headers.get("content-type"), now())
        documents = desk.read(source, settings)
        if any(isinstance(d, Document) for d in documents):
            return Arrival(tuple(documents), _key(entry))
        reason = "; ".join(d.reason for d in documents if isinstance(d, Failure)) or "there is no text"
    if tries < _TRIES:
        return Arrival(key=_key(entry), done=False, tries=tries)
    return Arrival((Failure(entry.url, "fetch", reason), entry), _key(entry), tries=tries)


def _key(entry: Document | Failure) -> str:
    """An entry in this version: its id is a hash of its content."""
    return entry.id if isinstance(entry, Document) else f"{entry.path}\0{entry.reason}"


def _settings(feed: Feed, desk: Desk) -> Settings:
    from dataclasses import replace

    return replace(desk.settings, outlet=feed.outlet, language=feed.language)


def conditional(desk: Desk) -> dict[str, str]:
    """Headers that ask for what has changed only."""
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[key]: value for key, value in desk.memory.items() if key in names}


def validators(answer: Answer) -> dict[str, str]:
    """What `conditional` needs at the next look."""
    return {k: v for k in ("etag", "last-modified") if (v := answer.headers.get(k)) and len(v) < 1_000}
