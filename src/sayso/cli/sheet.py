"""One reading, laid out for the terminal: who says what, what happened, what looks damaged."""

from __future__ import annotations

from rich.console import Console, Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from sayso.cli.look import console, plain, shorten, stance_text
from sayso.records import Attribution, Event, Reading

_FIELD = 14


def print_reading(reading: Reading) -> None:
    out = console()
    _head(out, reading)
    _attributions(out, reading)
    _events(out, reading)
    _warnings(out, reading)
    counts = f"{len(reading.claims)} claims · {len(reading.attributions)} attributions · {len(reading.events)} events · {len(reading.warnings)} warnings"
    out.print(Text(f"{counts} · {reading.run.reader} reader {reading.run.version}", style="dim"))
    out.print()


def _head(out: Console, reading: Reading) -> None:
    info = reading.document
    out.print(Rule(Text(plain(info.title or info.path or info.url or "standard input"), style="bold"), align="left"))
    facts = [
        ("outlet", info.outlet),
        ("origin", info.origin),
        ("author", info.author),
        ("published", info.published),
        ("language", info.language),
    ]
    known = " · ".join(f"{name} {plain(value)}" for name, value in facts if value)
    missing = "" if info.published else "no date known: give one with --date"
    out.print(Text(" · ".join(p for p in (known, missing) if p), style="dim"))
    out.print()


def _attributions(out: Console, reading: Reading) -> None:
    if not reading.attributions:
        return
    names = {e.id: e.name for e in reading.entities}
    out.print(Text("Who says what", style="bold underline"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(width=4, style="dim")
    table.add_column(max_width=34)
    table.add_column(min_width=10)
    table.add_column(ratio=1)
    for said in reading.attributions:
        table.add_row(
            said.id, _speaker(said, names), _stance(said), Text(shorten(" … ".join(s.text for s in said.content), 260))
        )
    out.print(table)
    out.print()


def _speaker(said: Attribution, names: dict[str, str]) -> Text:
    if said.source is None:
        return Text("(speaker unexpressed)", style="dim italic")
    text = Text(shorten(said.source.text, 60))
    name = names.get(said.source.entity or "", "")
    if name and name.lower() not in said.source.text.lower():
        text.append(f" = {shorten(name, 30)}", style="dim")
    if said.via:
        text.append(f" (in {said.via})", style="dim")
    return text


def _stance(said: Attribution) -> Text:
    text = stance_text(said.stance)
    if said.negated:
        text.append(" (negated)", style="dim")
    return text


def _events(out: Console, reading: Reading) -> None:
    if not reading.events:
        return
    names = {m.id: m.text for m in reading.mentions}
    out.print(Text("What is said to have happened", style="bold underline"))
    for event in reading.events:
        out.print(Padding(_event(event, names), (0, 0, 0, 2)))
    out.print()


def _event(event: Event, names: dict[str, str]) -> Group:
    head = Text.assemble(
        (event.id, "dim"),
        " ",
        (event.type.replace("_", " "), "bold"),
        " ",
        (", ".join(f"“{plain(t.text)}”" for t in event.shown[:6]), "dim"),
    )
    lines = [head]
    for realis in event.realis:
        if realis.value != "happened":
            lines.append(_line("realis", realis.value, realis.attribution))
    known = {r.entity for r in event.responsibility}
    for role in ("actor", "actor_organisation", "recipient", "victim", "target", "instrument"):
        for argument in (a for a in event.arguments if a.role == role):
            if role == "actor_organisation" and argument.entity in known:
                continue  # its responsibility is told below, and may be denied
            fate = f" ({argument.fate})" if argument.fate else ""
            lines.append(
                _line(role.replace("actor_organisation", "group"), plain(argument.text) + fate, argument.attribution)
            )
    for when in event.when:
        lines.append(_line("when", f"{plain(names[when.mention])} → {when.start or 'unresolved'}", when.attribution))
    for where in event.where:
        lines.append(
            _line("where", f"{where.name} ({where.precision}, {where.lat:.2f} {where.lon:.2f})", where.attribution)
        )
    for toll in event.casualties:
        lines.append(_line(toll.kind, plain(toll.text), toll.attribution))
    for held in event.responsibility:
        lines.append(
            _line("responsibility", f"{held.confidence.replace('_', ' ')}: {plain(held.text)}", held.attribution)
        )
    return Group(*lines)


def _line(name: str, value: str, attribution: str | None) -> Text:
    return Text.assemble(
        ("   " + name.ljust(_FIELD) + " ", "cyan"),
        value,
        (f"  {attribution}" if attribution else "  in the outlet’s voice", "dim"),
    )


def _warnings(out: Console, reading: Reading) -> None:
    if not reading.warnings:
        return
    out.print(Text("What looks damaged", style="bold underline"))
    for warning in reading.warnings:
        words = f"“{shorten(warning.text, 70)}” " if warning.text else ""
        likely = f" Likely: {plain(warning.suggestion)}." if warning.suggestion else ""
        out.print(
            Padding(
                Text.assemble(
                    (f"{warning.kind.replace('_', ' ')} ", "yellow"), words, (plain(warning.detail) + likely, "dim")
                ),
                (0, 0, 0, 2),
            )
        )
    out.print()
