"""Alembic's environment: the engine comes from `migrate.py`; tables of the job queue are not ours."""

from alembic import context
from sqlmodel import SQLModel

from backoffice_app import models  # noqa: F401  # fills the metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
