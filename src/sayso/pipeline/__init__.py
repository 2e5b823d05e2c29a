"""The order of the stages, and the only module that knows it: ingest → read → ledger → link → weigh."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import NotFoundError
from sayso.ingest import load
from sayso.ledger import SqlLedger, correcting, judging
from sayso.ledger.rows import Prepared, prepare
from sayso.link import link, relink, settle, unlink, unsettled
from sayso.read import Reader, load_reader, read_one
from sayso.records import Correction, Document, Failure, Reading
from sayso.settings import Settings
from sayso.weigh import weigh, weigh_some

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH_DOCUMENTS = 32
_BATCH_SECONDS = 1.0
"""a batch is committed when either is reached: a stop costs at most this much work, never what was acknowledged"""
_MOMENT = 0.5
"""seconds of weighing in the transaction that records a decision"""


@dataclass(slots=True)
class Tally:
    """What an `add` did. documents: new ones; copies: known documents that came another way; known: nothing new."""

    documents: int = 0
    copies: int = 0
    known: int = 0
    failures: int = 0
    claims: int = 0
    failed: list[Failure] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.documents + self.copies + self.known + self.failures


def read_paths(
    paths: Iterable[str | Path], settings: Settings | None = None, reader: Reader | None = None
) -> Iterator[Reading | Failure]:
    """Readings and failures of everything that the paths hold, as they are ready, in sorted order of paths."""
    settings = settings or Settings()
    chosen = reader or load_reader(settings=settings)
    for document in load(paths, settings):
        yield document if isinstance(document, Failure) else read_one(document, chosen)


def add_paths(
    paths: Iterable[str | Path],
    ledger: SqlLedger,
    settings: Settings | None = None,
    reader: Reader | None = None,
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """Read everything that the paths hold into the ledger. Stop it at any instant: running it again goes on.

    progress: called with the tally so far and the name of each input when it is safely in the ledger.
    """
    settings = settings or Settings()
    chosen = reader or load_reader(settings=settings)
    return add_documents(load(paths, settings), ledger, chosen, options_of(settings), progress)


def add_documents(
    documents: Iterable[Document | Failure],
    ledger: SqlLedger,
    reader: Reader,
    options: str = "",
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """As `add_paths`, for documents in hand."""
    run = ledger.run_id(reader.name, reader.version, reader.weights_sha256, options)
    return store(_readings(documents, ledger, reader, run), ledger, run, progress)


def store(
    results: Iterable[tuple[Document, Prepared | None] | Failure],
    ledger: SqlLedger,
    run: int,
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """Write what was read into the ledger as it comes, in this order. A document without a reading has this run's already."""
    tally = Tally()
    batch: list[tuple[Document, Prepared | None]] = []
    since = time.monotonic()
    for result in results:
        if isinstance(result, Failure):
            ledger.fail(result)
            tally.failures += 1
            tally.failed.append(result)
            _tell(progress, tally, result.path)
            continue
        batch.append(result)
        if len(batch) >= _BATCH_DOCUMENTS or time.monotonic() - since > _BATCH_SECONDS:
            _commit(ledger, batch, run, tally, progress)
            batch, since = [], time.monotonic()
    if batch:
        _commit(ledger, batch, run, tally, progress)
    return tally


def _readings(
    documents: Iterable[Document | Failure], ledger: SqlLedger, reader: Reader, run: int
) -> Iterator[tuple[Document, Prepared | None] | Failure]:
    """What `store` takes; what the ledger holds of this run is not read again."""
    for document in documents:
        if isinstance(document, Failure):
            yield document
        elif ledger.has_reading(document, run):
            yield document, None
        else:
            reading = read_one(document, reader)
            yield reading if isinstance(reading, Failure) else (document, prepare(reading))


def _commit(
    ledger: SqlLedger,
    batch: list[tuple[Document, Prepared | None]],
    run: int,
    tally: Tally,
    progress: Callable[[Tally, str], None] | None,
) -> None:
    for (document, reading), added in zip(batch, ledger.add_many(batch, run), strict=True):
        tally.documents += added.outcome == "new"
        tally.copies += added.outcome == "copy"
        tally.known += added.outcome == "known"
        tally.claims += reading.claims if reading else 0
        _tell(progress, tally, document.path or document.url or "standard input")


def _tell(progress: Callable[[Tally, str], None] | None, tally: Tally, name: str) -> None:
    if progress:
        progress(tally, name)


def options_of(settings: Settings) -> str:
    """What of the settings changes a reading, as part of the run's identity; overlays by their content."""
    parts = [f"{name}={value}" for name in ("date", "outlet", "language") if (value := getattr(settings, name))]
    for folder in settings.overlays:
        digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()))
        parts.append(f"overlay={digest.hexdigest()[:16]}")
    return " ".join(parts)


# -- across documents ---------------------------------------------------------------------------------------------


def link_and_weigh(ledger: SqlLedger, progress: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Bring what is new into the links, and weigh what that touched; (links between claims, fields weighed).

    Stop it at any instant: what is not linked or weighed yet is marked as such, and the next run goes on.
    """
    links = sum(1 for _ in link(ledger, progress))
    return links, sum(1 for _ in weigh(ledger))


def judge(
    ledger: SqlLedger,
    decision: str,
    left: str,
    right: str | None = None,
    note: str | None = None,
    person: str = "",
    *,
    correction: Correction | None = None,
    adjudicates: bool = False,
    later: Callable[[], None] | None = None,
) -> int:
    """Record a person's decision and let it take effect, both or neither; its number.

    left, right: refs ("name:…", "event:document/ref", "claim:document/id"), as `find_ref` gives them. correction: for `correct`.
    adjudicates: it settles what others disagree about. later: called in place of doing here what the decision leaves to do, where
    it touches more events than are done in a moment; `sayso link` does it too. Raises UsageError when it cannot be made.
    """
    pair = [(left, right)]
    return judge_all(ledger, decision, pair, note, person, correction=correction, adjudicates=adjudicates, later=later)[
        0
    ]


def judge_all(
    ledger: SqlLedger,
    decision: str,
    pairs: Iterable[tuple[str, str | None]],
    note: str | None = None,
    person: str = "",
    *,
    correction: Correction | None = None,
    adjudicates: bool = False,
    later: Callable[[], None] | None = None,
) -> list[int]:
    """Several judgements that are one decision: they take effect together, and are undone together; their numbers."""
    pairs = list(pairs)
    who = " ".join(person.split()) or "unnamed"
    with ledger.writing() as connection:
        numbers: list[int] = []
        for left, right in pairs:
            judging.check(decision, left, right, correction, adjudicates)
            told = correcting.checked(connection, left, correction) if decision == "correct" else None
            numbers.append(
                judging.append(
                    connection, decision, left, right, note, who,
                    correction=told, adjudicates=adjudicates, act=numbers[0] if numbers else None,
                )
            )  # fmt: skip
        changed = _settle(connection, sorted({r for pair in pairs for r in pair if r}))
    _settle_rest(ledger, changed, later)
    return numbers


def undo(ledger: SqlLedger, number: int, later: Callable[[], None] | None = None) -> bool:
    """Take a judgement back; False when it was taken back already. Raises LedgerError when there is none of that number."""
    return bool(undo_all(ledger, [number], later))


def undo_all(ledger: SqlLedger, numbers: Iterable[int], later: Callable[[], None] | None = None) -> set[int]:
    """Take judgements back together, each with those that it was one decision with; those that had not been before.

    Raises LedgerError, and undoes none, when one is not there.
    """
    numbers = list(numbers)
    with ledger.writing() as connection:
        wanted = judging.whole(connection, numbers)
        rows = judging.rows(connection, wanted)
        for number in numbers:
            if number not in rows:
                raise NotFoundError(f"no judgement {number}; `sayso judgements` lists them")
        fresh = {n for n in wanted if judging.mark(connection, n, judging.UNDONE)}
        changed = _settle(connection, sorted({r for n in wanted for r in (rows[n].subject, rows[n].object) if r}))
    _settle_rest(ledger, changed, later)
    return fresh


def _settle(connection: Connection, refs: list[str]) -> set[str]:
    """Decide anew what the refs' names, events or claims come to, within the transaction that records the decision. The events
    that this touches, of which the first are done: a decision on a name may touch thousands."""
    kinds: dict[str, list[str]] = {"name": [], "event": [], "claim": []}
    for ref in refs:
        kind, _, rest = ref.partition(":")
        kinds.setdefault(kind, []).append(rest)
    members = [(d, r) for ref in kinds["event"] for d, _, r in [ref.partition("/")]]
    changed = relink(connection, kinds["name"], members, [tuple(ref.split("/", 1)) for ref in kinds["claim"]])  # type: ignore[misc]
    weigh_some(connection, changed, _MOMENT)
    return changed


def _settle_rest(ledger: SqlLedger, events: set[str], later: Callable[[], None] | None) -> None:
    """The events that a decision touched beyond those that were done when it was recorded; what others left is theirs."""
    if later is not None:
        if unsettled(ledger, events):
            later()
        return
    for _ in settle(ledger, events):
        pass
    for _ in weigh(ledger, events):
        pass


def remove(ledger: SqlLedger, document: str) -> None:
    """Take a document out, with everything that was read or found in it; judgements that rested on it are kept and marked.

    Raises LedgerError when there is none of that id.
    """
    document = ledger.find_document(document)["id"]
    with ledger.writing() as connection:
        unlink(connection, document)
        ledger.forget(connection, document)
    ledger.scrub()
    for _ in weigh(ledger):
        pass
