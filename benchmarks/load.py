"""Twenty people at once beside a running `sayso add`: `python -m benchmarks.load --ledger FILE [--record]`.

`sayso serve` runs as a process of its own on a copy of the ledger (`benchmarks.scale --only-make` makes a large one). Simulated
analysts walk through it (`benchmarks.walk`), each thinking one to three seconds between pages, while one reviewer decides
something every few seconds. They walk twice: with nothing beside them, and beside `sayso add` of folders of new reports of the
ledger's last days, one folder after another, so that reading and linking go on all the time. Results go to
`benchmarks/results/load.json`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from benchmarks.__main__ import record
from benchmarks.scale import LAST, reports
from benchmarks.walk import DECISION, Person, Sample, Times, sample

_A_FILE = 25
"""reports in one file of a folder"""
_DECIDES_EVERY = 8.0
_DAYS = 2
"""the last of the ledger, of which the new reports are"""


@dataclass(frozen=True, slots=True)
class Wanted:
    people: int
    seconds: float
    reports: int
    """in each folder that is added"""


def write_reports(folder: Path, count: int, seed: int) -> Path:
    """A folder of new reports of the ledger's last days."""
    rows = list(reports(count, LAST - timedelta(days=_DAYS - 1), _DAYS, seed))
    target = folder / str(seed)
    target.mkdir()
    for n in range(0, count, _A_FILE):
        lines = "\n".join(json.dumps(r) for r in rows[n : n + _A_FILE])
        (target / f"{n:05}.jsonl").write_text(lines, encoding="utf-8")
    return target


@contextmanager
def serving(ledger: Path) -> Iterator[tuple[str, int]]:
    """(address, process) of a workbench on the ledger."""
    command = [sys.executable, "-m", "sayso", "serve", "--ledger", str(ledger), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+(?=/ )", process.stdout.readline())
        if not found:
            raise SystemExit("the workbench did not start")
        yield found[0], process.pid
    finally:
        process.terminate()
        process.wait(30)


async def adding(ledger: Path, folders: Path, count: int, told: list[tuple[str, float]]) -> None:
    """Add folder after folder until cancelled; what each took."""
    for seed in range(1000, 2000):
        folder = write_reports(folders, count, seed)
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sayso", "add", "--quiet", "--reader", "rules", "--ledger", str(ledger), str(folder)
        )
        try:
            await process.wait()
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
        told.append((folder.name, time.monotonic() - begun))


async def deciding(client: httpx.AsyncClient, chance: random.Random, times: Times, until: float) -> None:
    """One reviewer takes one of the first in the queue every few seconds and decides on it."""
    page = await client.get("/review")
    found = re.search(r'name="csrf" content="([^"]+)"', page.text)
    csrf = {"X-Sayso-CSRF": found[1] if found else ""}
    decisions = {"claim": ("accept", "reject"), "event": ("same", "different"), "name": ("same", "different")}
    while time.monotonic() < until:
        await asyncio.sleep(chance.uniform(0.5, 1.5) * _DECIDES_EVERY)
        kind = chance.choice(sorted(decisions))
        items = (await client.get("/api/review", params={"kind": kind, "limit": "50"})).json()["items"]
        if not items:
            continue
        item = chance.choice(items)
        body = {"decision": chance.choice(decisions[kind]), "subject": item["subject"], "object": item["object"]}
        begun = time.perf_counter()
        try:
            answer = await client.post("/api/judgements", json=body, headers=csrf)
            told = None if answer.status_code == 201 else f"{answer.status_code} {answer.text[:200]}"
        except httpx.HTTPError as error:
            told = repr(error)
        times.milliseconds[DECISION].append(1000 * (time.perf_counter() - begun))
        if told:
            times.errors.append(f"{DECISION} {body}: {told}")


async def walked(address: str, asked: Sample, wanted: Wanted, seed: int) -> Times:
    """What everybody waited for."""
    times, until = Times(), time.monotonic() + wanted.seconds
    limits = httpx.Limits(max_connections=None, keepalive_expiry=3)  # the server closes after five seconds
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        people = [Person(client, asked, random.Random(seed + n), times, until) for n in range(wanted.people)]
        await asyncio.gather(*(p.walk() for p in people), deciding(client, random.Random(seed), times, until))
    return times


async def beside(address: str, ledger: Path, asked: Sample, wanted: Wanted) -> tuple[Times, list[tuple[str, float]]]:
    """As `walked`, beside `sayso add`; and how long each folder took that was added to the end."""
    added: list[tuple[str, float]] = []
    with TemporaryDirectory() as folders:
        running = asyncio.create_task(adding(ledger, Path(folders), wanted.reports, added))
        times = await walked(address, asked, wanted, 200)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return times, added


def peak_mb(pid: int) -> float:
    """The most memory that the process has held so far (Linux)."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return round(int(found[1]) / 1024) if found else 0


def cpu_seconds(pid: int) -> float:
    """Of the process so far (Linux): what pages cost, whatever else runs on the machine."""
    status = Path(f"/proc/{pid}/stat")
    fields = status.read_text().rpartition(")")[2].split() if status.exists() else []
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def measure(ledger: Path, wanted: Wanted) -> dict[str, float]:
    asked = sample(ledger, random.Random(1))
    with serving(ledger) as (address, pid):
        before = cpu_seconds(pid)
        alone = asyncio.run(walked(address, asked, wanted, 100))
        cpu = cpu_seconds(pid) - before
        print(f"alone: {len(alone.errors)} errors", *alone.errors[:10], sep="\n  ", flush=True)
        times, added = asyncio.run(beside(address, ledger, asked, wanted))
        print(f"beside `sayso add`: {len(times.errors)} errors", *times.errors[:10], sep="\n  ", flush=True)
        peak = peak_mb(pid)
    with_add, without = times.figures(), alone.figures()
    return {
        **with_add,
        **{f"alone.{k}": v for k, v in without.items() if k.endswith((".all", ".decision"))},
        **{
            f"over_alone.{k}": round(with_add[k] / without[k], 2)
            for k in with_add
            if k.startswith(("p50", "p95")) and without.get(k)
        },
        "people": wanted.people,
        "errors": len(times.errors) + len(alone.errors),
        "server_peak_mb": peak,
        "server_cpu_ms_an_answer_alone": round(1000 * cpu / max(1, without["answers.all"]), 1),
        "folders_added": len(added),
        "seconds_a_folder": round(sum(s for _, s in added) / len(added), 1) if added else 0.0,
    }


def table(figures: dict[str, float]) -> str:
    """A line for each kind of page."""
    kinds = [k.partition(".")[2] for k in figures if k.startswith("answers.")]
    lines = [f"{'page':20}{'answers':>9}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}   p95 over alone"]
    for kind in kinds:
        cells = "".join(f"{figures[f'{p}_ms.{kind}']:>9.1f}" for p in ("p50", "p95", "p99", "max"))
        ratio = figures.get(f"over_alone.p95_ms.{kind}", "")
        lines.append(f"{kind:20}{figures[f'answers.{kind}']:>9.0f}{cells}   {ratio}")
    rest = [k for k in figures if "_ms." not in k and not k.startswith(("answers.", "alone.answers"))]
    alone = [k for k in figures if k.startswith("alone.") and "_ms." in k]
    return "\n".join([*lines, *(f"{k:30}{figures[k]:>10}" for k in (*alone, *rest))])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--ledger", type=Path, required=True, help="of `benchmarks.scale`; it is copied, not changed")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120, help="of each of the two walks")
    parser.add_argument("--reports", type=int, default=400, help="in each folder that is added beside")
    parser.add_argument("--record", action="store_true", help="write the figures to benchmarks/results/load.json")
    options = parser.parse_args()
    with TemporaryDirectory(dir=options.ledger.parent) as folder:
        ledger = Path(folder) / "load.db"
        shutil.copy(options.ledger, ledger)
        figures = measure(ledger, Wanted(options.people, options.seconds, options.reports))
    print(table(figures))
    if options.record:
        record("load", {f"load.{k}": v for k, v in figures.items()})
    return int(figures["p95_ms.all"] > 300 or figures["errors"] > 0)


if __name__ == "__main__":
    sys.exit(main())
