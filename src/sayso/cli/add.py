"""`sayso add`: reports into the ledger, with progress, resumable."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.options import ledger_option, make_settings, reading_options

_SHOWN_FAILURES = 10


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@ledger_option
@reading_options
@click.option(
    "--no-link", is_flag=True, help="Only read; `sayso link` finds later what the documents have to do with each other."
)
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
    quiet: bool,
) -> None:
    """Read reports into the ledger. What is there already is not read again; stop it whenever you like, run it again to go on."""
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from sayso.cli.look import console, plain, shorten
    from sayso.cli.progress import linking
    from sayso.ingest import check_paths
    from sayso.ledger import open_ledger
    from sayso.pipeline import Tally, add_paths, link_and_weigh
    from sayso.read import load_reader

    check_paths(paths)
    settings = make_settings(date, outlet, fields, overlays, max_size)
    out = console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.fields[seen]} read"),
        BarColumn(bar_width=20),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with (
        open_ledger(ledger_path) as ledger,
        Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar,
    ):
        task = bar.add_task("", total=None, seen=0)

        def tell(tally: Tally, name: str) -> None:
            bar.update(task, seen=tally.seen, description=shorten(name, 50))

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
            f"{tally.documents} new, {tally.copies} further copies, {tally.known} known already, {tally.failures} failed; {tally.claims} claims → {ledger_path}"
        )
        if links or weighed:
            click.echo(f"{links:,} links between claims, {weighed:,} fields weighed; see `sayso disputes`")
    if tally.seen == tally.failures:
        raise click.exceptions.Exit(1)
