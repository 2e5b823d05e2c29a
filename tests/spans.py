"""Every span of a reading, so that tests can hold all of them to the text."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.records import Reading


def all_spans(reading: Reading) -> Iterator[tuple[str, int, int, str]]:
    """(what it is, start, end, text)."""
    for m in reading.mentions:
        yield f"mention {m.id}", m.start, m.end, m.text
    for a in reading.attributions:
        for part in filter(None, (a.source, a.cue, *a.content)):
            yield f"attribution {a.id}", part.start, part.end, part.text
    for e in reading.events:
        for part in (*e.triggers, *e.arguments, *e.casualties, *e.responsibility):
            yield f"event {e.id}", part.start, part.end, part.text
    for c in reading.claims:
        for part in c.spans:
            yield f"claim {c.id}", part.start, part.end, part.text
    for w in reading.warnings:
        yield f"warning {w.kind}", w.start, w.end, w.text


def assert_exact(reading: Reading) -> None:
    text = reading.document.text
    for what, start, end, words in all_spans(reading):
        assert 0 <= start <= end <= len(text), what
        assert text[start:end] == words, what


def assert_references(reading: Reading) -> None:
    """Every id that a record names exists."""
    mentions = {m.id for m in reading.mentions}
    entities = {e.id for e in reading.entities}
    attributions = {a.id for a in reading.attributions}
    events = {e.id for e in reading.events}
    for a in reading.attributions:
        assert a.via is None or (a.via in attributions and a.via != a.id)
        assert a.source is None or a.source.entity is None or a.source.entity in entities
    for m in reading.mentions:
        assert m.entity is None or m.entity in entities
    for e in reading.entities:
        assert set(e.mentions) <= mentions
    for v in reading.events:
        for item in (*v.realis, *v.arguments, *v.when, *v.where, *v.casualties, *v.responsibility):
            assert item.attribution is None or item.attribution in attributions
        assert set(v.attributed_to) <= attributions
        assert {w.mention for w in (*v.when, *v.where)} <= mentions
    for c in reading.claims:
        assert c.attribution is None or c.attribution in attributions
        assert c.event is None or c.event in events
