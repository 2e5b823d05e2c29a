"""Sources: each kind is one module whose `arrivals(source, desk)` yields what is new there, as it is found.

`ARRIVALS` says which module a kind of table has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from sayso.watch.plan import AnySource, Feed, Folder, Mailbox, Page
from sayso.watch.sources.desk import Arrival, Desk, SourceTrouble

__all__ = ["Arrival", "Desk", "SourceTrouble", "arrivals"]

ARRIVALS: dict[type[Any], str] = {
    Feed: "sayso.watch.sources.feed",
    Page: "sayso.watch.sources.page",
    Folder: "sayso.watch.sources.folder",
    Mailbox: "sayso.watch.sources.mailbox",
}


def arrivals(source: AnySource, desk: Desk) -> Iterator[Arrival]:
    """What is new at a source. Raises SourceTrouble or IngestError when it cannot be asked."""
    found: Callable[[AnySource, Desk], Iterator[Arrival]] = import_module(ARRIVALS[type(source)]).arrivals
    return found(source, desk)
