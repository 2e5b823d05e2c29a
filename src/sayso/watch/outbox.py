"""Alerts on their way out: what waits is sent, what fails is tried again later, and at last given up with a line that says so.

At least once to webhooks and by mail (the key of the message lets receivers drop doubles), exactly once in the Atom feed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from sayso.errors import WatchError
from sayso.watch.backoff import delay
from sayso.watch.plan import Channel
from sayso.watch.senders import Outcome, Post, send
from sayso.watch.state import State

TRIES = 20
"""the last of them about three days after the first"""
_FIRST, _LONGEST = 60.0, 6 * 3600.0
_AT_ONCE = 100


def deliver(state: State, post: Post, chance: Random, log: Callable[[str], None]) -> None:
    """Send to every channel what is due there."""
    for channel in post.plan.channels:
        while not post.stopping() and (rows := state.waiting(channel.name, post.clock(), _AT_ONCE)):
            if not _deliver(channel, rows, state, post, chance, log):
                break


def _deliver(
    channel: Channel, rows: Sequence[Any], state: State, post: Post, chance: Random, log: Callable[[str], None]
) -> bool:
    """Whether the next may be sent at once: a receiver in trouble is left alone, and what waits behind waits as long."""
    tries = {r["id"]: r["tries"] + 1 for r in rows}
    alerts = [json.loads(r["json"]) for r in rows]
    sent, until = 0, None
    for outcome in _outcomes(channel, alerts, post):
        if outcome.fault is None:
            state.delivered(channel.name, outcome.alert, post.clock())
            sent += 1
        elif outcome.final or tries[outcome.alert] >= TRIES:
            state.give_up(channel.name, outcome.alert, tries[outcome.alert], outcome.fault)
            log(
                f"{channel.name}: alert {outcome.alert[:10]} given up after {tries[outcome.alert]} tries: {outcome.fault}"
            )
        else:
            wait = delay(_FIRST, tries[outcome.alert], chance, outcome.after, _LONGEST)
            until = post.clock() + wait
            state.postpone(channel.name, outcome.alert, tries[outcome.alert], until, outcome.fault)
            log(f"{channel.name}: alert {outcome.alert[:10]} not sent ({outcome.fault}); again in {wait:.0f} s")
    if sent:
        log(f"{channel.name}: {sent} alert{'' if sent == 1 else 's'} sent")
    if until is not None:
        state.hold(channel.name, until)
    return until is None


def _outcomes(channel: Channel, alerts: list[dict[str, Any]], post: Post) -> Iterator[Outcome]:
    try:
        yield from send(channel, alerts, post)
    except WatchError as error:  # a secret that is not there: no alert is at fault, the first is tried for all
        yield Outcome(alerts[0]["id"], str(error))
