"""Which payment methods have a provider that issues the invoice itself (PAY-0)."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column, empty: we issue the invoices of all methods, as before."""
    op.add_column("payment_method", sa.Column("invoiced_by", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drops it; orders that came with such a method keep that their provider invoices them, as
    `orders.invoicing` says.
    """
    op.drop_column("payment_method", "invoiced_by")
