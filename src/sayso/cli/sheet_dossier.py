"""A dossier, laid out for the terminal."""

from __future__ import annotations

from typing import Any

from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from sayso.cli.look import console, document_name, plain, shorten

_TITLES = {
    "leaders": "Leaders, as told",
    "strength": "Strength, as told",
    "founding": "Founding, as told",
    "symbols": "Symbols, as told",
    "designations": "Designations, as told",
    "ties": "Ties and names, as told",
}


def print_dossier(found: dict[str, Any]) -> None:
    out = console()
    out.print(Rule(Text(plain(found["name"]), style="bold"), align="left"))
    out.print(
        Text(
            f"{found['type']} · {found['mentions']}{'' if found['all_mentions'] else ' or more'} mentions in {found['documents']} documents",
            style="dim",
        )
    )
    names = ", ".join(f"{plain(n['name'])} ({n['documents']})" for n in found["names"])
    out.print(Text.assemble(("in the reports   ", "cyan"), names))
    for entry in found["registry"]:
        place = f", {', '.join(entry['countries'])}" if entry["countries"] else ""
        part = f", part of {entry['part_of']}" if entry["part_of"] else ""
        out.print(
            Text.assemble(
                ("in the registry  ", "cyan"),
                f"{entry['name']} ({entry['kind'].replace('_', ' ')}{place}{part}): {shorten(' · '.join(entry['aliases']), 300)}",
                ("  " + entry["source"], "dim"),
            )
        )
    for other in found["perhaps_also"]:
        out.print(
            Text.assemble(
                ("perhaps also     ", "cyan"),
                plain(other["name"]),
                (f"  {other['score']:.2f}; `sayso judge same|different` settles it", "dim"),
            )
        )
    for aspect, title in _TITLES.items():
        if found[aspect]:
            out.print(Text("\n" + title, style="bold underline"))
        for item in found[aspect]:
            _item(item["text"], item)
    for key, title in (
        ("deeds", "What it is said to have done, or denies"),
        ("suffered", "What it is said to have suffered"),
    ):
        if found[key]:
            out.print(Text("\n" + title, style="bold underline"))
        for item in found[key]:
            sign = "" if item["holds"] else "not: "
            event = f" [{item['event'][:10]}]" if item["event"] else ""
            _item(
                f"{sign}{(item['event_type'] or '').replace('_', ' ')} · {item['field'].replace('_', ' ')}: {item['value']}{event} — {item['stance'].replace('_', ' ')}",
                item,
            )
    if found["said"]:
        out.print(Text("\nWhat it says", style="bold underline"))
    for item in found["said"]:
        _item(f"{item['stance'].replace('_', ' ')}: “{shorten(item['text'], 200)}”", {**item, "speaker": None})
    if found["other_names_found"]:
        out.print(Text(f"\nalso found: {', '.join(map(plain, found['other_names_found']))}", style="dim"))


def _item(text: str, item: dict[str, Any]) -> None:
    who = plain(item["speaker"]) if item.get("speaker") else (item["outlet"] or "the report")
    where = (
        f"  {who} · {document_name(item['path'], None, item['document'][:8])} · {(item['published'] or 'undated')[:10]}"
    )
    console().print(Padding(Text.assemble(shorten(text, 300), (where, "dim")), (0, 0, 0, 2)))
