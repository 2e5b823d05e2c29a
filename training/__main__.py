"""python -m training train|export …: see training/README.md."""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Train the compact reader and export its weights."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    trains = commands.add_parser("train", help="train, or go on from the last checkpoint in --out")
    trains.add_argument("--recipe", type=Path, default=Path(__file__).with_name("compact.toml"))
    trains.add_argument("--data", type=Path, required=True, help="the folder of the reference data")
    trains.add_argument("--out", type=Path, required=True, help="where checkpoints and progress.jsonl go")
    trains.add_argument("--threads", type=int, default=2)
    exports = commands.add_parser("export", help="turn a checkpoint into the graphs that the reader runs")
    exports.add_argument("--recipe", type=Path, default=Path(__file__).with_name("compact.toml"))
    exports.add_argument("--checkpoint", type=Path, required=True)
    exports.add_argument("--out", type=Path, required=True)
    exports.add_argument("--full", action="store_true", help="keep 32-bit weights, to measure what 8 bits cost")
    options = parser.parse_args()
    if options.command == "train":
        from training.train import train

        train(options.recipe, options.data, options.out, options.threads)
    else:
        from training.export import export

        export(options.recipe, options.checkpoint, options.out, not options.full)


if __name__ == "__main__":
    main()
