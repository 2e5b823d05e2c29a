"""`sayso judgements`: what people have decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sayso.cli.options import ledger_option

if TYPE_CHECKING:
    from sayso.records import Correction


@click.command()
@ledger_option
def command(ledger_path: str) -> None:
    """List all judgements, with what became of them."""
    from sayso.cli.look import plain
    from sayso.ledger import judging, open_ledger, refs

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        rows = ledger.judgements()
        marks = judging.marks(connection)
        for row in rows:
            what = " · ".join(refs.told(connection, r) for r in (row["subject"], row["object"]) if r)
            right = _corrected(judging.judged(row).correction)
            note = (
                f" — {plain(row['note'])}"
                if row["note"] and (row["correction"] or row["decision"] != "correct")
                else ""
            )
            gone = f"  [{', '.join(marks[row['id']])}]" if row["id"] in marks else ""
            decision = row["decision"] + (" (adjudicated)" if row["adjudicates"] else "")
            click.echo(
                f"{row['id']:>4}  {row['at']}  {plain(row['person'])}  {decision:<9} {plain(what)}{plain(right)}{note}{gone}"
            )
    if not rows:
        click.echo("nothing was judged yet; `sayso judge --help` says how")


def _corrected(correction: Correction | None) -> str:
    """What is right, in words: ": 8, denies, held, said by Lysak, characters 12 to 20"."""
    if correction is None:
        return ""
    parts = [correction.value, correction.stance]
    if correction.holds is not None:
        parts.append("held" if correction.holds else "not held")
    if correction.speaker is not None:
        parts.append(f"said by {correction.speaker}" if correction.speaker else "in the outlet’s voice")
    parts += [f"characters {start} to {end}" for start, end in correction.spans]
    return ": " + ", ".join(p for p in parts if p)
