"""Every format on many reports, each file opened by its format's own tool: `python -m benchmarks.formats [--data DIR] [--record]`.

Reports are those of MUC-4's development set where its folder is given, else the examples. They are read, linked and weighed; every
subject is written in every format that holds it, and `tests/export/interchange/valid.py` must find as many rows there as the export
says that it wrote. A format whose tool is not installed is named and left
out. The whole ledger is exported and imported into an empty one, which must export the same. Rows and losses go to
`benchmarks/results/formats.json`.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path

import pytest
from tests.export.interchange import valid

from benchmarks.__main__ import record
from benchmarks.machines import make_reports
from sayso.export import FORMATS, SUBJECTS, fits, records, write
from sayso.ledger import ClaimFilter, SqlLedger, open_ledger, refs
from sayso.ledger.archive.restoring import read_archive
from sayso.ledger.archive.writing import write_archive
from sayso.pipeline import add_paths, judge, link_and_weigh
from sayso.read import DEFAULT_READER, load_reader


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formats")
    parser.add_argument("--data", type=Path, help="folder of the reference data; without it the examples are read")
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--reader", default=DEFAULT_READER)
    parser.add_argument("--record", action="store_true", help="write the figures to benchmarks/results/")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_reports(home / "reports", options.reports, options.data)
        with open_ledger(home / "formats.db") as ledger:
            add_paths([home / "reports"], ledger, reader=load_reader(options.reader))
            link_and_weigh(ledger)
            judge(ledger, "accept", _some_claim(ledger), person="somebody")  # else there are no corrections
            figures = {"formats.reports": float(options.reports), **checked(ledger)}
            check_import(ledger, home / "again.db")
    for key, value in figures.items():
        print(f"{key:44}{value:>12g}")
    if options.record:
        record("formats", figures)
    return 0


def _some_claim(ledger: SqlLedger) -> str:
    claim = next(iter(ledger.claims(ClaimFilter())))
    with ledger.engine.connect() as connection:
        return refs.claim_ref(connection, claim["id"])


def checked(ledger: SqlLedger) -> dict[str, float]:
    """Rows that each format's tool found, and losses that were told. Raises AssertionError where the tool and the export disagree."""
    figures: dict[str, float] = {}
    for form in FORMATS:
        for subject in (s for s in SUBJECTS if fits(s, form)):
            out = io.BytesIO()
            with ledger.engine.connect() as connection:
                report = write(records(subject, connection), out, form)
            try:
                found = valid.rows(subject, form, out.getvalue())
            except pytest.skip.Exception as missing:
                print(f"{form} of {subject} was not opened: {missing}", file=sys.stderr)
                continue
            assert found == report.rows, f"{form} of {subject}: {found} rows found, {report.rows} told"
            figures[f"formats.{form}.{subject}.rows"] = found
            figures[f"formats.{form}.{subject}.lost"] = sum(len(ids) for ids in report.lost.values())
    return figures


def check_import(ledger: SqlLedger, again: Path) -> None:
    """Raises AssertionError where the whole ledger, imported into an empty one and linked there, exports anything else."""
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        write_archive(connection, out)
    with open_ledger(again) as empty:
        read_archive(out, empty)
        link_and_weigh(empty)
        assert _whole(empty) == _whole(ledger), "an imported ledger exports something else"


def _whole(ledger: SqlLedger) -> bytes:
    out = io.BytesIO()
    with ledger.engine.connect() as connection:
        write(records("ledger", connection), out, "jsonl")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
