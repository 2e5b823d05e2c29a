"""`sayso weigh`: positions, informants and status of every event that changed."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@ledger_option
@click.option("--again", is_flag=True, help="Weigh every event anew.")
def command(ledger_path: str, again: bool) -> None:
    """Weigh what linking touched: who holds and who denies each position, how many independent informants, which status."""
    from sayso.ledger import open_ledger, shown
    from sayso.weigh import weigh

    open_ledger(ledger_path, readonly=True).close()
    with open_ledger(ledger_path) as ledger:
        if again:
            ledger.forget_weighing()
        fields = sum(1 for _ in weigh(ledger))
    click.echo(f"{fields:,} fields weighed → {shown(ledger_path)}")
