"""Reads the files that `build.py` wrote. Lookups cost a microsecond; opening costs a few milliseconds."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import marisa_trie

from sayso.errors import DataError
from sayso.gazetteer.build import KINDS, ROW, fold, skeleton

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """kind: country, province, city or district; lat and lon in degrees (WGS 84); country ISO 3166-1 alpha-2."""

    name: str
    lat: float
    lon: float
    country: str
    admin1: str | None
    geonameid: int | None
    population: int
    kind: str


class Gazetteer:
    """The compiled index in `folder`, with a user's own places laid over it.

    Raises DataError when a file of the index is missing or damaged.
    """

    def __init__(self, folder: Path = DATA, extra: Iterable[tuple[str, GazetteerPlace]] = ()) -> None:
        try:
            self._rows = _mapped(folder / "places.bin")
            self._strings = _mapped(folder / "strings.bin")
            self._names = marisa_trie.RecordTrie("<I").mmap(str(folder / "names.trie"))
            self._stems = marisa_trie.RecordTrie("<I").mmap(str(folder / "stems.trie"))
            self._admin1: list[str] = json.loads((folder / "admin1.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, RuntimeError) as error:
            raise DataError(
                f"the gazetteer in {folder} is missing or damaged ({error}); reinstall with `pip install --force-reinstall sayso`"
            ) from error
        self._folder = folder
        self._extra: dict[str, list[GazetteerPlace]] = {}
        for name, place in extra:
            self._extra.setdefault(fold(name), []).append(place)
        self._cache: dict[str, tuple[GazetteerPlace, ...]] = {}

    def lookup(self, name: str) -> tuple[GazetteerPlace, ...]:
        """Every place that has this name, in any script; countries first, then by population."""
        key = fold(name)
        found = self._cache.get(key)
        if found is None:
            found = self._lookup(key)
            if len(self._cache) < 50_000:
                self._cache[key] = found
        return found

    def _lookup(self, key: str) -> tuple[GazetteerPlace, ...]:
        places = [self._place(row) for (row,) in self._names.get(key, ())]
        places.sort(key=lambda p: (p.kind != "country", p.kind != "province", -p.population, p.geonameid or 0))
        return (*self._extra.get(key, ()), *places)

    def lookup_stem(self, name: str) -> tuple[GazetteerPlace, ...]:
        """Places whose name agrees in every romanisation ("Grajvoron" finds Grayvoron); may be a chance match."""
        places = [self._place(row) for (row,) in self._stems.get(skeleton(name), ())]
        return tuple(sorted(places, key=lambda p: -p.population))

    def outline(self) -> list[dict[str, Any]]:
        """Country outlines for offline maps: `[{"country": "RU", "rings": [[[lon, lat], …], …]}, …]`."""
        result: list[dict[str, Any]] = json.loads((self._folder / "outline.json").read_text(encoding="utf-8"))
        return result

    def __len__(self) -> int:
        return len(self._rows) // ROW.size

    def _place(self, row: int) -> GazetteerPlace:
        lat, lon, geonameid, population, offset, length, admin1, kind, country, _ = ROW.unpack_from(
            self._rows, row * ROW.size
        )
        return GazetteerPlace(
            name=self._strings[offset : offset + length].decode(),
            lat=round(lat, 5),
            lon=round(lon, 5),
            country=country.decode().strip(),
            admin1=self._admin1[admin1] or None,
            geonameid=geonameid or None,
            population=population,
            kind=KINDS[kind],
        )


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@lru_cache(maxsize=1)
def default_gazetteer() -> Gazetteer:
    """The index that came with the install, opened once a process."""
    return Gazetteer()
