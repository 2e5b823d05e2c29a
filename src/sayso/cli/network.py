"""`sayso network`: who accuses, denies, confirms, commands and belongs to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sayso.cli.options import date_option, ledger_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sayso.ledger.network import Network

_RELATIONS = ("accuses", "denies", "contradicts", "confirms", "commands", "belongs_to")


@click.command()
@ledger_option
@click.option("--of", "name", metavar="NAME", help="Only the ties of this person, organisation or place.")
@click.option("--relation", "relations", multiple=True, type=click.Choice(_RELATIONS), help="Only these; repeatable.")
@click.option("--event", metavar="ID", help="Only what reports of this event say.")
@date_option("--since", "Said on that day or later.")
@date_option("--until", "Said on that day or earlier.")
@click.option(
    "--nodes",
    type=click.IntRange(2),
    default=200,
    show_default=True,
    help="Between so many at most, those with most ties.",
)
@click.option("--limit", type=click.IntRange(1), default=40, show_default=True, help="At most so many edges.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
def command(
    ledger_path: str, name: str | None, relations: tuple[str, ...], event: str | None, since: str | None, until: str | None,
    nodes: int, limit: int, form: str,
) -> None:  # fmt: skip
    """Show who is said to have to do with whom, by how many statements. JSON lines hold the words behind each edge.

    Each edge is what reports say; an edge that only the registry knows is marked as that.
    """
    from sayso.ledger import open_ledger, views
    from sayso.ledger.network import NetworkFilter, network

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        of = _identity(connection, name) if name else None
        which = views.event(connection, event)["id"] if event else None
        found = network(connection, NetworkFilter(of, relations, since, until, which, nodes))
        if form == "jsonl":
            _print_lines(connection, found, limit)
        else:
            _print_table(found, limit)


def _identity(connection: Connection, name: str) -> str:
    from sayso.errors import NotFoundError
    from sayso.ledger import naming

    found = naming.find_names(connection, name)
    if not found:
        raise NotFoundError(f"no document names {name!r}; `sayso search` finds words")
    return str(found[0]["identity"])


def _print_lines(connection: Connection, found: Network, limit: int) -> None:
    import json
    from dataclasses import asdict

    from sayso.ledger.network import edge

    names = {n.id: asdict(n) for n in found.nodes}
    for e in found.edges[:limit]:
        said = [] if e.registry else edge(connection, e.source, e.target, e.relation, limit=20)
        record = {
            **asdict(e),
            "source": names[e.source],
            "target": names[e.target],
            "statements": [asdict(t) for t in said],
        }
        click.echo(json.dumps(record, ensure_ascii=False))


def _print_table(found: Network, limit: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from sayso.cli.look import console, plain

    names = {n.id: plain(n.name) for n in found.nodes}
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for title, justify in (
        ("who", "left"),
        ("does", "left"),
        ("to whom", "left"),
        ("said", "right"),
        ("first", "left"),
        ("last", "left"),
    ):
        table.add_column(title, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for e in found.edges[:limit]:
        times = "registry" if e.registry else str(e.count)
        days = [(day or "")[:10] for day in (e.first_said, e.last_said)]
        table.add_row(
            Text(names[e.source]),
            Text(e.relation.replace("_", " "), style="cyan"),
            Text(names[e.target]),
            Text(times),
            *map(Text, days),
        )
    out = console()
    if found.edges:
        out.print(table)
    left_out = f"; edges left out: {len(found.edges) - limit}, see --limit" if len(found.edges) > limit else ""
    older = "; older statements or lesser nodes are left out" if found.cut else ""
    statements = f"{found.total} statement{'' if found.total == 1 else 's'}"
    out.print(Text(f"{statements} between {len(found.nodes)} nodes{left_out}{older}", style="dim"))
