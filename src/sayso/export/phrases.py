"""Values and names of the ledger as English phrases: counts, days, kinds of event, speakers. Used where Sayso writes sentences."""

from __future__ import annotations

import re

from sayso.ontology import load_ontology
from sayso.records import Holder
from sayso.records.terms import plain

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)\S*)?\Z")
_MONTH = re.compile(r"(\d{4})-(\d\d)\Z")
_RANGE = re.compile(r"(\d[\d.]*)?(?:–(\d[\d.]*)?)?\Z")
_MASS = frozenset(
    "shelling arson sabotage aid recruitment cooperation support group_formation mobilisation verbal_cooperation "
    "material_cooperation verbal_conflict material_conflict".split()
)
"""types of event that take no article"""
_ARTICLES = frozenset({"the", "some", "several", "many", "all", "both", "his", "her", "its", "their", *_NUMBERS})
_PLURALS = re.compile(r"(?:s|men|people|police|troops|children)\Z")
_BODIES = frozenset(
    "ministry army navy force forces police guard corps legion brigade brigades battalion battalions front party movement union "
    "federation league council committee commission court congress senate parliament assembly agency service bureau office "
    "department embassy government nations militia regiment division command administration authority cabinet".split()
)
"""last words of names that English puts “the” before"""
_OWNED = re.compile(r"['’]s?(?= )")
_LONGEST = 70


def quoted(words: str) -> str:
    return f"“{short(words) or '…'}”"


def short(words: str) -> str:
    words = plain(words)
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"


def many(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun}"
    return f"{count} " + (f"{noun[:-1]}ies" if noun.endswith("ity") else f"{noun}s")


def number_word(count: int) -> str:
    """Small numbers in words, as a sentence begins with them."""
    return _NUMBERS[count] if 0 < count < len(_NUMBERS) else str(count)


def event_words(type_: str) -> str:
    """An event type with its article: an attack, shelling."""
    words = short(type_.replace("_", " ")) or "something"
    return words if type_ in _MASS else f"{'an' if words[0].lower() in 'aeiou' else 'a'} {words}"


def day_words(value: str) -> str:
    """An ISO day or span of days as people write it; words that are no day, in quotation marks."""
    first, slash, last = value.partition("/")
    days = [_day(first)] + ([_day(last)] if slash else [])
    return " to ".join(d for d in days if d) if all(days) else quoted(value)


def _day(value: str) -> str | None:
    day, month = _DAY.match(value), _MONTH.match(value)
    if day and 1 <= int(day[2]) <= 12:
        clock = f", {day[4]}" if day[4] and day[4] != "00:00" else ""
        return f"{int(day[3])} {MONTHS[int(day[2]) - 1]} {day[1]}{clock}"
    return f"{MONTHS[int(month[2]) - 1]} {month[1]}" if month and 1 <= int(month[2]) <= 12 else None


def count_words(value: str) -> str:
    """A count as claims or positions write it ("8–", "–20", "8–12", "at least 8", "13") in words."""
    found = _RANGE.match(value.strip())
    low, high = found.groups() if found else (None, None)
    if found is None or (low is None and high is None):
        return short(value) if re.match(r"(?:at least|up to|\d)", value) else "an unknown number"
    if high is not None:
        return f"up to {_figure(high)}" if low is None else f"{_figure(low)} to {_figure(high)}"
    if "–" in value:
        return f"at least {_figure(low or '')}"
    return {"0": "nobody", "1": "one"}.get(low or "", _figure(low or ""))


def _figure(digits: str) -> str:
    return f"{int(digits):,}" if digits.isdecimal() and len(digits) < 16 else digits


def speaker_words(holder: Holder) -> str:
    """Who says it, as it stands within a sentence."""
    speaker = short(holder.speaker or "")
    if speaker:
        return with_article(speaker)
    if holder.informant.startswith("unnamed:"):
        return "an unnamed source"
    outlet = short(holder.outlet or "")
    return f"{outlet} in its own voice" if outlet else OWN_VOICE


OWN_VOICE = "a report in its own voice"


def with_article(name: str) -> str:
    """ "Defence Ministry" → the Defence Ministry; "A doctor" → a doctor; "governor" → the governor; other names as they are."""
    first, _, rest = name.partition(" ")
    if rest and (first.lower() in _ARTICLES or (first in {"A", "An"} and rest[0].islower())):
        return first.lower() + name[len(first) :]
    if not rest and name.lower() in load_ontology().terms["person_nouns"]:
        return name.lower() if _PLURALS.search(name) else f"the {name.lower()}"
    ends = {*name.split(" of ")[0].split()[-1:], *name.split()[-1:]}
    body = any(word[:1].isupper() and word.lower() in _BODIES for word in ends)
    return f"the {name}" if rest and body and not _OWNED.search(name) else name
