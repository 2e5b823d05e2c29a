"""Ways out: each kind of channel is one module whose `send(channel, alerts, post)` yields what became of each alert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from sayso.watch.plan import Atom, Channel, Email, Webhook
from sayso.watch.senders.post import Outcome, Post

__all__ = ["Outcome", "Post", "send"]

SENDERS: dict[type[Any], str] = {
    Webhook: "sayso.watch.senders.webhook",
    Atom: "sayso.watch.senders.atom",
    Email: "sayso.watch.senders.email",
}


def send(channel: Channel, alerts: list[dict[str, Any]], post: Post) -> Iterator[Outcome]:
    """Send what waits, the oldest first. What raises WatchError or yields no outcome was not sent."""
    found: Callable[..., Iterator[Outcome]] = import_module(SENDERS[type(channel)]).send
    return found(channel, alerts, post)
