"""`sayso brief`: one event on paper."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("event_id", metavar="EVENT")
@ledger_option
@click.option(
    "--format", "form", type=click.Choice(["html", "pdf"]), help="[default: by the ending of --out, else html]"
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; a PDF needs one.")
def command(event_id: str, ledger_path: str, form: str | None, out: Path | None) -> None:
    """Write a printable brief of one event: the quarrel in plain sentences, all positions, and the words as footnotes.

    EVENT is an event’s id or its beginning, as `sayso events` prints it. The file asks for nothing from any network.
    """
    from sayso.errors import UsageError
    from sayso.export import target
    from sayso.export.brief import compose, render_html, render_pdf
    from sayso.ledger import open_ledger, views

    form = form or (out.suffix.lower().removeprefix(".") if out else "html")
    if form == "htm":
        form = "html"
    if form not in {"html", "pdf"}:
        raise UsageError(f"--out {out}: a brief is HTML or PDF; end the name in .html or .pdf, or say --format")
    if form == "pdf" and out is None:
        raise UsageError("a PDF needs a file to be written to: add --out brief.pdf")
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        brief = compose(connection, views.event(connection, event_id))
    data = render_pdf(brief) if form == "pdf" else render_html(brief).encode("utf-8", "replace")
    if out is None:
        click.echo(data, nl=False)
        return
    with target.writing(out) as file:
        file.write(data)
    click.echo(f"{brief.title}: {len(brief.footnotes)} footnotes → {out} ({len(data):,} bytes)")
