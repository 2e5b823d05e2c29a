"""sources.toml → a `Plan`. Every key is checked; an error names the file, the table, the key and what to write instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any, TypeVar, get_args
from urllib.parse import parse_qs, urlsplit

import msgspec
import msgspec.structs

from sayso.errors import WatchError
from sayso.gazetteer import default_gazetteer
from sayso.ingest.fetch import is_public
from sayso.ledger.address import on_server
from sayso.ontology import load_ontology
from sayso.read.reader import DEFAULT_READER, READERS
from sayso.watch import plan
from sayso.watch.plan import (
    KINDS,
    AnySource,
    Atom,
    Channel,
    Email,
    Feed,
    Folder,
    Mailbox,
    Page,
    Plan,
    Rule,
    Source,
    Table,
    Webhook,
)

T = TypeVar("T", bound=Table)
_NAME = re.compile(r"[^\W_][\w .,:()+-]{0,79}\Z")
_TOP = {
    "ledger": str,
    "reader": str,
    "every": str,
    "spacing": str,
    "workbench": str,
    "max_size": int,
}
_TYPES = {
    "str": "a text in quotation marks",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list in square brackets",
}
_LARGEST_FILE = 1_000_000
_SEARCHED = {"kilometres": "km", "type": "event_type", "speaker": "who"}
"""conditions of the workbench's addresses that have another name here"""
_PASSED = {"disputed", "shared", "limit", "after", "page"}
"""conditions of the workbench's addresses that mean nothing to a rule"""
_LEAST: dict[Any, float] = {Feed: 60.0, Page: 60.0, Mailbox: 60.0, Folder: 1.0}
"""seconds between two looks at a source: others' machines are not asked more often"""


def read_plan(file: Path, allow: Callable[[str], bool] = is_public) -> Plan:
    """allow: which IP addresses a feed or page may have. Raises WatchError when the file is not there, is no TOML, or says what cannot be."""
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise WatchError(f"{file} is larger than {_LARGEST_FILE:,} bytes; is it the right file?")
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WatchError(
            f"{file} cannot be read ({error.strerror or error}); name the file that says what to watch"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WatchError(f"{file} is no TOML ({error}); mend that line") from error
    return _Reading(file, found, allow).plan()


@dataclass(slots=True)
class _Reading:
    file: Path
    found: dict[str, Any]
    allow: Callable[[str], bool]

    def plan(self) -> Plan:
        names = {*_TOP, *KINDS.values()}
        for key in self.found:
            if key not in names:
                raise WatchError(f"{self.file}: {key!r} is no key or table of this file; {_nearest(key, names)}")
        for key, kind in _TOP.items():
            value = self.found.get(key)
            if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                raise self.fault("", key, f"this must be {_TYPES[kind.__name__]}")
        sources: list[Any] = [s for kind in (Feed, Page, Folder, Mailbox) for s in self.tables(kind)]
        channels: list[Any] = [c for kind in (Webhook, Atom, Email) for c in self.tables(kind)]
        rules = [self.rule(rule) for rule in self.tables(Rule)]
        if not sources:
            raise WatchError(f"{self.file} names nothing to watch; add a [[feed]], [[page]], [[folder]] or [[mailbox]]")
        for some in (sources, channels, rules):
            self.alone(some)
        for source in sources:
            self.source(source)
        for channel in channels:
            self.channel(channel)
        for rule in rules:
            self.addressed(rule, channels)
        reader = self.found.get("reader", DEFAULT_READER)
        if reader not in READERS:
            raise self.fault("", "reader", f"{reader!r} is no reader; there are: {', '.join(READERS)}")
        if (workbench := self.found.get("workbench")) is not None:
            self.address("", "workbench", workbench)
        if not 1 <= self.found.get("max_size", 20) <= 2_000:
            raise self.fault("", "max_size", "megabytes from 1 to 2000")
        ledger = self.found.get("ledger")
        if ledger and on_server(ledger):
            raise self.fault(
                "",
                "ledger",
                "name a ledger on a server with --ledger or SAYSO_LEDGER, since its address may hold a password",
            )
        return Plan(
            file=self.file,
            ledger=self.file.parent / Path(ledger).expanduser() if ledger else None,
            reader=reader,
            spacing=self.span("", "spacing", self.found.get("spacing", "2s"), 0.0),
            workbench=workbench.rstrip("/") if workbench else None,
            max_size=self.found.get("max_size", 20),
            sources=tuple(sources),
            channels=tuple(channels),
            rules=tuple(rules),
        )

    def fault(self, table: str, key: str, what: str) -> WatchError:
        return WatchError(f"{self.file}: {table + ', ' if table else ''}{key}: {what}")

    # -- tables → records -------------------------------------------------------------------------------------

    def tables(self, kind: type[T]) -> Iterator[T]:
        table = KINDS[kind]
        rows = self.found.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
            raise WatchError(f"{self.file}: write [[{table}]] in double brackets, once for each")
        for number, row in enumerate(rows, 1):
            where = _where(kind, row.get("name") or f"number {number}")
            self.keys(kind, where, row)
            defaults = (
                {"every": self.found["every"]}
                if issubclass(kind, Source) and kind is not Folder and "every" in self.found
                else {}
            )
            paths = {k: str(self.file.parent / Path(v).expanduser()) for k, v in row.items() if k.endswith("_file")}
            try:
                yield msgspec.convert({**defaults, **row, **paths}, kind)
            except msgspec.ValidationError as error:
                raise WatchError(f"{self.file}: {where}, {_plainly(error, kind)}") from error

    def keys(self, kind: type[Table], where: str, row: dict[str, Any]) -> None:
        known = set(kind.__struct_encode_fields__)
        for key, value in row.items():
            if key in {"password", "secret", "token"}:
                raise self.fault(
                    where, key, f"secrets do not belong into this file; name where it is with {key}_env or {key}_file"
                )
            if key not in known:
                raise self.fault(where, key, f"there is no such key here; {_nearest(key, known)}")
            if key.endswith("_file") and not isinstance(value, str):
                raise self.fault(where, key, "name a file, in quotation marks")
            if isinstance(value, str) and ("\0" in value or len(value) > 4_000 or "\n" in value or "\r" in value):
                raise self.fault(where, key, "it must be one line of at most 4000 characters")

    def alone(self, tables: list[Any]) -> None:
        seen: set[str] = set()
        for table in tables:
            where = _where(type(table), table.name)
            if not _NAME.match(table.name):
                raise self.fault(
                    where, "name", "1 to 80 letters, digits, blanks and . , : ( ) + -, a letter or digit first"
                )
            if table.name in seen:
                raise self.fault(
                    where, "name", "another table has this name; what was seen is kept by name, so each needs its own"
                )
            seen.add(table.name)

    # -- what a record may say --------------------------------------------------------------------------------

    def source(self, source: AnySource) -> None:
        where = _where(type(source), source.name)
        self.span(where, "every", source.every, _LEAST[type(source)])
        if isinstance(source, Feed | Page):
            self.address(where, "url", source.url)
            self.public(where, "url", source.url)
        if isinstance(source, Folder):
            self.span(where, "settle", source.settle, 0.0)
            if not (self.file.parent / Path(source.path).expanduser()).is_dir():
                raise self.fault(where, "path", f"{source.path} is no folder; make it, or name another")
        if isinstance(source, Feed | Mailbox) and not 1 <= source.most <= 10_000:
            raise self.fault(where, "most", "a number from 1 to 10000")
        if isinstance(source, Mailbox):
            self.day(where, "since", source.since)
            self.server(where, source)
            self.secret(where, "password", source.password_env, source.password_file, needed=True)

    def channel(self, channel: Channel) -> None:
        where = _where(type(channel), channel.name)
        if isinstance(channel, Webhook):
            self.address(where, "url", channel.url, secure=not channel.allow_private)
            self.secret(where, "secret", channel.secret_env, channel.secret_file)
            self.secret(where, "token", channel.token_env, channel.token_file)
        elif isinstance(channel, Atom):
            if not 1 <= channel.keep <= 10_000:
                raise self.fault(where, "keep", "a number from 1 to 10000")
            path = self.file.parent / Path(channel.path).expanduser()
            if not path.parent.is_dir():
                raise self.fault(where, "path", f"the folder of {channel.path} does not exist; make it")
            if path.exists() and not _is_feed(path):
                raise self.fault(
                    where, "path", f"{channel.path} is something else than an Atom feed; name another file"
                )
        else:
            self.server(where, channel)
            for key, address in (("from", channel.sender), *(("to", a) for a in channel.to)):
                if not address.isprintable() or not re.fullmatch(r"[^@\s<>\\]+@[^@\s<>\\:]+", parseaddr(address)[1]):
                    raise self.fault(where, key, f"{address!r} is no e-mail address")
            if not channel.to:
                raise self.fault(where, "to", "name at least one address")
            if channel.security == "none" and not channel.allow_private:
                raise self.fault(
                    where,
                    "security",
                    "mail goes out encrypted; “none” is for a server of your own, with allow_private = true",
                )
            self.secret(where, "password", channel.password_env, channel.password_file, needed=bool(channel.user))

    def rule(self, rule: Rule) -> Rule:
        where = _where(Rule, rule.name)
        if rule.search is not None:
            rule = self.searched(where, rule)
        ontology = load_ontology()
        self.known(where, "stance", rule.stance, ontology.stances)
        self.known(where, "event_type", rule.event_type, ontology.event_types)
        for key, day in (("since", rule.since), ("until", rule.until)):
            self.day(where, key, day)
        if rule.near and not default_gazetteer().lookup(rule.near):
            raise self.fault(where, "near", f"no place {rule.near!r} is known; try the next larger town, or a country")
        if rule.kilometres is not None and not (rule.near and 0 < rule.kilometres <= 2_000):
            raise self.fault(where, "km", "kilometres around the place that `near` names, up to 2000")
        if rule.country and not re.fullmatch("[A-Z]{2}", rule.country):
            raise self.fault(where, "country", "two capital letters after ISO 3166, such as UA")
        if rule.whose and rule.when not in {"denied", "revised"}:
            raise self.fault(where, "whose", 'this is for when = "denied" and "revised"; `who` is for the others')
        return rule

    def searched(self, where: str, rule: Rule) -> Rule:
        """The rule with the conditions of a search of the workbench; what the table itself says goes before."""
        given: dict[str, Any] = {}
        query = urlsplit(rule.search or "").query or (rule.search or "").lstrip("?")
        for key, values in parse_qs(query, max_num_fields=50).items():
            key = _SEARCHED.get(key, key)
            if key in _PASSED:
                continue
            if key not in Rule.__struct_encode_fields__ or key in {"name", "when", "to", "search"}:
                raise self.fault(where, "search", f"a rule cannot ask for {key!r}; leave it out of the address")
            given[key] = float(values[0]) if key == "km" and re.fullmatch(r"[\d.]{1,8}", values[0]) else values[0]
        own = {k: v for k, v in msgspec.to_builtins(rule).items() if v is not None and k != "search"}
        try:
            return msgspec.convert({**given, **own}, Rule)
        except msgspec.ValidationError as error:
            raise self.fault(where, "search", _plainly(error, Rule)) from error

    def addressed(self, rule: Rule, channels: list[Any]) -> None:
        names = [c.name for c in channels]
        if not names:
            raise self.fault(
                _where(Rule, rule.name), "to", "there is nowhere to tell it; add a [[webhook]], [[atom]] or [[email]]"
            )
        for name in rule.to:
            self.known(_where(Rule, rule.name), "to", name, names)

    # -- single values ----------------------------------------------------------------------------------------

    def span(self, where: str, key: str, value: str, least: float) -> float:
        try:
            found = plan.seconds(value)
        except ValueError as error:
            raise self.fault(where, key, str(error)) from error
        if not least <= found <= 366 * 86_400:
            raise self.fault(
                where, key, f"{value} is too {'short' if found < least else 'long'}; from {least:g}s to 366d"
            )
        return found

    def address(self, where: str, key: str, url: str, secure: bool = False) -> None:
        try:
            parts = urlsplit(url)
            well = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            well = False
        if not well:
            raise self.fault(where, key, f"{url!r} is no web address; write it whole, with https://")
        if parts.username or parts.password:
            raise self.fault(
                where, key, "an address here holds no user name and no password; use token_env or token_file"
            )
        if secure and parts.scheme != "https":
            raise self.fault(
                where,
                key,
                "alerts go out encrypted: write https://, or set allow_private = true for a machine of your own",
            )

    def public(self, where: str, key: str, url: str) -> None:
        """What can be said without asking a name server; the others are refused when they are fetched."""
        host = urlsplit(url).hostname or ""
        try:
            allowed = self.allow("127.0.0.1" if host == "localhost" else host)
        except ValueError:
            return  # a name
        if not allowed:
            raise self.fault(where, key, f"{host} is no public address, and only such are fetched; watch a [[folder]]")

    def server(self, where: str, found: Mailbox | Email) -> None:
        if not re.fullmatch(r"[\w.:-]+", found.host):
            raise self.fault(
                where, "host", f"{found.host!r} is no name of a server; write it alone, such as mail.example.org"
            )
        if not 0 < found.port < 65_536:
            raise self.fault(where, "port", "a number from 1 to 65535")

    def secret(self, where: str, what: str, variable: str | None, file: str | None, needed: bool = False) -> None:
        if variable and file:
            raise self.fault(where, f"{what}_file", f"{what}_env says it too; keep one of them")
        if needed and not (variable or file):
            raise self.fault(
                where,
                f"{what}_env",
                f"name the environment variable, or with {what}_file the file, where the {what} is",
            )

    def day(self, where: str, key: str, value: str | None) -> None:
        try:
            if value is not None and date.fromisoformat(value).isoformat() != value:
                raise ValueError
        except ValueError as error:
            raise self.fault(where, key, f'{value!r} is no day; write it as "2023-05-22"') from error

    def known(self, where: str, key: str, value: str | None, there: Any) -> None:
        if value is not None and value not in there:
            raise self.fault(where, key, f"{value!r} is not known; {_nearest(value, set(there))}")


def _where(kind: type[Table], name: object) -> str:
    return f"[[{KINDS[kind]}]] {name}"


def _nearest(word: str, known: set[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(sorted(known))}"


def _plainly(error: msgspec.ValidationError, kind: type[Table]) -> str:
    """The key, and what is wrong with it, in words for whoever writes the file."""
    reason, _, path = str(error).partition(" - at `$.")
    key = path.rstrip("`")
    if lacking := re.fullmatch(r"Object missing required field `(.+)`", reason):
        return f"{lacking[1]}: this key is missing"
    if wrong := re.fullmatch(r"Invalid enum value '(.*)'", reason):
        field = next(f for f in msgspec.structs.fields(kind) if f.encode_name == key)
        return f"{key}: {wrong[1]!r} is not known; {_nearest(wrong[1], set(get_args(field.type)))}"
    if types := re.fullmatch(r"Expected `(.+)`, got `.+`", reason):
        wanted = next((words for name, words in _TYPES.items() if types[1].startswith(name)), types[1])
        return f"{key}: this must be {wanted}"
    return f"{key}: {reason}" if key else reason


def _is_feed(path: Path) -> bool:
    """Whether the file may be replaced by a feed: it is one, or empty."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begin = file.read(1_000)
    return not begin or b"<feed" in begin
