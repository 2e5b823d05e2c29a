"""Whether a reading stands on its text: `text[start:end]` is the words of every span, in code points."""

from __future__ import annotations

from collections.abc import Iterator

from sayso.records import Reading


def misplaced(reading: Reading) -> Iterator[str]:
    """What does not stand on its words, by kind and id ("claim 4f2a…"); nothing for a sound reading."""
    text = reading.document.text
    for what, start, end, words in _spans(reading):
        if not 0 <= start <= end <= len(text) or text[start:end] != words:
            yield what


def _spans(reading: Reading) -> Iterator[tuple[str, int, int, str]]:
    for claim in reading.claims:
        yield from ((f"claim {claim.id}", s.start, s.end, s.text) for s in claim.spans)
    for said in reading.attributions:
        parts = (said.source, said.cue, *said.content)
        yield from ((f"attribution {said.id}", s.start, s.end, s.text) for s in parts if s)
    for mention in reading.mentions:
        yield f"mention {mention.id}", mention.start, mention.end, mention.text
    for event in reading.events:
        yield from ((f"event {event.id}", s.start, s.end, s.text) for s in event.triggers)
        yield from ((f"event {event.id}", a.start, a.end, a.text) for a in event.arguments)
        yield from ((f"event {event.id}", c.start, c.end, c.text) for c in event.casualties)
        yield from ((f"event {event.id}", r.start, r.end, r.text) for r in event.responsibility)
    for number, warning in enumerate(reading.warnings, 1):
        yield f"warning w{number}", warning.start, warning.end, warning.text
