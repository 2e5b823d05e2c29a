"""`sayso origins`: where a document's text comes from."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("document")
@ledger_option
@click.option("--passages", is_flag=True, help="Also the passages that stand in both, side by side.")
def command(document: str, ledger_path: str, passages: bool) -> None:
    """Show what DOCUMENT was copied, translated or rewritten from, passage by passage, and what was made from it."""
    import json

    from rich.text import Text

    from sayso.cli.look import console, document_name, plain, shorten
    from sayso.ledger import open_ledger, views

    out = console()
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        row = ledger.find_document(document)
        chain = views.ancestry(connection, row["id"])
        if not chain:
            raise click.ClickException(f"{document} is not linked yet; run `sayso link`")
        here = row
        out.print(
            Text.assemble(
                (document_name(row["path"], row["url"], row["id"]), "bold"),
                (
                    f"  {(row['published'] or 'undated')[:10]} · {plain(row['outlet'] or 'no outlet')}"
                    + (f" · credits {plain(row['origin'])}" if row["origin"] else ""),
                    "dim",
                ),
            )
        )
        for step in chain:
            if step["parent"] is None:
                for kind, text, _ in json.loads(step["reasons"]):
                    if kind == "none" and views.offspring(connection, step["document_id"]) and not here["origin"]:
                        out.print(Text("  └ the earliest of those that share its text", style="dim"))
                    elif kind == "none":
                        out.print(Text(f"  └ {text}", style="dim"))
                break
            parent = ledger.find_document(step["parent"])
            out.print(
                Text.assemble(
                    ("  └ ", "dim"),
                    (step["relation"], "bold magenta"),
                    " from ",
                    (document_name(parent["path"], parent["url"], parent["id"]), "bold"),
                    (
                        f"  {(parent['published'] or 'undated')[:10]} · {plain(parent['outlet'] or 'no outlet')} · share {step['share']:.0%}",
                        "dim",
                    ),
                )
            )
            for _, text, _ in json.loads(step["reasons"]):
                out.print(Text(f"      {plain(text)}", style="italic dim"))
            found = json.loads(step["passages"])
            for start, end, there, there_end in found if passages or step["relation"] == "translated" else found[:3]:
                ours, theirs = here["text"][start:end], parent["text"][there:there_end]
                if step["relation"] == "translated":
                    words = (
                        "      where it has ",
                        (f"“{shorten(ours, 80)}”", "yellow"),
                        " the other has ",
                        (f"“{shorten(theirs, 80)}”", "green"),
                    )
                    out.print(Text.assemble(*words, (f"  {start}–{end} · {there}–{there_end}", "dim")))
                    continue
                out.print(
                    Text.assemble(f"      {start}–{end} ", (f"“{shorten(ours, 300 if passages else 80)}”", "green"))
                )
                if passages:
                    out.print(Text.assemble(f"      {there}–{there_end} ", (f"“{shorten(theirs, 300)}”", "blue")))
            here = parent
        for child in views.offspring(connection, row["id"]):
            out.print(
                Text.assemble(
                    ("  → ", "dim"),
                    (child["relation"], "magenta"),
                    " in ",
                    document_name(child["path"], child["url"], child["document_id"]),
                    (f"  {(child['published'] or 'undated')[:10]} · share {child['share']:.0%}", "dim"),
                )
            )
