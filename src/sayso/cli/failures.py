"""`sayso failures`: what could not be read."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@ledger_option
def command(ledger_path: str) -> None:
    """List every input that could not be read: stage, path, reason, remedy."""
    from sayso.cli.look import plain
    from sayso.ledger import open_ledger

    with open_ledger(ledger_path, readonly=True) as ledger:
        rows = ledger.failures()
    for row in rows:
        click.echo(f"{row['at']}  {row['stage']:<7} {plain(row['path'])}: {plain(row['reason'])}")
    if not rows:
        click.echo("nothing failed")
