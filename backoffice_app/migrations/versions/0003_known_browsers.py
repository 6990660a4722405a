"""Browsers in which somebody has signed in before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "known_browser",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"]),
        sa.PrimaryKeyConstraint("id", "user_id"),
    )
    op.create_index(op.f("ix_known_browser_user_id"), "known_browser", ["user_id"], unique=False)


def downgrade() -> None:
    """Drops it: every browser is a new one again, nothing else is lost."""
    op.drop_index(op.f("ix_known_browser_user_id"), table_name="known_browser")
    op.drop_table("known_browser")
