"""`sayso agreement`: how far people agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.options import ledger_option

if TYPE_CHECKING:
    from sayso.ledger.agreement import Agreement


@click.command()
@ledger_option
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(ledger_path: str, form: str) -> None:
    """Say how far people agree who judged the same: Krippendorff’s alpha (nominal), percentage agreement, and what they disagree about.

    Each person’s last decision counts; `unsure` is no decision, and adjudications are left out of the figures.
    """
    from sayso.ledger import open_ledger
    from sayso.ledger.agreement import agreement, agreement_record

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        found = agreement_record(connection)
        kinds = agreement(connection)
    if form == "jsonl":
        for row in (*found["kinds"], *found["disagreements"]):
            click.echo(json.dumps(row, ensure_ascii=False))
        return
    for one in kinds:
        click.echo(_told(one))
    for row in found["disagreements"]:
        click.echo(_differing(row))


def _told(one: Agreement) -> str:
    what = {"all": "in all", "name": "names", "event": "events", "claim": "claims"}.get(one.kind, one.kind)
    unsure = f"; {one.unsure} times unsure" if one.unsure else ""
    if one.percent is None:
        return f"{what:<7} {one.why}{unsure}"
    figure = f"alpha {one.alpha:.3f}" if one.alpha is not None else f"alpha undefined: {one.why}"
    pairs = f"{one.pairs} pair{'' if one.pairs == 1 else 's'}"
    return f"{what:<7} {one.units} judged by two or more of {one.people} people, {pairs}, {one.percent:.1f}% agree, {figure}{unsure}"


def _differing(row: dict[str, Any]) -> str:
    from sayso.cli.look import plain

    said = ", ".join(f"{d['person']} {d['decision']}" for d in row["decisions"])
    ruled = row["adjudicated"]
    end = f"adjudicated by {ruled['person']}: {ruled['decision']}" if ruled else "not adjudicated"
    return f"  {plain(row['told'])}: {plain(said)} ({plain(end)})"
