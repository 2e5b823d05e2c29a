"""`sayso watch`: keep asking sources for reports, and tell of what people want to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sayso.watch.plan import Plan
    from sayso.watch.state import State


@click.command()
@click.argument("sources", type=click.Path(path_type=Path), metavar="SOURCES.TOML")
@click.option(
    "--ledger",
    "ledger_path",
    metavar="FILE",
    envvar="SAYSO_LEDGER",
    help="The ledger’s file; else the one that SOURCES.TOML names, else sayso.db (or set SAYSO_LEDGER).",
)
@click.option("--once", is_flag=True, help="Look at everything that is due once, then end.")
@click.option("--check", is_flag=True, help="Only check the file, and show what would be watched and told.")
@click.option("--status", is_flag=True, help="Show what was seen, what waits to be sent, and what went wrong.")
@click.option("--retry", is_flag=True, help="First queue again the alerts that were given up.")
@click.option("--quiet", is_flag=True, help="No log; --status still tells of failures.")
def command(
    sources: Path, ledger_path: str | None, once: bool, check: bool, status: bool, retry: bool, quiet: bool
) -> None:
    """Watch feeds, pages, folders and mailboxes: new reports go into the ledger, alert rules to webhooks, an Atom feed or e-mail.

    Stop it whenever you like; it goes on where it was. No report is stored twice, and each alert is made once.
    """
    from sayso.ledger import DEFAULT_LEDGER, shown
    from sayso.watch.reading import read_plan
    from sayso.watch.state import State, state_path

    if sum((once, check, status)) > 1:
        raise click.UsageError("--once, --check and --status exclude each other; choose one.")
    plan = read_plan(sources)
    ledger = ledger_path or str(plan.ledger or DEFAULT_LEDGER)
    if check:
        _show(plan, shown(ledger))
        return
    if status and not (place := state_path(ledger, sources)).exists():
        click.echo(f"nothing was watched for {shown(ledger)} yet (there is no {place})")
        return
    state = State(state_path(ledger, sources))
    try:
        if status:
            _tell(plan, state)
            return
        _watch(plan, ledger, state, once, retry, quiet)
    finally:
        state.close()


def _watch(plan: Plan, ledger: str, state: State, once: bool, retry: bool, quiet: bool) -> None:
    import time

    from sayso.ledger import shown
    from sayso.records.terms import plain
    from sayso.watch.watcher import World, watching

    def log(line: str) -> None:
        if not quiet:
            click.echo(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {plain(line)}", err=True)

    with _stop() as (stopping, sleep), watching(plan, ledger, state, World(time.time, sleep, stopping, log)) as watcher:
        if retry:
            log(f"{state.again(time.time())} alerts queued again")
        if once:
            watcher.look()
        else:
            log(f"watching {len(plan.sources)} sources for {shown(ledger)} (Ctrl-C stops it)")
            watcher.run()
        if stopping():
            log("stopped; what was acknowledged is kept")


@contextmanager
def _stop() -> Iterator[tuple[Callable[[], bool], Callable[[float], object]]]:
    """(whether to stop, a sleep that ends then). A first signal lets the report at hand be finished, a second one ends at once."""
    import signal
    import threading

    told = threading.Event()

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        told.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told.is_set, told.wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _show(plan: Plan, ledger: str) -> None:
    from sayso.ledger import shown
    from sayso.watch.plan import KINDS

    click.echo(f"{plan.file} is right. Ledger: {shown(ledger)}; reader: {plan.reader}")
    for source in plan.sources:
        place = getattr(source, "url", None) or getattr(source, "path", None) or getattr(source, "host", "")
        click.echo(f"  {KINDS[type(source)]:8} {source.name}: {place}, every {source.every}")
    for channel in plan.channels:
        place = getattr(channel, "url", None) or getattr(channel, "path", None) or getattr(channel, "host", "")
        click.echo(f"  {KINDS[type(channel)]:8} {channel.name}: {place}")
    for rule in plan.rules:
        asked = ", ".join(
            f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"
            for key in (
                "near",
                "kilometres",
                "country",
                "event_type",
                "who",
                "whose",
                "stance",
                "about",
                "outlet",
                "field",
                "since",
                "until",
            )
            if (value := getattr(rule, key)) is not None
        )
        channels = ", ".join(c.name for c in plan.channels_of(rule))
        click.echo(f"  alert    {rule.name}: {rule.when}{' (' + asked + ')' if asked else ''} → {channels}")
    for place in _missing(plan):
        click.echo(f"  not there yet: {place}")


def _missing(plan: Plan) -> Iterator[str]:
    """Secrets that cannot be read here; the service that runs the watch may have them."""
    from sayso.errors import WatchError

    for table in (*plan.sources, *plan.channels):
        for name in ("password", "secret", "token"):
            if secret := getattr(table, name, None):
                try:
                    secret.read()
                except WatchError as error:
                    yield str(error)


def _tell(plan: Plan, state: State) -> None:
    from sayso.records.terms import plain

    for source in plan.sources:
        known = state.source(source.name)
        looked = f"last looked at {_moment(known['looked'])}" if known["looked"] else "not looked at yet"
        click.echo(f"{source.name}: {looked}, {known['reports']} reports, next {_moment(known['due'])}")
        if known["fault"]:
            click.echo(f"  failed {known['failures']} times in a row: {plain(known['fault'])}")
    for row in state.outbox():
        click.echo(
            f"{row['channel']}: {row['count']} {row['state']}"
            + (f", next {_moment(row['due'])}" if row["state"] == "queued" else "")
        )
        if row["fault"]:
            click.echo(f"  {plain(row['fault'])}" + ("; mend it, then --retry" if row["state"] == "given up" else ""))


def _moment(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if seconds else "at once"
