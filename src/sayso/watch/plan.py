"""What to watch, whom to tell and of what: sources.toml as frozen records, one for each kind of table.

The fields are the keys of the file; `docs/watch.md` explains each. `reading` makes and checks them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from sayso.errors import WatchError
from sayso.ledger import ClaimFilter
from sayso.ledger.views import EventFilter
from sayso.watch.secrets import Secret

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)\Z")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}


def seconds(span: str) -> float:
    """ "90s", "15m", "6h", "1d" in seconds. Raises ValueError for anything else."""
    found = _SPAN.match(span)
    if not found:
        raise ValueError(f"{span!r} is no length of time; write 90s, 15m, 6h or 1d")
    return float(found[1]) * _SECONDS[found[2]]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str


class Source(Table, frozen=True, kw_only=True):
    """outlet, language: of reports that state none."""

    every: str = "30m"
    outlet: str | None = None
    language: str | None = None


class Feed(Source, frozen=True, kw_only=True):
    """articles: fetch what new entries link to, at most `most` of them a time, and read that in place of the entry's own text."""

    url: str
    articles: bool = False
    most: int = 50


class Page(Source, frozen=True, kw_only=True):
    url: str


class Folder(Source, frozen=True, kw_only=True):
    """settle: how long a file must have stayed as it is before it is read."""

    path: str
    settle: str = "10s"
    every: str = "1m"


class Mailbox(Source, frozen=True, kw_only=True):
    """ca_file: certificates to trust besides those of the system. most: messages fetched a time."""

    host: str
    user: str
    port: int = 993
    folder: str = "INBOX"
    since: str | None = None
    mark_read: bool = False
    allow_private: bool = False
    ca_file: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    most: int = 200

    @property
    def password(self) -> Secret:
        return _secret(f"[[mailbox]] {self.name}", "password", self.password_env, self.password_file)


class Webhook(Table, frozen=True, kw_only=True):
    """secret: signs the body (HMAC-SHA256); token: sent as `Authorization: Bearer`."""

    url: str
    allow_private: bool = False
    secret_env: str | None = None
    secret_file: str | None = None
    token_env: str | None = None
    token_file: str | None = None

    @property
    def secret(self) -> Secret | None:
        return _optional(f"[[webhook]] {self.name}", "secret", self.secret_env, self.secret_file)

    @property
    def token(self) -> Secret | None:
        return _optional(f"[[webhook]] {self.name}", "token", self.token_env, self.token_file)


class Atom(Table, frozen=True, kw_only=True):
    """path: the file that is written; keep: so many of the newest alerts stand in it."""

    path: str
    title: str = "Sayso: alerts"
    keep: int = 200


class Email(Table, frozen=True, kw_only=True):
    host: str
    sender: str = field(name="from")
    to: list[str]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    allow_private: bool = False
    ca_file: str | None = None
    password_env: str | None = None
    password_file: str | None = None

    @property
    def password(self) -> Secret | None:
        return _optional(f"[[email]] {self.name}", "password", self.password_env, self.password_file)


Kind = Literal["dispute", "denied", "revised", "damaged", "claim", "event"]


class Rule(Table, frozen=True, kw_only=True, rename={"kilometres": "km"}):
    """When to tell, and whom (`to`: names of channels; all of them when empty). All given conditions hold.

    who: whose words are new (the denier, the reviser, the speaker); whose: whose claim they are against.
    """

    when: Kind
    to: list[str] = []
    near: str | None = None
    kilometres: float | None = None
    country: str | None = None
    who: str | None = None
    whose: str | None = None
    stance: str | None = None
    about: str | None = None
    event_type: str | None = None
    outlet: str | None = None
    field: str | None = None
    since: str | None = None
    until: str | None = None
    search: str | None = None

    @property
    def placed(self) -> bool:
        """Whether it asks something of the linked event."""
        return bool(self.near or self.country or self.event_type)

    @property
    def events(self) -> EventFilter:
        days = self.when in {"event", "dispute"}
        return EventFilter(
            disputed=self.when == "dispute",
            near=self.near,
            kilometres=self.kilometres,
            type=self.event_type,
            since=self.since if days else None,
            until=self.until if days else None,
            limit=None,
        )

    @property
    def claims(self) -> ClaimFilter:
        """What the new words must fulfil; days are those of publication."""
        days = self.when not in {"event", "dispute"}
        return ClaimFilter(
            who=self.who,
            stance=self.stance,
            about=self.about,
            outlet=self.outlet,
            field=self.field,
            since=self.since if days else None,
            until=self.until if days else None,
        )


AnySource = Feed | Page | Folder | Mailbox
Channel = Webhook | Atom | Email
KINDS: dict[type[Table], str] = {
    Feed: "feed",
    Page: "page",
    Folder: "folder",
    Mailbox: "mailbox",
    Webhook: "webhook",
    Atom: "atom",
    Email: "email",
    Rule: "alert",
}
"""record → the name of its tables in the file"""


class Plan(Struct, frozen=True, kw_only=True):
    """All of sources.toml. base: the folder that its relative paths start from. spacing: seconds between two requests to a host."""

    file: Path
    ledger: Path | None
    reader: str
    spacing: float
    workbench: str | None
    max_size: int
    sources: tuple[AnySource, ...]
    channels: tuple[Channel, ...]
    rules: tuple[Rule, ...]

    @property
    def base(self) -> Path:
        return self.file.parent

    def within(self, path: str) -> Path:
        return self.base / Path(path).expanduser()

    def channels_of(self, rule: Rule) -> tuple[Channel, ...]:
        return tuple(c for c in self.channels if not rule.to or c.name in rule.to)


def _optional(where: str, what: str, variable: str | None, file: str | None) -> Secret | None:
    return Secret(f"{where}, {what}", variable or "", Path(file) if file else None) if variable or file else None


def _secret(where: str, what: str, variable: str | None, file: str | None) -> Secret:
    found = _optional(where, what, variable, file)
    if found is None:
        raise WatchError(f"{where}: there is no {what}_env or {what}_file that says where its {what} is")
    return found
