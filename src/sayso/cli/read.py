"""`sayso read`: readings of reports, for people or for programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sayso.cli.options import make_settings, reading_options


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="For people, or one JSON reading a line.",
)
@reading_options
def command(
    paths: tuple[str, ...],
    form: str,
    date: str | None,
    outlet: str | None,
    fields: tuple[str, ...],
    overlays: tuple[Path, ...],
    max_size: int | None,
    reader: str,
) -> None:
    """Read reports and show claims, events and warnings. Nothing is stored.

    PATH is a file, a folder, an archive, a web address or - for standard input.
    """
    from sayso.pipeline import read_paths
    from sayso.read import load_reader
    from sayso.records import Failure
    from sayso.records.json import encode_reading

    settings = make_settings(date, outlet, fields, overlays, max_size)
    read_any = False
    for result in read_paths(paths, settings, load_reader(reader, settings)):
        if isinstance(result, Failure):
            click.echo(f"sayso: {result}", err=True)
            continue
        read_any = True
        if form == "jsonl":
            sys.stdout.buffer.write(encode_reading(result) + b"\n")
            sys.stdout.buffer.flush()
        else:
            from sayso.cli.sheet import print_reading

            print_reading(result)
    if not read_any:
        raise click.exceptions.Exit(1)
