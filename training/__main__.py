"""python -m training train|export …: see training/README.md."""

from __future__ import annotations

import argparse
import tomllib
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
    trains.add_argument("--start", type=Path, help="a checkpoint of another run, to begin with its averaged parameters")
    trains.add_argument("--threads", type=int, default=2)
    exports = commands.add_parser("export", help="turn a checkpoint into the graphs that the reader runs")
    exports.add_argument("--recipe", type=Path, default=Path(__file__).with_name("compact.toml"))
    exports.add_argument("--checkpoint", type=Path, required=True)
    exports.add_argument("--out", type=Path, required=True)
    exports.add_argument("--full", action="store_true", help="keep 32-bit weights, to measure what 8 bits cost")
    averages = commands.add_parser("average", help="the mean of several runs' checkpoints, to be exported")
    averages.add_argument("checkpoints", type=Path, nargs="+")
    averages.add_argument("--out", type=Path, required=True)
    tunes = commands.add_parser("tune", help="choose thresholds and calibrate on dev; writes card.json")
    tunes.add_argument("--recipe", type=Path, default=Path(__file__).with_name("compact.toml"))
    tunes.add_argument("--data", type=Path, required=True)
    tunes.add_argument("--weights", type=Path, required=True, help="the folder that export wrote")
    tunes.add_argument("--version", required=True, help="the version that readings will name")
    fits = commands.add_parser("gravity", help="fit the weights of the place ranking on four fifths of LGL")
    fits.add_argument("--data", type=Path, required=True)
    links = commands.add_parser(
        "events", help="fit the weights by which events of different reports are found to be one"
    )
    links.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    if options.command == "train":
        from training.train import train

        train(options.recipe, options.data, options.out, options.threads, options.start)
    elif options.command == "average":
        from training.average import average

        average(options.checkpoints, options.out)
    elif options.command == "tune":
        from training.tune import tune

        config = tomllib.loads(options.recipe.read_text(encoding="utf-8"))
        tasks = [task for task in config["batches"] if task not in config["data"]["leave_out"]]
        tune(options.data, options.weights, options.version, tasks)
    elif options.command == "events":
        from training.events import fit_events

        fit_events(options.data)
    elif options.command == "gravity":
        from training.gravity import fit

        fit(options.data)
    else:
        from training.export import export

        export(options.recipe, options.checkpoint, options.out, not options.full)


if __name__ == "__main__":
    main()
