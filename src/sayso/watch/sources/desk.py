"""What every kind of source works with: the polite fetcher, the parsers, what was seen, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sayso.errors import AddressError, WatchError
from sayso.ingest.fetch import Answer, Fetcher
from sayso.ingest.isolate import Isolated
from sayso.ingest.load import read_source
from sayso.ingest.source import Source
from sayso.records import Document, Failure
from sayso.settings import Settings
from sayso.watch.backoff import retry_after
from sayso.watch.plan import Plan
from sayso.watch.state import State

_PATIENCE = 60.0
"""seconds that a host is waited for within one look; who asks for more is asked again at another"""
_ROBOTS_SECONDS = 86_400.0
"""how long a robots.txt is believed (RFC 9309, 2.4)"""


class SourceTrouble(WatchError):
    """A source cannot be asked now. after: seconds for which it asked to be left alone."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something new, and what to remember of it once its documents are safely in the ledger.

    key, mark: the thing and its version; done: it need not be looked at again. memory: what the source is to know next time.
    """

    documents: tuple[Document | Failure, ...] = ()
    key: str = ""
    mark: str = ""
    done: bool = True
    tries: int = 0
    memory: dict[str, Any] | None = None


@dataclass(slots=True)
class Desk:
    """allow: which IP addresses may be asked (tests let loopback through). clock: seconds since 1970; sleep: waits, less when stopped."""

    plan: Plan
    state: State
    settings: Settings
    clock: Callable[[], float]
    sleep: Callable[[float], object]
    stopping: Callable[[], bool]
    allow: Callable[[str], bool]
    memory: dict[str, Any] = field(default_factory=dict)
    _fetcher: Fetcher | None = None
    _made: float = 0.0
    _asked: dict[str, float] = field(default_factory=dict)

    def ask(self, url: str, headers: dict[str, str] | None = None) -> Answer | None:
        """What stands at the address; None when it has not changed (304).

        Waits its turn for the host. Raises SourceTrouble when the server refuses, AddressError, LimitError or IngestError.
        """
        host = urlsplit(url).hostname or ""
        fetcher = self._current()
        left = self.state.blocked(host) - self.clock()
        if left > _PATIENCE:
            raise SourceTrouble(f"{host} asked to be left alone for {left:.0f} seconds more", left)
        space = max(self.plan.spacing, min(fetcher.crawl_delay(url), _PATIENCE))
        pause = max(left, self._asked.get(host, -space) + space - self.clock())
        if pause > 0:
            self.sleep(pause)
        try:
            answer = fetcher.ask(url, headers)
        except AddressError:
            self._fetcher = None  # a robots.txt that forbids is read again at the next look
            raise
        finally:
            self._asked[host] = self.clock()
        if answer.status == 304:
            return None
        if answer.status != 200:
            after = retry_after(answer.headers.get("retry-after"), self.clock())
            if answer.status in {429, 503} and after:
                self.state.block(host, self.clock() + after)
            raise SourceTrouble(f"the server of {url} answered {answer.status}", after)
        return answer

    def read(self, source: Source, settings: Settings | None = None) -> list[Document | Failure]:
        """The documents of one input."""
        settings = settings or self.settings
        with Isolated(settings) as isolated:
            return list(read_source(source, settings, isolated))

    def _current(self) -> Fetcher:
        if self._fetcher is None or self.clock() - self._made > _ROBOTS_SECONDS:
            self._fetcher, self._made = Fetcher(self.settings.limits, self.allow), self.clock()
        return self._fetcher

    def until_stopped(self, found: Iterator[Any]) -> Iterator[Any]:
        """Ends early, between two things, when the watch is told to stop."""
        for item in found:
            yield item
            if self.stopping():
                return
