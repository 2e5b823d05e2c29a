"""Who is known by which names: states and their bodies, armed groups, alliances, media; and lists that a user loads.

The starter registry is two tables of public facts (`states.tsv`, `groups.tsv`); `lists` reads a user's
own lists. A name that several entries share (an acronym) finds them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sayso.errors import DataError
from sayso.names.scripts import fold

FILES = ("states.tsv", "groups.tsv")


@dataclass(frozen=True, slots=True)
class Entry:
    """kind: state, government, armed_forces, ministry, service, armed_group, alliance, media, person, …;
    countries: ISO 3166-1 alpha-2; part_of: another entry's id; source: the file that it comes from."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    countries: tuple[str, ...] = ()
    part_of: str | None = None
    source: str = "starter"

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class Registry:
    """Entries by id and by any of their names (case, accents, script and leading articles do not matter)."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._names: dict[str, set[str]] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        self._entries[entry.id] = entry
        for name in entry.names:
            self._names.setdefault(name_key(name), set()).add(entry.id)

    def __getitem__(self, id: str) -> Entry:
        return self._entries[id]

    def __contains__(self, id: object) -> bool:
        return id in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def find(self, name: str) -> frozenset[str]:
        """The ids of all entries of that name."""
        return frozenset(self._names.get(name_key(name), ()))


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    folded = fold(name.replace("’s ", " ").replace("'s ", " "))
    for article in ("the ", "los ", "las ", "les ", "la ", "el "):
        if folded.startswith(article) and len(folded) > len(article) + 3:
            return folded[len(article) :]
    return folded


def parse_table(lines: Iterable[str], source: str) -> list[Entry]:
    """Rows of a starter table: id, kind, name, aliases (`a | b`), countries (`RU,UA`), part_of. Raises DataError."""
    entries = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.rstrip("\n").split("\t")]
        if len(cells) != 6 or not cells[0] or not cells[2]:
            raise DataError(
                f"{source}, line {number}: six columns are expected (id, kind, name, aliases, countries, part_of)"
            )
        aliases = tuple(a.strip() for a in cells[3].split("|") if a.strip())
        countries = tuple(c.strip() for c in cells[4].split(",") if c.strip())
        entries.append(Entry(cells[0], cells[1], cells[2], aliases, countries, cells[5] or None, source))
    return entries


@lru_cache(maxsize=1)
def starter() -> tuple[Entry, ...]:
    folder = files("sayso.names.registry")
    return tuple(
        e for name in FILES for e in parse_table((folder / name).read_text(encoding="utf-8").splitlines(), name)
    )


_IN_USE: list[Registry] = []


def registry() -> Registry:
    """The registry in use: the starter's entries, read once a process, and those that `extend` added."""
    if not _IN_USE:
        _IN_USE.append(Registry(starter()))
    return _IN_USE[0]


def extend(entries: Iterable[Entry]) -> None:
    """Use these entries too from here on, in this process; of one id the last counts."""
    for entry in entries:
        registry().add(entry)
