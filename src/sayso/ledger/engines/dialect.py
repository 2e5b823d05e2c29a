"""PostgreSQL made to answer the ledger's questions as SQLite does, so that both give the same rows in the same order.

Texts are compared by their code points (collation "C"), numbers have 64 bits, nulls come before all else, and `LIKE` does not
tell the case of ASCII letters; identifiers have no longest length. One place knows this, and no question is written twice.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Dialect
from sqlalchemy.dialects.postgresql.base import PGDDLCompiler, PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement, UnaryExpression
from sqlalchemy.sql.elements import _label_reference as Label


def adapt(dialect: Dialect) -> None:
    """Let this engine's dialect write SQL and tables in that way."""
    dialect.statement_compiler = _Statements
    dialect.ddl_compiler = _Tables
    dialect.type_compiler_instance = dialect.type_compiler = _Types(dialect)


class _Statements(PGCompiler_psycopg):
    def order_by_clause(self, select: Any, **kw: Any) -> str:
        columns = [_nulls_as_least(c) for c in select._order_by_clauses]
        written = self._generate_delimited_list(columns, ", ", **kw)  # type: ignore[no-untyped-call]
        return f" ORDER BY {written}" if written else ""

    def visit_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return str(self.visit_ilike_op_binary(binary, operator, **kw))  # type: ignore[no-untyped-call]

    def visit_not_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:
        return str(self.visit_not_ilike_op_binary(binary, operator, **kw))  # type: ignore[no-untyped-call]

    def visit_substr_func(self, func: Any, **kw: Any) -> str:
        """The engine's own takes 32 bits alone."""
        text, *numbers = (self.process(c, **kw) for c in func.clauses)
        return f"substr({', '.join([text, *(f'({n})::int4' for n in numbers)])})"


def _nulls_as_least(column: ColumnElement[Any]) -> ColumnElement[Any]:
    inner, falls = column, False
    if isinstance(column, UnaryExpression) and column.modifier is not None:
        if column.modifier not in (operators.desc_op, operators.asc_op):
            return column  # said already
        inner, falls = column.element, column.modifier is operators.desc_op
    if isinstance(inner, Label) or (isinstance(inner, Column) and not inner.nullable):
        return column
    return column.nulls_last() if falls else column.nulls_first()


class _Tables(PGDDLCompiler):
    def get_column_specification(self, column: Column[Any], **kw: Any) -> str:
        name = self.preparer.format_column(column)
        written = str(super().get_column_specification(column, **kw))  # type: ignore[no-untyped-call]
        return written.replace(f"{name} SERIAL", f"{name} BIGSERIAL", 1)


class _Types(PGTypeCompiler):
    def visit_TEXT(self, type_: Any, type_expression: Any = None, **kw: Any) -> str:
        return 'TEXT COLLATE "C"' if isinstance(type_expression, Column) else "TEXT"

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:
        return self.visit_TEXT(type_, **kw)

    def visit_INTEGER(self, type_: Any, **kw: Any) -> str:
        return "BIGINT"
