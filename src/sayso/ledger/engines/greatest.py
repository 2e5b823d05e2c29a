"""A value of the row in which another is greatest, within one group. SQLite gives it for a bare column beside `max` ("Bare columns
in an aggregate query"); PostgreSQL wants it said, and of equals gives the least."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class of_greatest(GenericFunction[Any]):
    """of_greatest(value, by), in a query that selects max(by) as well."""

    inherit_cache = True


@compiles(of_greatest)
def _bare(element: of_greatest, compiler: Any, **kw: Any) -> str:
    value, _ = element.clauses
    return str(compiler.process(value, **kw))


@compiles(of_greatest, "postgresql")
def _said(element: of_greatest, compiler: Any, **kw: Any) -> str:
    value, by = (compiler.process(c, **kw) for c in element.clauses)
    return f"(array_agg({value} ORDER BY {by} DESC, {value}))[1]"
