"""Reading with workers of Ray's beside one process, in one run: `python -m benchmarks.machines [--data DIR] [--record]`.

Reports are those of MUC-4's development set where its folder is given, else the examples, each made distinct by a number. One
process, Ray with one worker and Ray with two read them, every one of them with one thread, and the exported claims must be
the same bytes. What a stage costs a report is measured in one process. With `--kill 10` a worker is killed every ten seconds
while two read, and nothing but the time may differ from an undisturbed run. Results go to `benchmarks/results/machines.json`.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.__main__ import record
from benchmarks.muc import raw_texts
from sayso.export import records, write
from sayso.ingest import load
from sayso.ledger import open_ledger
from sayso.ledger.rows import Prepared, prepare
from sayso.link import link
from sayso.pipeline import Tally, add_paths, options_of
from sayso.pipeline.machines import Machines, add_with_machines, connected
from sayso.read import DEFAULT_READER, load_reader, read_one
from sayso.records import Document, Failure
from sayso.settings import Settings
from sayso.weigh import weigh

ONE_THREAD = Settings(threads=1)
_EXAMPLES = Path(__file__).parent.parent / "examples" / "raid"
_MEGABYTE = 1 << 20
_LOOK = 0.5
"""seconds between two looks at the workers' memory"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.machines")
    parser.add_argument("--data", type=Path, help="folder of the reference data; without it the examples are read")
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--reader", default=DEFAULT_READER)
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill a worker that often; measure nothing else")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write the figures to benchmarks/results/")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_reports(home / "reports", options.reports, options.data)
        if options.kill:
            figures = killing(home, options.reader, options.kill, random.Random(options.seed))
        else:
            figures = {**side_by_side(home, options.reader), **stages(home, options.reader)}
    for key, value in figures.items():
        print(f"{key:44}{value:>12}")
    if options.record:
        record("machines", figures)
    return 0


def make_reports(folder: Path, count: int, data: Path | None) -> None:
    """Files of distinct reports: no two have the same bytes."""
    folder.mkdir()
    texts = (
        [text for file in sorted((data / "muc4" / "dev").glob("dev-muc3-*")) for _, text in raw_texts(file)]
        if data
        else []
    )
    texts = texts or [d.text for d in load([_EXAMPLES]) if isinstance(d, Document)]
    for n in range(count):
        (folder / f"{n:06}.txt").write_text(f"{texts[n % len(texts)]}\n\nEdition {n}.\n", encoding="utf-8")


# -- side by side -------------------------------------------------------------------------------------------------


def side_by_side(home: Path, reader: str) -> dict[str, float]:
    """Seconds of one process, one worker, two workers over the same reports; Ray's own start is measured apart."""
    count = sum(1 for _ in (home / "reports").iterdir())
    loaded = load_reader(reader, ONE_THREAD)
    seconds = {"process": _timed(lambda: _by_one(home, loaded.name))}
    figures: dict[str, float] = {"machines.reports": count}
    for workers in (1, 2):
        begin = time.perf_counter()
        with connected(Machines("local", workers)):
            figures[f"machines.start_seconds.{workers}"] = round(time.perf_counter() - begin, 2)
            with Watched() as watched:
                clock = _Clock()
                name = f"workers{workers}"
                seconds[name] = _timed(lambda w=workers, n=name, c=clock: _by_workers(home, n, w, reader, c))
        assert exported(home / f"{name}.db") == exported(home / "process.db"), f"{name}: the claims differ"
        figures[f"machines.reports_per_second.{name}.steady"] = round(clock.rate(), 2)
        figures[f"machines.worker_peak_mb.{workers}"] = round(watched.peak / _MEGABYTE)
    for name, taken in seconds.items():
        figures[f"machines.seconds.{name}"] = round(taken, 2)
        figures[f"machines.reports_per_second.{name}"] = round(count / taken, 2)
    figures["machines.two_over_one"] = round(seconds["workers1"] / seconds["workers2"], 2)
    figures["machines.two_over_one.steady"] = round(
        figures["machines.reports_per_second.workers2.steady"] / figures["machines.reports_per_second.workers1.steady"],
        2,
    )
    figures["machines.two_over_process"] = round(seconds["process"] / seconds["workers2"], 2)
    return figures


class _Clock:
    """Reports a second once the workers are warm: from the first tenth to the last report."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, int]] = []

    def __call__(self, tally: Tally, _: str) -> None:
        self._marks.append((time.perf_counter(), tally.seen))

    def rate(self) -> float:
        first, last = self._marks[len(self._marks) // 10], self._marks[-1]
        return (last[1] - first[1]) / max(last[0] - first[0], 0.001)


def _by_one(home: Path, reader: str) -> None:
    with open_ledger(home / "process.db") as ledger:
        add_paths([home / "reports"], ledger, ONE_THREAD, load_reader(reader, ONE_THREAD))


def _by_workers(home: Path, name: str, workers: int, reader: str, tell: Callable[[Tally, str], None] | None) -> None:
    with open_ledger(home / f"{name}.db") as ledger:
        add_with_machines([home / "reports"], ledger, Machines("local", workers), reader=reader, progress=tell)


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def exported(path: Path) -> bytes:
    out = io.BytesIO()
    with open_ledger(path, readonly=True) as ledger, ledger.engine.connect() as connection:
        write(records("claims", connection), out, "jsonl")
    return out.getvalue()


# -- the workers, seen from outside -------------------------------------------------------------------------------


def workers_of_this() -> list[int]:
    """The reading processes that descend from this one (Linux)."""
    parents: dict[int, int] = {}
    reading: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit():
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                if b"ReadingWorker" in (entry / "cmdline").read_bytes():
                    reading.append(int(entry.name))
        except OSError:
            continue  # it ended meanwhile
    return [pid for pid in reading if os.getpid() in _ancestors(pid, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid := parents.get(pid, 0):
        yield pid


@dataclass
class Watched:
    """Looks at the workers from time to time: `peak` is the most memory of one, in bytes. Kills one every `every` seconds."""

    every: float | None = None
    chance: random.Random = field(default_factory=random.Random)
    peak: int = 0
    kills: int = 0

    def __enter__(self) -> Watched:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        due = time.monotonic() + (self.every or 0)
        while not self._over.wait(_LOOK):
            found = workers_of_this()
            self.peak = max([self.peak, *(_memory(pid) for pid in found)])
            if self.every and found and time.monotonic() >= due:
                os.kill(self.chance.choice(found), signal.SIGKILL)
                self.kills += 1
                due += self.every


def _memory(pid: int) -> int:
    """What the process alone holds, without the store of objects that all share; 0 when it has ended."""
    try:
        resident, shared = (Path(f"/proc/{pid}/statm")).read_text().split()[1:3]
    except OSError:
        return 0
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")


def killing(home: Path, reader: str, every: float, chance: random.Random) -> dict[str, float]:
    """Two workers, undisturbed and with one killed every so often; the claims must be the same bytes."""
    calm = _timed(lambda: _by_workers(home, "calm", 2, reader, None))
    with Watched(every, chance) as watched:
        disturbed = _timed(lambda: _by_workers(home, "killed", 2, reader, None))
    assert exported(home / "killed.db") == exported(home / "calm.db"), (
        "the claims differ from those of an undisturbed run"
    )
    with open_ledger(home / "killed.db", readonly=True) as ledger:
        faults = ledger.verify()
        failures = len(list(ledger.failures()))
    assert not faults, faults[:5]
    assert not failures, f"{failures} reports failed"
    return {
        "machines.kill.every_seconds": every,
        "machines.kill.reports": sum(1 for _ in (home / "reports").iterdir()),
        "machines.kill.kills": watched.kills,
        "machines.kill.seconds.undisturbed": round(calm, 1),
        "machines.kill.seconds.disturbed": round(disturbed, 1),
        "machines.kill.claims_differ": 0,
    }


# -- what each stage costs ----------------------------------------------------------------------------------------


def stages(home: Path, reader: str) -> dict[str, float]:
    """Milliseconds a report of each stage, in one process with one thread."""
    chosen = load_reader(reader, ONE_THREAD)
    documents: list[Document | Failure] = []
    spent = {"ingest": _timed(lambda: documents.extend(load([home / "reports"], ONE_THREAD)))}
    found = [d for d in documents if isinstance(d, Document)]
    pairs = []
    spent["read"] = _timed(lambda: pairs.extend((d, read_one(d, chosen)) for d in found))
    ready: list[tuple[Document, Prepared | None]] = []
    spent["prepare"] = _timed(lambda: ready.extend((d, prepare(r)) for d, r in pairs if not isinstance(r, Failure)))
    with open_ledger(home / "stages.db") as ledger:
        run = ledger.run_id(chosen.name, chosen.version, chosen.weights_sha256, options_of(ONE_THREAD))
        spent["store"] = _timed(lambda: [ledger.add_many(ready[at : at + 32], run) for at in range(0, len(ready), 32)])
        spent["link"] = _timed(lambda: sum(1 for _ in link(ledger)))
        spent["weigh"] = _timed(lambda: sum(1 for _ in weigh(ledger)))
    size = sum(p.stat().st_size for p in home.glob("stages.db*"))
    figures = {f"machines.stage_ms.{name}": round(1000 * taken / len(found), 2) for name, taken in spent.items()}
    return {**figures, "machines.ledger_bytes_per_report": round(size / len(found))}


if __name__ == "__main__":
    sys.exit(main())
