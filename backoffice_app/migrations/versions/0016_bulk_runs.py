"""Actions on many orders at once, with what became of each order (O-5)."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
KEYED = sa.text("key <> ''")


def upgrade() -> None:
    """Adds the two tables."""
    op.create_table(
        "bulk_run",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("input", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bulk_run_actor", "bulk_run", ["actor_kind", "actor_id", "id"])
    op.create_index("ix_bulk_run_open", "bulk_run", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    once = ["actor_kind", "actor_id", "key"]
    op.create_index(
        "uq_bulk_run_key",
        "bulk_run",
        once,
        unique=True,
        sqlite_where=KEYED,
        postgresql_where=KEYED,
    )
    op.create_table(
        "bulk_item",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("run_id", BIG, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), server_default="", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'skipped', 'failed', 'cancelled')",
            name="ck_bulk_item_state",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("run_id", "rank", name="uq_bulk_item_rank"),
    )
    op.create_index("ix_bulk_item_state", "bulk_item", ["run_id", "state", "rank"])


def downgrade() -> None:
    """Drops them: what was done to the orders stays, and their histories tell of it."""
    op.drop_table("bulk_item")
    op.drop_table("bulk_run")
