"""`sayso disputes`: where sources contradict or deny."""

from __future__ import annotations

import click

from sayso.cli.options import date_option, ledger_option


@click.command()
@ledger_option
@click.option("--near", metavar="PLACE", help="Within 40 km of a town, 150 km of a province’s middle, or in a country.")
@date_option("--since", "Happened on that day or later.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many events.")
def command(ledger_path: str, near: str | None, since: str | None, limit: int) -> None:
    """Show every disputed event: the positions that cannot all hold, who stands on which side, how many informants each."""
    from rich.text import Text

    from sayso.cli.across import day, print_assessment
    from sayso.cli.look import console, plain
    from sayso.ledger import open_ledger, views

    out = console()
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        rows = views.events(connection, views.EventFilter(disputed=True, near=near, since=since, limit=limit))
        for row in rows:
            out.print(
                Text.assemble(
                    (row["id"][:10], "cyan"),
                    " ",
                    (plain(row["title"]), "bold"),
                    (f"  {day(row)} · {row['documents']} document{'' if row['documents'] == 1 else 's'}", "dim"),
                )
            )
            for found in views.assessed(connection, row["id"], "disputed", "denied"):
                print_assessment(out, found, full=False)
            out.print()
    if not rows:
        out.print(Text("nothing is disputed", style="dim"))
