"""Tables of a ledger on PostgreSQL: the shared migrations, and what is the engine's own (index of words, triggers, orders)."""

from __future__ import annotations

from sqlalchemy import Connection, text

from sayso.ledger import schema

MARK = "the version of a Sayso ledger"
"""the comment on `alembic_version`, by which a ledger is known"""


def tables_of(connection: Connection) -> tuple[set[str], bool, str | None]:
    """(names of tables in the connection's schema, whether they are a ledger, its version)."""
    named = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
    names = set(connection.scalars(named))
    if "alembic_version" not in names:
        return names, False, None
    mark = connection.scalar(text("SELECT obj_description('alembic_version'\\:\\:regclass, 'pg_class')"))
    if mark != MARK:
        return names, False, None
    return names, True, connection.scalar(text("SELECT version_num FROM alembic_version"))


def migrate(connection: Connection) -> None:
    """Bring an empty or older schema to the newest version, within the transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "sayso:ledger/migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def make_tables(connection: Connection) -> None:
    """What migrations do not make: nothing is changed where it is there already."""
    for statement in _DDL:
        connection.exec_driver_sql(statement)
    for table in schema.metadata.sorted_tables:
        for index in sorted(table.indexes, key=lambda i: str(i.name)):
            columns = [schema.metadata.tables[table.name].c[c.name] for c in index.columns]
            if any(c.nullable for c in columns):
                quote = connection.dialect.identifier_preparer.quote
                parts = ", ".join(f"{quote(c.name)}{' NULLS FIRST' if c.nullable else ''}" for c in columns)
                unique = "UNIQUE " if index.unique else ""
                connection.exec_driver_sql(f"DROP INDEX {quote(str(index.name))}")
                connection.exec_driver_sql(
                    f"CREATE {unique}INDEX {quote(str(index.name))} ON {quote(table.name)} ({parts})"
                )


def documents_without_words(connection: Connection) -> list[str]:
    """Ids of documents with a text of which the index knows nothing."""
    query = text(
        "SELECT id FROM documents d WHERE text ~ '[[:alnum:]]' "
        "AND NOT EXISTS (SELECT 1 FROM document_words w WHERE w.document = d.number) ORDER BY number"
    )
    return list(connection.scalars(query))


_DDL = (
    "CREATE TABLE IF NOT EXISTS document_words (document bigint NOT NULL REFERENCES documents (number), part integer NOT NULL, words tsvector NOT NULL, PRIMARY KEY (document, part))",
    "CREATE INDEX IF NOT EXISTS document_words_found ON document_words USING gin (words)",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0]; END $$",
    "CREATE OR REPLACE TRIGGER claims_are_immutable BEFORE UPDATE ON claims FOR EACH ROW EXECUTE FUNCTION refuse_change('claims are immutable')",
    "CREATE OR REPLACE TRIGGER judgements_are_kept BEFORE UPDATE OR DELETE ON judgements FOR EACH ROW EXECUTE FUNCTION refuse_change('judgements are append-only')",
    "CREATE OR REPLACE TRIGGER judgements_stay BEFORE TRUNCATE ON judgements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('judgements are append-only')",
    f"COMMENT ON TABLE alembic_version IS '{MARK}'",
)
