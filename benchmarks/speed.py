"""Words a second, start-up and peak memory. Ratios against a bare pass over the same words in the same run."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bert import bert_base
from benchmarks.muc import raw_texts
from benchmarks.polnear import gold
from benchmarks.reading import read_text
from sayso.read import Reader
from sayso.read.compact.pieces import cut
from sayso.read.compact.reader import CompactReader
from sayso.read.compact.sight import feeds

_WORD = re.compile(r"\w+")
_RUNS = 3


def texts(data: Path) -> list[str]:
    muc = [t for f in ("tst1/tst1-muc3", "tst2/tst2-muc4") for _, t in raw_texts(data / "muc4" / f)]
    return muc + [text for text, _ in gold(data / "polnear" / "dev")]


def _fastest(function: Callable[[], None]) -> float:
    """Seconds of the fastest of a few runs: what the work costs where the machine interferes least."""
    best = float("inf")
    for _ in range(_RUNS):
        begin = time.perf_counter()
        function()
        best = min(best, time.perf_counter() - begin)
    return best


def run(data: Path, reader: Reader) -> dict[str, float]:
    documents = texts(data)
    words = sum(len(_WORD.findall(t)) for t in documents)
    for text in documents[:20]:
        read_text(reader, text)
    reading = _fastest(lambda: [read_text(reader, t) for t in documents] and None)
    bare = _fastest(lambda: [[w.lower() for w in _WORD.findall(t)] for t in documents] and None)
    figures = {
        "speed.words_per_second": round(words / reading),
        "speed.documents_per_second": round(len(documents) / reading, 1),
        "speed.over_bare_pass": round(reading / bare, 1),
        "speed.start_up_over_bare_python": round(_start_up(["-m", "sayso", "--help"]) / _start_up(["-c", "pass"]), 1),
        "speed.peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if isinstance(reader, CompactReader):
        figures |= _encoders(reader, documents, reading)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.txt"
        path.write_text(documents[0], encoding="utf-8")
        figures["speed.cold_seconds"] = round(_start_up(["-m", "sayso", "read", str(path), "--reader", reader.name]), 2)
    return figures


def _encoders(reader: CompactReader, documents: list[str], reading: float) -> dict[str, float]:
    """End to end over the bare encoder, and over a bare BERT-base, on the same pieces in the same batches."""
    batches = [feed for text in documents for _, feed in feeds(cut(text, reader.network.tokenizer))]
    ours = _fastest(lambda: [reader.network.encoder.run(["states"], feed) for feed in batches] and None)
    figures = {"speed.over_bare_encoder": round(ours / reading, 2)}
    try:
        base = bert_base()
    except ImportError as error:
        print(
            f"speed.over_bert_base: skipped: {error.name} is not installed (pip install -e .[train])", file=sys.stderr
        )
        return figures
    some = batches[:: max(1, len(batches) // 40)]
    inputs = [{"ids": feed["ids"], "mask": feed["mask"]} for feed in some]
    share = sum(int(f["mask"].sum()) for f in some) / sum(int(f["mask"].sum()) for f in batches)
    theirs = _fastest(lambda: [base.run(None, feed) for feed in inputs] and None) / share
    return {**figures, "speed.over_bert_base": round(theirs / reading, 1)}


def _start_up(arguments: list[str]) -> float:
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        best = min(best, time.perf_counter() - begin)
    return best
