"""What customers chose and wrote beside their goods, tags of several words, and a digest of what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = (("orders", "options"), ("orders", "sent_digest"), ("order_line", "options"))


def upgrade() -> None:
    """Adds the columns; tags, so far parted by blanks, stand one a line."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE orders SET tags = replace(tags, ' ', '\n') WHERE tags <> ''")


def downgrade() -> None:
    """Drops them: what customers wrote beside their goods is lost, and tags of several words fall apart."""
    op.execute("UPDATE orders SET tags = replace(tags, '\n', ' ') WHERE tags <> ''")
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
