"""`sayso export`: what the ledger holds to a file, for spreadsheets, maps, other tools and programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

from sayso.cli.options import ledger_option
from sayso.export import FORMATS, SUBJECTS, WHOLE

if TYPE_CHECKING:
    from sayso.export import LossReport
    from sayso.ledger import SqlLedger

_ONE = {
    "claims": "claim", "events": "event", "entities": "entity", "documents": "document", "links": "link", "origins": "origin",
    "readings": "reading", "corrections": "corrected reading",
}  # fmt: skip


@click.command()
@click.argument("what", type=click.Choice(list(SUBJECTS)))
@ledger_option
@click.option(
    "--format", "form", type=click.Choice([*FORMATS, *WHOLE]), help="By default csv, or jsonl where there are no rows."
)
@click.option(
    "--out",
    type=click.Path(writable=True),
    metavar="FILE",
    help="Where to; standard output otherwise. A data set is a folder.",
)
@click.option(
    "--losses",
    type=click.Path(dir_okay=False, writable=True),
    metavar="FILE",
    help="Write what the format could not hold, with all ids, as JSON.",
)
def command(what: str, ledger_path: str, form: str | None, out: str | None, losses: str | None) -> None:
    """Write all claims, events, entities, documents, links or origins, with exact words and offsets (code points, end exclusive).

    `readings`: every document with all that was read in it; `corrections`: those on whose claims people decided, with their
    decisions applied, to train readers on; `ledger`: everything, also as an `archive` that `sayso import` takes in again, or as a
    `dataset`, a folder of Parquet tables. What a format cannot hold is said at the end.
    """
    import json
    from pathlib import Path

    from sayso.errors import UsageError
    from sayso.export import check, default_format, target
    from sayso.ledger import open_ledger

    form = form or default_format(what)
    out = None if out == "-" else out
    check(what, form)
    if out is None and form in WHOLE:
        raise UsageError(f"name where the {form} goes with --out {'FOLDER' if form == 'dataset' else 'FILE.zip'}")
    if out is None and FORMATS[form].ending in {"zip", "parquet"} and sys.stdout.isatty():
        raise UsageError(f"{form} is nothing that a terminal can show: name a file with --out FILE")
    if losses:
        target.check(Path(losses))
        if out and Path(losses).resolve() == Path(out).resolve():
            raise UsageError(f"--out and --losses both name {losses}; the losses need a file of their own")
    with open_ledger(ledger_path, readonly=True) as ledger:
        report = _write(ledger, what, form, out)
    if losses:
        with target.writing(Path(losses)) as file:
            file.write(json.dumps(report.record(), ensure_ascii=False, indent=1).encode() + b"\n")
    click.echo(f"{_counted(report.rows, what, form)} → {out or 'standard output'} ({form})", err=True)
    for loss in report.told():
        click.echo(f"note: {loss}", err=True)


def _write(ledger: SqlLedger, what: str, form: str, out: str | None) -> LossReport:
    from pathlib import Path

    from sayso.export import LossReport, records, write

    with ledger.snapshot() as connection:
        if form == "dataset":
            from sayso.export.interchange.dataset import write_dataset

            return write_dataset(connection, Path(str(out)))
        with _target(out) as file:
            if form == "archive":
                from sayso.ledger.archive.writing import write_archive

                return LossReport(rows=write_archive(connection, file).documents)
            return write(records(what, connection), file, form)


@contextmanager
def _target(out: str | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears under its name when it is complete."""
    from pathlib import Path

    from sayso.export import target

    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with target.writing(Path(out)) as file:
        yield file


def _counted(rows: int, what: str, form: str) -> str:
    """ "9 readings", "1 event", "291 entities of the ledger"."""
    from sayso.export.phrases import many

    if what == "ledger":
        return f"{many(rows, {'archive': 'document', 'dataset': 'row', 'ftm': 'entity', 'stix': 'object'}.get(form, 'record'))} of the ledger"
    return many(rows, _ONE[what])
