"""Counts and amounts as ranges with their hedge: "at least 12" → 12 to open, "dozens" → 24 to open, "two to three" → 2 to 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.read.words import NUMBER_WORDS
from sayso.records import Quantity

_HEDGES: tuple[tuple[str, str], ...] = (
    ("at least", "low"),
    ("more than", "low"),
    ("over", "low"),
    ("no fewer than", "low"),
    ("not less than", "low"),
    ("no less than", "low"),
    ("upwards of", "low"),
    ("as many as", "high"),
    ("up to", "high"),
    ("at most", "high"),
    ("no more than", "high"),
    ("fewer than", "high"),
    ("less than", "high"),
    ("under", "high"),
    ("about", "near"),
    ("around", "near"),
    ("some", "near"),
    ("approximately", "near"),
    ("roughly", "near"),
    ("nearly", "near"),
    ("almost", "near"),
    ("an estimated", "near"),
    ("estimated", "near"),
    ("close to", "near"),
    ("exactly", "exact"),
)
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{_WORDS})(?:[\s-]+(?:and\s+)?(?:{_WORDS}))*)"
_QUANTITY = re.compile(
    rf"\b(?:(?P<hedge>{'|'.join(h for h, _ in _HEDGES)})\s+)?"
    rf"(?:(?P<tens>(?:tens|dozens|scores|hundreds|thousands|millions)(?:\s+of\s+(?:thousands|millions))?)(?:\s+of)?"
    rf"|(?P<vague>several|a\s+few|a\s+dozen|half\s+a\s+dozen|a\s+couple\s+of|a\s+hundred|a\s+thousand)(?:\s+(?:hundred|thousand|dozen))?"
    rf"|(?P<money>[$€£]\s?)?(?P<low>{_NUMBER})(?P<scale>\s+(?:hundred|thousand|million|billion|trillion|dozen))?"
    rf"(?:\s*(?:to|-|–|or)\s*(?P<high>{_NUMBER})(?P<scale2>\s+(?:hundred|thousand|million|billion))?)?)"
    rf"(?:\s*(?P<unit>percent|per\s+cent|%|km|kilometers?|kilometres?|meters?|metres?|miles?|tons?|tonnes?|kilograms?|kg|dollars?|euros?|"
    rf"rubles?|pesos?|pounds?|hectares?|inches|feet))?(?![\w])",
    re.IGNORECASE,
)
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1e9, "trillion": 1e12, "dozen": 12}
_VAGUE = {
    "several": (3.0, None),
    "a few": (2.0, None),
    "a dozen": (12.0, 12.0),
    "half a dozen": (6.0, 6.0),
    "a couple of": (2.0, 2.0),
    "a hundred": (100.0, 100.0),
    "a thousand": (1000.0, 1000.0),
}
_TENS = {"tens": 20.0, "dozens": 24.0, "scores": 40.0, "hundreds": 200.0, "thousands": 2000.0, "millions": 2e6}


@dataclass(frozen=True, slots=True)
class Amount:
    start: int
    end: int
    quantity: Quantity


def find_quantities(text: str) -> Iterator[Amount]:
    """Every number of the text with its hedge and unit; what it counts is decided by what stands behind it."""
    for match in _QUANTITY.finditer(text):
        found = read_quantity(match)
        if found:
            yield Amount(match.start(), match.end(), found)


def read_quantity(match: re.Match[str]) -> Quantity | None:
    hedge = re.sub(r"\s+", " ", match.group("hedge").lower()) if match.group("hedge") else None
    unit = match.group("unit")
    kind = (
        "money"
        if match.group("money") or (unit and unit.lower().rstrip("s") in {"dollar", "euro", "ruble", "peso", "pound"})
        else ("percent" if unit and unit.lower() in {"percent", "per cent", "%"} else "measure" if unit else "count")
    )
    if match.group("money"):
        unit = match.group("money").strip()
    if tens := match.group("tens"):
        first, *rest = tens.lower().split()
        low = _TENS[first] * (1000.0 if rest and rest[-1] == "thousands" else 1e6 if rest else 1.0)
        return Quantity(kind, low, None, unit, tens.lower())
    if vague := match.group("vague"):
        low_v, high_v = _VAGUE[re.sub(r"\s+", " ", vague.lower())]
        last_word = match.group().lower().split()[-1]
        factor = _SCALES.get(last_word, 1) if vague.lower() == "several" else 1
        return Quantity(kind, low_v * factor, high_v, unit, hedge or vague.lower())
    number = number_value(match.group("low"))
    if number is None:
        return None
    low = number * _SCALES.get((match.group("scale") or "").strip().lower(), 1)
    high: float | None = low
    if match.group("high"):
        scale = (match.group("scale2") or match.group("scale") or "").strip().lower()
        high = max(low, (number_value(match.group("high")) or 0) * _SCALES.get(scale, 1))
    bound = dict(_HEDGES).get(hedge or "")
    if bound == "low":
        high = None
    elif bound == "high":
        return Quantity(kind, None, high, unit, hedge)
    return Quantity(kind, low, high, unit, hedge)


def number_value(text: str) -> float | None:
    """`1,200` → 1200.0, `twenty-two` → 22.0, `two hundred and six` → 206.0; None when it is no number."""
    plain = text.strip().lower().replace(",", "")
    try:
        return float(plain)
    except ValueError:
        pass
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", plain):
        if word == "and":
            continue
        if word not in NUMBER_WORDS:
            return None
        value = NUMBER_WORDS[word]
        if value in (100, 12) and word in {"hundred", "dozen"}:
            current = (current or 1) * value
        elif value >= 1000:
            total, current = total + (current or 1) * value, 0.0
        else:
            current += value
    return total + current
