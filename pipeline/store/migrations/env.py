"""Alembic's entry: runs on the connection, and in the transaction, of `pipeline.store.engine.migrate`."""

from alembic import context

from pipeline.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
context.run_migrations()
