"""`sayso judge`: a person's decision."""

from __future__ import annotations

import getpass

import click

from sayso.cli.options import ledger_option


@click.command()
@click.argument("decision", type=click.Choice(["same", "different", "accept", "correct", "reject"]))
@click.argument("left", metavar="A")
@click.argument("right", metavar="B", required=False)
@ledger_option
@click.option(
    "--type", "type_", type=click.Choice(["person", "organisation", "place"]), help="Where names are of several types."
)
@click.option("--note", help="Why.")
@click.option("--by", "person", envvar="SAYSO_PERSON", help="Who decides; by default the name of the account.")
def command(
    decision: str,
    left: str,
    right: str | None,
    ledger_path: str,
    type_: str | None,
    note: str | None,
    person: str | None,
) -> None:
    """Decide: A and B are the `same` or `different`; `accept`, `correct` or `reject` a claim.

    A and B are names, or ids of events; with `different EVENT DOCUMENT` that document’s part is taken out of the event.
    A claim is named by its id; `correct CLAIM VALUE` gives the value that its words really hold; `reject` leaves it out of
    all counts. Judgements are kept for good, outlive every re-run, and `sayso undo N` takes one back.
    """
    from sayso import pipeline
    from sayso.ledger import open_ledger, refs

    if decision in {"same", "different"} and right is None:
        raise click.UsageError(f"`judge {decision}` needs two: sayso judge {decision} A B")
    if decision == "correct" and right is None:
        raise click.UsageError("`judge correct` needs the value: sayso judge correct CLAIM VALUE")
    open_ledger(ledger_path, readonly=True).close()
    with open_ledger(ledger_path) as ledger:
        with ledger.engine.connect() as connection:
            if decision in {"same", "different"}:
                pairs: list[tuple[str, str | None]] = list(refs.pair_refs(connection, left, right or "", type_))
                if decision == "same" and len(pairs) > 1:
                    raise click.UsageError(f"{right!r} is a document of that event already")
            else:
                pairs = [(refs.claim_ref(connection, left), None)]
            told = " and ".join(refs.told(connection, r) for r in pairs[0] if r)
        words = right if decision == "correct" else note
        numbers = pipeline.judge_all(ledger, decision, pairs, words, person or getpass.getuser())
    if len(numbers) == 1:
        click.echo(f"judgement {numbers[0]}: {decision} {told}; `sayso undo {numbers[0]}` takes it back")
    else:
        click.echo(
            f"judgements {numbers[0]} to {numbers[-1]}: {decision}, {right} from each other document of event {left}; "
            f"`sayso undo {numbers[0]}-{numbers[-1]}` takes them back"
        )
