"""`python -m benchmarks --data DIR [--reader rules] [--only polnear …] [--check]`: run, print, record, compare with the floors."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import memory, muc, places, plover, polnear, spans, speed, times
from benchmarks.reading import MissingData
from sayso.read import DEFAULT_READER, READERS, Reader, load_reader

BENCHMARKS: dict[str, Callable[[Path, Reader], dict[str, float]]] = {
    "polnear": polnear.run,
    "muc4": muc.run,
    "re3d": spans.run_re3d,
    "cameo": spans.run_cameo,
    "plover": plover.run,
    "lgl": places.run,
    "wikiwars": times.run,
    "speed": speed.run,
    "memory": memory.run,
}
HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
TARGETS = HERE / "targets.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--data", type=Path, required=True, help="folder of the reference data")
    parser.add_argument("--reader", default=DEFAULT_READER)
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHMARKS), default=list(BENCHMARKS))
    parser.add_argument("--record", action="store_true", help="write the figures to benchmarks/results/")
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.error(
            f"--data {options.data}: no such folder; it must hold polnear/, muc4/, re3d/, … (see benchmarks/README.md)"
        )
    reader = load_reader(options.reader)
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")).get(options.reader, {})
    figures = measure(BENCHMARKS, options.only, options.data, reader, floors)
    if options.record:
        record(options.reader, figures)
    print("\n" + table(options.reader, figures))
    return int(any(figures.get(key, floor) < floor for key, floor in floors.items()))


def measure(
    benchmarks: dict[str, Callable[[Path, Reader], dict[str, float]]],
    chosen: list[str],
    data: Path,
    reader: Reader,
    floors: dict[str, float],
) -> dict[str, float]:
    """Run the chosen ones and print each figure beside its floor; what lacks its data is skipped and named."""
    figures: dict[str, float] = {}
    for name in chosen:
        try:
            found = benchmarks[name](data, reader)
        except MissingData as error:
            print(f"{name}: skipped: {error}", file=sys.stderr)
            continue
        figures.update(found)
        for key, value in found.items():
            floor = floors.get(key)
            below = "  BELOW ITS FLOOR" if floor is not None and value < floor else ""
            print(f"{key:40}{value:>12}{'' if floor is None else f'   floor {floor}'}{below}", flush=True)
    return figures


def table(reader: str, figures: dict[str, float]) -> str:
    """Today's figures beside the targets and beside the recorded ones of the other readers."""
    targets = json.loads(TARGETS.read_text(encoding="utf-8"))
    others = {
        name: json.loads(path.read_text(encoding="utf-8"))
        for name in READERS
        if name != reader and (path := HERE / "results" / f"{name}.json").exists()
    }
    lines = [f"{'figure':26}{reader:>10}" + "".join(f"{n:>10}" for n in others) + "     floor   stretch  best known"]
    for key, target in targets.items():
        if key in figures:
            recorded = "".join(f"{o[key]['value'] if key in o else '':>10}" for o in others.values())
            lines.append(
                f"{key:26}{figures[key]:>10}{recorded}{target['floor']:>10}{target['stretch']:>10}  {target['best_known']}"
            )
    return "\n".join(lines)


def record(reader: str, figures: dict[str, float]) -> None:
    """Merge into the reader's file, with the date, commit and machine of each figure."""
    path = HERE / "results" / f"{reader}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE, check=False
    ).stdout.strip()
    stamp = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "machine": f"{platform.machine()}, {_cores()} cores, Python {platform.python_version()}",
    }
    known.update({key: {"value": value, **stamp} for key, value in figures.items()})
    path.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")


def _cores() -> int:
    import os

    return os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main())
