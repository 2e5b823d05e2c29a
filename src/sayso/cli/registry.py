"""`sayso registry`: actors by their names."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.options import ledger_option


@click.group()
def command() -> None:
    """Look actors up, or add your own lists of them (FollowTheMoney, Wikidata, CSV)."""


@command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ledger_option
def add(files: tuple[Path, ...], ledger_path: str) -> None:
    """Keep the actors of FILES with the ledger: FollowTheMoney JSON Lines, Wikidata JSON, or CSV with a column “name”.

    Then run `sayso link --again`, so that what is linked already profits from them.
    """
    from sayso.ledger import open_ledger, shown
    from sayso.names.registry.lists import load_list

    loaded = [entry for file in files for entry in load_list(file)]
    with open_ledger(ledger_path) as ledger:
        total = ledger.add_registry(loaded)
    click.echo(
        f"{len(loaded):,} actors read, {total:,} of your own in {shown(ledger_path)}; run `sayso link --again` to use them"
    )


@command.command()
@click.argument("name", nargs=-1, required=True)
def find(name: tuple[str, ...]) -> None:
    """Show what the starter registry knows by NAME."""
    from sayso.names.registry import registry

    known = registry()
    found = sorted(known.find(" ".join(name)))
    for id_ in found:
        entry = known[id_]
        click.echo(
            f"{entry.id}  {entry.kind.replace('_', ' ')}  {entry.name}"
            + (f"  ({', '.join(entry.countries)})" if entry.countries else "")
        )
        click.echo(f"    {' | '.join(entry.aliases)}")
    if not found:
        click.echo(f"nobody is called {' '.join(name)!r} among {len(known):,} actors")
