"""`sayso export`: what the ledger holds to a file, for spreadsheets, maps and programs."""

from __future__ import annotations

import sys

import click

from sayso.cli.options import ledger_option
from sayso.export import FORMATS, SUBJECTS


@click.command()
@click.argument("what", type=click.Choice(list(SUBJECTS)))
@ledger_option
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="csv", show_default=True)
@click.option(
    "--out", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="Where to; standard output otherwise."
)
def command(what: str, ledger_path: str, form: str, out: str | None) -> None:
    """Write all claims, events, entities, documents, links or origins, with exact words and offsets (code points, end exclusive)."""
    from pathlib import Path

    from sayso.errors import UsageError
    from sayso.export import records, write
    from sayso.ledger import open_ledger

    if form == "geojson" and what != "events":
        raise UsageError(f"GeoJSON holds events; {what} have no place of their own: choose csv, jsonl or parquet")
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
