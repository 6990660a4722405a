"""Credit of customers: payments of the kind "credit" are found by an index of their own (PAY-2)."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None
OF_CREDIT = sa.text("kind = 'credit'")


def upgrade() -> None:
    """Adds the index; nobody has a credit yet."""
    op.create_index(
        "ix_payment_credit", "payment", ["order_id"], sqlite_where=OF_CREDIT, postgresql_where=OF_CREDIT
    )


def downgrade() -> None:
    """Drops it.

    Raises ValueError while a customer has, or used, a credit: an older Kontor would not know what these payments are.
    """
    if op.get_bind().execute(sa.text("SELECT count(*) FROM payment WHERE kind = 'credit'")).scalar():
        raise ValueError("Customers have, or used, a credit, which an older Kontor does not know.")
    op.drop_index("ix_payment_credit", "payment")
