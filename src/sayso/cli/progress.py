"""The progress bar of linking, which `add` and `link` show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def linking(quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A function to call with the number of documents linked and to link; nothing is drawn where nobody looks."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from sayso.cli.look import console

    out = console(stderr=True)
    columns = (TextColumn("linking"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield tell
