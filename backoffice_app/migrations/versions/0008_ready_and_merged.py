"""When an order that its customer fetches was ready for it, and which shipment took all of a cancelled one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns; no order is ready yet, and of what was merged before only the history tells."""
    op.add_column("orders", sa.Column("pickup_ready_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("shipment", sa.Column("merged_into", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops them: the history tells which orders were ready and which shipments were merged."""
    op.drop_column("shipment", "merged_into")
    op.drop_column("orders", "pickup_ready_at")
