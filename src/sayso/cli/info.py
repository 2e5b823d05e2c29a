"""`sayso info`: what the ledger holds, and which program reads."""

from __future__ import annotations

from pathlib import Path

import click

from sayso import __version__
from sayso.cli.options import ledger_option


@click.command()
@ledger_option
def command(ledger_path: str) -> None:
    """Say what the ledger holds, and which reader, ontology and gazetteer are in use."""
    from sayso.errors import WeightsError
    from sayso.gazetteer import default_gazetteer
    from sayso.ledger import open_ledger, shown
    from sayso.ledger.address import on_server
    from sayso.ontology import load_ontology
    from sayso.read import DEFAULT_READER, READERS, load_reader

    ontology = load_ontology()
    click.echo(f"sayso {__version__}")
    for name in READERS:
        try:
            reader = load_reader(name)
        except WeightsError as error:
            click.echo(f"reader     {name} cannot be used: {error}")
            continue
        digest = reader.weights_sha256
        weights = f", weights {digest[:12]}…" if digest else ""
        click.echo(f"reader     {name} {reader.version}{weights}{' (default)' if name == DEFAULT_READER else ''}")
    click.echo(
        f"ontology   {len(ontology.event_types)} event types, {len(ontology.cues)} cues, {len(ontology.stances)} stances"
    )
    click.echo(f"gazetteer  {len(default_gazetteer()):,} places (GeoNames, CC BY 4.0; countrystatecity, ODbL 1.0)")
    if not on_server(ledger_path) and not Path(ledger_path).exists():
        click.echo(f"ledger     none at {ledger_path} yet; `sayso add FILES` makes it")
        return
    with open_ledger(ledger_path, readonly=True) as ledger:
        size = "" if on_server(ledger_path) else f" ({Path(ledger_path).stat().st_size:,} bytes)"
        click.echo(f"ledger     {shown(ledger_path)}{size}")
        for name, count in ledger.counts().items():
            click.echo(f"  {name:<13}{count:>10,}")
        for run in ledger.runs():
            click.echo(f"  run {run['id']}: {run['reader']} {run['version']} {run['options']} since {run['started']}")
