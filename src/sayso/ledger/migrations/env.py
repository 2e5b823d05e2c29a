"""Alembic's entry: the connection is handed over by the ledger that migrates itself; there is no other way in."""

from alembic import context

from sayso.ledger.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
