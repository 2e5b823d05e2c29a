"""Place names → the likeliest place, by what else the text names; alternatives kept, no guess dressed as certainty.

A candidate's score: its prior (countries, regions, large cities first), the countries and regions that the text
names elsewhere, a "City, Region" that follows, and distance to places already certain.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass

from sayso.gazetteer import Gazetteer, GazetteerPlace
from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.records import Place, PlaceAlternative

_KEPT_ALTERNATIVES = 4
_ADMIN = re.compile(
    r"\s*\b(?:district|region|oblast|province|department|county|raion|rayon|governorate|krai|municipality|canton|prefecture|state|city|town|village|parish)\b",
    re.IGNORECASE,
)
_ADJECTIVAL = re.compile(r"(?:skiy|skyi|skii|skyy|skij|skaya|skoye|skogo|sky|ski|ska|tsky|tskyi)$", re.IGNORECASE)
_US_STATES = {
    "ala": "Alabama",
    "ariz": "Arizona",
    "ark": "Arkansas",
    "calif": "California",
    "colo": "Colorado",
    "conn": "Connecticut",
    "del": "Delaware",
    "fla": "Florida",
    "ga": "Georgia",
    "ill": "Illinois",
    "ind": "Indiana",
    "kan": "Kansas",
    "ky": "Kentucky",
    "la": "Louisiana",
    "md": "Maryland",
    "mass": "Massachusetts",
    "mich": "Michigan",
    "minn": "Minnesota",
    "miss": "Mississippi",
    "mo": "Missouri",
    "mont": "Montana",
    "neb": "Nebraska",
    "nev": "Nevada",
    "n.h.": "New Hampshire",
    "n.j.": "New Jersey",
    "n.m.": "New Mexico",
    "n.y.": "New York",
    "n.c.": "North Carolina",
    "n.d.": "North Dakota",
    "okla": "Oklahoma",
    "ore": "Oregon",
    "pa": "Pennsylvania",
    "r.i.": "Rhode Island",
    "s.c.": "South Carolina",
    "s.d.": "South Dakota",
    "tenn": "Tennessee",
    "tex": "Texas",
    "vt": "Vermont",
    "va": "Virginia",
    "wash": "Washington",
    "w.va.": "West Virginia",
    "wis": "Wisconsin",
    "wyo": "Wyoming",
    "ca": "California",
    "ny": "New York",
    "tx": "Texas",
    "oh": "Ohio",
    "nj": "New Jersey",
}
_COUNTRY_SHORT = {
    "u.s.": "United States",
    "us": "United States",
    "u.s": "United States",
    "usa": "United States",
    "uk": "United Kingdom",
    "u.k.": "United Kingdom",
    "britain": "United Kingdom",
    "ussr": "Russia",
    "soviet union": "Russia",
    "america": "United States",
    "holland": "Netherlands",
    "burma": "Myanmar",
    "uae": "United Arab Emirates",
    "kremlin": "",
    "dprk": "North Korea",
}


@dataclass(slots=True)
class _Name:
    text: str
    candidates: list[GazetteerPlace]
    mentions: list[int]
    region: str | None
    wants: str | None


class PlaceResolver:
    """Resolves the places of one document at a time against a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def resolve(self, page: Page, found: list[Found]) -> dict[int, Place]:
        """Mention number → place, for every mention that names one."""
        names = self._collect(page, found)
        countries: Counter[str] = Counter()
        regions: Counter[tuple[str, str | None]] = Counter()
        for name in names.values():
            sure = [c for c in name.candidates if c.kind in {"country", "province"}]
            if sure and sure[0].kind == "country":
                countries[sure[0].country] += len(name.mentions)
            elif len({c.country for c in name.candidates}) == 1:
                countries[name.candidates[0].country] += len(name.mentions)
            for c in sure[:1]:
                if c.kind == "province":
                    regions[c.country, c.admin1] += len(name.mentions)
            if name.region:
                for c in name.candidates:
                    if c.admin1 == name.region:
                        regions[c.country, c.admin1] += 2
                        countries[c.country] += 1
        certain = [
            n.candidates[0]
            for n in names.values()
            if n.candidates[0].population > 300_000 and n.candidates[0].kind == "city"
        ]
        places: dict[int, Place] = {}
        for name in names.values():
            ranked = sorted(name.candidates, key=lambda c: -self._score(c, name, countries, regions, certain))
            place = _record(ranked)
            for number in name.mentions:
                places[number] = place
        return places

    def _collect(self, page: Page, found: list[Found]) -> dict[str, _Name]:
        names: dict[str, _Name] = {}
        for number, mention in enumerate(found):
            if mention.type not in {"Location", "Nationality"} or not mention.name:
                continue
            known = names.get(mention.name)
            if known:
                known.mentions.append(number)
                known.region = known.region or self._following_region(page, mention)
                continue
            candidates = self._candidates(mention.name)
            if mention.type == "Nationality":
                candidates = [c for c in candidates if c.kind == "country"] or (
                    self._candidates(mention.name[:-1]) if mention.name.endswith("s") else []
                )
                candidates = [c for c in candidates if c.kind == "country"]
            if candidates:
                following = page.tokens.lower[mention.last] if mention.last < len(page.tokens) else ""
                wants = _wanted_kind(mention.span.text.lower(), following)
                names[mention.name] = _Name(
                    mention.name, candidates, [number], self._following_region(page, mention), wants
                )
        return names

    def _candidates(self, name: str) -> list[GazetteerPlace]:
        short = _COUNTRY_SHORT.get(name.lower())
        if short:
            name = short
        found = list(self._gazetteer.lookup(name))
        bare = _ADMIN.sub("", name).strip()
        if not found and bare and bare != name:
            found = list(self._gazetteer.lookup(bare))
        if not found:
            stem = _ADJECTIVAL.sub("", bare)
            if stem != bare and len(stem) > 3:
                found = list(self._gazetteer.lookup(stem) or self._gazetteer.lookup_stem(stem))
            elif len(bare) > 5:
                found = list(self._gazetteer.lookup_stem(bare))
        return found[:40]

    def _following_region(self, page: Page, mention: Found) -> str | None:
        """The region or country in "Alexandria, La.", "Irbil, Iraq", "two villages in Bryansk province"."""
        tokens = page.tokens
        at = mention.last
        if at + 1 >= len(tokens) or tokens.words[at] not in {",", "("}:
            return None
        word = tokens.lower[at + 1].rstrip(".")
        dotted = tokens.lower[at + 1]
        if word in _US_STATES or dotted in _US_STATES:
            return _US_STATES.get(word) or _US_STATES.get(dotted)
        phrase = page.phrase_at(at + 1)
        if phrase is None or tokens.tags[at + 1] not in "Z":
            return None
        text = tokens.span(at + 1, phrase.last).text
        for place in self._gazetteer.lookup(text):
            if place.kind == "province":
                return place.admin1
            if place.kind == "country":
                return place.country
        return None

    @staticmethod
    def _score(
        c: GazetteerPlace,
        name: _Name,
        countries: Counter[str],
        regions: Counter[tuple[str, str | None]],
        certain: list[GazetteerPlace],
    ) -> float:
        score = {"country": 7.0, "province": 3.2, "city": 0.0, "district": 1.0}[c.kind]
        score += math.log10(c.population + 10) if c.kind == "city" else 2.0
        if c.name.lower() == name.text.lower():
            score += 0.8
        if name.wants == c.kind:
            score += 4
        elif name.wants and c.kind == "country":
            score -= 4
        total = sum(countries.values()) or 1
        score += 3.0 * countries[c.country] / total
        if c.kind != "province" and regions[c.country, c.admin1]:
            score += 2.0
        if name.region and name.region in {c.admin1, c.country}:
            score += 8
        near = min(
            (_distance(c, other) for other in certain if other is not c and other.geonameid != c.geonameid), default=9e9
        )
        if c.kind == "city" and near < 150:
            score += 1.2
        return score


def _wanted_kind(text: str, following: str) -> str | None:
    for words, kind in (
        (("region", "province", "oblast", "department", "state", "governorate", "krai"), "province"),
        (("city", "town", "village"), "city"),
    ):
        if text.split()[-1] in words or following in words:
            return kind
    return None


def _distance(a: GazetteerPlace, b: GazetteerPlace) -> float:
    """Great-circle distance in kilometres."""
    la, lb = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def _record(ranked: list[GazetteerPlace]) -> Place:
    best, *rest = ranked
    unlike = [c for c in rest if c.country != best.country or _distance(c, best) > 60]
    alternatives = tuple(
        PlaceAlternative(c.name, round(c.lat, 4), round(c.lon, 4), c.country, c.admin1, c.geonameid, c.kind)
        for c in unlike[:_KEPT_ALTERNATIVES]
    )
    return Place(
        best.name,
        round(best.lat, 4),
        round(best.lon, 4),
        best.country,
        best.admin1,
        best.geonameid,
        best.kind,
        alternatives,
    )
