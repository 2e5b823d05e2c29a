"""Events as PLOVER records, one JSON object a line, by its manual (Open Event Data Alliance, 0.7b1) and its sixteen event types.

Who did it is an actor object that carries its attribution: every holder and denier with stance and claim, under names of our
own, which the manual allows. What did not happen, or may not have, is told by PLOVER's contexts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from sayso.export import LossReport, Record
from sayso.export.interchange.coding import STATE, Case, Days, actor, outlet, speaker, words
from sayso.export.interchange.countries import countries
from sayso.records.terms import plain

QUADS = {
    **dict.fromkeys(("AGREE", "CONSULT", "SUPPORT", "CONCEDE"), 1),
    **dict.fromkeys(("COOPERATE", "AID", "RETREAT"), 2),
    **dict.fromkeys(("REQUEST", "ACCUSE", "REJECT", "THREATEN"), 3),
    **dict.fromkeys(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"), 4),
}
"""event type → verbal cooperation, material cooperation, verbal conflict, material conflict"""
_CONTEXTS = {
    "planned": "future",
    "threatened": "future",
    "hypothetical": "hypothetical",
    "attempted": None,
    "happened": None,
}
_SECTORS = {
    "state": "GOV",
    "government": "GOV",
    "ministry": "GOV",
    "armed_forces": "MIL",
    "military_unit": "MIL",
    "police": "COP",
    "court": "JUD",
    "parliament": "LEG",
    "party": "PTY",
    "media": "JRN",
}
"""kinds of the registry's entries; that a group is of rebels or criminals is not for a code to say"""
_SIZES = {"killed": "dead", "injured": "injured", "detained": "arrested"}
_ALWAYS = (
    "actors have no gender, age, office, religion or ethnicity, and their identifiers are the registry’s, not Wikidata’s",
    "modes are the ontology’s, of which the manual lists some; contexts tell only whether it happened",
    "status, reasons, and who repeats whom are not in the record; JSON Lines hold them, under the same id",
)


def write(rows: Iterable[Record], out: BinaryIO) -> LossReport:
    """One line an event; those without a day or a type of PLOVER's are left out, since its records must have both."""
    report = LossReport()
    for row in rows:
        case = Case(row)
        days, kind = case.days(), case.kind
        if kind is None or kind.codes.plover is None:
            report.lose("events left out: PLOVER has no type for them", case.id)
        elif days is None:
            report.lose("events left out: nobody says when; a record must have a date", case.id)
        else:
            found = _record(case, days, report)
            out.write(json.dumps(found, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            report.rows += 1
            case.leave(report, frozenset({"realis", "responsibility", "actor", "victim", *_sized()}))
            case.first_claims(report)
    report.losses += _ALWAYS if report.rows else ()
    return report


def _sized() -> list[str]:
    return [f"casualties.{kind}" for kind in _SIZES]


def _record(case: Case, days: Days, report: LossReport) -> Record:
    codes = case.kind.codes if case.kind else None
    event = codes.plover if codes and codes.plover else ""
    realis = case.realis()
    coded = case.valued("type", case.row["type"])
    doer, victim = case.best("responsibility", "actor"), case.best("victim")
    return {
        "id": case.id,
        "has_event": True,
        "date": days.first.isoformat(),
        "enddate": days.last.isoformat(),
        "source": [_actor(doer)] if doer else [{"actor_text": "unidentified"}],
        "recipient": [_actor(victim)] if victim else [],
        "event": [event],
        "quad_code": QUADS.get(event),
        "mode": [codes.plover_mode] if codes and codes.plover_mode else [],
        "context": _contexts(case, realis, report),
        "event_loc": _place(case),
        "event_text": list(dict.fromkeys(f"{plain(h['text'])} [{h['claim']}]" for h in coded["holders"]))
        if coded
        else [],
        **_sizes(case, report),
        "text_info": [
            {"document": h["document"], "start": h["start"], "end": h["end"], "claim": h["claim"]}
            for h in (coded["holders"] if coded else ())
        ],
        "cite_info": [
            {"citation": h["document"], "publication": outlet(h), "date": (h["published"] or "")[:10] or None}
            for h in case.documents()
        ],
        "coder": "Sayso",
        "comment": _comment(case),
    }


def _actor(position: Record) -> Record:
    """code: ISO 3166-1 alpha-3 of the state that it is or acts for, IGO for alliances; never without its attribution."""
    entry = actor(position["value"])
    country = countries().get(entry.countries[0]) if entry and entry.kind in STATE and entry.countries else None
    code = country.alpha3 if country else "IGO" if entry and entry.kind == "alliance" else None
    sector = _SECTORS.get(entry.kind) if entry else None
    return {
        **({"code": code} if code else {}),
        **({"sector": sector} if sector else {}),
        "actor_text": plain(position["value"]),
        **({"identifier_id": entry.id, "identifier_text": entry.name} if entry else {}),
        "held_by": _sayings(position["holders"]),
        "denied_by": _sayings(position["deniers"]),
    }


def _sayings(holders: list[Record]) -> list[Record]:
    return [{"speaker": speaker(h), "stance": h["stance"], "claim": h["claim"]} for h in holders]


def _contexts(case: Case, realis: str | None, report: LossReport) -> list[str]:
    """future, hypothetical, negation: whether it happened, as the best supported position has it."""
    if realis is None or realis == "denied":
        return ["negation"]
    if realis == "attempted":
        report.lose("attempts told like what was done; PLOVER has no word for them", case.id)
    context = _CONTEXTS.get(realis)
    return [context] if context else []


def _place(case: Case) -> Record | None:
    """GeoNames' field names, as the manual asks."""
    place = case.row["place"]
    if place is None:
        return None
    case.valued("where", place["name"])
    country = case.country
    return {
        "name": plain(place["name"]),
        "latitude": place["lat"],
        "longitude": place["lon"],
        "country code": place["country"],
        "cc3": country.alpha3 if country else None,
        "precision": place["precision"],
    }


def _sizes(case: Case, report: LossReport) -> Record:
    """dead, injured, arrested: the words of the best supported count, "at least 8", with its holders in `comment`."""
    found: Record = {}
    for kind, name in _SIZES.items():
        if position := case.best(f"casualties.{kind}"):
            value = position["value"]
            found[name] = int(value) if value.isdecimal() else value
            if not value.isdecimal():
                report.lose(f"counts in words where a number is usual ({name})", position["holders"][0]["claim"])
    return found


def _comment(case: Case) -> str:
    disputed = {words(name) for name, weighed in case.row["fields"].items() if weighed["status"] == "disputed"}
    told = " ".join(f"{field[:1].upper()}{field[1:]}: {positions}." for field, positions in case.account())
    return f"{plain(case.row['title'])}; disputed: {', '.join(sorted(disputed)) or 'nothing'}. {told}"
