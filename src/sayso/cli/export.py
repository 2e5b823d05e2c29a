"""`sayso export`: what the ledger holds to a file, for spreadsheets, maps and programs."""

from __future__ import annotations

import sys

import click

from sayso.cli.options import ledger_option
from sayso.export import FORMATS, SUBJECTS


@click.command()
@click.argument("what", type=click.Choice(list(SUBJECTS)))
@ledger_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="By default csv, and jsonl for corrections; brat gives a zip archive of .txt and .ann.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="Where to; standard output otherwise."
)
def command(what: str, ledger_path: str, form: str | None, out: str | None) -> None:
    """Write all claims, events, entities, documents, links or origins, with exact words and offsets (code points, end exclusive).

    `corrections`: the readings of all documents on whose claims people decided, with their decisions applied, to train readers on.
    """
    from pathlib import Path

    from sayso.errors import UsageError
    from sayso.export import check, fits, records, write
    from sayso.ledger import open_ledger

    form = form or ("csv" if fits(what, "csv") else "jsonl")
    check(what, form)
    if form == "brat" and not out and sys.stdout.isatty():
        raise UsageError("brat’s files come in a zip archive, which a terminal cannot show: name one with --out FILE")
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        rows = records(what, connection)
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
