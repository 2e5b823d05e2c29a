"""`sayso link`: find what the documents of the ledger have to do with each other."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@ledger_option
@click.option("--again", is_flag=True, help="Forget all that was found and find it anew; judgements hold.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(ledger_path: str, again: bool, quiet: bool) -> None:
    """Link what is new: which names are one, which texts share an origin, which events are one, how claims relate.

    `sayso add` does this by itself; run it after `add --no-link`, or `--again` after an update of Sayso.
    """
    from sayso.cli.progress import linking
    from sayso.ledger import open_ledger, shown
    from sayso.pipeline import link_and_weigh

    open_ledger(ledger_path, readonly=True).close()  # a ledger that is not there is not made
    with open_ledger(ledger_path) as ledger, linking(quiet) as tell:
        if again:
            ledger.forget_derived()
        links, fields = link_and_weigh(ledger, tell)
    if not quiet:
        click.echo(f"{links:,} links between claims, {fields:,} fields weighed → {shown(ledger_path)}")
