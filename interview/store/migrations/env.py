"""Alembic's entry: runs the migrations on the connection that `upgrade` opened."""

from __future__ import annotations

from alembic import context

from interview.store.schema import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
