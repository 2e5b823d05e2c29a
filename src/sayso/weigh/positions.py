"""Claims about one event → positions per field: one for each value, with all who hold it and all who deny it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sayso.ledger.holders import Held
from sayso.names.sides import sides, stands_for
from sayso.records import Holder, Position, Span

FIELDS = ("realis", "type", "responsibility", "actor", "where", "when", "casualties", "target", "victim", "instrument")
"""the fields that are weighed, in the order in which they are shown: did it happen, what, who, where, when, how many, what was hit"""
_MERGED = {"actor_organisation": "responsibility"}
"""an organisation that acts is a position on who did it"""
_PARTIES = ("actor", "actor_organisation", "responsibility", "victim", "target", "recipient")
_DENYING = frozenset({"denies", "retracts"})
_UNSURE = frozenset({"doubts", "asks", "demands", "promises", "threatens", "predicts"})
"""stances that neither hold a value nor deny it; their claims are not positions"""


def field_of(claim: Held) -> str | None:
    """The weighed field of a claim, or None: free contents and fates are shown beside the event, not weighed."""
    field = _MERGED.get(claim.field, claim.field)
    return field if field.partition(".")[0] in FIELDS else None


def value_of(claim: Held) -> str:
    """The value by which claims agree: the ledger's name of who is named, a count, a day, a place, what kind of event."""
    if claim.field == "realis":
        return claim.value.partition(": ")[2] or claim.value
    if claim.field in {"responsibility", "actor_organisation"}:
        return claim.named_as or (claim.value.rsplit(": ", 1)[0] if claim.field == "responsibility" else claim.value)
    if claim.field in _PARTIES:
        return claim.named_as or claim.value
    if claim.field.startswith("casualties."):
        return told_count(claim.low, claim.high)
    return claim.value


def told_count(low: float | None, high: float | None) -> str:
    if low is not None and low == high:
        return f"{low:g}"
    if high is None and low is not None:
        return f"at least {low:g}"
    if low is None and high is not None:
        return f"up to {high:g}"
    return f"{low:g} to {high:g}" if low is not None and high is not None else "unknown"


Entry = tuple[str, list[Held], list[Held]]
"""a value with the claims that hold it and those that deny it"""


def ranked(found: Iterable[Position]) -> list[Position]:
    """Those with the most informants first."""
    return sorted(found, key=lambda p: (-p.informants, -len(p.deniers), p.value))


def entries(known: list[Held], denied: dict[str, set[tuple[str, str]]]) -> dict[str, list[Entry]]:
    """Field → its values, in the order in which fields are shown; of claims that nobody rejected.

    denied: claim → (claim that denies it, field that is denied), from the links between claims.
    """
    by_claim = {c.claim: c for c in known}
    speaking = {(c.document, _key(n)) for c in known if c.attribution for n in (c.speaker, c.source) if n}
    found: dict[str, dict[str, Entry]] = {}
    for claim in known:
        field = field_of(claim)
        if field is None or claim.stance in _UNSURE or (claim.negated and claim.stance not in _DENYING):
            continue
        value = value_of(claim)
        if (
            claim.field == "actor_organisation"
            and claim.attribution is None
            and (claim.document, _key(value)) in speaking
        ):
            continue  # whom a report quotes is not thereby who did it
        _, holders, deniers = found.setdefault(field, {}).setdefault(_key(value), (value, [], []))
        (holders if claim.holds else deniers).append(claim)
        for other, meant in sorted(denied.get(claim.claim, ())):
            if other in by_claim and _touches(field, value, meant, by_claim[other]):
                deniers.append(by_claim[other])
    types: dict[str, Entry] = {}
    for claim in known:
        if claim.field == "realis" and claim.event_type and claim.holds:
            types.setdefault(claim.event_type, (claim.event_type, [], []))[1].append(claim)
    if types:
        found["type"] = types
    return {field: list(found[field].values()) for field in sorted(found, key=_rank)}


def _touches(field: str, value: str, meant: str, denier: Held) -> bool:
    """Whether a denial bears on this position: who denies his part denies that his side did it, not that another did."""
    if field in {"responsibility", "actor"}:
        return stands_for(sides(value), sides(" ".join(filter(None, (denier.speaker, denier.source)))))
    return field == meant or (field.startswith("casualties.") and meant == "realis")


def _rank(field: str) -> tuple[int, str]:
    return FIELDS.index(field.partition(".")[0]), field


def _key(value: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"^(?:the|a|an) ", "", value.casefold())).strip()


def parties_of(claims: list[Held]) -> frozenset[str]:
    """For whom those stand who are said to have acted or been hit."""
    found: set[str] = set()
    for claim in claims:
        if claim.field in _PARTIES:
            told = sides(claim.named_as or claim.value.rsplit(": ", 1)[0])
            # who lives where it happened is not thereby a party
            found |= (
                told
                if claim.field in {"actor", "actor_organisation", "responsibility"}
                else {s for s in told if s[:1] != "~"}
            )
    return frozenset(found)


def position(entry: Entry, parties: frozenset[str], superseded: set[str]) -> Position:
    """superseded: claims that a later one of the same source replaces."""
    value, holding, denying = entry
    holders = tuple(_holder(c, parties) for c in _unique(holding))
    deniers = tuple(_holder(c, parties) for c in _unique(denying))
    said = sorted(h.published for h in (*holders, *deniers) if h.published)
    return Position(
        value=value,
        holders=holders,
        deniers=deniers,
        informants=len(independent(holders)),
        origins=len({h.origin for h in holders}),
        documents=len({h.document for h in holders}),
        outlets=len({h.outlet for h in holders if h.outlet}),
        first_said=said[0] if said else None,
        last_said=said[-1] if said else None,
        superseded=bool(holders) and all(h.claim in superseded for h in holders),
    )


def independent(holders: tuple[Holder, ...]) -> set[str]:
    """Informants, each counted once. A report's own voice is one only where nobody whom it quotes says the same."""
    quoted = {h.origin for h in holders if not h.informant.startswith(_VOICES)}
    return {h.informant for h in holders if not h.informant.startswith(_VOICES) or h.origin not in quoted}


_VOICES = ("report:", "unnamed:")
"""informants that are no more than the report itself: its own voice, and "he added" where nobody knows who he is"""


def _unique(claims: list[Held]) -> list[Held]:
    """Each claim once, and the same words of a document once for each informant; a quoted one before the outlet's own voice."""
    found: dict[tuple[str, int, str], Held] = {}
    spoken = {(c.document, c.start) for c in claims if c.attribution}
    for claim in sorted(claims, key=lambda c: c.order):
        if claim.attribution is not None or (claim.document, claim.start) not in spoken:
            found.setdefault((claim.document, claim.start, claim.informant), claim)
    return list(found.values())


def _holder(claim: Held, parties: frozenset[str]) -> Holder:
    voice = " ".join(filter(None, (claim.speaker, claim.source)))
    return Holder(
        document=claim.document,
        path=claim.path,
        outlet=claim.outlet,
        published=claim.published,
        speaker=(claim.speaker or claim.source) if claim.attribution else None,
        informant=claim.informant,
        origin=claim.origin,
        stance=claim.stance,
        holds=claim.holds,
        interested=bool(claim.attribution and voice) and stands_for(sides(voice), parties),
        span=Span(claim.start, claim.end, claim.words),
        claim=claim.claim,
    )
