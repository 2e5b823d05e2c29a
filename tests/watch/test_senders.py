"""What goes out: signed, harmless to whoever reads it, and tried again only where that may help."""

from __future__ import annotations

import hashlib
import hmac
import json
from email import message_from_bytes, policy
from pathlib import Path
from random import Random
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.ingest.fetch import is_public
from sayso.settings import Limits
from sayso.watch.backoff import delay, retry_after
from sayso.watch.outbox import TRIES, deliver
from sayso.watch.plan import Atom, Email, Plan, Webhook
from sayso.watch.senders import Post, send
from sayso.watch.senders.atom import document
from sayso.watch.senders.email import message
from sayso.watch.state import State
from tests.watch.servers import site

_LIMITS = Limits(fetch_interval=0.0, fetch_seconds=3.0)


def _alert(id_: str = "a1", words: str = "that it had shelled the town") -> dict[str, Any]:
    quote = {
        "side": "says", "speaker": words, "stance": None, "outlet": None, "published": "2023-05-22", "document": "d", "name": words,
        "start": 1, "end": 9, "text": words, "claim": None,
    }  # fmt: skip
    return {
        "id": id_, "rule": "denials", "made": "2023-05-22T09:00:00Z", "summary": f"The army denied {words}", "event": None, "links": None,
        "quotes": [quote], "omitted": 0, "reasons": [], "note": "It does not say what is true.",
    }  # fmt: skip


def _plan(folder: Path, *channels: Any) -> Plan:
    return Plan(
        file=folder / "sources.toml", ledger=None, reader="rules", spacing=0, workbench=None, max_size=1, sources=(), channels=channels, rules=()
    )  # fmt: skip


def _post(folder: Path, *channels: Any, now: float = 1000.0) -> Post:
    return Post(_plan(folder, *channels), lambda: now, is_public, _LIMITS, lambda *_: [])


def test_a_webhook_is_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_SECRET", "between us")
    with site() as hook:
        channel = Webhook(name="h", url=hook.url, allow_private=True, secret_env="HOOK_SECRET")
        assert [o.fault for o in send(channel, [_alert()], _post(tmp_path, channel))] == [None]
        headers, body = hook.posted[0]
    signed = hmac.new(b"between us", headers["Sayso-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Sayso-Signature"] == f"sha256={signed}" and json.loads(body)["id"] == headers["Idempotency-Key"]


def test_private_receivers_are_never_asked_unless_allowed(tmp_path: Path) -> None:
    with site() as hook:
        channel = Webhook(name="h", url=hook.url)
        (outcome,) = send(channel, [_alert()], _post(tmp_path, channel))
        assert "no public address" in (outcome.fault or "") and not hook.posted
    mail = Email(name="m", host="127.0.0.1", port=9, sender="a@b.example", to=["c@d.example"])
    (outcome,) = send(mail, [_alert()], _post(tmp_path, mail))
    assert "no public address" in (outcome.fault or "")


def test_back_off_and_giving_up(tmp_path: Path) -> None:
    state, log = State(tmp_path / "l.watch.db"), []
    now = [1000.0]
    with site() as hook:
        channel = Webhook(name="h", url=hook.url, allow_private=True)
        post = Post(_plan(tmp_path, channel), lambda: now[0], is_public, _LIMITS, lambda *_: [])
        with state.writing() as connection:
            for id_ in ("a1", "a2"):
                state.queue(connection, id_, "r", now[0], json.dumps(_alert(id_)), ["h"])
        hook.status, hook.headers = 503, {"Retry-After": "7200"}
        deliver(state, post, Random(1), log.append)
        assert state.next_delivery(["h"]) >= now[0] + 7200 and "not sent" in log[0]  # type: ignore[operator]
        hook.headers, waits = {}, []
        while (due := state.next_delivery(["h"])) is not None:
            waits.append(due - now[0])
            now[0] = due
            deliver(state, post, Random(1), log.append)
        assert {(r["state"], r["count"]) for r in state.outbox()} == {("given up", 2)}
        assert len(waits) <= 2 * TRIES and max(waits) <= 6 * 3600 * 1.2
        hook.status = 200
        assert state.again(now[0]) == 2
        deliver(state, post, Random(1), log.append)
    assert sorted(a["id"] for a in hook.alerts()) == ["a1", "a2"]
    state.close()


@pytest.mark.parametrize("status", [404, 410, 422])
def test_what_is_useless_is_not_tried_again(tmp_path: Path, status: int) -> None:
    with site() as hook:
        hook.status = status
        channel = Webhook(name="h", url=hook.url, allow_private=True)
        assert all(o.final for o in send(channel, [_alert()], _post(tmp_path, channel)))


@given(st.text())
def test_any_words_make_a_valid_feed(words: str) -> None:
    made = document(Atom(name="f", path="f.atom", title=words), [_alert("a1", words), _alert("a2", words)])
    parsed = feedparser.parse(made)
    assert not parsed.bozo and len(parsed.entries) == 2 and len({e.id for e in parsed.entries}) == 2


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_no_words_get_into_the_headers_of_a_mail(words: str) -> None:
    mail = Email(name="m", host="m.example", sender="Sayso <a@b.example>", to=["c@d.example"])
    made = message(mail, _alert(words=f"{words}\r\nBcc: victim@x.example\r\n\r\n{words}"))
    parsed = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert sorted(k for k in parsed if k not in {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}) == [
        "Auto-Submitted", "Date", "From", "Message-ID", "Subject", "To",
    ]  # fmt: skip
    assert parsed["To"] == "c@d.example" and parsed["Message-ID"] == "<sayso.a1@b.example>"


def test_an_atom_feed_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    channel = Atom(name="f", path="gone/f.atom")
    (outcome,) = send(channel, [_alert()], _post(tmp_path, channel))
    assert "cannot write" in (outcome.fault or "") and not outcome.final


@given(st.integers(1, 60), st.floats(0, 1e9))
def test_waits_grow_and_heed_the_server(failures: int, asked: float) -> None:
    wait = delay(60, failures, Random(0), asked)
    assert min(asked, 7 * 86_400) <= wait <= max(86_400 * 1.2, 7 * 86_400)


def test_retry_after_is_seconds_or_a_date() -> None:
    assert retry_after("120", 0) == 120
    assert retry_after("Mon, 22 May 2023 10:00:00 GMT", 1684749600 - 60) == 60
    assert retry_after("soon", 0) is None and retry_after(None, 0) is None
