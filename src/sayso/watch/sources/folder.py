"""A folder: files that are new or changed, read once they have stayed as they are for a while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sayso.ingest import load
from sayso.ingest.load import walk
from sayso.ingest.source import shown
from sayso.watch.plan import Folder, seconds
from sayso.watch.sources.desk import Arrival, Desk, SourceTrouble


def arrivals(folder: Folder, desk: Desk) -> Iterator[Arrival]:
    place = desk.plan.within(folder.path)
    if not place.is_dir():
        raise SourceTrouble(f"{place} is no folder any more; make it again, or name another")
    marks = _marks(place)
    known = desk.state.marks(folder.name, map(shown, marks))
    settings = replace(desk.settings, outlet=folder.outlet, language=folder.language)
    for name, mark in marks.items():
        before = known.get(shown(name))
        if before is None or before["mark"] != mark:
            changed = int(mark.partition(":")[2]) / 1e9
            if not 0 <= seconds(folder.settle) <= desk.clock() - changed:
                yield Arrival(key=shown(name), mark=mark, done=False)  # looked at again before it is read
                continue
        elif before["done"] or desk.clock() - before["at"] < seconds(folder.settle):
            continue
        yield Arrival(tuple(load([name], settings)), shown(name), mark)


def _marks(place: Path) -> dict[str, str]:
    """File → its size and when it was changed."""
    found = {}
    for name in walk(place):
        try:
            status = Path(name).stat(follow_symlinks=False)
        except OSError:
            continue  # it is gone again
        found[name] = f"{status.st_size}:{status.st_mtime_ns}"
    return found
