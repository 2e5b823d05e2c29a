"""`sayso timeline`: events in order of time."""

from __future__ import annotations

import click

from sayso.cli.options import date_option, ledger_option


@click.command()
@ledger_option
@click.option("--near", metavar="PLACE", help="Within 40 km of a town, 150 km of a province’s middle, or in a country.")
@date_option("--since", "Happened on that day or later.")
@date_option("--until", "Happened on that day or earlier.")
@click.option("--shared", is_flag=True, help="Only events that several documents tell.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True)
def command(ledger_path: str, near: str | None, since: str | None, until: str | None, shared: bool, limit: int) -> None:
    """Show events day by day, the first day first, with what of them is disputed."""
    from rich.text import Text

    from sayso.cli.across import STATUS_COLOURS
    from sayso.cli.look import console, plain
    from sayso.ledger import open_ledger, views

    out = console()
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        rows = views.events(
            connection, views.EventFilter(near=near, since=since, until=until, shared=shared, limit=limit)
        )
    last = None
    for row in sorted(rows, key=lambda r: (r["first_day"] or "9999", r["id"])):
        day = (row["first_day"] or "undated")[:10]
        if day != last:
            out.print(Text(day, style="bold"))
            last = day
        count = f"  {row['documents']} document{'' if row['documents'] == 1 else 's'}, {row['informants']} informant{'' if row['informants'] == 1 else 's'}"
        out.print(
            Text.assemble(
                "  ",
                (row["id"][:10], "cyan"),
                " ",
                plain(row["title"]),
                (count, "dim"),
                "  ",
                (row["status"], STATUS_COLOURS.get(row["status"], "")),
            )
        )
    if not rows:
        out.print(Text("no event fits; try fewer conditions", style="dim"))
