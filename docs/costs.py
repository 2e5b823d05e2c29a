"""The tables of `docs/scale.md`: what a report costs, and what machines and hours that comes to. From `benchmarks/results/machines.json`."""

from __future__ import annotations

import json
from pathlib import Path

RESULTS = Path(__file__).parent.parent / "benchmarks" / "results" / "machines.json"
A_DAY = 300_000
ONCE = 100_000_000
CORES = 64
"""of the machines that the table of 100 million reports counts with"""


def tables() -> dict[str, str]:
    """Name of a marked place in the page → its table."""
    found = json.loads(RESULTS.read_text(encoding="utf-8"))
    value = {key.removeprefix("machines."): float(one["value"]) for key, one in found.items()}
    return {"cost": _cost(value), "workers": _workers(value), "day": _day(value), "once": _once(value)}


def _cost(value: dict[str, float]) -> str:
    rows = [
        (f"{told} (`machines.stage_ms.{name}`)", f"{value[f'stage_ms.{name}']:g} ms") for name, told in _STAGES.items()
    ]
    rows += [
        ("memory of a worker at most, beside what all share (`machines.worker_peak_mb.2`)", f"{value['worker_peak_mb.2']:.0f} MB"),
        ("ledger, linked and weighed (`machines.ledger_bytes_per_report`)", f"{value['ledger_bytes_per_report'] / 1000:.0f} kB"),
    ]  # fmt: skip
    return _table(("of a report", ""), rows)


_STAGES = {
    "ingest": "loading a plain text",
    "read": "reading, one thread",
    "prepare": "laying the reading out, where it was read",
    "store": "storing, the one writer",
    "link": "linking, one process",
    "weigh": "weighing, the same process",
}


def _workers(value: dict[str, float]) -> str:
    rows = [
        (told, f"{value[f'reports_per_second.{name}']:.1f}", f"{value[f'reports_per_second.{name}.steady']:.1f}" if name != "process" else "")
        for name, told in (("process", "one process, without Ray"), ("workers1", "one worker"), ("workers2", "two workers"))
    ]  # fmt: skip
    rows.append(("two workers over one", f"{value['two_over_one']:.2f} ×", f"{value['two_over_one.steady']:.2f} ×"))
    return _table((f"{value['reports']:,.0f} reports", "reports a second, start included", "once they are warm"), rows)


def _day(value: dict[str, float]) -> str:
    read, store, link = _seconds(value)
    cores = A_DAY * read / 86_400
    rows = [
        ("cores that read", f"{A_DAY:,} × {read * 1000:.1f} ms ÷ 24 h", f"{cores:.2f}: one core is done in {cores * 24:.0f} hours"),
        ("the writer", f"{A_DAY:,} × {store * 1000:.1f} ms", f"{A_DAY * store / 60:.0f} minutes"),
        ("the linker", f"{A_DAY:,} × {link * 1000:.1f} ms", f"{A_DAY * link / 3600:.1f} hours of one core"),
        ("reports that the linker does in a day", f"24 h ÷ {link * 1000:.1f} ms", f"{86_400 / link:,.0f}"),
        ("disk", f"{A_DAY:,} × {value['ledger_bytes_per_report'] / 1000:.0f} kB", f"{A_DAY * value['ledger_bytes_per_report'] / 1e9:.0f} GB a day, {A_DAY * 365 * value['ledger_bytes_per_report'] / 1e12:.1f} TB a year"),
    ]  # fmt: skip
    return _table(("", "", "a day"), rows)


def _once(value: dict[str, float]) -> str:
    read, store, link = _seconds(value)
    hours = ONCE / 3600
    rows = [
        ("reading", f"10⁸ × {read * 1000:.1f} ms", f"{hours * read:,.0f} core-hours: {hours * read / CORES:.0f} hours of {CORES} cores"),
        ("the writer", f"10⁸ × {store * 1000:.1f} ms", f"{hours * store:.0f} hours"),
        ("loading plain text", f"10⁸ × {value['stage_ms.ingest']:g} ms", f"{hours * value['stage_ms.ingest'] / 1000:.1f} hours"),
        ("linking and weighing", f"10⁸ × {link * 1000:.1f} ms", f"{hours * link:,.0f} hours: {hours * link / 24:.0f} days of one core"),
        ("ledger", f"10⁸ × {value['ledger_bytes_per_report'] / 1000:.0f} kB", f"{ONCE * value['ledger_bytes_per_report'] / 1e12:.1f} TB"),
        ("workers that one writer keeps up with", f"{read * 1000:.1f} ms ÷ {store * 1000:.1f} ms", f"{read / store:.0f}"),
    ]  # fmt: skip
    return _table(("", "", "once"), rows)


def _seconds(value: dict[str, float]) -> tuple[float, float, float]:
    """(reading with its laying out, storing, linking with weighing) of a report."""
    ms = {name: value[f"stage_ms.{name}"] for name in _STAGES}
    return (ms["read"] + ms["prepare"]) / 1000, ms["store"] / 1000, (ms["link"] + ms["weigh"]) / 1000


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" if n == 0 else "---:" for n in range(len(head))), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
