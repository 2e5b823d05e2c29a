"""`sayso report`: the report page."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("documents", nargs=-1)
@ledger_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="The file to write.",
)
@click.option("--title", default=None, help="Headline of the page.")
@click.option(
    "--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many documents on one page."
)
def command(documents: tuple[str, ...], ledger_path: str, out: Path, title: str | None, limit: int) -> None:
    """Write one self-contained page of DOCUMENTS (all of the ledger, if none is named). It asks for nothing from any network."""
    from itertools import islice

    from sayso.export import target
    from sayso.export.report import render_report, told_across
    from sayso.ledger import open_ledger

    target.check(out)
    with open_ledger(ledger_path, readonly=True) as ledger:
        if documents:
            readings = [ledger.reading(ledger.find_document(name)["id"]) for name in documents]
        else:
            readings = list(islice(ledger.readings(), limit))
            total = ledger.counts()["documents"]
            if total > limit:
                click.echo(f"sayso: the first {limit} of {total} documents; raise --limit or name some", err=True)
        with ledger.engine.connect() as connection:
            across = told_across(connection, [reading.document.id for reading in readings])
    with target.writing(out) as file:
        file.write(render_report(readings, title, across).encode())
    click.echo(f"{len(readings)} documents → {out} ({out.stat().st_size:,} bytes)")
