"""`sayso events`: events across all documents."""

from __future__ import annotations

import click

from sayso.cli.options import date_option, known_value, ledger_option


@click.command()
@ledger_option
@click.option("--disputed", is_flag=True, help="Only those of which something is denied or contradicted.")
@click.option("--near", metavar="PLACE", help="Within 40 km of a town, 150 km of a province’s middle, or in a country.")
@click.option("--km", type=click.FloatRange(0.1, 2000), metavar="N", help="Another distance for --near.")
@date_option("--since", "Happened on that day or later.")
@date_option("--until", "Happened on that day or earlier.")
@click.option("--type", "event_type", metavar="TYPE", help="Event type: attack, shelling, arrest, …")
@click.option("--shared", is_flag=True, help="Only those that several documents tell.")
@click.option("--document", metavar="DOCUMENT", help="Of one document: id, path or address.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
def command(
    ledger_path: str,
    disputed: bool,
    near: str | None,
    km: float | None,
    since: str | None,
    until: str | None,
    event_type: str | None,
    shared: bool,
    document: str | None,
    limit: int,
    form: str,
) -> None:
    """List events as the reports tell them, one line for each however many reports there are."""
    import json

    from sayso.cli.across import print_events
    from sayso.cli.look import console
    from sayso.ledger import open_ledger, views

    if event_type:
        from sayso.ontology import load_ontology

        event_type = known_value(event_type, "--type", load_ontology().event_types)
    if since and until and since > until:
        raise click.BadParameter(f"--since {since} is after --until {until}", param_hint="--since")
    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        found = ledger.find_document(document)["id"] if document else None
        rows = views.events(
            connection, views.EventFilter(disputed, near, km, since, until, event_type, shared, found, limit)
        )
        if form == "table":
            print_events(console(), rows)
        else:
            for row in rows:
                click.echo(json.dumps(dict(row), ensure_ascii=False))
