"""`sayso changes`: what the last reports changed."""

from __future__ import annotations

import click

from sayso.cli.options import date_option, ledger_option


@click.command()
@ledger_option
@date_option("--since", "Said on that day or later; by default within a week of the newest report.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
def command(ledger_path: str, since: str | None, limit: int) -> None:
    """Show denials, contradictions, retractions and revised counts, the last said first."""
    from rich.text import Text

    from sayso.cli.across import print_link
    from sayso.cli.look import console
    from sayso.ledger import open_ledger, views

    out = console()
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        since = since or views.last_week(connection)
        found = list(
            views.links(
                connection, since=since, relations=("denies", "contradicts", "retracts", "supersedes"), limit=limit
            )
        )
        for link in found:
            left, right = (views.speaker(connection, e.document, e.claim) for e in (link.left, link.right))
            print_link(out, link, (left[0], right[0]), left[1])
    out.print(Text(f"{len(found)} changes since {since}" if found else f"nothing changed since {since}", style="dim"))
