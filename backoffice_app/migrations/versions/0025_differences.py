"""Credit notes on pieces that were taken out of their order (W-17)."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; what was credited so far gave something back.

    It never changes, as all that says what was issued.
    """
    op.add_column(
        "document", sa.Column("is_difference", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER document_no_other_difference BEFORE UPDATE OF is_difference ON document "
            "BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER document_no_other_difference BEFORE UPDATE OF is_difference ON document "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Takes it away: the amount due on orders with such a credit note is then less by it."""
    on = "" if op.get_bind().dialect.name == "sqlite" else " ON document"
    op.execute(f"DROP TRIGGER document_no_other_difference{on}")
    op.drop_column("document", "is_difference")
