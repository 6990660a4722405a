"""Which API key brought an order in, so that a key that may only write reads its own orders and no others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INDEX = "ix_orders_sent_by"


def upgrade() -> None:
    """Adds the column, and fills it from the history, which knows who placed each order."""
    op.add_column("orders", sa.Column("sent_by", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE orders SET sent_by = placed.actor_id FROM history AS placed WHERE placed.subject = 'order' "
        "AND placed.subject_id = orders.id AND placed.kind = 'OrderPlaced' AND placed.actor_kind = 'api-key'"
    )
    own = sa.text("sent_by <> 0")
    op.create_index(INDEX, "orders", ["sent_by", "position"], sqlite_where=own, postgresql_where=own)


def downgrade() -> None:
    """Drops it; the history still knows."""
    op.drop_index(INDEX, table_name="orders")
    op.drop_column("orders", "sent_by")
