"""`sayso judge`: a person's decision."""

from __future__ import annotations

import getpass
import re
from typing import TYPE_CHECKING

import click

from sayso.cli.options import ledger_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sayso.records import Correction


def _spans(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    found = []
    for value in values:
        match = re.fullmatch(r"(\d{1,12}):(\d{1,12})", value)
        if match is None:
            raise click.BadParameter(
                f"{value!r} is no span; write START:END in characters of the text, such as 120:134"
            )
        found.append((int(match[1]), int(match[2])))
    return tuple(found)


@click.command()
@click.argument("decision", type=click.Choice(["same", "different", "accept", "correct", "reject", "unsure"]))
@click.argument("left", metavar="A")
@click.argument("right", metavar="B", required=False)
@ledger_option
@click.option(
    "--type", "type_", type=click.Choice(["person", "organisation", "place"]), help="Where names are of several types."
)
@click.option("--stance", help="`correct`: what its speaker does (asserts, denies, accuses …).")
@click.option("--speaker", help="`correct`: who says it; “” for the outlet’s own voice.")
@click.option(
    "--span",
    "spans",
    callback=_spans,
    multiple=True,
    metavar="START:END",
    help="`correct`: its words, in characters of the text; repeatable.",
)
@click.option("--holds/--denies", default=None, help="`correct`: whether the speaker holds it or denies it.")
@click.option("--adjudicate", is_flag=True, help="Settle what others disagree about: it outranks their decisions.")
@click.option("--note", help="Why.")
@click.option("--by", "person", envvar="SAYSO_PERSON", help="Who decides; by default the name of the account.")
def command(
    decision: str,
    left: str,
    right: str | None,
    ledger_path: str,
    type_: str | None,
    stance: str | None,
    speaker: str | None,
    spans: tuple[tuple[int, int], ...],
    holds: bool | None,
    adjudicate: bool,
    note: str | None,
    person: str | None,
) -> None:
    """Decide: A and B are the `same` or `different`; `accept`, `correct` or `reject` a claim; or be `unsure` of either.

    A and B are names, or ids of events; with `different EVENT DOCUMENT` that document’s part is taken out of the event.
    A claim is named by its id; `correct CLAIM VALUE` gives the value that its words really hold, and the options what else
    was read wrongly; `reject` leaves it out of all counts. `unsure` is recorded and changes nothing.

    Of several people on one item the last decision of each counts; where they disagree none takes effect until somebody
    adjudicates. Judgements are kept for good, outlive every re-run, and `sayso undo N` takes one back.
    """
    from sayso import pipeline
    from sayso.ledger import open_ledger
    from sayso.records import Correction

    told = Correction(right if decision == "correct" else None, stance, holds, speaker, spans)
    _check(decision, right, told)
    open_ledger(ledger_path, readonly=True).close()
    with open_ledger(ledger_path) as ledger:
        with ledger.engine.connect() as connection:
            pairs, words = _found(connection, decision, left, right, type_)
        numbers = pipeline.judge_all(
            ledger,
            decision,
            pairs,
            note,
            person or getpass.getuser(),
            correction=told if decision == "correct" else None,
            adjudicates=adjudicate,
        )
    if len(numbers) == 1:
        click.echo(f"judgement {numbers[0]}: {decision} {words}; `sayso undo {numbers[0]}` takes it back")
    else:
        click.echo(
            f"judgements {numbers[0]} to {numbers[-1]}: {decision}, {right} from each other document of event {left}; "
            f"`sayso undo {numbers[0]}` takes them all back"
        )


def _check(decision: str, right: str | None, told: Correction) -> None:
    if decision in {"same", "different"} and right is None:
        raise click.UsageError(f"`judge {decision}` needs two: sayso judge {decision} A B")
    if decision in {"accept", "reject"} and right is not None:
        raise click.UsageError(f"`judge {decision}` takes one claim, and {right!r} is one too many")
    if decision == "correct" and told.empty:
        raise click.UsageError(
            "`judge correct` needs the value: sayso judge correct CLAIM VALUE; or --stance, --speaker, --span, --holds, --denies"
        )
    if decision != "correct" and not told.empty:
        raise click.UsageError("--stance, --speaker, --span, --holds and --denies go with `judge correct`")


def _found(
    connection: Connection, decision: str, left: str, right: str | None, type_: str | None
) -> tuple[list[tuple[str, str | None]], str]:
    """The refs of what is judged, and the first in words."""
    from sayso.ledger import refs

    pairs: list[tuple[str, str | None]]
    if decision == "correct" or right is None:
        pairs = [(refs.claim_ref(connection, left), None)]
    else:
        pairs = list(refs.pair_refs(connection, left, right, type_))
        if decision == "same" and len(pairs) > 1:
            raise click.UsageError(f"{right!r} is a document of that event already")
    return pairs, " and ".join(refs.told(connection, r) for r in pairs[0] if r)
