"""What the ways out work with, and what becomes of an alert there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sayso.settings import Limits
from sayso.watch.plan import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """fault: why it was not sent, null when it was. after: seconds that the receiver asked to wait. final: trying again is useless."""

    alert: str
    fault: str | None = None
    after: float | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """newest: the newest alerts for a channel, sent or not, as JSON, the newest first. allow: which IP addresses may be asked."""

    plan: Plan
    clock: Callable[[], float]
    allow: Callable[[str], bool]
    limits: Limits
    newest: Callable[[str, int], list[dict[str, Any]]]
    stopping: Callable[[], bool] = lambda: False


def text(alert: dict[str, Any]) -> str:
    """An alert as plain text: the sentence, each quotation with its place, where to look further."""
    lines = [alert["summary"], ""]
    for q in alert["quotes"]:
        who = q["speaker"] or q["outlet"] or "the report in its own voice"
        where = ", ".join(str(x) for x in (q["name"], (q["published"] or "")[:10], _characters(q)) if x)
        lines += [f"  {q['side']}: {who} ({where})", f"    “{' '.join((q['text'] or '').split())}”"]
        if q.get("detail"):
            lines.append(f"    {q['detail']}")
    if alert["omitted"]:
        lines.append(f"  and {alert['omitted']} more")
    lines += ["", *(f"Why: {reason}" for reason in alert["reasons"][:6])]
    if event := alert["event"]:
        lines.append(f"Event {event['id'][:10]}: {event['title']} (`sayso event {event['id'][:10]}`)")
    if (links := alert["links"]) and links["event"]:
        lines.append(links["event"])
    return "\n".join([*lines, f"Rule “{alert['rule']}”. {alert['note']}", ""])


def _characters(quote: dict[str, Any]) -> str:
    return f"characters {quote['start']}–{quote['end']}" if quote["start"] is not None else ""
