"""Alembic's entry: runs on the connection that `upgrade` opened, as the role that owns everything."""

from alembic import context

from hengjian.platform.db.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
