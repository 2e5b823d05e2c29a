"""What is found across reports: `python -m benchmarks.across --data DIR [--only names …] [--record]`.

names, relations and origins use cases of our own (`cases/`) and edited texts; events MUC-4's keys. Figures go to
`results/across.json`, floors stand in `floors.json` under "across".
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import linking, names, origins, relations
from benchmarks.__main__ import FLOORS, measure, record
from sayso.read import Reader, load_reader

BENCHMARKS: dict[str, Callable[[Path, Reader], dict[str, float]]] = {
    "names": names.run,
    "relations": relations.run,
    "origins": origins.run,
    "events": linking.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.across")
    parser.add_argument("--data", type=Path, required=True, help="folder of the reference data")
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHMARKS), default=list(BENCHMARKS))
    parser.add_argument("--record", action="store_true", help="write the figures to benchmarks/results/across.json")
    options = parser.parse_args()
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")).get("across", {})
    figures = measure(BENCHMARKS, options.only, options.data, load_reader(), floors)
    if options.record:
        record("across", figures)
    return int(any(figures.get(key, floor) < floor for key, floor in floors.items()))


if __name__ == "__main__":
    sys.exit(main())
