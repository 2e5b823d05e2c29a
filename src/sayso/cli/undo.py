"""`sayso undo`: take judgements back."""

from __future__ import annotations

import re

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("numbers", nargs=-1, required=True, metavar="N…")
@ledger_option
def command(numbers: tuple[str, ...], ledger_path: str) -> None:
    """Take judgement N back, or several (3, 5-9), each with all that was decided in one with it. They stay in the list, marked, and what they had merged or split is as before."""
    from sayso import pipeline
    from sayso.ledger import open_ledger

    wanted = [n for word in numbers for n in _range(word)]
    open_ledger(ledger_path, readonly=True).close()
    with open_ledger(ledger_path) as ledger:
        fresh = pipeline.undo_all(ledger, wanted)
    for number in sorted(fresh | set(wanted)):
        click.echo(f"judgement {number} is undone" if number in fresh else f"judgement {number} was undone already")


def _range(word: str) -> range:
    match = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
    if not match or int(match[1]) < 1:
        raise click.BadParameter(f"{word!r} is no number of a judgement, nor a range such as 5-9", param_hint="N")
    return range(int(match[1]), int(match[2] or match[1]) + 1)
