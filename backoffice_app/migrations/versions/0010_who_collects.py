"""Who collects the money of an order, as its payment method said when it came (ST-1, PAY-0)."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column, empty: of orders that are there the words of their payment method tell who collects.

    Their stored status is not written anew here: it follows from rules in Python, and the facets and counts follow from
    it.
    Each order is brought up to date by its next change.
    """
    op.add_column("orders", sa.Column("payment_collects", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops it; who collects is told by the words of the payment method again."""
    op.drop_column("orders", "payment_collects")
