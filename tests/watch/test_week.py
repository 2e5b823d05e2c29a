"""A week of watching, played in seconds: the story that `docs/watch.md` tells day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sayso.ledger import open_ledger
from sayso.settings import Limits
from sayso.watch.reading import read_plan
from sayso.watch.state import State, state_path
from sayso.watch.watcher import Watcher, World, watching
from tests.conftest import EXAMPLES
from tests.watch.servers import Box, Post, Site, certificate, mailbox, post_office, site

pytest.importorskip("imapclient")
pytest.importorskip("cryptography")

_MONDAY = datetime(2023, 5, 22, tzinfo=UTC).timestamp()
HOUR, DAY = 3600.0, 86_400.0

_PLAN = """
reader = "rules"
spacing = "0s"

[[feed]]
name = "wire"
url = "{site}/feed.xml"
every = "2h"
outlet = "Example Wire"
articles = true

[[page]]
name = "ministry"
url = "{site}/ministry.html"
every = "4h"

[[folder]]
name = "inbox"
path = "inbox"
every = "1h"

[[mailbox]]
name = "desk mail"
host = "127.0.0.1"
port = {imap}
user = "desk"
password_env = "WEEK_MAIL"
allow_private = true
ca_file = "cert.pem"
every = "3h"

[[webhook]]
name = "newsroom"
url = "{hook}/alerts"
allow_private = true
secret_env = "WEEK_HOOK"

[[atom]]
name = "feed"
path = "alerts.atom"

[[email]]
name = "editor"
host = "127.0.0.1"
port = {smtp}
security = "tls"
ca_file = "cert.pem"
allow_private = true
from = "sayso@desk.example"
to = ["editor@desk.example"]

[[alert]]
name = "dispute near Grayvoron"
when = "dispute"
near = "Grayvoron"
km = 50
to = ["newsroom", "feed"]

[[alert]]
name = "denials"
when = "denied"
to = ["feed"]

[[alert]]
name = "revised counts"
when = "revised"
to = ["feed", "editor"]

[[alert]]
name = "damaged text"
when = "damaged"
to = ["newsroom", "feed"]
"""


@dataclass
class Time:
    """A clock that moves when somebody sleeps, and a diary of what happens meanwhile."""

    now: float = _MONDAY
    diary: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    end: float = _MONDAY

    def at(self, day: int, hour: float, act: Callable[[], None]) -> None:
        self.diary.append((_MONDAY + day * DAY + hour * HOUR, act))
        self.diary.sort(key=lambda entry: entry[0])

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        while self.diary and self.diary[0][0] <= self.now:
            self.diary.pop(0)[1]()

    def over(self) -> bool:
        return self.now >= self.end


@dataclass
class Week:
    folder: Path
    time: Time
    web: Site
    hook: Site
    box: Box
    post: Post
    log: list[str] = field(default_factory=list)

    def watch(self, until: float) -> None:
        """Watch until that day, with a watcher that knows only what is on the disk."""
        self.time.end = _MONDAY + until * DAY
        plan, ledger = read_plan(self.folder / "sources.toml", lambda _: True), str(self.folder / "ledger.db")
        state = State(state_path(ledger, plan.file))
        world = World(
            lambda: self.time.now,
            self.time.sleep,
            self.time.over,
            self.log.append,
            lambda ip: ip == "127.0.0.1",
            Random(3),
        )
        limits = Limits(fetch_interval=0.0, fetch_seconds=5.0)
        try:
            with watching(plan, ledger, state, world, limits) as watcher:
                assert isinstance(watcher, Watcher)
                watcher.run()
        finally:
            state.close()

    def alerts(self) -> list[Any]:
        import feedparser

        parsed = feedparser.parse((self.folder / "alerts.atom").read_bytes())
        assert not parsed.bozo
        return list(reversed(parsed.entries))

    def told(self) -> Counter[str]:
        return Counter(e.category for e in self.alerts()) if (self.folder / "alerts.atom").exists() else Counter()

    def documents(self) -> list[Any]:
        with open_ledger(self.folder / "ledger.db", readonly=True) as ledger:
            return list(ledger.documents())

    def drop(self, name: str) -> None:
        (self.folder / "inbox" / name).write_bytes((EXAMPLES / name).read_bytes())

    def publish(self, *articles: tuple[str, str]) -> None:
        items = "".join(
            f"<item><guid>{name}</guid><title>{name}</title><link>{self.web.url}/{name}.html</link>"
            f"<description>Read more in the article on {name}.</description></item>"
            for name, _ in articles
        )
        self.web.put(
            "/feed.xml",
            "application/rss+xml",
            f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>",
        )
        for name, text in articles:
            self.web.put(f"/{name}.html", "text/html", page(name, text))


def page(title: str, text: str, around: str = "") -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in text.split("\n\n"))
    return f"<html><head><title>{title}</title>{around}</head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


def words(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


@pytest.fixture
def week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Week]:
    monkeypatch.setenv("WEEK_MAIL", "let me in")
    monkeypatch.setenv("WEEK_HOOK", "a shared secret")
    (tmp_path / "inbox").mkdir()
    _, context = certificate(tmp_path)
    with site() as web, site() as hook, mailbox(context) as box, post_office(context) as post:
        text = _PLAN.format(site=web.url, hook=hook.url, imap=box.port, smtp=post.port)
        (tmp_path / "sources.toml").write_text(text, encoding="utf-8")
        yield Week(tmp_path, Time(), web, hook, box, post)


@pytest.mark.slow
def test_a_week(week: Week) -> None:
    web, time = week.web, week.time
    wire, official = ("raid", words("1-wire.txt")), words("3-official.txt")
    quiet = "The ministry has no statement today. Its press office opens at nine in the morning."
    web.put("/robots.txt", "text/plain", "User-agent: *\nDisallow: /internal\n")
    week.publish()
    web.put(
        "/feed.xml",
        "application/rss+xml",
        "<rss version='2.0'><channel><title>Wire</title><item><guid>0</guid><title>Weather</title><description>Rain is expected in the afternoon.</description></item></channel></rss>",
    )
    web.put("/ministry.html", "text/html", page("Statements", quiet))

    # Monday: the wire reports a raid; in the evening a denial lies in the folder
    time.at(0, 9, lambda: week.publish(wire))
    time.at(0, 18, lambda: week.drop("4-denial.txt"))
    week.watch(1)
    assert week.told()["denials"] and week.told()["dispute near Grayvoron"]
    assert "dispute near Grayvoron" in {a["rule"] for a in week.hook.alerts()}
    monday = week.told()

    # Tuesday: the site is in trouble and asks for six hours of peace; then the ministry's page has changed
    def trouble() -> None:
        web.status, web.headers = 503, {"Retry-After": str(6 * 3600)}

    def recovery() -> None:
        web.status, web.headers = 200, {}
        web.put("/ministry.html", "text/html", page("Statements", official))

    asked_before = 0

    def count() -> None:
        nonlocal asked_before
        asked_before = len(web.asked)

    time.at(1, 8, trouble)
    time.at(1, 11, count)
    time.at(1, 11.5, recovery)
    week.watch(1 + 11.6 / 24)
    assert [s for _, s in web.asked].count(503) == 1 and len(web.asked) == asked_before
    week.watch(2)
    assert sum("ministry" in (d["url"] or "") for d in week.documents()) == 2

    # Wednesday: by mail, a count is revised; the message stays unread
    def mail() -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "stringer@example.org", "desk@example.org", "Count"
        message["Date"], message["Message-ID"] = "Wed, 24 May 2023 09:00:00 +0000", "<1@example.org>"
        message.set_content(words("7-revision.txt"))
        week.box.put(message)

    time.at(2, 9, mail)
    week.watch(3)
    assert week.told()["revised counts"] >= 1
    assert [m["Subject"].startswith("[revised counts] ") for m in week.post.received] == [True] * week.told()[
        "revised counts"
    ]
    assert not week.box.messages[0][2]

    # Thursday: damaged text arrives while the newsroom's receiver is down; Friday it is up again, and the watch is a new process
    before, damaged = len(week.hook.posted), week.told()["damaged text"]
    time.at(3, 8, lambda: setattr(week.hook, "status", 500))
    time.at(3, 9, lambda: week.drop("6-translated.txt"))
    week.watch(4)
    assert week.told()["damaged text"] == damaged + 1 and len(week.hook.posted) == before
    time.at(4, 6, lambda: setattr(week.hook, "status", 200))
    week.watch(5)
    assert [a["rule"] for a in week.hook.alerts()[before:]].count("damaged text") == 1

    # Saturday: nothing new. The page differs around its text only, and the mailbox was moved, so that its numbers begin anew
    saturday, reports = week.told(), len(week.documents())
    week.web.put("/ministry.html", "text/html", page("Statements", official, "<script>var visit = 81;</script>"))
    week.box.validity = 2
    week.watch(6)
    assert week.told() == saturday and len(week.documents()) == reports

    # Sunday: a file is still being written when it is first seen
    time.at(6, 9, lambda: (week.folder / "inbox" / "8-witness.txt").write_text(words("8-witness.txt")[:200]) and None)
    time.at(6, 9.05, lambda: week.drop("8-witness.txt"))
    week.watch(7)

    # the week's account
    found = week.alerts()
    assert len({e.id for e in found}) == len(found) >= sum(monday.values())
    keys = [headers["Idempotency-Key"] for headers, _ in week.hook.posted]
    assert len(set(keys)) == len(keys)
    ids = [m["Message-ID"] for m in week.post.received]
    assert len(set(ids)) == len(ids)
    state = State(state_path(str(week.folder / "ledger.db"), week.folder))
    assert {r["state"] for r in state.outbox()} == {"sent"}
    state.close()
    assert [s for p, s in web.asked if p == "/raid.html"] == [200]  # an article is fetched once
    for entry in found:
        assert "it does not say what is true" in entry.content[0].value
    with open_ledger(week.folder / "ledger.db", readonly=True) as ledger:
        names = Counter(d["path"] or d["url"] for d in ledger.documents())
        assert not [n for n, count in names.items() if count > 1 and "ministry" not in n]
