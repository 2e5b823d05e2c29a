"""`sayso search`: full-text search over the ledger's documents."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("words", nargs=-1, required=True)
@ledger_option
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
def command(words: tuple[str, ...], ledger_path: str, limit: int) -> None:
    """Find documents that hold all the WORDS ("a phrase" in quotation marks), best first."""
    from rich.text import Text

    from sayso.cli.look import console, plain
    from sayso.ledger import open_ledger

    with open_ledger(ledger_path, readonly=True) as ledger:
        rows = ledger.search(" ".join(words), limit)
    out = console()
    for row in rows:
        out.print(
            Text.assemble(
                (row["id"][:12], "cyan"),
                " ",
                (plain(row["title"] or row["path"] or row["url"]), "bold"),
                (f"  {row['published'] or ''}", "dim"),
            )
        )
        line = Text("   ")
        for part in row["snippet"].replace("\3", "\2").split("\2"):
            line.append(plain(part) + " ", style="bold yellow" if f"\2{part}\3" in row["snippet"] else "")
        out.print(line)
    if not rows:
        out.print(Text("nothing found", style="dim"))
