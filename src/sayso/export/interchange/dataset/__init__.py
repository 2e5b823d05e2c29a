"""The whole ledger as one folder of Parquet that DuckDB and pandas read as it is: a folder a table, years as Hive partitions.

Rows are written in parts as they come, so that memory does not grow with the ledger. The folder appears under its name when it is
complete; `README.md` and `schema.json` in it say what the columns are. Texts of documents stay in the ledger.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import Connection

from sayso.errors import UsageError
from sayso.export import LossReport
from sayso.export.interchange.dataset.rows import Row
from sayso.export.interchange.dataset.tables import TABLES, Table, year_of

SCHEMA = "sayso.dataset/1"
_ROWS = 20_000
"""of all partitions of a table that are in memory at once"""
_NO_YEAR = 0
"""of what is undated; Hive's own name for it, __HIVE_DEFAULT_PARTITION__, is one that pandas cannot read beside years"""
_PLAIN = {"text": "string", "bigint": "int64", "double": "float64", "boolean": "bool_"}


def write_dataset(connection: Connection, folder: Path) -> LossReport:
    """All tables of `TABLES` into the folder; a data set of before is replaced. Rows are those of all tables.

    Raises UsageError when the folder holds something else, or cannot be written.
    """
    _check(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}; name a folder of your own") from error
    try:
        report = LossReport(losses=["texts of documents, readings’ nesting and confidences stay in the ledger"])
        counts = {name: _write(table, connection, made / name) for name, table in TABLES.items()}
        report.rows = sum(counts.values())
        (made / "README.md").write_text(_readme(counts), encoding="utf-8")
        (made / "schema.json").write_text(json.dumps(_schema(counts), indent=1, ensure_ascii=False) + "\n", "utf-8")
        made.chmod(0o755)
        _put(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return report


def _check(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(f"{folder} is no folder; name a new one")
    if folder.is_dir() and any(folder.iterdir()):
        try:
            ours = json.loads((folder / "schema.json").read_text("utf-8"))["schema"] == SCHEMA
        except (OSError, ValueError, KeyError, TypeError):
            ours = False
        if not ours:
            raise UsageError(f"{folder} holds something else than a data set of Sayso; name a new or an empty folder")


def _put(made: Path, folder: Path) -> None:
    """In place of what was there, which stays until the new one is complete."""
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    folder.rename(old / folder.name)
    made.rename(folder)
    shutil.rmtree(old)


# -- rows ---------------------------------------------------------------------------------------------------------


def _write(table: Table, connection: Connection, folder: Path) -> int:
    """The table's rows in files of one partition each; how many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, arrow(type_)) for name, (type_, _) in table.columns.items()])
    total = 0
    written: dict[str, int] = {}
    for place, rows in _parts(table, table.rows(connection)):
        number = written[place] = written.get(place, -1) + 1
        path = folder / place / f"part-{number}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")
        total += len(rows)
    if not total:
        folder.mkdir()
        pq.write_table(schema.empty_table(), folder / "part-0.parquet", compression="zstd")
    return total


def _parts(table: Table, rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """(folder of a partition, some of its rows), the fullest as soon as too many are held."""
    held: dict[str, list[Row]] = {}
    count = 0
    for row in rows:
        held.setdefault(_place(table, row), []).append({name: row.get(name) for name in table.columns})
        count += 1
        if count >= _ROWS:
            fullest = max(held, key=lambda place: len(held[place]))
            count -= len(held[fullest])
            yield fullest, held.pop(fullest)
    yield from sorted(held.items())


def _place(table: Table, row: Row) -> str:
    if table.dated is None:
        return "."
    column, name = table.dated
    return f"{name}={year_of(row[column]) or _NO_YEAR}"


def arrow(type_: str) -> Any:
    """An Arrow type: "text", "list<text>", "list<start bigint, reasons list<kind text>>"."""
    import pyarrow as pa

    if not type_.startswith("list<"):
        return getattr(pa, _PLAIN[type_])()
    inside = type_[len("list<") : -1]
    if inside in _PLAIN:
        return pa.list_(arrow(inside))
    parts = (part.partition(" ") for part in _split(inside))
    return pa.list_(pa.struct([(name, arrow(of)) for name, _, of in parts]))


def _split(inside: str) -> list[str]:
    """At the commas that are in no list of their own."""
    return [p.strip() for p in re.findall(r"[^,<]+(?:<(?:[^<>]|<[^<>]*>)*>)?", inside)]


# -- what is said of it -------------------------------------------------------------------------------------------


def described(name: str) -> str:
    """A table in Markdown, as README and documentation have it."""
    table = TABLES[name]
    told = [
        f"### `{name}`",
        "",
        f"{table.about[0].upper()}{table.about[1:]}.",
        "",
        "| column | type | |",
        "|---|---|---|",
    ]
    told += [f"| `{c}` | {type_} | {about} |" for c, (type_, about) in table.columns.items()]
    if table.dated:
        told.append(
            f"| `{table.dated[1]}` | bigint | the year of `{table.dated[0]}`, from the folder’s name; 0 without a date |"
        )
    return "\n".join(told)


def _readme(counts: dict[str, int]) -> str:
    head = (
        "# Who says what happened: a data set of Sayso\n\n"
        "Each folder is a table in Parquet; years are Hive partitions. Every line is what a document says, with whoever says it: nothing"
        " here is said to be true. Offsets are code points into the document’s text, end exclusive.\n\n"
        "    SELECT * FROM read_parquet('claims/**/*.parquet', hive_partitioning = true)\n"
    )
    rows = "\n".join(f"| `{name}` | {count} |" for name, count in counts.items())
    tables = "\n\n".join(described(name) for name in TABLES)
    return f"{head}\n| table | rows |\n|---|---|\n{rows}\n\n{tables}\n"


def _schema(counts: dict[str, int]) -> Row:
    return {
        "schema": SCHEMA,
        "tables": {
            name: {
                "about": table.about,
                "rows": counts[name],
                "columns": [{"name": c, "type": type_, "about": about} for c, (type_, about) in table.columns.items()],
                "partition": table.dated and {"name": table.dated[1], "year_of": table.dated[0]},
            }
            for name, table in TABLES.items()
        },
    }
