"""Tasks, notes and files of colleagues, and how many of them an order has (W-9, W-11, W-21)."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("done_at IS NULL AND deleted_at IS NULL")
DONE = sa.text("done_at IS NOT NULL AND deleted_at IS NULL")
TO_REMIND = sa.text(
    "reminded_at IS NULL AND assignee_id IS NOT NULL AND done_at IS NULL AND deleted_at IS NULL"
)
COUNTS = ("task_count", "open_task_count", "note_count", "file_count")
MARKED = {
    "ix_orders_open_task": "open_task_count > 0",
    "ix_orders_note": "note_count > 0",
    "ix_orders_tagged": "tags <> ''",
}


def upgrade() -> None:
    """Adds the three tables, and the counts with the indexes of those that have some."""
    op.create_table(
        "task",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("assignee_id", BIG, nullable=True),
        sa.Column("assignee", sa.String(), server_default="", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_time", sa.String(), server_default="", nullable=False),
        sa.Column("comes_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.String(), server_default="", nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('to do', 'in progress', 'done')", name="ck_task_state"),
        sa.CheckConstraint("priority in ('low', 'normal', 'high')", name="ck_task_priority"),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="ck_task_done"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_task_order_id"), "task", ["order_id"])
    op.create_index("ix_task_open", "task", ["comes_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_task_mine", "task", ["assignee_id", "comes_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_task_done", "task", ["done_at", "id"], sqlite_where=DONE, postgresql_where=DONE)
    op.create_index(
        "ix_task_remind", "task", ["comes_at"], sqlite_where=TO_REMIND, postgresql_where=TO_REMIND
    )
    op.create_table(
        "order_note",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("author_kind", sa.String(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("for_id", BIG, nullable=True),
        sa.Column("for_name", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_order_note_order_id"), "order_note", ["order_id"])
    op.create_table(
        "order_file",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("public_id"),
    )
    op.create_index(op.f("ix_order_file_order_id"), "order_file", ["order_id"])
    for name in COUNTS:
        op.add_column("orders", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    for name, condition in MARKED.items():
        op.create_index(
            name, "orders", ["position"], sqlite_where=sa.text(condition), postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    """Drops them: what colleagues wrote for one another is lost but for the history; the files stay in the archive."""
    for name in MARKED:
        op.drop_index(name, "orders")
    for name in COUNTS:
        op.drop_column("orders", name)
    for table in ("order_file", "order_note", "task"):
        op.drop_table(table)
