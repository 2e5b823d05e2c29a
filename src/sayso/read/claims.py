"""Field items and free contents → claims: who holds what, or denies it, on which words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sayso.records import Attribution, Claim, Event, Mention, Span

_DENYING = frozenset({"denies", "retracts"})


def derive_claims(
    document: str, attributions: list[Attribution], events: list[Event], mentions: list[Mention]
) -> list[Claim]:
    """One claim for each field item of each event, one for each attribution whose content carries no event."""
    by_id = {a.id: a for a in attributions}
    spans = {m.id: Span(m.start, m.end, m.text) for m in mentions}
    claims: list[Claim] = []
    carrying: set[str] = set()
    for event in events:
        for field, value, item_spans, attribution, holds in _items(event, spans, by_id):
            said = by_id.get(attribution) if attribution else None
            if said and said.negated and said.stance not in _DENYING:
                continue  # "did not confirm" says neither that it is so nor that it is not: only its content is kept
            if attribution:
                carrying.add(attribution)
            stance = said.stance if said else "asserts"
            claims.append(
                _claim(document, attribution, event.id, field, value, holds and _holds(said), stance, item_spans)
            )
        carrying.update(a for a in event.attributed_to if not by_id[a].negated or by_id[a].stance in _DENYING)
    for said in attributions:
        if said.id not in carrying:
            value = " … ".join(s.text for s in said.content)
            claims.append(_claim(document, said.id, None, "content", value, _holds(said), said.stance, said.content))
    return list({claim.id: claim for claim in claims}.values())


def _holds(said: Attribution | None) -> bool:
    """A denial holds none of its fields; a negated cue ("did not confirm") asserts nothing, so it does not hold either."""
    if said is None:
        return True
    return said.stance not in _DENYING if not said.negated else said.stance in _DENYING


def _items(
    event: Event, spans: dict[str, Span], by_id: dict[str, Attribution]
) -> Iterator[tuple[str, str, tuple[Span, ...], str | None, bool]]:
    for realis in event.realis:
        triggers = (_trigger_of(event, by_id.get(realis.attribution or ""), by_id),)
        told = "happened" if realis.value == "denied" else realis.value  # a denial is the same claim, not held
        yield "realis", f"{event.type}: {told}", triggers, realis.attribution, realis.value != "denied"
    for argument in event.arguments:
        span = Span(argument.start, argument.end, argument.text)
        yield argument.role, argument.text, (span,), argument.attribution, True
        if argument.fate:
            yield "fate", f"{argument.text}: {argument.fate}", (span,), argument.attribution, True
    for when in event.when:
        value = "/".join(dict.fromkeys(v for v in (when.start, when.end) if v)) or spans[when.mention].text
        yield "when", value, (spans[when.mention],), when.attribution, True
    for where in event.where:
        yield "where", where.name, (spans[where.mention],), where.attribution, True
    for toll in event.casualties:
        span = Span(toll.start, toll.end, toll.text)
        yield f"casualties.{toll.kind}", _range(toll.low, toll.high), (span,), toll.attribution, True
    for item in event.responsibility:
        span = Span(item.start, item.end, item.text)
        yield (
            "responsibility",
            f"{item.text}: {item.confidence}",
            (span,),
            item.attribution,
            item.confidence != "denied",
        )


def _trigger_of(event: Event, said: Attribution | None, by_id: dict[str, Attribution]) -> Span:
    """The first trigger in that speaker's words, or outside everybody's for the outlet's voice; else the first."""
    contents = said.content if said else tuple(s for a in event.attributed_to for s in by_id[a].content)
    inside = (t for t in event.shown if any(s.start <= t.start < s.end for s in contents) is (said is not None))
    return next(inside, event.shown[0])


def _range(low: float | None, high: float | None) -> str:
    if low == high and low is not None:
        return f"{low:g}"
    return f"{'' if low is None else f'{low:g}'}–{'' if high is None else f'{high:g}'}"


def _claim(
    document: str,
    attribution: str | None,
    event: str | None,
    field: str,
    value: str,
    holds: bool,
    stance: str,
    spans: tuple[Span, ...],
) -> Claim:
    """The id is a hash of what is claimed and where it stands; no run, confidence or time goes into it."""
    parts = [
        document,
        attribution or "",
        event or "",
        field,
        value,
        str(holds),
        stance,
        *(f"{s.start}-{s.end}" for s in spans),
    ]
    identifier = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return Claim(identifier, attribution, event, field, value, holds, stance, spans)
