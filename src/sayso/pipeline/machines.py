"""Reading with many processes, on this machine or on a cluster of Ray's: load → readers → the one writer of the ledger.

Reports are loaded by one process on the caller's machine, read by as many workers as there are cores, and stored here, in the
order in which one process would have stored them: the ledger is the same. Whoever is behind holds up those before him, so
that memory does not grow with the input. Every worker may die; what it had in hand is given to the next.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from sayso.errors import MachinesError, SaysoError, UsageError
from sayso.ingest import check_paths
from sayso.ledger import SqlLedger, schema
from sayso.ledger.rows import Prepared
from sayso.pipeline import Tally, options_of, store
from sayso.read import DEFAULT_READER
from sayso.records import Document, Failure, Run
from sayso.settings import Settings

if TYPE_CHECKING:
    from ray.data import Dataset

LOCAL = "local"
_OBJECT_STORE = 500_000_000
"""bytes of shared memory for what is under way on this machine; there is much less as a rule"""
_ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
}
"""Ray reads these when it is imported. It sends nothing to anybody, and does not tell on standard output of each death that it mends"""
_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""listen to this machine alone; despite its name Ray obeys it everywhere"""
_ANSWER_SECONDS = 5.0
_DEATHS_AT_START = 1_000
"""workers in a row that may die before one has its weights loaded; more mean that none ever will"""
_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Machines:
    """Where to read. where: "local", "auto" (the cluster that this machine belongs to) or its HOST:PORT; workers: None for one a core."""

    where: str = LOCAL
    workers: int | None = None


def add_with_machines(
    paths: Iterable[str | Path],
    ledger: SqlLedger,
    machines: Machines,
    settings: Settings | None = None,
    reader: str = DEFAULT_READER,
    progress: Callable[[Tally, str], None] | None = None,
) -> Tally:
    """As `pipeline.add_paths`, read by many workers of one thread each; the ledger is the same to the byte.

    Raises UsageError for paths that are not there and for standard input, MachinesError when the machines cannot be had or
    the work is given up. What is in the ledger by then stays; running it again goes on.
    """
    names = check_paths(paths)
    if "-" in names:
        raise UsageError("standard input is read by one process; leave --ray out, or save it to a file")
    settings = replace(settings or Settings(), threads=1)
    with connected(machines) as ray:
        from ray.exceptions import RayError

        try:
            run = _identity(ray, reader, settings)
            number = ledger.run_id(run.reader, run.version, run.weights_sha256, options_of(settings))
            dataset = _read_by_workers(ray, names, settings, reader, machines.workers, ray.put(_known(ledger, number)))
            return store(_results(dataset, run), ledger, number, progress)
        except RayError as error:
            raise _told(error) from error


@contextmanager
def connected(machines: Machines) -> Iterator[Any]:
    """Ray, started on this machine or joined; a session that is open already is used and left open. Raises MachinesError."""
    for name, value in (_ENVIRONMENT | (_ALONE if machines.where == LOCAL else {})).items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MachinesError("reading on many machines needs Ray; pip install 'sayso[ray]'") from error
    if machines.where != LOCAL:
        _check_answers(machines.where)
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    if ray.is_initialized():
        yield ray
        return
    try:
        with _silent():
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **_how(machines))
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise MachinesError(
            f"no cluster of Ray's can be had at {machines.where} ({error}); it must run the same Ray and Python as here and share its token (RAY_AUTH_MODE=token, RAY_AUTH_TOKEN_PATH=FILE on both sides)"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _how(machines: Machines) -> dict[str, Any]:
    if machines.where != LOCAL:
        return {"address": machines.where}
    return {
        "address": "local",
        "num_cpus": machines.workers or _cores(),
        "object_store_memory": _OBJECT_STORE,
        "include_dashboard": False,
        "_node_ip_address": "127.0.0.1",
    }


@contextmanager
def _silent() -> Iterator[None]:
    """Ray's core tells standard error of its own settings, past Python; what goes wrong is raised."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _check_answers(where: str) -> None:
    """Ray waits for minutes, and may end the process, where nobody listens."""
    host, colon, port = where.rpartition(":")
    if where == "auto":
        return
    if not colon or not host or "/" in host or not port.isdigit() or int(port) > 65535:
        raise UsageError(
            f"{where!r} is no address of a cluster; --ray takes local, auto or HOST:PORT (of `ray start --head`)"
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_SECONDS).close()
    except OSError as error:
        raise MachinesError(
            f"nothing answers at {where} ({error}); start it with `ray start --head --port {port}`, or read with --ray local"
        ) from error


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1


def _identity(ray: Any, reader: str, settings: Settings) -> Run:
    """Asked of a process that ends with the answer: the caller itself needs no weights."""
    from sayso.pipeline.workers import identity

    return ray.get(ray.remote(num_cpus=0, max_calls=1)(identity).remote(reader, settings))  # type: ignore[no-any-return]


def _known(ledger: SqlLedger, run: int) -> Any:
    """The ids of what this run has read already, sorted (n,) of 32 bytes."""
    import numpy as np

    readings = schema.readings.c
    query = select(readings.document_id).where(readings.run_id == run)
    with ledger.engine.connect() as connection:
        ids = connection.execution_options(yield_per=10_000).scalars(query)
        return np.sort(np.fromiter((i.encode() for i in ids), dtype=f"S{_ID_BYTES}"))


def _read_by_workers(
    ray: Any, paths: list[str], settings: Settings, reader: str, workers: int | None, known: Any
) -> Dataset:
    from ray.data import ActorPoolStrategy, DataContext

    from sayso.pipeline.workers import ReadingWorker, Reports, Tries

    context = DataContext.get_current().copy()
    context.execution_options.preserve_order = True
    context.target_max_block_size = 1  # a row is a batch is a block: what a loader sends again has the same blocks
    context.max_consecutive_actor_init_deaths = _DEATHS_AT_START
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    tries = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(Tries).remote()
    size = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    with DataContext.current(context):
        loaded = ray.data.read_datasource(Reports(paths, settings, known), num_cpus=0, override_num_blocks=1)
        dataset: Dataset = loaded.map_batches(
            ReadingWorker,
            batch_size=None,
            batch_format="pyarrow",
            fn_constructor_args=(reader, settings, tries),
            compute=ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=2),
            num_cpus=1,
        )  # Ray Data restarts dead workers, and gives them their work again, without end
    return dataset


def _results(dataset: Dataset, run: Run) -> Iterator[tuple[Document, Prepared | None] | Failure]:
    """What `pipeline.store` takes, in order. Raises MachinesError when a batch is missing or from another reader."""
    from sayso.pipeline.workers import decode

    expected = 0
    for row in dataset.iter_rows():
        if row["number"] != expected:
            raise MachinesError(f"batch {expected} did not come back from the workers; run it again to go on")
        expected += 1
        for item in decode(row["items"]):
            if item.document is None:
                assert item.failure is not None
                yield item.failure
                continue
            theirs = item.reading.run if item.reading else run
            if theirs != run:
                raise MachinesError(
                    f"a worker reads with {theirs.reader} {theirs.version}, another with {run.reader} {run.version}; install one version of sayso on all machines"
                )
            yield item.document, item.reading


def _told(error: Exception) -> SaysoError:
    """Our own error where a worker raised one, else what Ray says, in one line."""
    cause = getattr(error, "cause", None)
    while cause is not None:
        if isinstance(cause, SaysoError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    first = str(error).strip().splitlines()
    return MachinesError(
        f"the work was given up: {type(error).__name__}: {first[-1] if first else 'no reason given'}; run it again to go on"
    )
