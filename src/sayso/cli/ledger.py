"""`sayso ledger`: care of the ledger."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from sayso.cli.options import ledger_option


@click.group()
def command() -> None:
    """Back up, copy, verify or upgrade the ledger."""


@command.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
@ledger_option
def backup(target: Path | None, ledger_path: str) -> None:
    """Write a consistent copy to the file TARGET (by default beside the ledger, with the time in its name).

    A ledger on PostgreSQL is copied into a file in the working folder; pg_dump backs it up on its server.
    """
    from sayso.ledger import open_ledger, shown

    target = target or _beside(ledger_path, "")
    with open_ledger(ledger_path, readonly=True) as ledger:
        ledger.backup(target)
    click.echo(f"{shown(ledger_path)} → {target} ({target.stat().st_size:,} bytes)")


def _beside(ledger_path: str, what: str) -> Path:
    """A file's name with the time in it; in the working folder for a ledger on a server."""
    from sayso.ledger import title
    from sayso.ledger.address import on_server

    path = Path(title(ledger_path) or "sayso").with_suffix(".db") if on_server(ledger_path) else Path(ledger_path)
    return path.with_name(f"{path.stem}-{what}{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")


@command.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--quiet", is_flag=True, help="No progress.")
def copy_(source: str, target: str, quiet: bool) -> None:
    """Copy a whole ledger into a new one: a file into PostgreSQL, or back. Each is a path or postgresql://USER@HOST/DATABASE.

    Numbers and ids stay, so that both export the same. The copy is compared with the ledger before it is kept.
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from sayso.cli.look import console
    from sayso.ledger import open_ledger, shown
    from sayso.ledger.copying import copy

    out = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        open_ledger(source, readonly=True) as ledger,
        open_ledger(target) as other,
        Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar,
    ):
        task = bar.add_task("")
        counts = copy(ledger, other, lambda table, rows: bar.update(task, description=f"{table}: {rows:,}"))
    click.echo(
        f"{shown(source)} → {shown(target)}: {counts['documents']:,} documents, {sum(counts.values()):,} rows, the same on both sides"
    )


@command.command()
@ledger_option
def verify(ledger_path: str) -> None:
    """Check the store, the hashes of all originals, and that every claim stands on its exact words."""
    from sayso.ledger import open_ledger, shown

    open_ledger(ledger_path, readonly=True).close()  # a ledger that is not there is not made
    with open_ledger(ledger_path) as ledger:  # a file's full-text index can only be checked by who may write
        faults = ledger.verify()
        counts = ledger.counts()
    for fault in faults:
        click.echo(f"sayso: {fault}", err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(
        f"{shown(ledger_path)} is sound: {counts['documents']:,} documents, {counts['originals']:,} originals, {counts['claims']:,} claims checked"
    )


@command.command()
@ledger_option
def upgrade(ledger_path: str) -> None:
    """Bring a ledger of an older Sayso to this version; a backup of a file is made first, a server’s is yours to make (pg_dump)."""
    from sayso.errors import LedgerError
    from sayso.ledger import open_ledger, shown
    from sayso.ledger.address import on_server

    try:
        open_ledger(ledger_path, readonly=True).close()
    except LedgerError as error:
        if "sayso ledger upgrade" not in str(error):
            raise
        kept = "" if on_server(ledger_path) else f"; the old one is kept as {_keep(Path(ledger_path))}"
        open_ledger(ledger_path, upgrade=True).close()
        click.echo(f"{shown(ledger_path)} upgraded{kept}; run `sayso link` to find what its documents have in common")
        return
    click.echo(f"{shown(ledger_path)} is of this version already")


def _keep(path: Path) -> Path:
    import sqlite3
    from contextlib import closing

    copy = _beside(str(path), "before-upgrade-")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
