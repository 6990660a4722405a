"""Notes that the colleague they are for has read (W-11)."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None
UNREAD = sa.text("read_at IS NULL AND for_id IS NOT NULL")


def upgrade() -> None:
    """Adds the column and an index of the unread ones; notes that are there already count as read."""
    op.add_column("order_note", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE order_note SET read_at = created_at WHERE for_id IS NOT NULL")
    op.create_index(
        "ix_order_note_unread",
        "order_note",
        ["for_id", "order_id"],
        postgresql_where=UNREAD,
        sqlite_where=UNREAD,
    )


def downgrade() -> None:
    """Drops both: which notes were read is lost."""
    op.drop_index("ix_order_note_unread", "order_note")
    op.drop_column("order_note", "read_at")
