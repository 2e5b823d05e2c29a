"""Time expressions as TIMEX3, resolved against the document's date and against the dates around them.

Source: TimeML 1.2.1 annotation guidelines. What cannot be resolved keeps `X` digits ("XXXX-05-22") or a null
value; nothing is guessed from the day on which the program runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.read.timex import NUMBERS, RESOLVERS, Context, parse_date
from sayso.records import Timex

_MONTH = r"(?P<{0}>january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\b\.?"
_YEAR = r"(?P<{0}>1[0-9]\d\d|20\d\d)"
_NUM = "(?:" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r"|\d+(?:\.\d+)?)"
_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|fortnights?|months?|years?|decades?|century|centuries)"
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_PART = r"(?:morning|afternoon|evening|night)"
_MOD = r"(?:(?:early|late|mid)(?:\s+in)?[\s-]+|(?:the\s+)?(?:beginning|start|end|middle)\s+of\s+)?"

_PATTERNS = (
    r"(?P<iso>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?)",
    rf"(?P<dmy>(?:the\s+)?(?P<dmy_d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?(?:\s+|-){_MONTH.format('dmy_m')}(?:,?(?:\s+|-)(?:{_YEAR.format('dmy_y')}|(?P<dmy_yy>\d\d(?!\d|[:,.]\d|\s*(?:people|persons|soldiers|civilians|kms?|percent)))))?(?:\s+(?P<dmy_bc>BC|BCE))?)",
    rf"(?P<mdy>{_MONTH.format('mdy_m')}\s+(?:the\s+)?(?P<mdy_d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|,\d\d\d\D)(?:,?\s*{_YEAR.format('mdy_y')}(?!\d))?)",
    rf"(?P<my>{_MOD}(?P<my_last>(?:last|next|this)\s+)?{_MONTH.format('my_m')}(?:,?\s+(?:of\s+)?{_YEAR.format('my_y')}|\s+(?P<my_ly>last|this|next)\s+year)?)",
    rf"(?P<season>{_MOD}(?:the\s+)?(?:(?P<season_rel>last|this|next|that|same)\s+)?(?:(?:early|late|mid)[\s-]+)?(?P<season_s>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?{_YEAR.format('season_y')})?)",
    r"(?P<decade>(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?(?:the\s+)?(?P<decade_y>1[0-9]\d|20\d)0['’]?s)",
    r"(?P<century>(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?(?P<century_n>\d{1,2})(?:st|nd|rd|th)[\s-]+century(?:\s+(?P<century_bc>BC|BCE))?)",
    r"(?P<bc>(?:c\.\s*)?(?P<bc_y>\d{1,4})\s*(?:BCE?|B\.C\.))",
    rf"(?P<ago>(?P<ago_n>(?:about|around|nearly|almost|over|more\s+than|some|at\s+least)\s+)?(?P<ago_q>{_NUM}|several|a\s+few|many|some|a\s+couple\s+of)\s+(?P<ago_u>{_UNIT})\s+(?P<ago_dir>ago|earlier|later|before|after(?!\s+(?:the|a|he|she|they))|from\s+now))",
    rf"(?P<wday>(?:(?P<wday_rel>last|next|this|early|late)\s+)?(?P<wday_d>{_WEEKDAY})(?:\s+(?P<wday_p>{_PART}))?(?!s\b))",
    rf"(?P<deic>(?P<deic_w>the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow|today|yesterday|tomorrow|tonight|last\s+night)(?:\s+(?P<deic_p>{_PART}|at\s+(?:noon|midnight|dawn)))?)",
    rf"(?P<thisp>(?:early\s+|late\s+)?(?:this|that|the\s+same|the\s+next|the\s+following|the\s+previous)\s+(?P<thisp_p>{_PART})|(?P<thisp_day>the\s+(?:same|next|following|previous)\s+(?:day|week|month|year)))",
    r"(?P<rel>(?:(?:early|late|earlier|later)\s+)?(?:the\s+)?(?P<rel_w>last|next|this|past|previous|following|coming|that|same|current)\s+(?P<rel_u>week|weekend|month|year|decade|century|quarter)(?:['’]s)?)",
    rf"(?P<past>(?:the\s+)?(?P<past_w>last|past|next|previous|coming|following|first|final)\s+(?P<past_q>{_NUM}|few|several|couple\s+of)\s+(?P<past_u>{_UNIT}))",
    rf"(?P<dur>(?:(?:about|around|nearly|almost|over|more\s+than|less\s+than|at\s+least|up\s+to|some|approximately)\s+)?(?P<dur_q>{_NUM}|several|a\s+few|few|many|a\s+couple\s+of|half\s+an?|a\s+half)(?P<dur_sep>[\s-]+)(?:long\s+|full\s+|consecutive\s+|more\s+)?(?P<dur_u>{_UNIT})(?P<dur_old>[\s-]+olds?)?)",
    r"(?P<unitdur>(?:the\s+)?(?:(?:many|recent|several)\s+)?(?P<unitdur_u>days|weeks|months|years|decades|centuries|hours)(?=\s+(?:of|after|before|later|earlier|ago|following|and\b))(?:\s+(?P<unitdur_dir>later|earlier|ago))?)",
    rf"(?P<set>(?:every|each|per)\s+(?P<set_u>day|night|week|month|year|morning|evening|hour|{_WEEKDAY})|(?P<set_a>daily|weekly|monthly|yearly|annually|annual|hourly|nightly))",
    r"(?P<clock>(?:(?:at|about|around)\s+)?(?P<clock_h>\d{1,2})(?:[:.](?P<clock_m>\d\d))?\s*(?P<clock_ap>a\.?m\.?|p\.?m\.?)(?![a-z])|(?P<clock24>(?:[01]?\d|2[0-3]):[0-5]\d)(?:\s*(?:gmt|utc))?|(?P<clockm>[0-2]\d[0-5]\d)\s+(?:gmt|hours|local\s+time)|(?P<clockw>noon|midnight))",
    rf"(?P<feast>(?:(?P<feast_rel>last|this|next)\s+)?(?P<feast_n>christmas(?:\s+(?:day|eve))?|new\s+year['’]s\s+(?:day|eve))(?:,?\s+{_YEAR.format('feast_y')})?)",
    r"(?P<ref>(?P<ref_then>the\s+same\s+time|that\s+time|this\s+period|that\s+period|this\s+date|that\s+same\s+day|that\s+day)|(?P<ref_past>recently|recent(?=\s+[^\W\d])|recent\s+(?:years|months|weeks|days)|the\s+past|long\s+ago|formerly|former(?=\s+[^\W\d]))|(?P<ref_now>currently|now|at\s+present|nowadays|the\s+present|at\s+the\s+moment|present-day)|(?P<ref_fut>(?:the\s+(?:near\s+)?)?future(?=\s+[^\W\d])|the\s+(?:near\s+)?future))",
    rf"(?P<year>{_MOD}(?:the\s+year\s+(?:of\s+)?)?(?<![\d,.$€£#/])(?:(?<!-)|(?<=\d\d\d\d-))(?P<year_y>1[0-9]\d\d|20\d\d)(?![\d%]|[.,/]\d|\s+(?:people|soldiers|men|troops|civilians|meters|metres|kilometers|km|miles|prisoners|dead|killed|wounded|tons|tonnes|dollars|tanks|hours|gmt|volunteers|members|fighters|residents|houses|aircraft)))",
)
_TIMEX = re.compile(r"(?<![\w.])(?:" + "|".join(_PATTERNS) + r")(?!\w)", re.IGNORECASE)
_HINT = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|day|night|week|month|year|decade|centur|"
    r"hour|minute|today|yester|tomor|tonight|now|recent|past|future|noon|spring|summer|autumn|winter|fall|annual|dail|present|soon|current|former|christmas|time|period|date)",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(r"(?<![\d,.])(?:1[0-9]\d\d|20\d\d)(?![\d,.]\d)")
_HISTORY_YEARS = 8
_YEAR_CONTEXT = re.compile(
    r"(?:\b(?:in|since|by|of|from|until|till|during|before|after|to|and|between|circa|around|early|late|mid|for|the|through|throughout|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter|year|at|on|as)|[(\[–—-]|"
    r"\d{4},?|^)\s*$",
    re.IGNORECASE,
)
_YEAR_RANGE = re.compile(r"[-–](?:1[0-9]\d\d|20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression and its TIMEX3; offsets in code points."""

    start: int
    end: int
    timex: Timex


def find_times(text: str, published: str | None) -> Iterator[TimeSpan]:
    """Every time expression of the text, in order. `published`: the document's ISO 8601 date, or null."""
    day = parse_date(published)
    context = Context(day, narrative=_is_history(text, day.year if day else 9999))
    if not _HINT.search(text):
        return
    for match in _TIMEX.finditer(text):
        kind = match.lastgroup and next((k for k in RESOLVERS if match.group(k)), None)
        if not kind or not _believable(kind, match, text):
            continue
        timex = RESOLVERS[kind](match, context)
        if timex is None:
            continue
        start, end = match.span()
        text_end = end - 1 if text[end - 1] == "." and kind in {"my", "dmy"} else end
        start += len(match.group()) - len(match.group().lstrip())
        context.remember(timex.value if timex.type == "DATE" else None)
        yield TimeSpan(start, text_end, timex)


def _is_history(text: str, year: int) -> bool:
    past = sum(1 for m in _BARE_YEAR.finditer(text) if int(m.group()) < year - 1)
    return past >= _HISTORY_YEARS and past > len(text) / 2_000


def _believable(kind: str, match: re.Match[str], text: str) -> bool:
    """ "May" and "March" are months only with a number, a year or a preposition; "fall" likewise."""
    before = text[max(0, match.start() - 14) : match.start()]
    if kind == "my":
        word = match.group("my_m").lower()
        if word in {
            "may",
            "march",
            "mar",
            "sep",
            "dec",
            "jan",
            "jun",
            "jul",
            "nov",
            "oct",
            "apr",
            "aug",
            "feb",
            "sept",
        } and not (match.group("my_y") or match.group("my_last") or match.group("my_ly")):
            if word not in {"may", "march"}:
                return match.group("my_m")[0].isupper()
            return (
                match.group("my_m")[0].isupper()
                and re.search(
                    r"\b(?:in|since|of|by|until|from|to|last|this|early|late|and|during|between|mid|the)[\s-]+$",
                    before,
                    re.I,
                )
                is not None
            ) or (match.group().lower() != word)
        return match.group("my_m")[0].isupper()
    if kind == "season":
        word = match.group("season_s").lower()
        lead = match.group().lower()
        if word == "fall":
            return (
                match.group("season_y") is not None
                or "last" in lead
                or (
                    lead.startswith("the fall")
                    and re.search(r"\bin\s+$", before) is not None
                    and not text[match.end() : match.end() + 4].startswith(" of")
                )
            )
        if word == "spring":
            return (
                bool(match.group("season_y"))
                or lead != "spring"
                or re.search(r"\b(?:in|by|since|until)\s+$", before) is not None
            )
        return True
    if kind == "year":
        if _YEAR_RANGE.match(text, match.end()):
            return True
        return match.group().strip().lower() != match.group("year_y") or _YEAR_CONTEXT.search(before) is not None
    if kind == "dur":
        return not (
            match.group("dur_q").lower() in {"a", "an"} and match.group("dur_u").lower() in {"second", "minute"}
        )
    return True
