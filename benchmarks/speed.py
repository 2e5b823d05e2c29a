"""Words a second, start-up and peak memory. Ratios against a bare pass over the same words in the same run."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.muc import raw_texts
from benchmarks.polnear import gold
from benchmarks.reading import read_text
from sayso.read import Reader

_WORD = re.compile(r"\w+")
_RUNS = 3


def texts(data: Path) -> list[str]:
    muc = [t for f in ("tst1/tst1-muc3", "tst2/tst2-muc4") for _, t in raw_texts(data / "muc4" / f)]
    return muc + [text for text, _ in gold(data / "polnear" / "dev")]


def _fastest(function: Callable[[], None]) -> float:
    """Processor seconds of the fastest of a few runs: what the work costs where the machine does not interfere."""
    best = float("inf")
    for _ in range(_RUNS):
        begin = time.process_time()
        function()
        best = min(best, time.process_time() - begin)
    return best


def run(data: Path, reader: Reader) -> dict[str, float]:
    documents = texts(data)
    words = sum(len(_WORD.findall(t)) for t in documents)
    for text in documents[:20]:
        read_text(reader, text)
    reading = _fastest(lambda: [read_text(reader, t) for t in documents] and None)
    bare = _fastest(lambda: [[w.lower() for w in _WORD.findall(t)] for t in documents] and None)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = _start_up(["-m", "sayso", "--help"]) / _start_up(["-c", "pass"])
    return {
        "speed.words_per_second": round(words / reading),
        "speed.documents_per_second": round(len(documents) / reading, 1),
        "speed.over_bare_pass": round(reading / bare, 1),
        "speed.start_up_over_bare_python": round(start, 1),
        "speed.peak_memory_mb": round(memory),
    }


def _start_up(arguments: list[str]) -> float:
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        best = min(best, time.perf_counter() - begin)
    return best
