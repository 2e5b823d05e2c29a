"""`sayso schema`: the contract of a reading."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """Print the JSON Schema (2020-12) of one line of `sayso read --format jsonl`."""
    import json

    from sayso.records.json import reading_schema

    click.echo(json.dumps(reading_schema(), indent=2, ensure_ascii=False))
