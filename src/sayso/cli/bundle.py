"""`sayso bundle`: what events or documents rest on, as evidence in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.cli.options import certificates_of, ledger_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sayso.evidence import Stamp


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="EVENT|DOCUMENT…")
@ledger_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE.zip",
    help="The file to write.",
)
@click.option("--stamp", "address", metavar="URL", help="Have a time-stamping authority (RFC 3161) sign its hash.")
@click.option(
    "--authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.pem",
    help="The authority’s certificates: its answer is checked with them, and they are kept in the bag.",
)
@click.option(
    "--by", "person", envvar="SAYSO_PERSON", help="Who makes it, for the bag’s own record; nobody by default."
)
@click.option("--note", help="What it is for, for the bag’s own record.")
def command(
    what: tuple[str, ...],
    ledger_path: str,
    out: Path,
    address: str | None,
    authority: Path | None,
    person: str | None,
    note: str | None,
) -> None:
    """Write a BagIt bag with the originals of EVENTs or DOCUMENTs, their hashes and retrieval records, readings, claims,
    judgements and a readable report, as the Berkeley Protocol asks. `sayso verify FILE.zip` says later whether anything was altered.

    An event brings all documents that tell of it; a document, all events that it tells of. With --stamp only a hash is sent.
    """
    from datetime import UTC, datetime

    from sayso.errors import UsageError
    from sayso.evidence import ask, choose, payload, write_bag
    from sayso.export import target
    from sayso.export.phrases import many
    from sayso.ledger import open_ledger

    if authority and not address:
        raise UsageError("--authority goes with --stamp URL")
    certificates = certificates_of(authority)
    made: list[Stamp] = []

    def stamped(manifest: bytes) -> Iterable[tuple[str, bytes]]:
        if not address:
            return ()
        found, files = ask(manifest, address, _post, certificates)
        made.append(found)
        return files

    with (
        open_ledger(ledger_path, readonly=True) as ledger,
        ledger.snapshot() as connection,
        target.writing(out) as file,
    ):
        chosen = choose(ledger, connection, what)
        facts = (
            ("Bagging-Date", f"{datetime.now(UTC):%Y-%m-%d}"),
            ("Contact-Name", person or ""),
            ("External-Description", note or "Who says what of conflict events, and what it rests on"),
            *(("External-Identifier", event) for event in chosen.asked),
        )
        sealed = write_bag(file, _folder(out), payload(ledger, connection, chosen), facts, stamped)
    click.echo(
        f"{many(len(chosen.documents), 'document')}, {many(len(chosen.events), 'event')}: {sealed.files} files → {out} ({sealed.size:,} bytes)"
    )
    click.echo(f"SHA-256 {sealed.sha256}; note it where nobody can change it: it shows that this is the file you made")
    for found in made:
        how = (
            "its signature holds"
            if found.trusted
            else "not checked: give the authority’s certificates with --authority"
        )
        click.echo(f"time stamp: {found.told}; {how}")


def _folder(out: Path) -> str:
    import re

    return re.sub(r"[^\w.-]+", "_", out.stem).strip("._") or "evidence"


def _post(url: str, body: bytes) -> bytes:
    """Public addresses only, as for everything that is fetched. Raises IngestError."""
    from sayso.errors import IngestError
    from sayso.evidence.stamp import QUERY_TYPE, REPLY_TYPE
    from sayso.ingest.fetch import Fetcher
    from sayso.settings import Limits

    try:
        answer = Fetcher(Limits()).post(url, body, {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE})
    except IngestError as error:
        raise IngestError(f"cannot ask {url} for a time stamp: {error}") from error
    if answer.status != 200:
        raise IngestError(f"cannot get a time stamp from {url}: it answered {answer.status}; ask another authority")
    return answer.body
