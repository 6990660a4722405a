"""Text blocks: pieces of text that a shop keeps for its mails (W-8, W-14, T-6)."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "text_block",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("names", sa.Text(), nullable=False, server_default=""),
        sa.Column("texts", sa.Text(), nullable=False, server_default=""),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    """Drops it, and with it the texts that were kept."""
    op.drop_table("text_block")
