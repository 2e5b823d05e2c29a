"""People's decisions, one after another, in a process of its own.

A decision about an event that hundreds tell of clusters it anew, seconds of computing: within the server's interpreter every
page would wait for it. The ledger is what both sides share: a decision and its effect are one transaction there, so that a
process that is killed has made it or has not.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import ParamSpec, TypeVar

from sayso import pipeline
from sayso.errors import LedgerError
from sayso.ledger import SqlLedger, open_ledger
from sayso.records import Correction
from sayso.web.finishing import Finisher

Pairs = Sequence[tuple[str, str | None]]
P = ParamSpec("P")
Result = TypeVar("Result")


class Decisions:
    """Decisions on one ledger. The process is started by the first, or by `ready`."""

    def __init__(self, ledger: Path | str) -> None:
        self._ledger = ledger
        self._finisher = Finisher(ledger)
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def ready(self) -> None:
        """Start the process in the background, so that the first decision need not wait for it."""
        self._running().submit(os.getpid)

    def close(self) -> None:
        """A decision that is being made is made."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=True)
                self._pool = None

    def judge(
        self,
        decision: str,
        pairs: Pairs,
        note: str | None,
        person: str,
        correction: Correction | None = None,
        adjudicates: bool = False,
    ) -> list[int]:
        """As `pipeline.judge_all`. Raises LedgerError when the process ended meanwhile, besides what that raises."""
        made = partial(_judge, decision, pairs, note, person, correction, adjudicates)
        return self._settled(made)

    def undo(self, numbers: Sequence[int]) -> set[int]:
        """As `pipeline.undo_all`."""
        return self._settled(partial(_undo, numbers))

    def _settled(self, work: Callable[[SqlLedger, Callable[[], None]], Result]) -> Result:
        pool = self._running()
        try:
            result, left = pool.submit(_on, self._ledger, work).result()
        except BrokenProcessPool as error:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            raise LedgerError(
                "the process that makes decisions was stopped; look at the list of decisions whether this one is there, and decide again if not"
            ) from error
        if left:
            self._finisher.finish()
        return result

    def _running(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, _context(), initializer=_begin)
            return self._pool


def _context() -> BaseContext:
    """Where it can be, processes are copies of one that has the imports done; a copy of the threaded server itself would not be safe."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sayso.pipeline"])
    return context


# -- within the process --------------------------------------------------------------------------------------------


def _begin() -> None:
    """Ctrl-C is the server's to heed, which lets a decision end; a server that is killed leaves nobody behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, daemon=True).start()


def _end_with_server() -> None:
    server = multiprocessing.parent_process()
    assert server is not None
    server.join()
    os._exit(1)


def _on(name: Path | str, work: Callable[[SqlLedger, Callable[[], None]], Result]) -> tuple[Result, bool]:
    """What it came to, and whether there is something left to finish."""
    left: list[bool] = []
    with open_ledger(name) as ledger:
        result = work(ledger, lambda: left.append(True))
    return result, bool(left)


def _judge(
    decision: str,
    pairs: Pairs,
    note: str | None,
    person: str,
    correction: Correction | None,
    adjudicates: bool,
    ledger: SqlLedger,
    later: Callable[[], None],
) -> list[int]:
    return pipeline.judge_all(
        ledger, decision, pairs, note, person, correction=correction, adjudicates=adjudicates, later=later
    )


def _undo(numbers: Sequence[int], ledger: SqlLedger, later: Callable[[], None]) -> set[int]:
    return pipeline.undo_all(ledger, numbers, later)
