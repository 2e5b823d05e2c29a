"""`sayso import`: archives of ledgers, evidence bags, and corrections made in other tools, into the ledger."""

from __future__ import annotations

import getpass
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from sayso.cli.options import ledger_option

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from sayso.export.returned import Return
    from sayso.ledger import SqlLedger


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE…", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@ledger_option
@click.option("--by", "person", envvar="SAYSO_PERSON", help="Who corrected; by default the name of the account.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--no-link", is_flag=True, help="Only take in; `sayso link` finds later how documents go together.")
@click.option("--quiet", is_flag=True, help="No progress.")
def command(
    files: tuple[Path, ...], ledger_path: str, person: str | None, dry_run: bool, no_link: bool, quiet: bool
) -> None:
    """Take in FILEs, each for what it is: an archive of a ledger (`sayso export ledger --format archive`), an evidence bag
    (`sayso bundle`), or claims that were corrected in brat (zip) or Label Studio (JSON) and become judgements.

    An archive into an empty ledger makes the same ledger; one that holds documents gets what is new. Stop it whenever you like,
    run it again to go on.
    """
    from sayso.cli.progress import linking
    from sayso.errors import DataError, IngestError, SaysoError
    from sayso.ledger import open_ledger, shown
    from sayso.pipeline import link_and_weigh

    whole = False
    fault: SaysoError | None = None
    for file in files:
        try:
            with _archive_in(file) as archive:
                if archive is None:
                    _corrections(file, ledger_path, person or getpass.getuser(), dry_run)
                else:
                    _restore(file, archive, ledger_path, dry_run, quiet)
                    whole = not dry_run
        except (DataError, IngestError) as error:
            fault = DataError(f"cannot import {file}: {error}")
        except SaysoError as error:
            fault = error
        if fault:
            break  # what came before it is linked all the same
    if whole and not no_link:
        with open_ledger(ledger_path) as ledger, linking(quiet) as tell:  # opened anew: it knows the actors that came
            links, fields = link_and_weigh(ledger, tell)
        if not quiet:
            click.echo(f"{links:,} links between claims, {fields:,} fields weighed → {shown(ledger_path)}")
    if fault:
        raise fault


@contextmanager
def _archive_in(file: Path) -> Iterator[BinaryIO | None]:
    """The archive that the file is, or that stands in the bag that it is; null for any other file. Raises DataError."""
    from sayso.errors import DataError
    from sayso.evidence import archive_of, verify
    from sayso.ledger.archive.kept import MANIFEST

    if not zipfile.is_zipfile(file):
        _check_json(file)
        yield None
        return
    try:
        with zipfile.ZipFile(file) as opened:
            names = opened.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise DataError(f"it is damaged ({error})") from error
    if MANIFEST in names:
        with file.open("rb") as stream:
            yield stream
    elif any(n.count("/") == 1 and n.endswith("/bagit.txt") for n in names):
        if bad := [f for f in verify(file) if f.bad]:
            raise DataError(f"the bag is not as it was made: {bad[0].text}; `sayso verify {file}` says more")
        with archive_of(file) as stream:
            yield stream
    else:
        yield None


def _check_json(file: Path) -> None:
    """Raises DataError for what begins like nothing that can be imported."""
    from sayso.errors import DataError

    with file.open("rb") as opened:
        begin = opened.read(1_000).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not begin:
        raise DataError("it is empty; take another copy")
    if begin.startswith(b"PK"):
        raise DataError("it begins like a zip archive but is cut short or damaged; take another copy")
    if begin[:1] not in b"[{":
        raise DataError(
            "it is none of what can be imported: an archive (`sayso export ledger --format archive`), a bag (`sayso bundle`), "
            "brat’s folder as zip, Label Studio’s JSON"
        )


def _restore(file: Path, archive: BinaryIO, ledger_path: str, dry_run: bool, quiet: bool) -> None:
    from sayso.export.phrases import many
    from sayso.ledger import open_ledger, shown
    from sayso.ledger.archive.opening import open_archive
    from sayso.ledger.archive.restoring import read_archive

    if dry_run:
        with open_archive(archive) as opened:
            opened.check()
            rows = {n.removesuffix(".jsonl"): m.rows or 0 for n, m in opened.manifest.members.items()}
        held = (many(rows[n], n[:-1]) for n in ("documents", "readings", "judgements", "failures"))
        click.echo(f"{file} holds {', '.join(held)}; nothing was imported")
        return
    with open_ledger(ledger_path) as ledger, _storing(quiet) as tell:
        done = read_archive(archive, ledger, tell, _settle)
    if not quiet:
        click.echo(
            f"{file}: {done.documents:,} new, {done.known:,} known already; "
            f"{many(done.readings, 'reading')}, {many(done.judgements, 'judgement')} added → {shown(ledger_path)}"
        )
        if done.renumbered:
            click.echo(
                "note: judgements have other numbers here than where they were made; `sayso judgements` lists them"
            )


def _settle(connection: Connection, refs: list[str]) -> None:
    """Judgements that came with an archive take effect on what is linked already; linking does the rest."""
    from sayso.link import relink

    kinds: dict[str, list[str]] = {"name": [], "event": [], "claim": []}
    for ref in refs:
        kind, _, rest = ref.partition(":")
        kinds[kind].append(rest)
    pairs = {kind: [(d, r) for d, _, r in (ref.partition("/") for ref in kinds[kind])] for kind in ("event", "claim")}
    relink(connection, kinds["name"], pairs["event"], pairs["claim"])


@contextmanager
def _storing(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sayso.cli.look import console

    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total)


# -- corrections --------------------------------------------------------------------------------------------------


def _corrections(file: Path, ledger_path: str, person: str, dry_run: bool) -> None:
    from sayso import pipeline
    from sayso.export.phrases import many
    from sayso.export.returned import returned
    from sayso.ledger import open_ledger

    open_ledger(ledger_path, readonly=True).close()  # corrections are of documents that are there
    with open_ledger(ledger_path, readonly=dry_run) as ledger:
        with ledger.snapshot() as connection:
            every = returned(file, connection, lambda missed: click.echo(f"note: {missed}", err=True))
            found = [one for one in every if not _stands(connection, one, person)]
            lines = [_told(connection, one) for one in found]
        for one, line in zip(found, lines, strict=True):
            number = "" if dry_run else f"judgement {_judge(ledger, one, person, pipeline.judge_all)}: "
            click.echo(f"{number}{line}")
    made = "would be made" if dry_run else f"by {person}"
    if every:
        stood = f"; {len(every) - len(found)} stood already" if len(found) < len(every) else ""
        click.echo(f"{file}: {many(len(found), 'judgement')} {made}{stood}")
    else:
        click.echo(f"{file}: nothing was changed in it")


def _stands(connection: Connection, one: Return, person: str) -> bool:
    """Whether that is what this person decided last: a file may be imported again."""
    from sayso.ledger import judging

    return any(
        (last := judging.opinions(rows).get(" ".join(person.split()))) is not None
        and (last.decision, last.correction) == (one.decision, one.correction)
        for rows in judging.on_refs(connection, [one.ref]).values()
    )


def _judge(ledger: SqlLedger, one: Return, person: str, judge_all: Callable[..., list[int]]) -> int:
    return judge_all(ledger, one.decision, [(one.ref, None)], one.note, person, correction=one.correction)[0]


def _told(connection: Connection, one: Return) -> str:
    """The decision, with the claim as it was read and as it is said to be."""
    from sqlalchemy import and_, select

    from sayso.cli.look import plain, shorten
    from sayso.ledger import schema
    from sayso.records.terms import correction_words, field_name

    document, _, claim = one.ref.partition(":")[2].partition("/")
    c, d = schema.claims.c, schema.documents.c
    query = (
        select(c.field, c.value, c.stance, c.speaker_name, c.words)
        .join(schema.documents, and_(d.id == c.document_id, d.current_run == c.run_id))
        .where(c.document_id == document, c.id == claim)
    )
    row = connection.execute(query).one()
    was = f"{row.speaker_name or 'the outlet'} {row.stance}, {field_name(row.field)}: {row.value} “{shorten(row.words, 60)}”"
    now = f" → {correction_words(one.correction)}" if one.correction else ""
    return plain(f"{one.decision} {claim[:10]} {was}{now}")
