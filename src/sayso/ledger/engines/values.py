"""How psycopg gives values to PostgreSQL and takes them back, where its own way is another than SQLite's."""

from __future__ import annotations

from typing import Any

from psycopg import Connection
from psycopg.types.numeric import FloatLoader
from psycopg.types.string import StrDumper


class _Text(StrDumper):
    """The server's texts cannot hold a NUL: a question may, and finds nothing."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd"))


class _Number(FloatLoader):
    """Sums and means come as decimal numbers."""

    def load(self, data: Any) -> Any:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


def adapt_values(connection: Connection[Any]) -> None:
    connection.adapters.register_dumper(str, _Text)
    connection.adapters.register_loader("numeric", _Number)
