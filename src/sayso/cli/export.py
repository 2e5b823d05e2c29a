"""`sayso export`: claims to a file, for spreadsheets and programs."""

from __future__ import annotations

import sys

import click

from sayso.cli.options import ledger_option
from sayso.export import FORMATS


@click.command()
@click.argument("what", type=click.Choice(["claims"]))
@ledger_option
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="csv", show_default=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="Where to; standard output otherwise."
)
def command(what: str, ledger_path: str, form: str, out: str | None) -> None:
    """Write all claims, each with its exact words and their offsets (code points, end exclusive)."""
    from pathlib import Path

    from sayso.export import write
    from sayso.ledger import ClaimFilter, open_ledger

    with open_ledger(ledger_path, readonly=True) as ledger:
        rows = ledger.claims(ClaimFilter())
        if out:
            partial = Path(out).with_name(Path(out).name + ".partial")
            with partial.open("wb") as file:
                report = write(rows, file, form)
            partial.replace(out)
        else:
            report = write(rows, sys.stdout.buffer, form)
            sys.stdout.buffer.flush()
    click.echo(f"{report.rows} {what} → {out or 'standard output'} ({form})", err=True)
    for loss in report.losses:
        click.echo(f"note: {loss}", err=True)
