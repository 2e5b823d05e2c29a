"""`sayso undo`: take a judgement back."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("number", type=click.IntRange(1), metavar="N")
@ledger_option
def command(number: int, ledger_path: str) -> None:
    """Take judgement N back; it stays in the list, marked, and what it had merged or split is as it was before."""
    from sayso import pipeline
    from sayso.ledger import open_ledger

    open_ledger(ledger_path, readonly=True).close()
    with open_ledger(ledger_path) as ledger:
        fresh = pipeline.undo(ledger, number)
    click.echo(f"judgement {number} is undone" if fresh else f"judgement {number} was undone already")
