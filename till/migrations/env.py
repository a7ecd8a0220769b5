"""Alembic's entry: runs the migrations on the connection that `upgrade` opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from till.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
    render_as_batch=False,
)
context.run_migrations()
