"""Place names → the likeliest place, by what else the text names; alternatives kept, no guess dressed as certainty.

`sayso.read.gravity` weighs the candidates of a name: what each is, the region that follows it ("Alexandria, La."), and
where the other names of the text may lie.
"""

from __future__ import annotations

import re

from sayso.gazetteer import Gazetteer, GazetteerPlace
from sayso.read.gravity import PlaceName, distance, rank
from sayso.read.kinds import Found
from sayso.read.page import Page
from sayso.records import Place, PlaceAlternative

_KEPT_ALTERNATIVES = 4
_MOST_CANDIDATES = 40
_COUNTY = re.compile(r"\b(?:county|parish)$", re.IGNORECASE)
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


class PlaceResolver:
    """Resolves the places of one document at a time against a gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def resolve(self, page: Page, found: list[Found]) -> dict[int, Place]:
        """Mention number → place, for every mention that names one."""
        names = list(self.collect(page, found).values())
        places: dict[int, Place] = {}
        ranked = []
        for name, chances in zip(names, rank(names), strict=True):
            order = sorted(range(len(chances)), key=lambda k: -chances[k])
            ranked.append([name.candidates[k] for k in order])
        settled = {
            (r[0].country, r[0].admin1) for n, r in zip(names, ranked, strict=True) if not _COUNTY.search(n.text)
        }
        for name, candidates in zip(names, ranked, strict=True):
            if _COUNTY.search(name.text):  # only where the text speaks of its state: namesakes are many
                candidates = [c for c in candidates if (c.country, c.admin1) in settled or c.admin1 == name.region]
            if candidates:
                place = _record(candidates)
                places.update(dict.fromkeys(name.mentions, place))
        return places

    def collect(self, page: Page, found: list[Found]) -> dict[str, PlaceName]:
        """The names of places in the text, each once, with their candidates and mentions."""
        names: dict[str, PlaceName] = {}
        for number, mention in enumerate(found):
            names_place = mention.type in {"Location", "Nationality"} if mention.toponym is None else mention.toponym
            if not names_place or not mention.name:
                continue
            known = names.get(mention.name)
            if known:
                known.mentions.append(number)
                known.region = known.region or self._following_region(page, mention)
                continue
            candidates = self._candidates(self._spelled_out(page, mention))
            if mention.type == "Nationality":
                candidates = [c for c in candidates if c.kind == "country"] or (
                    self._candidates(mention.name[:-1]) if mention.name.endswith("s") else []
                )
                candidates = [c for c in candidates if c.kind == "country"]
            if candidates:
                following = page.tokens.lower[mention.last] if mention.last < len(page.tokens) else ""
                wants = _wanted_kind(mention.span.text.lower(), following)
                names[mention.name] = PlaceName(
                    mention.name, candidates, [number], self._following_region(page, mention), wants
                )
        return names

    def _spelled_out(self, page: Page, mention: Found) -> str:
        """ "Kan." and "W.Va." stand for states; without the point "Kan" is a name like any other."""
        name = mention.name or ""
        after = page.document.text[mention.span.end : mention.span.end + 1]
        pointed = "." in (after, mention.span.text[-1:], name[-1:])
        key = name.lower() if name.lower() in _US_STATES else name.lower().rstrip(".")
        return _US_STATES.get(key, name) if pointed else name

    def _candidates(self, name: str) -> list[GazetteerPlace]:
        short = _COUNTRY_SHORT.get(name.lower())
        if short:
            name = short
        found = list(self._gazetteer.lookup(name))
        bare = _ADMIN.sub("", name).strip()
        if not found and bare and bare != name:
            found = list(self._gazetteer.lookup(bare))
            if _COUNTY.search(name):  # counties have no points here; a town of that very name is near, others are not
                found = [c for c in found if c.name.lower() == bare.lower()]
                return found[:_MOST_CANDIDATES]
        if not found:
            stem = _ADJECTIVAL.sub("", bare)
            if stem != bare and len(stem) > 3:
                found = list(self._gazetteer.lookup(stem) or self._gazetteer.lookup_stem(stem))
            elif len(bare) > 5:
                found = list(self._gazetteer.lookup_stem(bare))
        return _namesakes(found, name)[:_MOST_CANDIDATES]

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


def _namesakes(found: list[GazetteerPlace], name: str) -> list[GazetteerPlace]:
    """Without places that have the name beside another one, in countries where a place has it as its own."""
    own = {c.country for c in found if c.name.lower() == name.lower() and c.kind == "city"}
    return [c for c in found if c.kind != "city" or c.country not in own or c.name.lower() == name.lower()]


def _wanted_kind(text: str, following: str) -> str | None:
    for words, kind in (
        (("region", "province", "oblast", "department", "state", "governorate", "krai"), "province"),
        (("city", "town", "village"), "city"),
    ):
        if text.split()[-1] in words or following in words:
            return kind
    return None


def _record(ranked: list[GazetteerPlace]) -> Place:
    best, *rest = ranked
    unlike = [c for c in rest if c.country != best.country or distance(c, best) > 60]
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
