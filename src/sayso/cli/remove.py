"""`sayso remove`: take a document out of the ledger, without a trace."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("document")
@ledger_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(document: str, ledger_path: str, yes: bool) -> None:
    """Remove DOCUMENT (id, path, file name, address or title) with its bytes, words, claims and every count of it.

    Judgements that rested on it are kept without its words, and marked. This cannot be undone.
    """
    from sayso import pipeline
    from sayso.cli.look import document_name
    from sayso.ledger import open_ledger, shown

    with open_ledger(ledger_path, readonly=True) as view:
        row = view.find_document(document)
        name = document_name(row["path"], row["url"], row["id"])
    if not yes:
        click.confirm(f"remove {name} ({row['id'][:12]}) from {shown(ledger_path)} for good?", abort=True)
    with open_ledger(ledger_path) as ledger:
        pipeline.remove(ledger, row["id"])
    click.echo(f"{name} is removed from {shown(ledger_path)}")
