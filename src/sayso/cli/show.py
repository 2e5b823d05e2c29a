"""`sayso show`: one document of the ledger."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("document")
@ledger_option
@click.option("--text", "with_text", is_flag=True, help="Also the whole text.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@click.option(
    "--original",
    type=click.Path(dir_okay=False, writable=True),
    metavar="FILE",
    help="Write the original bytes to FILE.",
)
def command(document: str, ledger_path: str, with_text: bool, form: str, original: str | None) -> None:
    """Show a DOCUMENT (id, path, file name, address or title): claims, copies, versions and what changed between them."""
    from pathlib import Path

    from rich.text import Text

    from sayso.cli.look import console, plain
    from sayso.cli.sheet import print_reading
    from sayso.export import target
    from sayso.ledger import open_ledger
    from sayso.records.json import encode_reading

    with open_ledger(ledger_path, readonly=True) as ledger:
        row = ledger.find_document(document)
        reading = ledger.reading(row["id"])
        if form == "jsonl":
            click.echo(encode_reading(reading))
            return
        if original:
            with target.writing(Path(original)) as file:
                file.write(ledger.original(row["sha256"]))
            click.echo(f"{row['sha256']}  {original}", err=True)
        print_reading(reading)
        out = console()
        out.print(Text(f"document {row['id']} · {row['media_type']} · sha256 {row['sha256']}", style="dim"))
        for copy in ledger.copies(row["id"]):
            out.print(Text(f"copy     {plain(copy['way'])} · {copy['retrieved']}", style="dim"))
        _print_versions(out, ledger.versions(row["url"]))
        if with_text:
            out.print()
            out.print(Text(row["text"]), soft_wrap=True)


def _print_versions(out, versions) -> None:  # type: ignore[no-untyped-def]
    """What changed from one text of an address to the next, word for word."""
    from difflib import SequenceMatcher

    from rich.text import Text

    from sayso.cli.look import shorten

    for before, after in zip(versions, versions[1:], strict=False):
        out.print(Text(f"\nversion seen {after['seen']} differs from {before['seen']}:", style="bold"))
        old, new = before["text"].split(), after["text"].split()
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind != "equal":
                context = " ".join(new[max(0, c - 4) : c])
                line = Text(f"  … {shorten(context, 60)} ", style="dim")
                line.append(shorten(" ".join(old[a:b]), 200), style="red strike")
                line.append(" → ", style="dim")
                line.append(shorten(" ".join(new[c:d]), 200) or "(removed)", style="green")
                out.print(line)
