"""`sayso ledger`: care of the ledger's file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from sayso.cli.options import ledger_option


@click.group()
def command() -> None:
    """Back up, verify or upgrade the ledger."""


@command.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
@ledger_option
def backup(target: Path | None, ledger_path: str) -> None:
    """Write a consistent copy to TARGET (by default beside the ledger, with the time in its name)."""
    from sayso.ledger import open_ledger

    source = Path(ledger_path)
    target = target or source.with_name(f"{source.stem}-{datetime.now():%Y%m%d-%H%M%S}{source.suffix}")
    with open_ledger(ledger_path, readonly=True) as ledger:
        ledger.backup(target)
    click.echo(f"{ledger_path} → {target} ({target.stat().st_size:,} bytes)")


@command.command()
@ledger_option
def verify(ledger_path: str) -> None:
    """Check the file, the hashes of all originals, and that every claim stands on its exact words."""
    from sayso.ledger import open_ledger

    open_ledger(ledger_path, readonly=True).close()  # a file that is not there is not made
    with open_ledger(ledger_path) as ledger:  # the full-text index can only be checked by who may write
        faults = ledger.verify()
        counts = ledger.counts()
    for fault in faults:
        click.echo(f"sayso: {fault}", err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(
        f"{ledger_path} is sound: {counts['documents']:,} documents, {counts['originals']:,} originals, {counts['claims']:,} claims checked"
    )


@command.command()
@ledger_option
def upgrade(ledger_path: str) -> None:
    """Bring a ledger of an older Sayso to this version; a backup is made first."""
    from sayso.errors import LedgerError
    from sayso.ledger import SqliteLedger, open_ledger

    path = Path(ledger_path)
    try:
        open_ledger(path, readonly=True).close()
    except LedgerError as error:
        if "sayso ledger upgrade" not in str(error):
            raise
        import sqlite3
        from contextlib import closing

        copy = path.with_name(f"{path.stem}-before-upgrade-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        SqliteLedger(path, upgrade=True).close()
        click.echo(
            f"{path} upgraded; the old one is kept as {copy}; run `sayso link` to find what its documents have in common"
        )
        return
    click.echo(f"{path} is of this version already")
