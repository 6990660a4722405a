"""Which invoices were cancelled or credited to nothing, for their own tab in the list (INV-6)."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None
TAKEN_BACK = sa.text("is_taken_back")
INDEXES = (("ix_document_taken_back", ["issued_on", "id"]), ("ix_document_taken_back_total", ["total", "id"]))


def upgrade() -> None:
    """Adds the column, says it of the invoices that are there, and adds what the list is read along."""
    op.add_column(
        "document", sa.Column("is_taken_back", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(
        "UPDATE document SET is_taken_back = true WHERE id IN (SELECT credits_id FROM document WHERE "
        "credits_id IS NOT NULL) "
        "AND total + (SELECT sum(taken.total) FROM document AS taken WHERE taken.credits_id = document.id) = 0"
    )
    for name, columns in INDEXES:
        op.create_index(name, "document", columns, sqlite_where=TAKEN_BACK, postgresql_where=TAKEN_BACK)


def downgrade() -> None:
    """Drops them."""
    for name, _columns in INDEXES:
        op.drop_index(name, "document")
    op.drop_column("document", "is_taken_back")
