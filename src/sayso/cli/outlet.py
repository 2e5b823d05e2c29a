"""`sayso outlet`: what an outlet printed, from whom it comes, and what others said to it later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sayso.cli.options import ledger_option

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command()
@click.argument("name", nargs=-1)
@ledger_option
@click.option("--limit", type=click.IntRange(1), help="At most so many of each kind. [default: 10; of outlets 100]")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(name: tuple[str, ...], ledger_path: str, limit: int | None, form: str) -> None:
    """Show what outlet NAME reprints from whom, whom it quotes, and which of its claims were answered later; without NAME, list outlets.

    It counts, and says of how many; what follows from that is yours to say.
    """
    import json

    from sayso.export.outlet import outlet
    from sayso.ledger import open_ledger

    with open_ledger(ledger_path, readonly=True) as ledger, ledger.engine.connect() as connection:
        if not name:
            _list(connection, limit or 100, form)
            return
        found = outlet(connection, " ".join(name), limit or 10)
    if form == "jsonl":
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)


def _list(connection: Connection, limit: int, form: str) -> None:
    import json

    from rich.text import Text

    from sayso.cli.look import console, plain
    from sayso.ledger.outlets import outlets

    rows = outlets(connection, limit)
    out = console()
    for row in rows:
        if form == "jsonl":
            click.echo(json.dumps(dict(row), ensure_ascii=False))
        else:
            out.print(Text.assemble((plain(row["outlet"]), "bold"), (f"  {_documents(row)}, {_span(row)}", "dim")))
    if not rows and form == "text":
        out.print(Text("no document of the ledger names its outlet; --outlet of `sayso add` sets it", style="dim"))


def _documents(row: Any) -> str:
    return f"{row['documents']} document{'' if row['documents'] == 1 else 's'}"


def _newest(found: dict[str, Any]) -> str:
    count = found["counted_documents"]
    return f"in its newest {count} documents" if count < found["documents"] else "in all its documents"


def _span(row: Any) -> str:
    days = dict.fromkeys((row[key] or "undated")[:10] for key in ("first", "last"))
    return " to ".join(days)


def _print(found: dict[str, Any]) -> None:
    from rich.rule import Rule
    from rich.text import Text

    from sayso.cli.look import console, plain

    out = console()
    out.print(Rule(Text(plain(found["name"]), style="bold"), align="left"))
    out.print(Text(f"{_documents(found)}, {_span(found)}", style="dim"))
    for key, title in (("reprints", "Has text of"), ("reprinted_by", "Its text is taken over by")):
        _section(
            title,
            [
                f"{r['outlet'] or 'documents of no outlet'}: {_documents(r)} {r['relation']}, mean share {r['mean_share']:.0%}"
                for r in found[key]
            ],
        )
    _section("Credits", [f"{r['origin']}: {_documents(r)}" for r in found["credits"]])
    _section(
        "The very same documents also came from",
        [f"{r['outlet']}: {_documents(r)}" for r in found["same_documents_at"]],
    )
    quoted = [f"{r['name']}: {r['attributions']} attributions in {_documents(r)}" for r in found["quoted"]]
    _section(f"Whom it quotes, {_newest(found)}", quoted)
    stances = ", ".join(f"{stance.replace('_', ' ')} {count}" for stance, count in found["stances"].items())
    _section("What those do", [stances] if stances else [])
    _answered(found)
    told = found["told_first"]
    head = (
        f"Told before other outlets: {told['events']} of {told['of_shared_events']} events that several documents tell"
    )
    _section(
        head, [f"{e['title']} [{e['id'][:10]}]: {e['ours'][:10]}, by others {e['others'][:10]}" for e in told["newest"]]
    )


def _section(title: str, lines: list[str]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from sayso.cli.look import console, shorten

    if lines:
        console().print(Text("\n" + title, style="bold underline"))
    for line in lines:
        console().print(Padding(Text(shorten(line, 300)), (0, 0, 0, 2)))


def _answered(found: dict[str, Any]) -> None:
    from sayso.cli.look import shorten

    words = {"denies": "denied", "contradicts": "contradicted", "retracts": "retracted", "supersedes": "superseded"}
    base = found["claims"]
    lines = [
        f"{words[relation]} by somebody later: {n['claims']} of {base['about_events']} claims about events"
        f" ({n['own_voice']} of {base['own_voice']} in its own voice)"
        for relation, n in found["answered_later"].items()
    ]
    _section(f"Its claims, {_newest(found)}", lines)
    examples = []
    for e in found["examples"]:
        ours, by = e["claim"], e["by"]
        who = by["speaker"] or by["outlet"] or "a report"
        examples.append(
            f"{(by['published'] or '')[:10]} {who} {e['relation']} “{shorten(ours['words'], 90)}”"
            f" ({ours['speaker'] or 'own voice'}, {(ours['published'] or '')[:10]}): “{shorten(by['words'], 90)}”"
        )
    _section("The newest of these", examples)
