"""What is new to a rule → an alert: who says what against whom in plain words, the exact words and where they stand.

An alert speaks of reports and never in Sayso's own voice of what happened.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sayso.export.phrases import OWN_VOICE, many, quoted, with_article
from sayso.export.quarrel import quarrel, subject
from sayso.records.terms import document_name, field_name, plain
from sayso.watch.plan import Plan, Rule
from sayso.watch.rules import News

_QUOTES = 12
"""quotations of one alert; `omitted` counts the rest"""
_RELATIONS = {"denies": "denied", "supersedes": "gave another count than before, on", "retracts": "took back"}
_OWN = "Sayso reports who says what, and on which words; it does not say what is true."


def alert(
    rule: Rule, news: News, plan: Plan, made: float, outlets: dict[str, tuple[str | None, str | None]]
) -> dict[str, Any]:
    """The alert as it is sent (`docs/watch.md` explains it). outlets: document → (outlet, day of publication)."""
    quotes = _quotes(news, outlets)
    event = news.event
    base = plan.workbench
    documents = list(dict.fromkeys(q["document"] for q in quotes))
    return {
        "schema": "sayso.alert/1",
        "id": hashlib.sha256("\0".join((rule.name, *sorted(news.keys))).encode()).hexdigest()[:32],
        "rule": rule.name,
        "when": rule.when,
        "made": datetime.fromtimestamp(made, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "summary": _summary(news, quotes),
        "event": {
            "id": event["id"],
            "title": plain(event["title"]),
            "place": event["place"],
            "country": event["country"],
            "day": event["first_day"],
        }
        if event
        else None,
        "field": news.assessment.field if news.assessment else news.links[0]["field"] if news.links else None,
        "quotes": quotes[:_QUOTES],
        "omitted": max(0, len(quotes) - _QUOTES),
        "reasons": _reasons(news),
        "links": {
            "event": f"{base}/events/{event['id']}" if event else None,
            "documents": {d: f"{base}/documents/{d}" for d in documents},
        }
        if base
        else None,
        "note": _OWN,
    }


def documents_of(news: News) -> set[str]:
    found = {k[side]["document"] for k in news.links for side in ("left", "right")}
    return found | {r["document_id"] for rows in (news.claims, news.warnings, news.members) for r in rows}


# -- quotations ---------------------------------------------------------------------------------------------------


def _quotes(news: News, outlets: dict[str, tuple[str | None, str | None]]) -> list[dict[str, Any]]:
    if news.links:
        first = news.links[0]
        found = [_quote("says", first["left"], first["left_speaker"], outlets)]
        return found + [_quote("against", k["right"], k["right_speaker"], outlets) for k in news.links]
    if news.assessment:
        held = [("holds", h) for p in news.assessment.positions for h in p.holders]
        held += [("denies", h) for p in news.assessment.positions for h in p.deniers]
        return [
            _words(
                side,
                h.document,
                h.path,
                h.span.start,
                h.span.end,
                h.span.text,
                h.claim,
                h.speaker,
                h.outlet,
                h.published,
                h.stance,
            )
            for side, h in held
        ]
    if news.claims:
        return _said(news.claims)
    if news.warnings:
        return [
            {**_words("damaged", r["document_id"], r["path"], r["start"], r["end"], r["text"], None, None, r["outlet"], r["published"], None),
             "kind": r["kind"], "detail": plain(r["detail"]), "suggestion": plain(r["suggestion"]) or None}
            for r in news.warnings
        ]  # fmt: skip
    return [
        _words(
            "tells",
            m["document_id"],
            m["path"],
            m["start"],
            m["end"],
            m["trigger"],
            None,
            None,
            m["outlet"],
            m["published"],
            None,
        )
        for m in news.members
    ]


def _said(claims: tuple[Any, ...]) -> list[dict[str, Any]]:
    """What is ascribed as a whole, then the words of each claim in it."""
    first = claims[0]
    who = (first["speaker_name"] or first["speaker"]) if first["attribution"] else None
    about = who, first["outlet"], first["published"], first["stance"]
    found = {}
    spans = json.loads(first["content_spans"] or "[]")
    if first["content"] and spans:
        start, end = spans[0][0], spans[-1][1]
        found[start, end] = _words(
            "says", first["document_id"], first["path"], start, end, first["content"], None, *about
        )
    for r in claims:
        place = r["start"], r["end"]
        found.setdefault(place, _words("says", r["document_id"], r["path"], *place, r["words"], r["id"], *about))
    return list(found.values())


def _quote(
    side: str, end: dict[str, Any], speaker: str | None, outlets: dict[str, tuple[str | None, str | None]]
) -> dict[str, Any]:
    outlet, published = outlets.get(end["document"], (None, None))
    return _words(
        side,
        end["document"],
        end["path"],
        end["start"],
        end["end"],
        end["text"],
        end["claim"],
        speaker,
        outlet,
        published,
        None,
    )


def _words(
    side: str, document: str, path: str | None, start: int | None, end: int | None, text: str | None, claim: str | None,
    speaker: str | None, outlet: str | None, published: str | None, stance: str | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "side": side, "speaker": speaker, "stance": stance, "outlet": outlet, "published": published, "document": document,
        "name": document_name(path, None, document[:8]), "start": start, "end": end, "text": text, "claim": claim,
    }  # fmt: skip


# -- plain words --------------------------------------------------------------------------------------------------


def _summary(news: News, quotes: list[dict[str, Any]]) -> str:
    where = f" ({plain(news.event['title'])})" if news.event else ""
    first = quotes[0] if quotes else {}
    if news.links:
        link = news.links[0]
        against = list(dict.fromkeys(_who(q) for q in quotes[1:]))
        field = field_name(link["field"]).replace("happened?", "whether it happened")
        end = f" {field}: {quoted(first['text'])}, against {quoted(quotes[1]['text'])}{where}."
        if link["relation"] != "denies":
            return _capital(f"{_who(first)} {_RELATIONS[link['relation']]}{end}")
        whom = _some(against)
        return _capital(
            f"{_who(first)} denied what {'was' if len(against) == 1 else 'was variously'} reported from {whom} on{end}"
        )
    if news.assessment:
        told = " ".join(s.text for s in quarrel([news.assessment]))
        return f"Reports disagree on {subject(news.assessment.field)}{where}: {told}"
    if news.claims:
        stance = plain(news.claims[0]["stance"]).replace("_", " ")
        return _capital(f"{_who(first)} {stance}: {quoted(first['text'])}{where}, as {first['name']} has it.")
    if news.warnings:
        kinds = ", ".join(dict.fromkeys(plain(r["kind"]).replace("_", " ") for r in news.warnings))
        return f"The text of {first['name']} looks damaged in {many(len(news.warnings), 'place')} ({kinds}), first at {quoted(first['text'])}."
    told_by = _some(list(dict.fromkeys(q["name"] for q in quotes)))
    return f"An event that was not in the ledger is told of by {told_by}: {plain(news.event['title']) if news.event else ''}."


def _who(quote: dict[str, Any]) -> str:
    if quote["speaker"]:
        return with_article(plain(quote["speaker"]))
    return f"{plain(quote['outlet'])} in its own voice" if quote["outlet"] else OWN_VOICE


def _some(names: list[str]) -> str:
    shown = names[:3] + ([f"{len(names) - 3} more"] if len(names) > 3 else [])
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _reasons(news: News) -> list[str]:
    if news.assessment:
        return [plain(r.text) for r in news.assessment.reasons]
    return list(dict.fromkeys(plain(r["text"]) for k in news.links for r in k["reasons"]))
