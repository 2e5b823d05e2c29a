"""`sayso judgements`: what people have decided."""

from __future__ import annotations

import click

from sayso.cli.options import ledger_option


@click.command()
@ledger_option
def command(ledger_path: str) -> None:
    """List all judgements, with what became of them."""
    from sayso.cli.look import plain
    from sayso.ledger import judging, open_ledger, refs
    from sayso.records.terms import correction_words

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        rows = ledger.judgements()
        marks = judging.marks(connection)
        for row in rows:
            what = " · ".join(refs.told(connection, r) for r in (row["subject"], row["object"]) if r)
            correction = judging.judged(row).correction
            right = f": {correction_words(correction)}" if correction else ""
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
