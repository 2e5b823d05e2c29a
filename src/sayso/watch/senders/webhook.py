"""A webhook: one POST of JSON for each alert, signed where a secret is given, to https and public addresses only.

The signature is HMAC-SHA256 (RFC 2104) over the time stamp, a full stop and the body. `Idempotency-Key` is the alert's id: a watch that
was killed between sending and remembering sends again, and a receiver that knows the key drops it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

import msgspec

from sayso.errors import IngestError
from sayso.ingest.fetch import Fetcher
from sayso.watch.backoff import retry_after
from sayso.watch.plan import Webhook
from sayso.watch.senders.post import Outcome, Post

_USELESS = frozenset({400, 404, 405, 410, 413, 415, 422})
"""answers that another try will not change"""


def send(hook: Webhook, alerts: list[dict[str, Any]], post: Post) -> Iterator[Outcome]:
    fetcher = Fetcher(post.limits, (lambda _: True) if hook.allow_private else post.allow)
    for alert in alerts:
        if post.stopping():
            return
        body = msgspec.json.encode(alert)
        try:
            answer = fetcher.post(hook.url, body, _headers(hook, alert, body, str(int(post.clock()))))
        except IngestError as error:
            yield Outcome(alert["id"], str(error))
            return  # those behind it would meet the same fault
        if 200 <= answer.status < 300:
            yield Outcome(alert["id"])
            continue
        after = retry_after(answer.headers.get("retry-after"), post.clock())
        yield Outcome(alert["id"], f"the server answered {answer.status}", after, answer.status in _USELESS)
        if answer.status not in _USELESS:
            return


def _headers(hook: Webhook, alert: dict[str, Any], body: bytes, stamp: str) -> dict[str, str]:
    found = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Idempotency-Key": alert["id"],
        "Sayso-Timestamp": stamp,
    }
    if secret := hook.secret:
        signed = hmac.new(secret.read().encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        found["Sayso-Signature"] = f"sha256={signed}"
    if token := hook.token:
        found["Authorization"] = f"Bearer {token.read()}"
    return found
