"""Datelines, credits and bylines: where a text comes from, when, and which lines are not part of the report."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.read.timex import MONTHS

_AGENCIES = (
    "Reuters|AP|Associated Press|AFP|Agence France-Presse|dpa|DPA|EFE|ACAN-EFE|ANSA|TASS|ITAR-TASS|Interfax|RIA Novosti|UNIAN|"
    "Ukrinform|Xinhua|Kyodo|PTI|UPI|Bloomberg|IANS|Anadolu|SANA|IRNA|Tasnim|Belga|APA|PAP|CTK|Yonhap"
)
_FBIS = re.compile(
    r"(?P<place>[A-Z][A-Z .'()-]+?),\s+(?P<day>\d{1,2})\s+(?P<month>[A-Z]{3,9})\s+(?:(?P<year>\d{2,4})\s*)?"
    r"(?:\((?P<origin>[^()\n]{2,60})\)\s*)?--"
)
_WIRE = re.compile(
    rf"(?P<place>[A-Z][\w.,' /-]{{1,50}}?)?(?:,\s*(?P<month>[A-Z][a-z]{{2,8}})\.?\s+(?P<day>\d{{1,2}})(?:,\s*(?P<year>\d{{4}}))?)?\s*"
    rf"\((?P<origin>{_AGENCIES})\)\s*[-–—:]*"
)
_DATED = re.compile(
    r"^[A-Z][A-Z.'’ /-]{2,30}(?:,\s[A-Z][\w. ]{1,25})?,\s+(?P<month>[A-Z][a-z]{2,8})\.?\s+(?P<day>\d{1,2})(?:,\s*(?P<year>\d{4}))?\s*[-–—]+\s",
    re.MULTILINE,
)
_CREDIT = re.compile(
    r"^\s*(?:Source|Sources|Original source|Origin|Via|Quelle|Fuente|Fonte)\s*:\s*(?P<origin>[^\n]{2,120}?)\s*$",
    re.MULTILINE,
)
_REPUBLISHED = re.compile(
    r"^\s*\(?(?:This (?:article|story|report|text) (?:was )?(?:first |originally )?(?:appeared|published|released|reported)"
    r"(?: (?:first|originally))? (?:in|on|by|at)|Reprinted from|Republished (?:from|with permission (?:of|from))|First published (?:by|in|on)|"
    r"Copied from|Reprint of a (?:report|dispatch) by|Carried by|With material (?:by|from)|Text:|Forwarded from:?)\s+(?P<origin>[^\n.;,]{2,80})",
    re.MULTILINE | re.IGNORECASE,
)
_BIO = re.compile(
    r"^[^\n]{0,80}\bis an? (?:[\w-]+ ){0,4}(?:journalist|reporter|author|writer|correspondent|editor|columnist|blogger)\b(?![^\n]{0,40}\b(?:who|killed|arrested|detained)\b)[^\n]*$",
    re.MULTILINE,
)
_BYLINE = re.compile(
    r"^\s*By (?P<author>[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,4})(?:,? (?:and|&) [^\n]{3,60})?\s*$", re.MULTILINE
)
_NOTICE = re.compile(
    r"^\s*(?:Example report|Note|Editor’s note|Disclaimer|Photo|Image|Caption|Credit|Read more|Related)\s*:[^\n]*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """origin, published and author as the text itself gives them; `skip`: character ranges that are not report."""

    origin: str | None
    published: str | None
    author: str | None
    skip: tuple[tuple[int, int], ...]


def find_provenance(text: str) -> Provenance:
    head = text[:600]
    skip: list[tuple[int, int]] = []
    origin = published = author = None
    if (fbis := _FBIS.search(head)) and fbis["month"].lower() in MONTHS:
        origin, published = fbis["origin"], _iso(fbis["year"], fbis["month"], fbis["day"])
        skip.append(fbis.span())
    elif wire := _WIRE.search(head):
        origin = wire["origin"]
        if wire["month"] and wire["month"].lower() in MONTHS:
            published = _iso(wire["year"], wire["month"], wire["day"])
        skip.append(wire.span())
    elif (dated := _DATED.search(head)) and dated["month"].lower() in MONTHS:
        published = _iso(dated["year"], dated["month"], dated["day"])
        skip.append(dated.span())
    credit = _last(_CREDIT, text) or _last(_REPUBLISHED, text)
    if credit:
        origin = origin or credit["origin"].strip(" .)")
        skip.append(credit.span())
    if byline := _BYLINE.search(head):
        author = byline["author"]
        skip.append(byline.span())
    skip.extend(m.span() for m in _NOTICE.finditer(text))
    skip.extend(m.span() for m in _BIO.finditer(text) if m.start() > len(text) * 0.6)
    return Provenance(origin, published, author, tuple(sorted(skip)))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return found


def _iso(year: str | None, month: str, day: str) -> str | None:
    """Null without a year: no date is invented."""
    if not year:
        return None
    full = int(year) + (1900 if int(year) > 30 else 2000) if len(year) == 2 else int(year)
    return f"{full:04}-{MONTHS[month.lower()]:02}-{int(day):02}" if 1 <= int(day) <= 31 else None
