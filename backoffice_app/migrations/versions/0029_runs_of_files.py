"""Bulk runs whose orders each have an input of their own: tracking numbers and imported files (O-8, API-2)."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
HOLDS = sa.text("input <> ''")


def upgrade() -> None:
    """Adds the columns, empty: the orders of earlier runs had the input of their run."""
    op.add_column("bulk_item", sa.Column("input", sa.Text(), nullable=False, server_default=""))
    for name in ("place", "outcome", "invoicing"):
        op.add_column("bulk_item", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_bulk_item_input", "bulk_item", ["run_id"], sqlite_where=HOLDS, postgresql_where=HOLDS)


def downgrade() -> None:
    """Drops them: what is left of a run of a file can't be done again."""
    op.drop_index("ix_bulk_item_input", "bulk_item")
    for name in ("invoicing", "outcome", "place", "input"):
        op.drop_column("bulk_item", name)
