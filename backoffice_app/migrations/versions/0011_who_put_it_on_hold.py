"""Who put an order on hold, for those who wonder why it waits (W-13)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; of orders that are on hold already only the history tells."""
    op.add_column("orders", sa.Column("held_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops it: the history tells who it was."""
    op.drop_column("orders", "held_by")
