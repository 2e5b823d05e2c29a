"""`sayso event`: one event with all that is said of it."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("event_id", metavar="ID")
@ledger_option
@click.option("--brief", is_flag=True, help="At most three holders of a position.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(event_id: str, ledger_path: str, brief: bool, form: str) -> None:
    """Show one event: each field’s positions, who holds and who denies them on which words, origins, status and why.

    ID is an event’s id or its beginning, as `sayso events` prints it.
    """
    import json

    from rich.rule import Rule
    from rich.text import Text

    from sayso.cli.across import day, print_assessment, print_link
    from sayso.cli.look import console, document_name, plain
    from sayso.export.events import event_record
    from sayso.ledger import open_ledger, views

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        row = views.event(connection, event_id)
        if form == "jsonl":
            click.echo(json.dumps(event_record(connection, row), ensure_ascii=False))
            return
        out = console()
        out.print(Rule(Text(plain(row["title"]), style="bold"), align="left"))
        facts = [
            day(row),
            row["place"],
            row["status"],
            f"{row['documents']} documents of {row['origins']} origins",
            f"{row['informants']} informants",
            f"first said {(row['first_said'] or '?')[:10]}, last {(row['last_said'] or '?')[:10]}",
        ]
        out.print(Text(" · ".join(plain(f) for f in facts if f), style="dim"))
        out.print(Text(f"event {row['id']}", style="dim"))
        out.print()
        for found in views.assessed(connection, row["id"]):
            print_assessment(out, found, full=not brief)
        links = list(
            views.links(
                connection, row["id"], relations=("denies", "contradicts", "retracts", "supersedes", "confirms")
            )
        )
        if links:
            out.print()
            out.print(Text("How the claims relate", style="bold underline"))
        for link in links:
            who = tuple(views.speaker(connection, e.document, e.claim) for e in (link.left, link.right))
            print_link(out, link, (who[0][0], who[1][0]), who[0][1])
        out.print()
        out.print(Text("Told by", style="bold underline"))
        told: dict[str, None] = {}
        for member in views.members(connection, row["id"]):
            told.setdefault(
                f"{(member['published'] or 'undated')[:10]}  {document_name(member['path'], member['url'], member['document_id'])}  {plain(member['outlet'] or '')}"
            )
        for line in told:
            out.print(Text("  " + line, style="dim"))
