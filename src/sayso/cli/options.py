"""Options that several commands share, and the Settings that they make."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from sayso.errors import UsageError
from sayso.read.reader import DEFAULT_READER, READERS
from sayso.settings import MEGABYTE, Limits, Settings


def ledger_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--ledger",
        "ledger_path",
        default="sayso.db",
        show_default=True,
        metavar="FILE",
        envvar="SAYSO_LEDGER",
        help="The ledger's file, or postgresql://USER@HOST/DATABASE (or set SAYSO_LEDGER).",
    )(function)


def _valid_date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None:
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r} is no date; write it as 2023-05-22") from error
    return value


def date_option(name: str, help_: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, callback=_valid_date, metavar="DATE", help=help_)


def known_value(value: str | None, option: str, known: Collection[str]) -> str | None:
    """The value as the ledger writes it ("air strike" → air_strike). Raises BadParameter with the nearest known one."""
    from difflib import get_close_matches

    if value is None:
        return None
    written = value.strip().replace(" ", "_").replace("-", "_") if value not in known else value
    if written in known:
        return written
    near = get_close_matches(written, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
    raise click.BadParameter(f"{value!r} is not known; {hint}", param_hint=option)


def certificates_of(file: Path | None) -> bytes:
    """What --authority names, in PEM; nothing without it. Raises UsageError for a file that holds no certificate."""
    certificates = file.read_bytes() if file else b""
    if file and b"-----BEGIN CERTIFICATE-----" not in certificates:
        raise UsageError(f"{file} holds no certificate in PEM; ask the authority for its own")
    return certificates


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """--date, --field, --overlay, --outlet, --max-size, --reader."""
    for option in reversed(
        (
            date_option("--date", "Publication date (2023-05-22) of documents whose page or feed states none."),
            click.option("--outlet", metavar="NAME", help="Outlet of documents that name none."),
            click.option(
                "--field",
                "fields",
                multiple=True,
                metavar="OURS=THEIRS",
                help="Column or key of tables and JSON, e.g. text=body; repeatable.",
            ),
            click.option(
                "--overlay",
                "overlays",
                multiple=True,
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="Folder with your own cues, actors, places, event types; repeatable.",
            ),
            click.option(
                "--max-size", type=click.IntRange(1), metavar="MB", help="Largest file that is read. [default: 200]"
            ),
            click.option(
                "--reader",
                type=click.Choice(list(READERS)),
                default=DEFAULT_READER,
                show_default=True,
                help="`compact`: the trained one; `rules`: lexicons only, several times as fast.",
            ),
        )
    ):
        function = option(function)
    return function


def make_settings(
    date: str | None, outlet: str | None, fields: tuple[str, ...], overlays: tuple[Path, ...], max_size: int | None
) -> Settings:
    from sayso.ingest.articles import FIELDS

    pairs = []
    for item in fields:
        ours, equals, theirs = item.partition("=")
        if not equals or not theirs:
            raise click.BadParameter(f"{item!r} is not OURS=THEIRS, e.g. text=body", param_hint="--field")
        if ours.strip() not in FIELDS:
            raise click.BadParameter(
                f"{ours!r} is no field of ours; there are: {', '.join(FIELDS)}", param_hint="--field"
            )
        pairs.append((ours.strip(), theirs.strip()))
    limits = Limits() if max_size is None else replace(Limits(), file_bytes=max_size * MEGABYTE)
    return Settings(date=date, outlet=outlet, fields=tuple(pairs), overlays=overlays, limits=limits)
