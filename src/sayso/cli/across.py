"""How events, positions and links look in the terminal; shared by the commands that show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sayso.cli.look import document_name, plain, shorten
from sayso.records.terms import CREDIBILITY, field_name

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from sayso.records import Assessment, Holder, Link, Position

STATUS_COLOURS = {
    "disputed": "red",
    "denied": "red",
    "corroborated": "green",
    "single-source": "yellow",
    "superseded": "bright_black",
}
RELATION_COLOURS = {
    "denies": "red",
    "contradicts": "magenta",
    "retracts": "bright_red",
    "supersedes": "yellow",
    "confirms": "green",
    "repeats": "bright_black",
}


def print_events(out: Console, rows: Iterable[Any]) -> int:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in (("event", 10), ("day", 10), ("what", None), ("status", 13), ("reports", 7), ("informants", 10)):
        table.add_column(
            name,
            max_width=width,
            ratio=None if width else 1,
            overflow="fold",
            justify="right" if name in {"reports", "informants"} else "left",
        )
    count = 0
    for row in rows:
        count += 1
        status = row["status"] or "not weighed"
        table.add_row(
            Text(row["id"][:10], style="cyan"),
            Text(day(row)),
            Text(plain(row["title"])),
            Text(status, style=STATUS_COLOURS.get(status, "")),
            str(row["documents"]),
            str(row["informants"]),
        )
    if count:
        out.print(table)
    out.print(
        Text(
            f"{count} event{'' if count == 1 else 's'}"
            + (" · `sayso event ID` shows one" if count else "; try fewer conditions"),
            style="dim",
        )
    )
    return count


def day(row: Any) -> str:
    first, last = (row["first_day"] or "")[:10], (row["last_day"] or "")[:10]
    return first if first == last or not last else f"{first}…"


def print_assessment(out: Console, found: Assessment, full: bool = True) -> None:
    """One field: its status with the reasons, then each position with those who hold and those who deny it."""
    from rich.padding import Padding
    from rich.text import Text

    head = Text.assemble(
        (field_name(found.field).ljust(14), "bold cyan"),
        (found.status, f"bold {STATUS_COLOURS.get(found.status, 'default')}"),
        (f"  credibility {found.credibility}, {CREDIBILITY[found.credibility]} (proposed)", "dim"),
    )
    out.print(head)
    for reason in found.reasons:
        out.print(Padding(Text(plain(reason.text), style="italic"), (0, 0, 0, 14)))
    for position in found.positions if full else found.positions[:6]:
        out.print(Padding(_position(position), (0, 0, 0, 14)))
        for holder in position.holders[: None if full else 3]:
            out.print(Padding(_holder(holder, False), (0, 0, 0, 18)))
        for holder in position.deniers[: None if full else 3]:
            out.print(Padding(_holder(holder, True), (0, 0, 0, 18)))


def _position(position: Position) -> Text:
    from rich.text import Text

    said = " … ".join(dict.fromkeys(d[:10] for d in (position.first_said, position.last_said) if d))
    counts = (
        f"  {position.informants} informant{'' if position.informants == 1 else 's'}, {position.documents} document{'' if position.documents == 1 else 's'}"
        if position.holders
        else "  held by nobody"
    )
    return Text.assemble(
        (plain(position.value), "bold strike" if position.superseded else "bold"),
        (counts + (f", said {said}" if said else ""), "dim"),
        ("  superseded" if position.superseded else "", "bright_black"),
    )


def _holder(holder: Holder, denies: bool) -> Text:
    from rich.text import Text

    who = shorten(
        holder.speaker or (f"{holder.outlet} in its own voice" if holder.outlet else "in the outlet’s own voice"), 44
    )
    return Text.assemble(
        ("✗ " if denies else "· ", "red" if denies else "dim"),
        (who, ""),
        (" (a party)" if holder.interested else "", "yellow"),
        (f" {holder.stance.replace('_', ' ')}", "dim"),
        (f" “{shorten(holder.span.text, 70)}”", ""),
        (f"  {shorten(document_name(holder.path, None, holder.document[:8]), 28)}:{holder.span.start}", "dim"),
    )


def print_link(
    out: Console, link: Link, who: tuple[str | None, str | None] = (None, None), published: str | None = None
) -> None:
    """One link: who does what to whose words, and why it is thought so."""
    from rich.padding import Padding
    from rich.text import Text

    left, right = who
    out.print(
        Text.assemble(
            (f"{(published or '')[:10]} " if published else "", "dim"),
            (shorten(left or "the outlet", 40), "bold"),
            (f" {link.relation} ", f"bold {RELATION_COLOURS[link.relation]}"),
            (shorten(right or "the outlet", 40), "bold"),
            (f"  {field_name(link.field)} · {link.score:.2f} · event {(link.event or '')[:10]}", "dim"),
        )
    )
    for mark, end in (("“", link.left), ("against “", link.right)):
        name = shorten(document_name(end.path, None, end.document[:8]), 30)
        out.print(
            Padding(
                Text.assemble(f"{mark}{shorten(end.text, 150)}”", (f"  {name}:{end.start}–{end.end}", "dim")),
                (0, 0, 0, 2),
            )
        )
    for reason in link.reasons:
        out.print(Padding(Text(plain(reason.text), style="italic dim"), (0, 0, 0, 4)))
