"""Values of time expressions: one resolver for each kind of expression that `sayso.read.times` finds.

Source: TIMEX3 (TimeML 1.2.1) with ISO 8601 values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sayso.records import Timex

MONTHS = {
    m: n
    for n, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for m in names.split()
}


_WEEKDAYS = {d: n for n, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}


_SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}


_UNITS = {
    "second": "S",
    "minute": "M",
    "hour": "H",
    "day": "D",
    "night": "D",
    "week": "W",
    "fortnight": "W",
    "month": "M",
    "year": "Y",
    "decade": "E",
    "century": "C",
    "centuries": "C",
}


NUMBERS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}


_PARTS = {
    "morning": "MO",
    "afternoon": "AF",
    "evening": "EV",
    "night": "NI",
    "dawn": "MO",
    "noon": "12:00",
    "midnight": "24:00",
}


@dataclass(slots=True)
class Context:
    """What partial dates lean on: the document's date, and the last full date of the text."""

    published: date | None
    narrative: bool = False
    """a history: its partial dates lean on the dates around them, not on the day of publication"""
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def nearby(self) -> date | None:
        """The date told last: what "the following year" and "two days later" lean on."""
        if self.year is None:
            return self.published
        try:
            return date(self.year, self.month or 1, self.day or 1)
        except ValueError:
            return date(self.year, self.month or 1, 1) if 1 <= self.year <= 9999 else None

    def reference(self) -> date | None:
        return self.nearby() if self.narrative else self.published

    def remember(self, value: str | None) -> None:
        match = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value or "")
        if match:
            year, month, day = match.groups()
            if month or self.year != int(year):
                self.month, self.day = (int(month) if month else None), (int(day) if day else None)
            self.year = int(year)


def parse_date(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _month(match: re.Match[str], name: str) -> int:
    return MONTHS[match.group(name).lower().rstrip(".")]


def _date(value: str | None) -> Timex:
    return Timex("DATE", value)


def _iso(match: re.Match[str], context: Context) -> Timex:
    value = match.group("iso").replace(" ", "T")
    return Timex("TIME" if "T" in value else "DATE", value)


def _year_for(month: int, day: int | None, context: Context) -> str:
    """The year of a date without one: that of the dates around it, else the latest that is not after publication."""
    if context.year is not None and context.narrative:
        return str(context.year)
    if context.published is None:
        return "XXXX"
    year = context.published.year
    try:
        candidate = date(year, month, day or 1)
    except ValueError:
        return "XXXX"
    if candidate > context.published + timedelta(days=45):
        year -= 1
    return str(year)


def _day_value(year: str, month: int, day: int) -> Timex | None:
    if not (1 <= day <= 31):
        return None
    return _date(f"{year}-{month:02}-{day:02}")


def _dmy(match: re.Match[str], context: Context) -> Timex | None:
    month, day = _month(match, "dmy_m"), int(match.group("dmy_d"))
    if match.group("dmy_bc"):
        return None
    short = match.group("dmy_yy")
    year = match.group("dmy_y") or (("19" if int(short) > 30 else "20") + short if short else None)
    return _day_value(year or _year_for(month, day, context), month, day)


def _mdy(match: re.Match[str], context: Context) -> Timex | None:
    month, day = _month(match, "mdy_m"), int(match.group("mdy_d"))
    return _day_value(match.group("mdy_y") or _year_for(month, day, context), month, day)


def _my(match: re.Match[str], context: Context) -> Timex:
    month, year = _month(match, "my_m"), match.group("my_y")
    relative = (match.group("my_last") or match.group("my_ly") or "").strip().lower()
    if year is None and relative and context.published:
        base = context.published.year
        if match.group("my_ly"):
            base += {"last": -1, "next": 1, "this": 0}[relative]
        elif relative == "last" and month >= context.published.month:
            base -= 1
        elif relative == "next" and month <= context.published.month:
            base += 1
        year = str(base)
    elif year is None and relative:
        year = "XXXX"
    return _date(f"{year or _year_for(month, None, context)}-{month:02}")


def _season(match: re.Match[str], context: Context) -> Timex:
    year: str | int | None = match.group("season_y")
    if year is None:
        reference = context.reference()
        year = reference.year if reference else "XXXX"
        if match.group("season_rel") and match.group("season_rel").lower() == "last" and reference:
            year = reference.year - 1
    return _date(f"{year}-{_SEASONS[match.group('season_s').lower()]}")


def _decade(match: re.Match[str], context: Context) -> Timex:
    return _date(match.group("decade_y"))


def _century(match: re.Match[str], context: Context) -> Timex:
    number = int(match.group("century_n"))
    return _date(f"BC{number - 1:02}" if match.group("century_bc") else f"{number - 1:02}")


def _bc(match: re.Match[str], context: Context) -> Timex:
    return _date(f"BC{int(match.group('bc_y')):04}")


def _year(match: re.Match[str], context: Context) -> Timex:
    return _date(match.group("year_y"))


def _number(text: str) -> float | None:
    text = re.sub(r"\s+", " ", text.strip().lower())
    if text in NUMBERS:
        return NUMBERS[text]
    if text.startswith(("half", "a half")):
        return 0.5
    if text in {"couple of", "a couple of"}:
        return 2
    try:
        return float(text)
    except ValueError:
        return None


def _unit(text: str) -> str:
    text = text.lower()
    return text if text in {"centuries", "century"} else text.rstrip("s")


def _shift(base: date, amount: float, unit: str) -> str:
    """The day, week, month or year that lies `amount` units from `base`, at the unit's own precision."""
    if unit in {"day", "night"}:
        return (base + timedelta(days=amount)).isoformat()
    if unit in {"week", "fortnight"}:
        moved = base + timedelta(weeks=amount * (2 if unit == "fortnight" else 1))
        year, week, _ = moved.isocalendar()
        return f"{year}-W{week:02}"
    if unit == "month":
        months = base.year * 12 + base.month - 1 + int(amount)
        return f"{months // 12}-{months % 12 + 1:02}"
    if unit == "year":
        return f"{base.year + int(amount):04}"
    if unit == "decade":
        return f"{(base.year + int(amount * 10)) // 10}"
    if unit in {"century", "centuries"}:
        return f"{(base.year + int(amount * 100)) // 100}"
    return base.isoformat()


def _ago(match: re.Match[str], context: Context) -> Timex:
    amount, unit = _number(match.group("ago_q")), _unit(match.group("ago_u"))
    direction = match.group("ago_dir").lower()
    backwards = direction in {"ago", "earlier", "before"}
    base = context.published if direction in {"ago", "from now"} else context.nearby()
    if amount is None or base is None:
        return _date("PAST_REF" if direction == "ago" else None)
    try:
        return _date(_shift(base, -amount if backwards else amount, unit))
    except (OverflowError, ValueError):
        return _date(None)


def _wday(match: re.Match[str], context: Context) -> Timex:
    part = match.group("wday_p")
    kind = "TIME" if part else "DATE"
    suffix = f"T{_PARTS[part.lower()]}" if part else ""
    base = context.reference()
    if base is None:
        return Timex(kind, f"XXXX-WXX-{_WEEKDAYS[match.group('wday_d').lower()] + 1}{suffix}")
    back = (base.weekday() - _WEEKDAYS[match.group("wday_d").lower()]) % 7
    relative = (match.group("wday_rel") or "").lower()
    if relative == "last" and back == 0:
        back = 7
    moved = base + timedelta(days=(7 - back) if relative == "next" else -back)
    return Timex(kind, moved.isoformat() + suffix)


_DEICTIC = {
    "today": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "tonight": 0,
    "last night": -1,
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
}


def _deic(match: re.Match[str], context: Context) -> Timex:
    word = re.sub(r"\s+", " ", match.group("deic_w").lower())
    part = "night" if "night" in word else (match.group("deic_p") or "").lower()
    suffix = f"T{_PARTS[part]}" if part in _PARTS else ""
    if context.published is None:
        return Timex("TIME" if suffix else "DATE", None)
    moved = context.published + timedelta(days=_DEICTIC[word])
    return Timex("TIME" if suffix else "DATE", moved.isoformat() + suffix)


def _thisp(match: re.Match[str], context: Context) -> Timex:
    base = context.nearby()
    whole = re.sub(r"\s+", " ", match.group().lower())
    shift = 1 if "next" in whole or "following" in whole else -1 if "previous" in whole else 0
    if match.group("thisp_day"):
        unit = whole.rsplit(" ", 1)[1]
        return _date(_shift(base, shift, unit) if base else None)
    part = _PARTS[match.group("thisp_p").lower()]
    return Timex("TIME", f"{(base + timedelta(days=shift)).isoformat()}T{part}" if base else None)


def _rel(match: re.Match[str], context: Context) -> Timex:
    word, unit = match.group("rel_w").lower(), match.group("rel_u").lower()
    near = word in {"that", "same", "following", "previous"}
    base = context.nearby() if near else context.published or context.reference()
    shift = {"last": -1, "past": -1, "previous": -1, "next": 1, "following": 1, "coming": 1}.get(word, 0)
    if base is None:
        return _date(None)
    if unit == "weekend":
        year, week, _ = (base + timedelta(weeks=shift)).isocalendar()
        return _date(f"{year}-W{week:02}-WE")
    if unit == "quarter":
        quarter = base.year * 4 + (base.month - 1) // 3 + shift
        return _date(f"{quarter // 4}-Q{quarter % 4 + 1}")
    return _date(_shift(base, shift, unit))


def _duration_value(amount: float | None, unit: str) -> str:
    code = _UNITS[unit]
    prefix = "PT" if code in {"S", "H"} or unit == "minute" else "P"
    if unit == "fortnight":
        amount = amount * 2 if amount else amount
    number = "X" if amount is None else f"{amount:g}"
    if unit == "decade":
        return f"P{number if amount is None else f'{amount * 10:g}'}Y" if amount is not None else "PXE"
    if unit in {"century", "centuries"}:
        return f"P{amount * 100:g}Y" if amount is not None else "PXC"
    return f"{prefix}{number}{code}"


def _past(match: re.Match[str], context: Context) -> Timex:
    return Timex("DURATION", _duration_value(_number(match.group("past_q")), _unit(match.group("past_u"))))


def _dur(match: re.Match[str], context: Context) -> Timex | None:
    return Timex("DURATION", _duration_value(_number(match.group("dur_q")), _unit(match.group("dur_u"))))


def _unitdur(match: re.Match[str], context: Context) -> Timex:
    direction = (match.group("unitdur_dir") or "").lower()
    if direction:
        return _date("PAST_REF" if direction != "later" else "FUTURE_REF")
    return Timex("DURATION", _duration_value(None, _unit(match.group("unitdur_u"))))


def _set(match: re.Match[str], context: Context) -> Timex:
    unit = (match.group("set_u") or "").lower()
    adverb = (match.group("set_a") or "").lower()
    if unit in _WEEKDAYS:
        return Timex("SET", f"XXXX-WXX-{_WEEKDAYS[unit] + 1}")
    key = unit or {"daily": "day", "nightly": "day", "weekly": "week", "monthly": "month", "hourly": "hour"}.get(
        adverb, "year"
    )
    return Timex(
        "SET",
        {
            "hour": "PT1H",
            "day": "P1D",
            "night": "P1D",
            "morning": "P1D",
            "evening": "P1D",
            "week": "P1W",
            "month": "P1M",
        }.get(key, "P1Y"),
    )


def _clock(match: re.Match[str], context: Context) -> Timex | None:
    base = context.reference()
    day = base.isoformat() if base else "XXXX-XX-XX"
    if match.group("clockw"):
        return Timex("TIME", f"{day}T{_PARTS[match.group('clockw').lower()]}")
    if match.group("clock24"):
        hour, minute = match.group("clock24").split(":")
        return Timex("TIME", f"{day}T{int(hour):02}:{minute}")
    if match.group("clockm"):
        digits = match.group("clockm")
        return Timex("TIME", f"{day}T{digits[:2]}:{digits[2:]}")
    hour_number = int(match.group("clock_h"))
    if not 1 <= hour_number <= 12:
        return None
    hour_number = hour_number % 12 + (12 if match.group("clock_ap").lower().startswith("p") else 0)
    return Timex("TIME", f"{day}T{hour_number:02}:{match.group('clock_m') or '00'}")


_FEASTS = {"christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24),
           "new year's day": (1, 1), "new year's eve": (12, 31)}  # fmt: skip


def _feast(match: re.Match[str], context: Context) -> Timex | None:
    month, day = _FEASTS[" ".join(match.group("feast_n").lower().replace("’", "'").split())]
    return _day_value(match.group("feast_y") or _year_for(month, day, context), month, day)


def _ref(match: re.Match[str], context: Context) -> Timex:
    if match.group("ref_then"):
        if not context.year:
            return _date(None)
        parts = [f"{context.year:04}", *(f"{n:02}" for n in (context.month, context.day) if n)]
        return _date("-".join(parts))
    if match.group("ref_past"):
        return _date("PAST_REF")
    return _date("PRESENT_REF" if match.group("ref_now") else "FUTURE_REF")


RESOLVERS = {
    "iso": _iso,
    "dmy": _dmy,
    "mdy": _mdy,
    "my": _my,
    "season": _season,
    "decade": _decade,
    "century": _century,
    "bc": _bc,
    "ago": _ago,
    "wday": _wday,
    "deic": _deic,
    "thisp": _thisp,
    "rel": _rel,
    "past": _past,
    "dur": _dur,
    "unitdur": _unitdur,
    "set": _set,
    "clock": _clock,
    "feast": _feast,
    "ref": _ref,
    "year": _year,
}
