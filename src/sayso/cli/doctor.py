"""`sayso doctor`: whether everything works here, and what to do where it does not."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata, resources, util

import click

from sayso import __version__

_LIBRARIES = (
    ("trafilatura", "trafilatura", "web pages"),
    ("pypdfium2", "pypdfium2", "PDF"),
    ("docx", "python-docx", "Word"),
    ("openpyxl", "openpyxl", "Excel"),
    ("striprtf", "striprtf", "RTF"),
    ("feedparser", "feedparser", "feeds"),
    ("httpcore", "httpcore", "web addresses"),
    ("warcio", "warcio", "web archives"),
    ("sqlalchemy", "sqlalchemy", "the ledger"),
    ("alembic", "alembic", "ledger versions"),
    ("py3langid", "py3langid", "languages other than English"),
    ("spellchecker", "pyspellchecker", "texts in capitals, misspellings"),
    ("msgspec", "msgspec", "JSON"),
    ("onnxruntime", "onnxruntime", "the trained reader"),
    ("tokenizers", "tokenizers", "the trained reader"),
    ("jinja2", "jinja2", "the report page"),
    ("rapidfuzz", "rapidfuzz", "comparing names"),
    ("pyarrow", "pyarrow", "Parquet exports"),
    ("fastapi", "fastapi", "the workbench"),
    ("uvicorn", "uvicorn", "the workbench"),
    ("python_multipart", "python-multipart", "files brought into the workbench"),
    ("argon2", "argon2-cffi", "passwords of the workbench"),
    ("fpdf", "fpdf2", "briefs as PDF"),
)


@click.command()
def command() -> None:
    """Say what is installed, what is missing and how to get it; read one sentence as a test."""
    faults = 0
    for good, line in _checks():
        click.echo(("ok      " if good else "MISSING ") + line)
        faults += not good
    raise click.exceptions.Exit(1 if faults else 0)


def _checks() -> Iterator[tuple[bool, str]]:
    yield sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer)"
    yield True, f"sayso {__version__}"
    for module, package, purpose in _LIBRARIES:
        if util.find_spec(module) is None:
            yield False, f"{package}, for {purpose}: pip install {package}"
        else:
            yield True, f"{package} {metadata.version(package)}, for {purpose}"
    with sqlite3.connect(":memory:") as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    yield (
        "ENABLE_FTS5" in options,
        f"SQLite {sqlite3.sqlite_version} with full-text search"
        + ("" if "ENABLE_FTS5" in options else ": use a Python built with FTS5"),
    )
    yield from _gazetteer_check()
    yield _drawings_check()
    yield from _reading_check()


def _gazetteer_check() -> Iterator[tuple[bool, str]]:
    from sayso.errors import DataError
    from sayso.gazetteer import default_gazetteer

    try:
        yield True, f"gazetteer of {len(default_gazetteer()):,} places"
    except DataError as error:
        yield False, str(error)


def _drawings_check() -> tuple[bool, str]:
    built = resources.files("sayso") / "web" / "static" / "built" / "COMPLETE"
    if built.is_file():
        return True, "map, network and chart of the workbench"
    return (
        False,
        "map, network and chart of the workbench: install Node.js, then install Sayso again; tables stand in for them",
    )


def _reading_check() -> Iterator[tuple[bool, str]]:
    import sayso

    reading = sayso.read_text(
        "The army denied on Monday that it had shelled the village of Kozinka, killing two civilians."
    )
    good = bool(reading.attributions) and reading.attributions[0].stance == "denies"
    yield (
        good,
        "a test sentence is read" + ("" if good else " wrongly; reinstall with `pip install --force-reinstall sayso`"),
    )
