"""`sayso verify`: whether an evidence bag is as it was made."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli.options import certificates_of

_WORDS = {"holds": "holds", "altered": "ALTERED", "missing": "MISSING", "added": "ADDED", "note": "note"}
_COLOURS = {"holds": "green", "note": "yellow"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.pem",
    help="The time-stamping authority’s certificates, to check its signature with.",
)
@click.option("--sha256", metavar="HASH", help="The file’s SHA-256 as it was noted when it was made.")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
def command(file: Path, authority: Path | None, sha256: str | None, form: str) -> None:
    """Say in plain words what in an evidence bag (`sayso bundle`) holds and what was altered, is missing or was added.

    It needs no ledger and no network. Exit code 1 when anything is not as it was made.
    """
    import json

    from sayso.errors import DataError, LimitError
    from sayso.evidence import verify

    _check_kind(file)
    certificates = certificates_of(authority)
    try:
        findings = verify(file, certificates, sha256)
    except LimitError as error:
        raise DataError(f"cannot check {file}: {error}") from error
    for finding in findings:
        if form == "jsonl":
            click.echo(json.dumps({"status": finding.status, "text": finding.text}, ensure_ascii=False))
        else:
            colour = _COLOURS.get(finding.status, "red")
            click.echo(f"{click.style(f'{_WORDS[finding.status]:8}', fg=colour)} {finding.text}")
    bad = sum(f.bad for f in findings)
    if form == "text":
        click.echo(
            f"{file}: {f'{bad} things are not as they were' if bad > 1 else 'one thing is not as it was'} made"
            if bad
            else f"{file} is as it was made"
        )
    if bad:
        raise click.exceptions.Exit(1)


def _check_kind(file: Path) -> None:
    """Raises DataError for what was never a bag. One that was altered or cut short still holds this name somewhere."""
    import mmap

    from sayso.errors import DataError
    from sayso.ledger.archive.kept import MANIFEST

    with file.open("rb") as opened:
        if file.stat().st_size == 0:
            raise DataError(f"{file} is empty; take another copy")
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(b"bagit.txt") >= 0:
                return
            kind = (
                "an archive of a ledger, which `sayso import` takes"
                if data.find(MANIFEST.encode()) >= 0
                else "no evidence bag"
            )
    raise DataError(f"{file} is {kind}; evidence bags are made by `sayso bundle`")
