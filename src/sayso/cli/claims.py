"""`sayso claims`: the ledger's claims as a table."""

from __future__ import annotations

import sys

import click

from sayso.cli.options import date_option, known_value, ledger_option

FIELDS = (
    "realis",
    "actor",
    "actor_organisation",
    "recipient",
    "victim",
    "target",
    "instrument",
    "fate",
    "when",
    "where",
    "casualties",
    "casualties.killed",
    "casualties.injured",
    "casualties.missing",
    "casualties.detained",
    "casualties.displaced",
    "casualties.unharmed",
    "responsibility",
    "content",
)


@click.command()
@ledger_option
@click.option("--who", metavar="NAME", help="Speaker: words, name or alias, in part.")
@click.option("--stance", metavar="STANCE", help="asserts, confirms, denies, accuses, claims_responsibility, doubts, …")
@click.option("--about", metavar="TEXT", help="Words in the claim or in what was said.")
@click.option("--field", metavar="FIELD", help="actor, victim, casualties, responsibility, when, where, content, …")
@click.option("--event", "event_type", metavar="TYPE", help="Event type: attack, shelling, arrest, …")
@click.option("--document", metavar="DOCUMENT", help="Of one document: id, path or address.")
@date_option("--since", "Published on that day or later.")
@date_option("--until", "Published on that day or earlier.")
@click.option("--attributed", is_flag=True, help="Without the outlets' own voice.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most so many.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
def command(
    ledger_path: str,
    who: str | None,
    stance: str | None,
    about: str | None,
    field: str | None,
    event_type: str | None,
    document: str | None,
    since: str | None,
    until: str | None,
    attributed: bool,
    limit: int | None,
    form: str,
) -> None:
    """List claims with their speakers and exact words. All conditions hold together."""
    from sayso.export import write
    from sayso.export.claims import records
    from sayso.ledger import ClaimFilter, open_ledger
    from sayso.ontology import load_ontology

    ontology = load_ontology()
    stance = known_value(stance, "--stance", ontology.stances)
    event_type = known_value(event_type, "--event", ontology.event_types)
    field = known_value(field, "--field", FIELDS)
    if since and until and since > until:
        raise click.BadParameter(f"--since {since} is after --until {until}", param_hint="--since")
    with open_ledger(ledger_path, readonly=True) as ledger:
        wanted = ClaimFilter(
            who,
            stance,
            about,
            field,
            event_type,
            ledger.find_document(document)["id"] if document else None,
            since,
            until,
            attributed,
            limit,
        )
        if form == "table":
            _print(ledger.claims(wanted))
        else:
            with ledger.engine.connect() as connection:
                write(records(connection, wanted), sys.stdout.buffer, form)


def _print(rows) -> None:  # type: ignore[no-untyped-def]
    from rich.table import Table
    from rich.text import Text

    from sayso.cli.look import console, document_name, shorten, stance_text

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in (("who", 24), ("stance", 13), ("what", 20), ("value", 30), ("words", None), ("document", 22)):
        table.add_column(name, max_width=width, ratio=None if width else 1, overflow="fold")
    count = 0
    for row in rows:
        count += 1
        what = f"{row['event_type']} · {row['field']}" if row["event_type"] else row["field"]
        value = Text(("" if row["holds"] else "not: ") + shorten(row["value"], 90))
        table.add_row(
            Text(shorten(row["speaker_name"] or ("outlet" if row["attribution"] is None else "(unexpressed)"), 60)),
            stance_text(row["stance"]),
            Text(what.replace("_", " ")),
            value,
            Text(shorten(row["words"], 140)),
            Text(shorten(document_name(row["path"], row["url"], row["document_id"]), 40), style="dim"),
        )
    out = console()
    if count:
        out.print(table)
    out.print(Text(f"{count} claims" if count else "no claim fits; try fewer conditions", style="dim"))
