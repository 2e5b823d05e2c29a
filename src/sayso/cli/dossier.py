"""`sayso dossier`: all that the ledger has on one actor or place."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("name", nargs=-1, required=True)
@ledger_option
@click.option(
    "--type", "type_", type=click.Choice(["person", "organisation", "place"]), help="Where a name is of several types."
)
@click.option(
    "--limit", type=click.IntRange(1), default=12, show_default=True, help="At most so many claims of each kind."
)
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(name: tuple[str, ...], ledger_path: str, type_: str | None, limit: int, form: str) -> None:
    """Show what reports say of NAME: its aliases, kind, leaders, strength, founding, designations, ties, deeds and words.

    Each line is a claim with its source; what the registry knows is marked as that.
    """
    import json

    from sayso.cli.sheet_dossier import print_dossier
    from sayso.export.dossier import dossier
    from sayso.ledger import open_ledger

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        found = dossier(connection, " ".join(name), type_, limit)
    if form == "jsonl":
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        print_dossier(found)
