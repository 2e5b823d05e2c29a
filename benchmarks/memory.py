"""Peak memory of `sayso read` over many reports: whether it stays flat."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.muc import raw_texts
from sayso.read import Reader

REPORTS = 10_000
_FEW = 500


def run(data: Path, reader: Reader) -> dict[str, float]:
    """Megabytes of the process that reads 10,000 reports, and of one that reads 500."""
    folder = data / "muc4" / "dev"
    texts = [text for path in sorted(folder.glob("dev-muc3-*")) for _, text in raw_texts(path)]
    few, many = (_peak(texts, count, reader.name) for count in (_FEW, REPORTS))
    return {"memory.peak_mb": round(many), "memory.peak_mb_of_500": round(few)}


def _peak(texts: list[str], count: int, reader: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            path = Path(folder) / f"{number:05}.txt"
            path.write_text(f"{texts[number % len(texts)]}\n{number}\n", encoding="utf-8")
        program = (
            "import resource, subprocess, sys; from sayso.cli import main; "
            "sys.argv = ['sayso', 'read', sys.argv[1], '--format', 'jsonl', '--reader', sys.argv[2]]\n"
            "try: main()\n"
            "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, folder, reader],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
    scale = 1024 if resource.RUSAGE_SELF == 0 and sys.platform != "darwin" else 1024 * 1024
    return int(done.stderr.split()[-1]) / scale
