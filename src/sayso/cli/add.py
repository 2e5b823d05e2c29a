"""`sayso add`: reports into the ledger, with progress, resumable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.cli.options import ledger_option, make_settings, reading_options

if TYPE_CHECKING:
    from sayso.pipeline import Tally

_SHOWN_FAILURES = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@ledger_option
@reading_options
@click.option(
    "--no-link", is_flag=True, help="Only read; `sayso link` finds later what the documents have to do with each other."
)
@click.option(
    "--ray",
    "where",
    metavar="local|ADDRESS",
    help="Read with many workers: all cores of this machine, or those of a Ray cluster (auto, or HOST:PORT).",
)
@click.option("--workers", type=click.IntRange(1), help="With --ray: how many read. [default: one a core]")
@click.option("--quiet", is_flag=True, help="No progress, only the failures.")
def command(
    paths: tuple[str, ...],
    ledger_path: str,
    date: str | None,
    outlet: str | None,
    fields: tuple[str, ...],
    overlays: tuple[Path, ...],
    max_size: int | None,
    reader: str,
    no_link: bool,
    where: str | None,
    workers: int | None,
    quiet: bool,
) -> None:
    """Read reports into the ledger. What is there already is not read again; stop it whenever you like, run it again to go on."""
    from sayso.cli.look import plain
    from sayso.cli.progress import linking
    from sayso.ingest import check_paths
    from sayso.ledger import open_ledger, shown
    from sayso.pipeline import add_paths, link_and_weigh
    from sayso.pipeline.machines import Machines, add_with_machines
    from sayso.read import load_reader

    if workers and not where:
        raise click.UsageError("--workers is for --ray; without it one process reads")
    check_paths(paths)
    settings = make_settings(date, outlet, fields, overlays, max_size)
    with open_ledger(ledger_path) as ledger, _reading(paths, quiet) as tell:
        if where:
            tally = add_with_machines(paths, ledger, Machines(where, workers), settings, reader, tell)
        else:
            tally = add_paths(paths, ledger, settings, load_reader(reader, settings), tell)
    links = weighed = 0
    if not no_link:
        with open_ledger(ledger_path) as ledger, linking(quiet) as linked:
            links, weighed = link_and_weigh(ledger, linked)
    for failure in tally.failed[: None if quiet else _SHOWN_FAILURES]:
        click.echo(f"sayso: {plain(str(failure))}", err=True)
    if len(tally.failed) > _SHOWN_FAILURES and not quiet:
        click.echo(f"sayso: {len(tally.failed) - _SHOWN_FAILURES} more; `sayso failures` lists them all", err=True)
    if not quiet:
        click.echo(
            f"{tally.documents} new, {tally.copies} further copies, {tally.known} known already, {tally.failures} failed; {tally.claims} claims → {shown(ledger_path)}"
        )
        if links or weighed:
            click.echo(f"{links:,} links between claims, {weighed:,} fields weighed; see `sayso disputes`")
    if tally.seen == tally.failures:
        raise click.exceptions.Exit(1)


@contextmanager
def _reading(paths: tuple[str, ...], quiet: bool) -> Iterator[Callable[[Tally, str], None]]:
    """A function to call with what was read; it shows how many, how fast, and by the files how long it will take yet."""
    import time

    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from sayso.cli.look import console, shorten

    out = console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[seen]:,} read, {task.fields[rate]:.1f}/s"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    shown = not quiet and out.is_terminal
    with Progress(*columns, console=out, transient=True, disable=not shown) as bar:
        task = bar.add_task("", total=_inputs(paths) if shown else None, seen=0, rate=0.0)
        begin = time.monotonic()
        files, last = 0, ""

        def tell(tally: Tally, name: str) -> None:
            nonlocal files, last
            file = name.partition("#")[0]
            files, last = files + (file != last), file
            rate = tally.seen / max(time.monotonic() - begin, 0.001)
            bar.update(task, completed=files - 1, seen=tally.seen, rate=rate, description=shorten(name, 50))

        yield tell


def _inputs(paths: tuple[str, ...]) -> int:
    """How many files and addresses there are."""
    from sayso.ingest.fetch import is_address
    from sayso.ingest.load import walk

    return sum(1 if name == "-" or is_address(name) else sum(1 for _ in walk(Path(name))) for name in paths)
