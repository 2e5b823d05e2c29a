"""How often something may be asked: a sliding window for each key, in memory, of bounded size."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import repeat
from threading import Lock

from sayso.web.access.refusal import too_many

_LONGEST_KEY = 128


class Limiter:
    """At most `most` in any `seconds`, for each key. Remembers `keys` keys and forgets the longest unused one first."""

    def __init__(
        self, most: int, seconds: float, keys: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._keys, self._clock = most, seconds, keys, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, *keys: str) -> float:
        """Seconds until all of the keys are free again; 0.0 takes a turn for each, anything else takes none."""
        keys = tuple(key[:_LONGEST_KEY] for key in keys)
        now = self._clock()
        with self._lock:
            full = [
                seen[0] + self._seconds - now
                for seen in map(self._recent, keys, repeat(now))
                if len(seen) >= self._most
            ]
            if full:
                return max(full)
            for key in keys:
                self._seen.setdefault(key, deque()).append(now)
                self._seen.move_to_end(key)
            while len(self._seen) > self._keys:
                self._seen.popitem(last=False)
            return 0.0

    def take(self, *keys: str) -> None:
        """Raises Refusal 429 with Retry-After."""
        if (seconds := self.wait(*keys)) > 0:
            raise too_many(seconds)

    def _recent(self, key: str, now: float) -> deque[float]:
        seen = self._seen.get(key, deque())
        while seen and seen[0] <= now - self._seconds:
            seen.popleft()
        return seen


def login_limiter() -> Limiter:
    """For each address and for each name, so that neither one guesser nor many together get far with one name."""
    return Limiter(10, 300)


def upload_limiter() -> Limiter:
    """For each person."""
    return Limiter(60, 60)


def network(address: str | None) -> str:
    """What counts as one asker: an IPv4 address, or the /64 that a single IPv6 subscriber has to himself."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)
