"""How long to wait after a failure: twice as long each time, a little random so that many do not come back at once."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from random import Random

LONGEST = 86_400.0


def delay(first: float, failures: int, chance: Random, asked: float | None = None, longest: float = LONGEST) -> float:
    """Seconds after the `failures`-th failure in a row; never less than a server `asked` for, at most a week even then."""
    grown = min(longest, first * 2.0 ** min(failures - 1, 30))
    return max(grown * chance.uniform(0.8, 1.2), min(asked or 0.0, 7 * 86_400.0))


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110, 10.2.3: seconds or a date); None when it says nothing useful."""
    if not header:
        return None
    if header.strip().isdecimal() and len(header.strip()) < 10:
        return float(header.strip())
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
