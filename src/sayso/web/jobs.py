"""Reports being read: one job for each thing that a person brings in, one after another, with progress that can be watched.

A job lives in memory; what it has read is in the ledger as soon as it says so, and what could not be read is a failure
there. A server that stops in the middle loses the rest of the job, never what was acknowledged.
"""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sayso.errors import SaysoError
from sayso.ledger import open_ledger
from sayso.pipeline import Tally, add_documents, link_and_weigh
from sayso.read import Reader, load_reader
from sayso.records import Document, Failure
from sayso.settings import Settings

_KEPT = 200
"""jobs remembered; the oldest finished ones are forgotten first"""
_SHOWN = 500
"""inputs named on a job's page, the last ones"""
Documents = Callable[[], Iterable[Document | Failure]]


@dataclass(slots=True)
class Job:
    """stage: waiting, reading, linking, done or failed. items: (name, outcome, what was said of it)."""

    id: str
    person: str
    what: str
    stage: str = "waiting"
    tally: Tally = field(default_factory=Tally)
    items: list[tuple[str, str, str]] = field(default_factory=list)
    linked: tuple[int, int] = (0, 0)
    message: str = ""
    started: float = field(default_factory=time.time)
    version: int = 0
    """grows with every change, so that a watcher knows what it has seen"""

    @property
    def finished(self) -> bool:
        return self.stage in {"done", "failed"}

    def told(self) -> dict[str, Any]:
        """As the API and the page show it."""
        t = self.tally
        return {
            "id": self.id, "what": self.what, "person": self.person, "stage": self.stage, "finished": self.finished, "message": self.message,
            "documents": t.documents, "copies": t.copies, "known": t.known, "failures": t.failures, "claims": t.claims,
            "linked": self.linked[0], "to_link": self.linked[1], "version": self.version,
            "items": [{"name": n, "outcome": o, "reason": r} for n, o, r in self.items[-_SHOWN:]],
        }  # fmt: skip


class _Stopped(Exception):
    """The server stops: the rest of the job is left."""


class Jobs:
    """Reads one job at a time in the background: the reader uses all cores, and the ledger has one writer."""

    def __init__(self, ledger: Path | str, settings: Settings) -> None:
        self._ledger = ledger
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading")
        self._reader: Reader | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """The job at work ends after the report that it is at; those that wait are given up."""
        self._closing.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def start(self, person: str, what: str, documents: Documents, folder: Path | None = None) -> Job:
        """Queue a job. folder: holds its uploaded files and is deleted afterwards."""
        job = Job(secrets.token_urlsafe(9), person, what)
        with self._changed:
            for old in [j for j in self._jobs.values() if j.finished][: max(0, len(self._jobs) - _KEPT)]:
                del self._jobs[old.id]
            self._jobs[job.id] = job
        work = self._pool.submit(self._run, job, documents)
        if folder is not None:  # also of a job that is given up before it began
            work.add_done_callback(lambda _: shutil.rmtree(folder, ignore_errors=True))
        return job

    def job(self, id_: str) -> Job | None:
        return self._jobs.get(id_)

    def all(self) -> list[Job]:
        """The last first."""
        return sorted(self._jobs.values(), key=lambda j: -j.started)

    def wait(self, job: Job, seen: int, seconds: float) -> bool:
        """Wait until the job has changed since version `seen`; whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: job.version > seen, seconds)

    def _run(self, job: Job, documents: Documents) -> None:
        try:
            self._read(job, documents)
            self._tell(job, stage="done")
        except _Stopped:
            self._tell(job, stage="failed", message="the server was stopped; bring in again what is not listed as read")
        except SaysoError as error:
            self._tell(job, stage="failed", message=str(error))
        except Exception as error:  # a job's thread has nobody above it who could say what went wrong
            self._tell(
                job,
                stage="failed",
                message=f"an error in Sayso itself ({type(error).__name__}: {error}); please report it",
            )

    def _read(self, job: Job, documents: Documents) -> None:
        self._tell(job, stage="reading")
        self._reader = self._reader or load_reader(settings=self._settings)

        def progress(tally: Tally, name: str) -> None:
            before = job.tally
            outcome, reason = _outcome(before, tally)
            job.items.append((name, outcome, reason))
            self._tell(job, tally=_copy(tally))

        with open_ledger(self._ledger) as ledger:
            add_documents(self._until_closed(documents()), ledger, self._reader, progress=progress)
            self._go_on(job, stage="linking")
            link_and_weigh(ledger, lambda done, total: self._go_on(job, linked=(done, total)))

    def _until_closed(self, documents: Iterable[Document | Failure]) -> Iterator[Document | Failure]:
        """Ends early rather than by an error, so that what was read by then is kept."""
        for document in documents:
            if self._closing.is_set():
                return
            yield document

    def _go_on(self, job: Job, **changes: Any) -> None:
        if self._closing.is_set():
            raise _Stopped
        self._tell(job, **changes)

    def _tell(self, job: Job, **changes: Any) -> None:
        with self._changed:
            for name, value in changes.items():
                setattr(job, name, value)
            job.version += 1
            self._changed.notify_all()


def _outcome(before: Tally, now: Tally) -> tuple[str, str]:
    if now.failures > before.failures:
        return "failed", now.failed[-1].reason
    if now.documents > before.documents:
        return "read", ""
    return ("copy", "a further copy of a known report") if now.copies > before.copies else ("known", "nothing new")


def _copy(tally: Tally) -> Tally:
    return Tally(tally.documents, tally.copies, tally.known, tally.failures, tally.claims, list(tally.failed))
