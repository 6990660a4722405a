"""In what an order differs from what its shop sent later, for the window and the list (API-1)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
WHERE = sa.text("differing <> ''")


def upgrade() -> None:
    """Adds the column and its index; of orders that were sent again before only the history tells."""
    op.add_column("orders", sa.Column("differing", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_orders_differing", "orders", ["position"], sqlite_where=WHERE, postgresql_where=WHERE)


def downgrade() -> None:
    """Drops them: the history tells in what an order differed."""
    op.drop_index("ix_orders_differing", "orders")
    op.drop_column("orders", "differing")
