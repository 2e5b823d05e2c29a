"""News archives export many articles in one file. Splits such a text into its articles by the archives' own marks.

Known forms: Nexis ("End of Document", "Body", "Load-Date:"), older LexisNexis ("3 of 25 DOCUMENTS"), Factiva
("Document REUTR00020230522…").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NEXIS_END = re.compile(r"^\s*End of Document\s*$", re.MULTILINE)
_LEXIS_START = re.compile(r"^\s*\d+ of \d+ DOCUMENTS\s*$", re.MULTILINE)
_FACTIVA_END = re.compile(r"^\s*Document [A-Z]{3,8}0\d{6,}[a-z0-9]{6,}\s*$", re.MULTILINE)
_DATE = re.compile(
    r"\b(?:(?P<month>January|February|March|April|May|June|July|August|September|October|November|December) (?P<day>\d{1,2}),? (?P<year>\d{4})"
    r"|(?P<day2>\d{1,2}) (?P<month2>January|February|March|April|May|June|July|August|September|October|November|December) (?P<year2>\d{4}))\b"
)
_MONTHS = "January February March April May June July August September October November December".split()
_FIELD = re.compile(
    r"^\s*(Length|Byline|Section|Load-Date|Copyright|Highlight|Dateline|Headline|Body|Language|Publication-Type|Classification)\b:?\s*(.*)$",
    re.IGNORECASE,
)
_FACTIVA_LINE = re.compile(
    r"^(?:\d[\d,]* words|English|Copyright .*|\(c\) .*|©.*|[A-Z]{3,8}|By .*|Page \w+|\d{1,2}:\d\d(?: GMT)?)$"
)


@dataclass(frozen=True, slots=True)
class Clipping:
    text: str
    title: str | None
    outlet: str | None
    author: str | None
    published: str | None


def split_clippings(text: str) -> list[Clipping]:
    """The articles of an archive's export; an empty list when the text is no such export."""
    for pattern, reader in ((_NEXIS_END, _nexis), (_FACTIVA_END, _factiva)):
        if pattern.search(text):
            return [c for part in pattern.split(text) if part.strip() and (c := reader(part))]
    if len(_LEXIS_START.findall(text)) >= 1:
        return [c for part in _LEXIS_START.split(text)[1:] if part.strip() and (c := _nexis(part))]
    return []


def _published(lines: list[str]) -> tuple[str | None, int]:
    for number, line in enumerate(lines[:15]):
        if match := _DATE.search(line):
            month = match["month"] or match["month2"]
            day, year = match["day"] or match["day2"], match["year"] or match["year2"]
            return f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}", number
    return None, -1


def _nexis(part: str) -> Clipping | None:
    """Title, outlet, date, fields, then the body between "Body" and "Load-Date" or "Classification"."""
    lines = [line.strip() for line in part.strip().split("\n")]
    filled = [line for line in lines if line]
    published, where = _published(filled)
    author = next((m[2] for line in filled[:20] if (m := _FIELD.match(line)) and m[1].lower() == "byline"), None)
    begin = next((n + 1 for n, line in enumerate(lines) if line.lower() in {"body", "body:"}), None)
    if begin is None:
        fields = [
            n
            for n, line in enumerate(lines[:30])
            if (m := _FIELD.match(line)) and m[1].lower() in {"length", "byline", "dateline", "section"}
        ]
        begin = fields[-1] + 1 if fields else 0
    end = next(
        (
            n
            for n in range(begin, len(lines))
            if lines[n].lower().startswith(("load-date", "classification", "language:", "publication-type"))
        ),
        len(lines),
    )
    body = "\n".join(lines[begin:end]).strip()
    outlet = filled[where - 1] if where > 0 else None
    title = filled[0] if filled and filled[0] != outlet else None
    return Clipping(body, title, outlet, author, published) if body else None


def _factiva(part: str) -> Clipping | None:
    """Title, then short lines (author, words, date, outlet, code, language, copyright), then the body."""
    filled = [line.strip() for line in part.strip().split("\n") if line.strip()]
    published, where = _published(filled)
    if where < 0:
        body = "\n".join(filled[1:])
        return Clipping(body, filled[0], None, None, None) if body else None
    author = next((line[3:] for line in filled[:where] if line.startswith("By ")), None)
    begin = where + 1
    outlet = None
    while begin < len(filled) and (
        (len(filled[begin]) < 60 and not filled[begin].endswith((".", "”", '"'))) or _FACTIVA_LINE.match(filled[begin])
    ):
        if outlet is None and not _FACTIVA_LINE.match(filled[begin]):
            outlet = filled[begin]
        begin += 1
    body = "\n".join(filled[begin:])
    return Clipping(body, filled[0], outlet, author, published) if body else None
